"""A resident reports, a moderator hides, the author objects: in both languages, on phone and desk."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlmodel import Session

from app.accounts.models import Person
from tests.browser.conftest import DESK, PHONE, Visit
from tests.conftest import Cast
from tests.factories import make_comment, make_issue

RUDE = "Sukkels zijn jullie, allemaal."
WAYS = [
    pytest.param(PHONE, "nl", True, id="phone-nl"),
    pytest.param(DESK, "en", True, id="desk-en"),
    pytest.param(DESK, "nl", False, id="desk-nl-no-javascript"),
    pytest.param(PHONE, "en", False, id="phone-en-no-javascript"),
]


@pytest.fixture
def talk(session: Session, cast: Cast) -> tuple[str, int]:
    """Where it is, and the number of what is wrong there."""
    for person in (cast.author, cast.resident, cast.moderator):
        person.welcomed_at = person.created_at
        session.add(person)
    issue = make_issue(session, cast.author)
    comment = make_comment(session, cast.resident, issue, RUDE)
    return f"/issues/{issue.id}", comment.content_id


def come_in(me: Visit, person: Person, page: str) -> None:
    me.go(f"/sign-in?next={page}")
    me.sign_in(person.email or "")
    me.page.wait_for_url(f"**{page}*")


def with_language(session: Session, cast: Cast, locale: str) -> None:
    for person in (cast.author, cast.resident, cast.moderator):
        person.locale = locale
        session.add(person)
    session.commit()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("size", "locale", "javascript"), WAYS)
def test_report_decide_object(
    visit: Callable[..., Visit], session: Session, cast: Cast, talk: tuple[str, int],
    size: dict[str, int], locale: str, javascript: bool,
) -> None:  # fmt: skip
    where, content_id = talk
    with_language(session, cast, locale)
    witness = visit(size, locale, javascript)
    come_in(witness, cast.author, where)
    witness.page.click(f"a[href='/flags/new?content={content_id}']")
    witness.examine()
    witness.page.click("form[action='/flags'] button[type=submit]")
    expect(witness.page.locator("#facts")).to_have_attribute("aria-invalid", "true")
    witness.faults.clear()  # Chromium reports the 422 itself as an error.
    witness.examine()
    witness.page.check("input[name=ground][value=insult]")
    witness.page.fill("#facts", "Hier wordt iedereen uitgescholden.")
    witness.page.click("form[action='/flags'] button[type=submit]")
    witness.page.wait_for_url("**/flags/1")
    witness.examine()
    moderate(visit(size, locale, javascript), cast, content_id)
    witness.go(where)
    expect(witness.page.locator("main")).not_to_contain_text(RUDE)
    witness.go("/flags/1")
    witness.examine()
    object_to_it(visit(size, locale, javascript), cast)


def moderate(me: Visit, cast: Cast, content_id: int) -> None:
    come_in(me, cast.moderator, "/moderation")
    expect(me.page.locator("#queue")).to_contain_text("Sukkels")
    me.examine()
    me.page.click(f"a[href='/moderation/items/{content_id}']")
    me.examine()
    me.page.click("form[action$='/contact'] button")
    expect(me.page.locator("main")).to_contain_text("anna@example.nl")
    me.examine()
    me.go(f"/moderation/items/{content_id}")
    me.page.check("input[name=verdict][value=hide]")
    me.page.select_option("#ground", "insult")
    me.page.fill("#facts", "Je scheldt mensen uit die hier wonen.")
    me.page.click("form[action$='/decision'] button[type=submit]")
    me.page.wait_for_url("**/moderation")
    expect(me.page.locator("#queue")).not_to_contain_text("Sukkels")
    me.examine()
    me.go("/moderation?state=done")
    expect(me.page.locator("#queue")).to_contain_text("Sukkels")


def object_to_it(me: Visit, cast: Cast) -> None:
    come_in(me, cast.resident, "/me/decisions")
    me.examine()
    me.page.click("a[href='/me/decisions/1']")
    me.examine()
    me.page.fill("#reasons", "Het was maar een grapje, dat zie je toch?")
    me.page.click("form[action$='/appeal'] button[type=submit]")
    expect(me.page.locator("#objection")).to_contain_text("grapje")
    me.examine()


def test_a_visitor_reports_without_an_account(visit: Callable[..., Visit], talk: tuple[str, int]) -> None:
    for javascript in (True, False):
        me = visit(PHONE, "en", javascript)
        me.go("/about/moderation")
        me.examine()
        me.page.click("main a[href='/flags/new']")
        me.examine()
        me.page.fill("#address", f"{me.server.url}{talk[0]}")
        me.page.check("input[name=ground][value=other]")
        me.page.fill("#facts", "I know who this is about.")
        me.page.click("form[action='/flags'] button[type=submit]")
        me.page.wait_for_url("**/flags/by-link/*")
        me.examine()
