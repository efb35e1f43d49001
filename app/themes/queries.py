from collections.abc import Sequence

from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select

from app.themes.models import Theme


def all_themes(session: Session) -> Sequence[Theme]:
    return session.exec(select(Theme).order_by(col(Theme.position), col(Theme.id))).all()


def themes_with_goals(session: Session) -> Sequence[Theme]:
    statement = select(Theme).order_by(col(Theme.position), col(Theme.id))
    return session.exec(statement.options(selectinload(Theme.goals))).all()  # type: ignore[arg-type]


def theme_with_slug(session: Session, slug: str) -> Theme | None:
    return session.exec(
        select(Theme).where(Theme.slug == slug).options(selectinload(Theme.goals))  # type: ignore[arg-type]
    ).first()
