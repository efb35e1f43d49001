"""Every kind of page, examined in both languages, at three widths, light and dark."""

from collections.abc import Callable

import pytest
from sqlmodel import Session

from tests.browser.conftest import DESK, PHONE, Visit
from tests.conftest import Cast
from tests.factories import make_comment, make_issue, make_pilot

NARROW = {"width": 320, "height": 640}
LOOKS = [
    pytest.param(PHONE, "nl", "light", id="phone-nl-light"),
    pytest.param(PHONE, "en", "dark", id="phone-en-dark"),
    pytest.param(DESK, "nl", "dark", id="desk-nl-dark"),
    pytest.param(DESK, "en", "light", id="desk-en-light"),
    pytest.param(NARROW, "nl", "light", id="narrow-nl-light"),
]


@pytest.fixture
def addresses(session: Session, cast: Cast) -> list[str]:
    issue = make_issue(
        session, cast.author, "Een heel lang woord: verkeersveiligheidsmaatregelenoverleg", theme="mobility"
    )
    make_comment(session, cast.author, issue, parent=make_comment(session, cast.resident, issue))
    pilot = make_pilot(session, [issue])
    return [
        "/",
        "/issues",
        "/issues?q=niets-gevonden",
        "/issues?sort=top&theme=mobility",
        "/issues/map",
        "/issues/new",
        f"/issues/{issue.id}",
        f"/issues/{issue.id}?sort=top",
        "/pilots",
        f"/pilots/{pilot.id}",
        "/themes",
        "/themes/mobility",
        "/neighbourhoods",
        "/neighbourhoods/BU00000001",
        "/sign-in",
        "/about/rules",
        "/sign-in/link/used-already",
        "/no-such-page",
        "/dev/mail",
    ]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("size", "locale", "scheme"), LOOKS)
def test_every_page_can_be_used_by_everybody(
    visit: Callable[..., Visit], addresses: list[str], size: dict[str, int], locale: str, scheme: str
) -> None:
    me = visit(size, locale, scheme=scheme)
    for address in addresses:
        me.go(address)
        me.faults = [fault for fault in me.faults if "404" not in fault]
        me.examine()


def test_the_pages_of_somebody_who_is_signed_in(visit: Callable[..., Visit], addresses: list[str], cast: Cast) -> None:
    me = visit()
    me.go("/sign-in")
    me.sign_in(cast.author.email or "")
    me.page.wait_for_selector("form[action='/sign-out'], a[href='/me']")
    for address in ["/me", "/welcome", addresses[6], f"{addresses[6]}/edit"]:
        me.go(address)
        me.examine()
