"""The city team merges and takes apart again, and starts a pilot; an administrator changes a theme."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlmodel import Session

from app.core.db import Database
from app.issues.models import Issue
from tests.browser.conftest import DESK, PHONE, Visit
from tests.conftest import Cast
from tests.factories import make_comment, make_issue, make_pilot

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
NARROW = {"width": 320, "height": 640}
WAYS = [
    pytest.param(PHONE, "nl", True, id="phone-nl"),
    pytest.param(DESK, "en", True, id="desk-en"),
    pytest.param(NARROW, "nl", False, id="narrow-nl-no-javascript"),
]


@pytest.fixture
def pair(session: Session, cast: Cast, database: Database) -> list[Issue]:
    issues = [make_issue(session, cast.author), make_issue(session, cast.resident, "Geen licht op het fietspad")]
    make_comment(session, cast.resident, issues[0])
    return issues


@pytest.mark.parametrize(("size", "locale", "javascript"), WAYS)
def test_merge_and_undo(
    visit: Callable[..., Visit], session: Session, cast: Cast, pair: list[Issue],
    size: dict[str, int], locale: str, javascript: bool,
) -> None:  # fmt: skip
    me = visit(size, locale, javascript)
    page, (merged, stays) = me.page, pair
    me.come_in(session, cast.team, locale)
    me.go(f"/team/issues/{merged.id}")
    page.fill("#into", f"#{stays.id}")
    page.locator("#merge button[type=submit]").first.click()
    expect(page.locator("#merge-preview")).to_be_visible()
    me.examine()
    page.fill("#reason", "Het is hetzelfde pad.")
    page.locator("#merge-preview button[type=submit]").click()
    page.wait_for_url(f"**/issues/{stays.id}**")
    expect(page.locator("#also")).to_contain_text(merged.title)
    me.examine()
    me.go(f"/issues/{merged.id}")
    expect(page.locator("h1")).to_contain_text(stays.title)
    page.locator("#also a.row-link").first.click()
    page.wait_for_url(f"**/issues/{merged.id}/merged")
    expect(page.locator("#merged-away")).to_be_visible()
    expect(page.locator("#thread")).to_contain_text("Dit merk ik ook.")
    me.examine()
    me.go("/team/merges")
    me.examine()
    page.locator("#main .button-small").first.click()
    page.locator("#merge form[action$='/undo'] button").click()
    page.wait_for_url(f"**/issues/{merged.id}**")
    expect(page.locator("h1")).to_contain_text(merged.title)
    me.examine()


@pytest.mark.parametrize(("size", "locale", "javascript"), WAYS)
def test_start_a_pilot_and_let_it_grow(
    visit: Callable[..., Visit], session: Session, cast: Cast, pair: list[Issue],
    size: dict[str, int], locale: str, javascript: bool,
) -> None:  # fmt: skip
    me = visit(size, locale, javascript)
    page = me.page
    me.come_in(session, cast.team, locale)
    me.go(f"/pilots/new{'' if javascript else f'?issues={pair[0].id}'}")
    page.fill("#issues", f"#{pair[0].id}")
    expect(page.locator("#own-words")).to_contain_text("Mijn dochter")
    me.examine()
    page.fill("#title", "Veilig naar huis")
    page.fill("#problem", "Bewoners willen slimme camera's op het fietspad langs de duinen, dat donker is.")
    page.locator("form[action='/pilots'] > button").click()
    expect(page.locator("#problem-error")).to_be_visible()
    me.faults.clear()  # the browser notes that the form was refused
    me.examine()
    page.fill("#problem", "Bewoners zien na zonsondergang niets op het fietspad langs de duinen en rijden om.")
    page.locator("form[action='/pilots'] > button").click()
    page.wait_for_url("**/pilots/1")
    expect(page.locator("#growing")).to_be_visible()
    me.examine()
    me.go("/pilots/1/fits")
    me.examine()
    page.locator(f"#fit-{pair[1].id} button[value=confirm]").click()
    expect(page.locator(f"#fit-{pair[1].id}")).to_have_count(0)
    me.examine()
    me.go("/pilots/1/edit")
    me.examine()
    page.fill("#title", "Veilig naar huis in het donker")
    page.locator("#form button[type=submit]").click()
    page.wait_for_url("**/pilots/1")
    me.go("/pilots/1/history")
    expect(page.locator("#version-1")).to_be_visible()
    me.examine()


@pytest.mark.parametrize(("size", "locale", "javascript"), WAYS)
def test_an_administrator_changes_a_theme(
    visit: Callable[..., Visit], session: Session, cast: Cast, pair: list[Issue],
    size: dict[str, int], locale: str, javascript: bool,
) -> None:  # fmt: skip
    make_pilot(session, pair)
    me = visit(size, locale, javascript)
    page = me.page
    me.come_in(session, cast.admin, locale)
    me.go("/admin/themes")
    me.examine()
    page.locator("#main .queue a").first.click()
    page.wait_for_url("**/admin/themes/*")
    me.examine()
    page.fill("#name_nl", "")
    page.locator("#form button[type=submit]").click()
    expect(page.locator("#name_nl-error")).to_be_visible()
    me.faults.clear()
    me.examine()
    page.fill("#name_nl", "Veilig en leefbaar")
    page.locator("#form button[type=submit]").click()
    page.wait_for_url("**/admin/themes")
    for path in ("/admin/neighbourhoods", "/admin/rules", "/admin/goals/1", "/admin/themes/new"):
        me.go(path)
        me.examine()
