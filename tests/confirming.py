"""What somebody does who sets up a second factor and passes it."""

import re
from datetime import datetime, timedelta

import pyotp
from sqlmodel import Session

from app.accounts.models import Person
from app.accounts.second_factor import begin_app, confirm_app, new_app_secret
from app.core.clock import now
from app.settings import Settings
from tests.browsing import Browser

SECRET = re.compile(r"<code class=\"breakable\">([A-Z2-7 ]+)</code>")
RECOVERY_CODE = re.compile(r"<li><code>([a-z0-9-]+)</code></li>")


def code_at(secret: str, moment: datetime | None = None) -> str:
    return pyotp.TOTP(secret).at(moment or now())


def next_code(secret: str) -> str:
    """A code that has not been used yet; the site takes the one of the next half minute too."""
    return code_at(secret, now() + timedelta(seconds=30))


def set_up_app(browser: Browser) -> tuple[str, list[str]]:
    """The secret in the app, and the recovery codes."""
    assert browser.post("/me/second-factor/app").status_code == 303
    found = SECRET.search(browser.get("/me/second-factor/app").text)
    assert found
    secret = found.group(1).replace(" ", "")
    shown = browser.post("/me/second-factor/app/confirmation", data={"code": code_at(secret)})
    assert shown.status_code == 200, shown.text
    return secret, RECOVERY_CODE.findall(shown.text)


def give_app(session: Session, person: Person, session_id: int, settings: Settings) -> str:
    """An app that was set up a while ago, so that the code of this moment is unused."""
    begin_app(session, session_id, person, settings.secret_key)
    secret = new_app_secret(session, session_id, person, settings.secret_key)
    assert secret
    earlier = code_at(secret, now() - timedelta(seconds=30))
    assert confirm_app(session, session_id, person, secret, earlier, settings.secret_key)
    session.commit()
    return secret
