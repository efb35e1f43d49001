"""An administrator sets up a second factor, confirms with it, and works: in both languages, on phone and desk."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import Session, select

from app.accounts.models import Passkey
from app.core.mail import folder_of, newest_mails
from app.settings import Settings
from tests.browser.conftest import DESK, PHONE, Visit
from tests.confirming import code_at, next_code
from tests.conftest import Cast
from tests.live import LiveServer, serve_live

AUTHENTICATOR = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def live(settings: Settings) -> Iterator[LiveServer]:
    """By its name: browsers make no passkeys for a bare address."""
    with serve_live(settings.model_copy(update={"second_factor": "required"})) as server:
        yield replace(server, url=server.url.replace("127.0.0.1", "localhost"))


ADMIN = re.compile(r"//[^/]+/admin$")
"""The page itself, and not one that leads there by `next`."""


def sign_in(me: Visit) -> None:
    """With the code of the mail that comes now, not of an earlier one."""
    mails = folder_of(me.server.settings.mail_url)
    before = len(codes_mailed(mails))
    me.go("/sign-in?next=/admin")
    me.page.fill("#email", "admin@example.nl")
    me.page.press("#email", "Enter")
    me.page.wait_for_selector("#code")
    while len(codes_mailed(mails)) == before:
        me.page.wait_for_timeout(50)
    me.page.fill("#code", codes_mailed(mails)[0])
    me.page.press("#code", "Enter")


def codes_mailed(mails: Path) -> list[str]:
    """Newest first; other mail arrives here too."""
    texts = (path.read_text() for path in newest_mails(mails, 99))
    return [re.findall(r"\b\d{6}\b", text)[0] for text in texts if "/sign-in/link/" in text]


def press_passkey(page: Page, way: str) -> None:
    """As soon as the page is whole: its script takes the press over."""
    page.wait_for_selector(f"form[data-passkey={way}] button")
    page.wait_for_load_state()
    page.click(f"form[data-passkey={way}] button")


@pytest.mark.parametrize(
    ("size", "locale", "javascript"),
    [
        pytest.param(PHONE, "nl", True, id="phone-nl"),
        pytest.param(DESK, "en", False, id="desk-en-no-javascript"),
    ],
)
def test_set_up_an_app_give_a_role_and_read_the_audit(
    visit: Callable[..., Visit], cast: Cast, session: Session, size: dict[str, int], locale: str, javascript: bool
) -> None:
    cast.admin.locale = locale
    session.commit()
    me = visit(size, locale, javascript)
    page = me.page
    sign_in(me)
    page.wait_for_url("**/me/second-factor")
    me.examine()
    page.click("form[action='/me/second-factor/app'] button")
    expect(page.locator("img[src$='picture.svg']")).to_be_visible()
    page.wait_for_load_state()
    assert page.evaluate("document.querySelector('img[src$=\"picture.svg\"]').naturalWidth") > 100
    me.examine()
    secret = page.inner_text("code").replace(" ", "")
    page.fill("#code", code_at(secret))
    page.press("#code", "Enter")
    expect(page.locator(".codes li")).to_have_count(10)
    me.examine()
    page.click(".codes + p a")
    me.examine()
    me.go("/admin/roles")
    me.examine()
    page.fill("#email", "collega@example.nl")
    page.check("input[type=radio][value=team]")
    page.click("form[action='/admin/roles'][method=post] button")
    expect(page.locator(".notice-positive")).to_be_visible()
    expect(page.locator("main")).to_contain_text("collega@example.nl")
    me.examine()
    me.go("/admin/audit")
    expect(page.locator(".queue li")).not_to_have_count(0)
    me.examine()
    page.select_option("#kind", "role.granted.team")
    page.click("#audit-filter button")
    page.wait_for_url("**kind=role.granted.team**")
    me.examine()
    me.context.clear_cookies()
    sign_in(me)
    page.wait_for_url("**/sign-in/second-factor?next=/admin")
    me.examine()
    page.fill("#code", next_code(secret))
    page.press("#code", "Enter")
    page.wait_for_url(ADMIN)
    me.examine()


def test_a_passkey_is_made_confirms_and_is_refused_to_others(
    visit: Callable[..., Visit], cast: Cast, session: Session
) -> None:
    me = visit(PHONE, "nl")
    page = me.page
    devtools = me.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    device = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})["authenticatorId"]
    sign_in(me)
    press_passkey(page, "create")
    expect(page.locator(".codes li")).to_have_count(10)
    code = page.inner_text(".codes li >> nth=0")
    page.click(".codes + p a")
    expect(page.locator("main")).to_contain_text("Chrome")
    me.examine()
    me.context.clear_cookies()
    sign_in(me)
    press_passkey(page, "get")
    page.wait_for_url(ADMIN)
    counted = devtools.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"][0]["signCount"]
    assert session.exec(select(Passkey.sign_count)).one() == counted > 0
    # Who is not recognised by the device does not come in.
    me.context.clear_cookies()
    sign_in(me)
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    press_passkey(page, "get")
    expect(page.locator("form[data-passkey] [role=alert]")).to_be_visible()
    me.examine()
    page.fill("#code", code)
    page.press("#code", "Enter")
    page.wait_for_url(ADMIN)
