"""What people type comes out as text, wherever it comes out: in pages, fragments, forms again, errors and JSON."""

import re
from collections.abc import Callable
from datetime import date
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.coalition.models import Partner, PartnerKind
from app.discussions.models import Comment
from app.issues.models import Issue, Photo
from app.measures.models import Direction, Indicator, Measurement
from app.pilots.models import Pilot
from tests.browsing import Browser
from tests.conftest import Cast
from tests.factories import INSIDE, make_pilot
from tests.sample_photos import a_photo

PAYLOADS = [
    "<script>xss(1)</script>",
    '"><img src=x onerror=xss(2)>',
    "' onmouseover=xss(3) x='",
    '" autofocus onfocus=xss(4) x="',
    "</textarea></title></style><svg onload=xss(5)>",
    "<a href=javascript:xss(6)>x</a>",
    "{{ 7 * 7 }}{% raw %}${7*7}",
    'http://x.example/"onclick=xss(8)//<b>',
    "https://x.example/'><script src=//evil.example></script>",
    "javascript:xss(9)",
    "data:text/html,<script>xss(10)</script>",
    "<!--><img src=x onerror=xss(11)>",
    "&lt;script&gt;xss(12)&lt;/script&gt;",
    "<xss0 hx-get=/evil hx-trigger=load>",
    "\u202e<b>xss(13)</b>",
]
OURS = set(
    re.findall(
        r"\w+",
        """html head meta title link script body a header nav main footer div span p h1 h2 h3 h4 ul ol li dl dt dd form
        fieldset legend label input select option textarea button details summary svg use path circle text g img time
        section article strong em br desc table caption thead tbody tr th td template abbr small aside figure figcaption
        noscript""",
    )
)


class Reader(HTMLParser):
    """Reads a page as a browser would, and notes what nobody of ours wrote."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag not in OURS:
            self.found.append(f"<{tag}>")
        for name, value in attributes:
            address = (value or "").strip().lower()
            if name.startswith("on") or name in ("style", "srcdoc") or (name == "x" and tag != "text"):
                self.found.append(f"{tag} {name}={value}")
            if name in ("href", "src", "action", "formaction", "data") and re.match(
                r"(javascript|data|vbscript):", address
            ):
                self.found.append(f"{tag} {name}={value}")
            if tag in ("script", "img") and name == "src" and not re.match(r"/[a-z]", address):
                self.found.append(f"{tag} {name}={value}")
            if name.startswith("hx-") and "evil" in address:
                self.found.append(f"{tag} {name}={value}")

    def handle_data(self, data: str) -> None:
        self.text += data


def check_nothing_came_alive(html: str, where: str) -> str:
    reader = Reader()
    reader.feed(html)
    assert not reader.found, (where, reader.found)
    return reader.text


def in_words(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


@pytest.fixture
def hostile_city(author: Browser, session: Session, cast: Cast) -> dict[str, Any]:
    """For each payload an issue with a photo, a comment, an answer and a pilot; the name of the author is one, too."""
    author.post("/welcome", data={"display_name": PAYLOADS[1][:60], "locale": "en"})
    for number, payload in enumerate(PAYLOADS):
        form = {
            "title": f"{payload} {number}"[:120],
            "description": f"Voor {payload}\n\n{payload} na https://x.example/{payload}",
            "address": payload,
            "photo_alt": payload,
            "theme": payload,
            "source": payload,
            "draft": f"nonce-of-escaping-{number:03d}",
            "lat": str(INSIDE[0]),
            "lon": str(INSIDE[1]),
        }
        refused = author.post("/issues", data=form)
        assert refused.status_code == 422
        check_nothing_came_alive(refused.text, "the form again")
        form |= {"source": "resident", "theme": "mobility"}
        files = {"photos": (f"{payload}.jpg".replace('"', "'"), a_photo(64, 48), "image/jpeg")}
        assert author.post("/issues", data=form, files=files).status_code == 303
        session.rollback()
        issue = session.exec(select(Issue).order_by(col(Issue.id).desc())).first()
        assert issue is not None
        assert author.post(f"/issues/{issue.id}/comments", data={"body": payload}).status_code == 303
        session.rollback()
        parent = session.exec(select(Comment.id).where(Comment.thread_id == issue.thread_id)).one()
        author.post(f"/issues/{issue.id}/comments", data={"body": f"Nee: {payload}", "parent": str(parent)})
        pilot = make_pilot(session, [issue], title=f"{payload} {number}"[:120])
        measure(session, pilot, payload)
        approach = {"title": f"{payload} {number}"[:120], "summary": f"Met {payload} erbij.", "kind-1": payload}
        refused = author.post(f"/pilots/{pilot.id}/approaches", data={**approach, "part-1": payload})
        check_nothing_came_alive(refused.text, "the form for an approach again")
        proposed = author.post(
            f"/pilots/{pilot.id}/approaches", data={**approach, "kind-1": "social", "part-1": payload}
        )
        assert author.post(f"{proposed.headers['location']}/preference", data={"reason": payload}).status_code == 303
    return {"issues": list(session.exec(select(Issue.id))), "comments": list(session.exec(select(Comment.id)))}


def measure(session: Session, pilot: Pilot, payload: str) -> None:
    """A partner, and something measured twice, so that it is drawn."""
    partner = Partner(pilot_id=pilot.id, name=payload, kind=PartnerKind.BUSINESS, role=payload)
    indicator = Indicator(
        pilot_id=pilot.id, name=payload, unit=payload[:40], source=payload, better=Direction.LOWER, target=3
    )
    for day, value in ((1, 9), (2, 4)):
        measured = Measurement(indicator_id=0, taken_on=date(2026, 1, day), value=value, note=payload)
        measured.is_baseline = day == 1
        indicator.measurements.append(measured)
    session.add_all([partner, indicator])
    session.commit()


def test_texts_names_and_alt_texts_stay_text_on_every_page(
    hostile_city: dict[str, Any],
    visitor: Browser,
    author: Browser,
    browser_of: Callable[[Person | None], Browser],
    cast: Cast,
    session: Session,
) -> None:
    pages = [
        "/",
        "/issues",
        "/issues?sort=top",
        "/issues/map",
        "/pilots",
        "/themes/mobility",
        "/neighbourhoods/BU00000001",
    ]
    pages += [f"/issues/{number}" for number in hostile_city["issues"]]
    pages += [f"/pilots/{number}" for number in range(1, len(PAYLOADS) + 1)]
    pages += [
        f"/pilots/{number}/approaches{which}" for number in range(1, len(PAYLOADS) + 1) for which in ("", f"/{number}")
    ]
    pages += [
        f"/pilots/{number}{page}"
        for number in range(1, len(PAYLOADS) + 1)
        for page in ("/coalition", "/measures", f"/measures/{number}")
    ]
    pages += [f"/comments/{number}/replies" for number in hostile_city["comments"]]
    session.refresh(cast.team, ["roles"])
    for browser in (visitor, author, browser_of(cast.team)):
        for page in pages:
            answer = browser.get(page, headers={"Accept": "text/html"})
            if answer.status_code in (301, 303):
                answer = browser.get(answer.headers["location"])
            assert answer.status_code == 200, page
            check_nothing_came_alive(answer.text, page)
    own = ["/me", "/welcome"] + [f"/issues/{number}/edit" for number in hostile_city["issues"]]
    own += [f"/comments/{number}/edit" for number in hostile_city["comments"]]
    for page in own:
        answer = author.get(page)
        assert answer.status_code == 200, page
        check_nothing_came_alive(answer.text, page)


def test_what_was_typed_is_shown_as_it_was_typed(
    hostile_city: dict[str, Any], visitor: Browser, session: Session
) -> None:
    """So that escaping is not won by leaving things out."""
    for issue in session.exec(select(Issue)):
        page = visitor.get(f"/issues/{issue.id}")
        page = page if page.status_code == 200 else visitor.get(page.headers["location"])
        text = in_words(check_nothing_came_alive(page.text, "issue"))
        assert in_words(issue.title) in text
        assert in_words(issue.description.partition("\n")[0]) in text
    alt = session.exec(select(Photo.alt)).first()
    assert alt


def test_fragments_stay_text(hostile_city: dict[str, Any], author: Browser) -> None:
    issue, comment = hostile_city["issues"][1], hostile_city["comments"][2]
    for method, path, form in [
        ("GET", "/issues", {}),
        ("POST", f"/issues/{issue}/vote", {}),
        ("POST", f"/issues/{issue}/comments", {"body": PAYLOADS[1]}),
        ("POST", f"/issues/{issue}/comments", {"body": "<"}),
        ("POST", f"/comments/{comment}/support", {}),
        ("GET", f"/comments/{comment}/replies", {}),
        ("POST", "/issues/suggestions", {"title": PAYLOADS[1] + " script", "description": PAYLOADS[4]}),
    ]:
        answer = author.htmx(method, path, data=form or None) if form else author.htmx(method, path)
        assert answer.status_code in (200, 422), (path, answer.status_code)
        check_nothing_came_alive(answer.text, path)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_stands_in_the_address_or_in_a_refused_form_stays_text(
    visitor: Browser, author: Browser, payload: str
) -> None:
    typed = quote(payload)
    for path in (
        f"/issues?q={typed}",
        f"/issues?q=licht&theme={typed}&neighbourhood={typed}&status={typed}&sort={typed}&lat={typed}&lon={typed}",
        f"/issues?after={typed}",
        f"/issues?sort=near&lat={typed}&{typed}={typed}",
        f"/issues/new?draft={typed}&theme={typed}",
        f"/sign-in?next={typed}",
        f"/sign-in?next=/{typed}",
        f"/sign-in/link/{typed}",
        f"/no/{typed}",
        f"/{typed}?{typed}",
        f"/themes/{typed}",
        f"/pilots?stage={typed}",
    ):
        check_nothing_came_alive(visitor.get(path).text, path)
    for path, form in {
        "/sign-in": {"email": payload, "next": payload},
        "/issues": {"title": "", "description": payload, "address": payload, "lat": payload, "draft": payload},
        "/issues/suggestions": {"title": payload, "lat": payload, "draft": payload},
        "/drafts/photos": {"draft": payload},
    }.items():
        check_nothing_came_alive(visitor.post(path, data=form).text, path)
    check_nothing_came_alive(
        author.post("/welcome", data={"display_name": payload * 9, "locale": payload}).text, "/welcome"
    )


@pytest.mark.parametrize("payload", PAYLOADS)
def test_the_name_of_a_file_stays_text(author: Browser, payload: str) -> None:
    files = {"photos": (payload.replace('"', "'").replace("\u202e", "") + ".jpg", b"no photo", "image/jpeg")}
    for answer in (
        author.post("/issues", data={"title": "Losse tegel", "description": "Los", "address": "Hier"}, files=files),
        author.htmx("POST", "/drafts/photos", data={"draft": "nonce-of-a-file-001"}, files=files),
    ):
        assert "photos-error" in answer.text
        check_nothing_came_alive(answer.text, "photos")


def test_cookies_and_headers_stay_text(visitor: Browser) -> None:
    for payload in PAYLOADS:
        value = payload.encode("ascii", "ignore").decode().replace(";", "").replace(",", "")
        headers = {"Cookie": f"notice={value}; locale={value}", "User-Agent": value, "HX-Current-URL": value}
        for path in ("/", "/issues", "/no/page"):
            check_nothing_came_alive(visitor.get(path, headers=headers).text, path)


def test_json_is_never_taken_for_a_page(hostile_city: dict[str, Any], visitor: Browser, app: FastAPI) -> None:
    for path in ("/issues/map/points.json?bbox=4,52,5,53", "/map/areas.json", "/api/v1/issues", "/api/v1/pilots"):
        answer = visitor.get(path, headers={"Accept": "application/json"})
        assert answer.headers["content-type"].partition(";")[0] in ("application/json", "application/geo+json")
        assert answer.headers["x-content-type-options"] == "nosniff"
