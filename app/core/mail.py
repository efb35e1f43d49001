"""Mail in the reader's language: to an SMTP server, into files, or onto the console."""

from collections.abc import Sequence
from dataclasses import dataclass
from email import policy
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr
from pathlib import Path
from secrets import token_hex
from urllib.parse import parse_qs, unquote, urlsplit

import aiosmtplib

from app.core import clock
from app.core.logging import log
from app.core.templates import TEMPLATES, render_template
from app.settings import Settings

ATTEMPTS = 3
TIMEOUT = 20.0
AS_SENT = policy.SMTP.clone(max_line_length=990)
"""Lines as long as SMTP takes them: else a long address in a header is put into a code that no mail program opens."""


@dataclass(frozen=True)
class Address:
    host: str
    port: int
    username: str | None
    password: str | None
    starttls: bool
    tls: bool


def compose(
    settings: Settings, template: str, to: str, locale: str, /, message_key: str | None = None,
    unsubscribe_at: str = "", **context: object,
) -> EmailMessage:  # fmt: skip
    """A mail from `templates/mail/<template>.subject.txt`, `.body.txt`, and `.body.html` where there is one.

    `unsubscribe_at` is the path by which it can be stopped with one click (RFC 8058).

    With the same `message_key` it has the same Message-ID, by which a mailbox knows that it has come before.
    """
    host = settings.host or "localhost"
    base_url = settings.base_url.rstrip("/")
    context = {"base_url": base_url, "unsubscribe_at": unsubscribe_at, **context}
    mail = EmailMessage(policy.default.clone(cte_type="7bit"))
    mail["From"] = settings.mail_from
    mail["To"] = to
    mail["Subject"] = " ".join(render_template(f"mail/{template}.subject.txt", locale, **context).split())
    mail["Date"] = formatdate(clock.now().timestamp())
    mail["Message-ID"] = f"<{message_key}@{host}>" if message_key else make_msgid(domain=host)
    mail["Auto-Submitted"] = "auto-generated"
    if unsubscribe_at:
        mail["List-Unsubscribe"] = f"<{base_url}{unsubscribe_at}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(render_template(f"mail/{template}.body.txt", locale, **context).strip() + "\n")
    if (TEMPLATES / "mail" / f"{template}.body.html").exists():
        mail.add_alternative(render_template(f"mail/{template}.body.html", locale, **context), subtype="html")
    mail["Content-Language"] = locale  # last, because setting the content takes every Content- header away
    return mail


async def send(settings: Settings, mail: EmailMessage) -> None:
    """Delivers, or logs that it could not (without the address); the person can ask again."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            await deliver(settings.mail_url, mail)
            return
        except (OSError, aiosmtplib.SMTPException) as error:
            log.warning("mail not delivered", attempt=attempt, error=type(error).__name__)


async def deliver(mail_url: str, mail: EmailMessage) -> None:
    scheme = urlsplit(mail_url).scheme
    if scheme == "console":
        print(mail.as_string())
    elif scheme == "file":
        write_to_folder(folder_of(mail_url), mail)
    else:
        server = smtp_address(mail_url)
        await aiosmtplib.send(
            mail.as_bytes(policy=AS_SENT),
            sender=parseaddr(mail["From"])[1],
            recipients=[parseaddr(mail["To"])[1]],
            hostname=server.host,
            port=server.port,
            username=server.username,
            password=server.password,
            start_tls=server.starttls,
            use_tls=server.tls,
            timeout=TIMEOUT,
        )


def folder_of(mail_url: str) -> Path:
    """`file:///srv/mail` is that folder; `file:var/mail` lies under where the server was started."""
    return Path(urlsplit(mail_url).path)


def write_to_folder(folder: Path, mail: EmailMessage) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{clock.now():%Y%m%dT%H%M%S%f}-{token_hex(4)}"
    unfinished = folder / f"{name}.part"
    unfinished.write_bytes(mail.as_bytes(policy=AS_SENT))
    unfinished.rename(folder / f"{name}.eml")


def newest_mails(folder: Path, at_most: int) -> Sequence[Path]:
    return sorted(folder.glob("*.eml"), reverse=True)[:at_most] if folder.is_dir() else []


def smtp_address(mail_url: str) -> Address:
    parts = urlsplit(mail_url)
    options = parse_qs(parts.query)
    tls = parts.scheme == "smtps"
    return Address(
        host=parts.hostname or "localhost",
        port=parts.port or (465 if tls else 25),
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        starttls=options.get("starttls", ["0"])[0] == "1",
        tls=tls,
    )
