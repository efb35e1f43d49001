"""What people do with their own data, besides copying and erasing it."""

from sqlalchemy import update
from sqlmodel import Session, col, select

from app.accounts.actions import change_address, use_up
from app.accounts.models import Person, SignInRequest
from app.activity.actions import post, write_down
from app.content.models import Content
from app.core.clock import now
from app.core.errors import NotFound
from app.issues.models import Issue
from app.matching.growing.from_decisions import grow_from_issue
from app.matching.knowledge.forgetting import forget_suggestions


def object_to_matching(session: Session, person: Person) -> None:
    """From now on no program links their issues; people of the city team still may."""
    person.unmatched_since = now()
    session.add(person)
    mine = select(Issue.id).join(Content, col(Content.id) == Issue.content_id).where(Content.author_id == person.id)
    for issue_id in session.exec(mine.order_by(col(Issue.id))).all():
        forget_suggestions(session, issue_id)
    _match(session, person, False)


def allow_matching(session: Session, person: Person) -> None:
    """Their issues are matched again when they are next changed, or when the engine goes over all of them."""
    person.unmatched_since = None
    session.add(person)
    _match(session, person, True)


def _match(session: Session, person: Person, is_matched: bool) -> None:
    mine = select(Content.id).where(Content.author_id == person.id)
    changed = update(Issue).where(col(Issue.content_id).in_(mine)).values(is_matched=is_matched)
    session.execute(changed.execution_options(synchronize_session=False))
    for issue_id in session.exec(select(Issue.id).where(col(Issue.content_id).in_(mine)).order_by(col(Issue.id))).all():
        grow_from_issue(session, issue_id)


def move_to_address(session: Session, person: Person, asked: SignInRequest) -> None:
    """The code that was mailed to the new address is right. The old address hears of it."""
    if not use_up(session, asked):
        raise NotFound
    old, locale = person.email, person.locale
    change_address(session, person, asked.email)
    write_down(session, "person.address-changed", "person", person.id, actor_id=person.id)
    if old:
        post(session, "address_changed", old, locale)
