"""Only in development: the mails that would have been sent."""

from email import message_from_bytes, policy
from email.message import EmailMessage

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.accounts.access import Viewer
from app.core.errors import NotFound
from app.core.mail import folder_of, newest_mails
from app.core.web import render, settings_of

router = APIRouter(prefix="/dev")

SHOWN = 50


@router.get("/mail")
def list_mails(request: Request, viewer: Viewer) -> Response:
    settings = settings_of(request)
    if not settings.mail_url.startswith("file:"):
        raise NotFound
    mails = []
    for path in newest_mails(folder_of(settings.mail_url), SHOWN):
        mail: EmailMessage = message_from_bytes(path.read_bytes(), policy=policy.default)
        body = mail.get_body(("plain",))
        mails.append({"to": mail["To"], "subject": mail["Subject"], "body": body.get_content() if body else ""})
    return render(request, "dev/mail.html", mails=mails)
