"""What moderators and flaggers do, in a line each."""

import re
from collections.abc import Callable
from typing import Any

from httpx2 import Response
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.activity.models import OutgoingMail
from app.content.models import Content, Kind
from app.moderation.models import Appeal, Case, Decision, Flag
from tests.browsing import Browser

BrowserOf = Callable[[Person | None], Browser]
WHY = "Er staat een telefoonnummer in van iemand die hier woont."


def flag(browser: Browser, content_id: int, **typed: Any) -> Response:
    return browser.post("/flags", data={"content": content_id, "ground": "personal-data", "facts": WHY, **typed})


def seen(session: Session, content_id: int) -> dict[str, int]:
    """What the page of an item carries, so that nothing is decided that the moderator did not see."""
    session.expire_all()
    case = session.get(Case, content_id)
    flags = session.exec(select(Flag.id).where(Flag.content_id == content_id)).all()
    return {"seen_decision": case.last_decision_id if case else 0, "seen_flag": max(flags, default=0)}


def decide(browser: Browser, session: Session, content_id: int, verdict: str, **typed: Any) -> Response:
    form = {"verdict": verdict, "ground": "personal-data", "facts": WHY, **seen(session, content_id), **typed}
    if verdict in ("fine", "restore"):
        form.pop("ground")
    return browser.post(f"/moderation/items/{content_id}/decision", data=form)


def newest(session: Session, table: Any) -> Any:
    session.expire_all()
    return session.exec(select(table).order_by(col(table.id).desc())).first()


def newest_decision(session: Session) -> Decision:
    found: Decision = newest(session, Decision)
    return found


def newest_flag(session: Session) -> Flag:
    found: Flag = newest(session, Flag)
    return found


def newest_appeal(session: Session) -> Appeal:
    found: Appeal = newest(session, Appeal)
    return found


def mails(session: Session, template: str) -> list[OutgoingMail]:
    session.expire_all()
    written = select(OutgoingMail).where(OutgoingMail.template == template)
    return list(session.exec(written.order_by(col(OutgoingMail.id))))


def name_content(session: Session, person: Person) -> Content:
    content = Content(kind=Kind.DISPLAY_NAME, author_id=person.id, language="nl")
    session.add(content)
    session.commit()
    return content


def hidden_field(html: str, name: str) -> str:
    return re.findall(rf'name="{name}" value="([^"]*)"', html)[0]
