"""Following an issue, hearing what the city did, and saying whether it is solved."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlmodel import Session

from app.core.db import Database
from app.issues.actions import cast_vote, change_status
from app.issues.models import Issue, Status
from app.notifications.telling import tell_what_happened
from tests.browser.conftest import DESK, PHONE, Visit
from tests.conftest import Cast
from tests.factories import make_issue

WAYS = [
    pytest.param(PHONE, "nl", True, id="phone-nl"),
    pytest.param(DESK, "en", True, id="desk-en"),
    pytest.param(PHONE, "en", False, id="phone-en-no-javascript"),
]
WORDS = {
    "nl": ("Volgen", "De gemeente zegt dat dit is opgelost", "Ja, opgelost", "1 persoon antwoordde: 1 ja, 0 nee."),
    "en": ("Follow", "The city says that this is solved", "Yes, solved", "1 person answered: 1 yes, 0 no."),
}


@pytest.fixture
def supported(session: Session, cast: Cast) -> Issue:
    issue = make_issue(session, cast.author)
    cast_vote(session, cast.resident.id, issue)
    session.commit()
    return issue


@pytest.mark.parametrize(("size", "locale", "javascript"), WAYS)
def test_follow_hear_and_answer(
    visit: Callable[..., Visit], session: Session, database: Database, cast: Cast, supported: Issue,
    size: dict[str, int], locale: str, javascript: bool,
) -> None:  # fmt: skip
    cast.resident.locale = locale
    session.add(cast.resident)
    session.commit()
    follow, news, yes, counted = WORDS[locale]
    me = visit(size, locale, javascript)
    page = me.page
    me.go("/sign-in")
    me.sign_in("bram@example.nl")
    me.go(f"/issues/{supported.id}")
    page.get_by_role("button", name=follow, exact=True).click()
    expect(page.locator("#follow-button")).to_have_attribute("aria-pressed", "true")
    me.examine()
    change_status(session, supported, Status.RESOLVED, actor_id=cast.team.id, text="De lamp brandt weer.")
    session.commit()
    tell_what_happened(database)
    for path in ("/me", "/me/notifications", "/me/alerts", "/me/notices"):
        me.go(path)
        me.examine()
    page.get_by_role("button", name=news).click()
    expect(page.locator("#solved")).to_be_visible()
    me.examine()
    page.get_by_role("button", name=yes).click()
    expect(page.locator("#solved")).to_contain_text(counted)
    me.examine()


def test_nothing_scrolls_sideways_on_a_narrow_phone(
    visit: Callable[..., Visit], session: Session, database: Database, supported: Issue, cast: Cast
) -> None:
    change_status(session, supported, Status.RESOLVED, actor_id=cast.team.id, text="De lamp brandt weer.")
    session.commit()
    tell_what_happened(database)
    me = visit({"width": 320, "height": 640}, "nl", True)
    me.go("/sign-in")
    me.sign_in("bram@example.nl")
    for path in ("/me", "/me/notices", "/me/notifications", "/me/alerts", f"/issues/{supported.id}"):
        me.go(path)
        assert me.is_within_the_screen(), path
