from collections.abc import Sequence

from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select

from app.themes.models import Goal, Theme


def all_themes(session: Session) -> Sequence[Theme]:
    return session.exec(select(Theme).order_by(col(Theme.position), col(Theme.id))).all()


def current_themes(session: Session) -> Sequence[Theme]:
    """Those that new issues may choose."""
    current = select(Theme).where(col(Theme.retired_at).is_(None))
    return session.exec(current.order_by(col(Theme.position), col(Theme.id))).all()


def theme_to_choose(session: Session, slug: str) -> Theme | None:
    """None also for a theme that was retired."""
    return session.exec(select(Theme).where(Theme.slug == slug, col(Theme.retired_at).is_(None))).first()


def goal_with_id(session: Session, goal_id: int) -> Goal | None:
    return session.get(Goal, goal_id)


def themes_with_goals(session: Session) -> Sequence[Theme]:
    statement = select(Theme).order_by(col(Theme.position), col(Theme.id))
    return session.exec(statement.options(selectinload(Theme.goals))).all()  # type: ignore[arg-type]


def theme_with_slug(session: Session, slug: str) -> Theme | None:
    return session.exec(
        select(Theme).where(Theme.slug == slug).options(selectinload(Theme.goals))  # type: ignore[arg-type]
    ).first()
