"""A code of six digits on its way to a mailbox, and whether what somebody types is it."""

from fastapi import Request
from sqlmodel import Session
from starlette.background import BackgroundTask
from starlette.responses import Response

from app.accounts import actions, queries
from app.accounts.browsers import name_browser
from app.accounts.forms import CodeForm
from app.accounts.models import SignInRequest
from app.core import mail
from app.core.forms import Submission
from app.core.i18n import Text, _, _n
from app.core.limits import Limit, limiter_of, network_of
from app.core.web import cookie_name, go, locale_of, set_cookie, settings_of

MAILS_PER_ADDRESS = Limit("mail-address", 5, 3600)
# A school class signs in behind one address, many of them twice.
MAILS_PER_NETWORK = Limit("mail-network", 60, 3600)
CODES_PER_NETWORK = Limit("code-network", 100, 600)
KEPT_SECONDS = 900


def mail_code(
    request: Request, session: Session, email: str, go_to: str, *, template: str, cookie: str, then: str
) -> Response:
    """Leaves the code by mail, its key in a cookie of this browser, and goes on to the page where it is typed."""
    limiter_of(request).count(MAILS_PER_ADDRESS, mailbox_of(email))
    limiter_of(request).count(MAILS_PER_NETWORK, network_of(request))
    settings = settings_of(request)
    browser = name_browser(request.headers.get("user-agent", ""))
    asked, mailed = actions.ask_to_sign_in(session, email, locale_of(request), go_to, browser, settings.secret_key)
    message = mail.compose(
        settings, template, email, asked.locale, code=mailed.code, token=mailed.token, browser=browser
    )
    response = go(request, then)
    set_cookie(request, response, cookie_name(settings, cookie), mailed.cookie, max_age=KEPT_SECONDS)
    response.background = BackgroundTask(mail.send, settings, message)
    return response


def mailbox_of(email: str) -> str:
    """The mailbox behind `name+anything@host`, so that aliases do not multiply the limit."""
    name, _at, host = email.rpartition("@")
    return f"{name.split('+')[0].replace('.', '')}@{host}"


def waiting_in(request: Request, session: Session, cookie: str) -> SignInRequest | None:
    """What this browser asked for under the name of this cookie, if it can still be used."""
    return queries.sign_in_request(session, request.cookies.get(cookie_name(settings_of(request), cookie)))


def what_is_wrong(request: Request, waiting: SignInRequest, submission: Submission[CodeForm]) -> Text | None:
    """None for the right code. Each try is used up before anything is compared."""
    if not submission.ok:
        return submission.errors["code"]
    if not actions.claim_try(request.app.state.database, waiting):
        return _("Too many wrong codes. Ask for a new code.")
    if not actions.is_right_code(waiting, submission.data.code, settings_of(request).secret_key):
        return _wrong_code(actions.TRIES_PER_CODE - waiting.tries - 1)
    return None


def _wrong_code(left: int) -> Text:
    if left <= 0:
        return _("That code is not right either. Ask for a new code.")
    return _n(
        "That code is not right. You can try %(n)s more time.",
        "That code is not right. You can try %(n)s more times.",
        left,
    )
