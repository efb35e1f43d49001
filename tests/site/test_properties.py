"""Whatever people type or send, the small functions it passes through hold their promises."""

import json
import re
import unicodedata
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from app.accounts.browsers import name_browser
from app.accounts.forms import CodeForm, IntroductionForm, SignInForm
from app.accounts.mailed_code import mailbox_of
from app.core.errors import Problem
from app.core.forms import clean_text, submission_of
from app.core.i18n import LOCALES, best_locale
from app.core.language import guess_language, search_document, search_terms
from app.core.paging import decode_after, encode_after
from app.core.templates import prose
from app.core.web import local_path
from app.discussions.forms import CommentForm
from app.filing.forms import IssueForm, ProblemSoFar
from app.issues.routes.feed import degrees
from app.issues.routes.map import box_of
from app.issues.slugs import issue_path, slug_of

SURROGATES = st.text(st.characters(categories=["Cs"]), min_size=1)
TYPED = st.text() | st.text(st.sampled_from(list("<>&\"'/\\ht:ps.-#?%\r\n\t\x00 javscript\u202eé\u0301")))
ANYTHING = TYPED | st.builds("".join, st.lists(TYPED | SURROGATES, max_size=4))
ADDRESS_CHARACTERS = st.sampled_from(list("/\\@:?#%.&=;[]\t\r\n\x00 htps-evil\u3002\uff0f\u2044é"))
FORMS: list[type[BaseModel]] = [IssueForm, ProblemSoFar, CommentForm, SignInForm, CodeForm, IntroductionForm]


@given(ANYTHING)
@example("e\x00\u0301")
def test_clean_text_gives_clean_text_or_says_no(typed: str) -> None:
    try:
        clean = clean_text(typed)
    except Problem:
        assert re.search("[\ud800-\udfff]", typed)
        return
    assert clean == clean.strip() == unicodedata.normalize("NFC", clean)
    assert clean_text(clean) == clean
    assert "\r" not in clean
    assert not any(
        unicodedata.category(character) == "Cc" and character not in "\n\t"
        for character in clean
        if ord(character) < 128
    )
    assert not set(clean) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
    clean.encode()


@given(ANYTHING | st.text(ADDRESS_CHARACTERS).map(lambda rest: "/" + rest))
@example("//evil.example")
@example("/\\evil.example")
@example("/\t/evil.example")
@example("///evil.example")
@example("/%2f/evil.example")
@example("/.//evil.example")
@example("/[")
@example("/\ud800")
def test_the_way_back_never_leaves_the_site(address: str) -> None:
    path = local_path(address)
    assert path.startswith("/")
    assert not path.startswith(("//", "/\\"))
    assert re.fullmatch(r"[\x21-\x7e]+", path)
    assert "\\" not in path
    assert urlsplit(urljoin("https://own.example/sign-in", path)).netloc == "own.example"
    assert local_path(path) == path


@given(ANYTHING)
def test_a_made_up_place_in_a_list_is_refused_and_nothing_else(after: str) -> None:
    for kinds in ((int,), (int, int), (float, int), (int, float), (float, int, float)):
        try:
            numbers = decode_after(after, kinds)
        except Problem:
            continue
        assert len(numbers) == len(kinds)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_also_when_it_is_well_formed(position: object) -> None:
    from base64 import urlsafe_b64encode

    after = urlsafe_b64encode(json.dumps(position).encode()).decode()
    for kinds in ((int,), (float, int)):
        try:
            numbers = decode_after(after, kinds)
        except Problem:
            continue
        assert all(isinstance(number, kind) for number, kind in zip(numbers, kinds, strict=True))


@given(st.integers(-(2**53), 2**53), st.floats(allow_nan=False))
def test_a_place_that_was_handed_out_is_found_again(number: int, fraction: float) -> None:
    assert decode_after(encode_after(number, fraction), (int, float)) == (number, fraction)


@given(ANYTHING)
def test_a_slug_is_a_slug_and_leads_to_its_issue(title: str) -> None:
    slug = slug_of(title)
    assert re.fullmatch(r"([a-z0-9]+(-[a-z0-9]+)*)?", slug)
    assert len(slug) <= 60
    assert slug_of(slug) == slug
    assert re.fullmatch(r"/issues/12(-[a-z0-9-]+)?", issue_path(12, title))


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.links: list[dict[str, str | None]] = []
        self.attributes: set[str] = set()
        self.text = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _value in attributes}
        if tag == "a":
            self.links.append(dict(attributes))

    def handle_data(self, data: str) -> None:
        self.text += data


LINKED = st.builds("{}http{}://{}{}".format, TYPED, st.sampled_from(["", "s"]), TYPED, TYPED)


@given(TYPED | LINKED)
@example('http://x.example/"onclick=alert(1)//')
@example("https://x.example/<script>alert(1)</script>")
@example("http://" + "." * 5000)
@example("https://https://https://a")
@example("javascript:http://x.example")
def test_prose_is_paragraphs_line_breaks_and_safe_links(written: str) -> None:
    reader = Reader()
    reader.feed(str(prose(written)))
    reader.close()
    assert reader.tags <= {"p", "br", "a"}
    assert reader.attributes <= {"href", "rel"}
    for link in reader.links:
        assert re.match(r"https?://[^\s<>\"']", link["href"] or "")
        assert link["rel"] == "nofollow ugc noopener"
    assert "".join(reader.text.split()) == "".join(written.replace("\x00", "\ufffd").split()) or "\x00" in written


@given(ANYTHING)
def test_search_words_hold_nothing_that_a_query_could_trip_over(typed: str) -> None:
    for terms in search_terms(typed):
        for term in terms:
            assert term.isalnum(), term
    for word in search_document(typed, typed, "nl").split():
        assert "'" not in word
        assert '"' not in word
    assert guess_language(typed) in LOCALES


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=60)
@given(data=st.data())
def test_a_form_is_right_or_says_what_is_wrong(form: type[BaseModel], data: st.DataObject) -> None:
    values = TYPED | st.floats().map(str) | st.integers().map(str)
    typed = data.draw(st.dictionaries(st.sampled_from(list(form.model_fields)), values))
    submission = submission_of(form, typed)
    assert submission.ok == (not submission.errors)
    assert set(submission.errors) <= set(form.model_fields)


@given(ANYTHING)
def test_what_a_browser_says_of_itself_is_taken_as_it_is(header: str) -> None:
    assert len(name_browser(header)) <= 60
    assert best_locale(header, "nl") in LOCALES


@given(TYPED, TYPED)
def test_a_mailbox_is_found_in_any_address(name: str, host: str) -> None:
    assert mailbox_of(f"{name}@{host}").endswith("@" + host.rpartition("@")[2])


@given(ANYTHING)
def test_coordinates_in_an_address_are_numbers_or_absent(typed: str) -> None:
    found = degrees(typed, 90)
    assert found is None or -90 <= found <= 90
    try:
        west, south, east, north = box_of(typed)
    except Problem:
        return
    assert -180 <= west <= east <= 180
    assert -90 <= south <= north <= 90
