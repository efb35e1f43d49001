"""Publishing: every text, photo and name that a person puts before others gets its row here."""

from sqlmodel import Session, select

from app.content.models import Content, Kind, Visibility


def publish(session: Session, kind: Kind, author_id: int | None, language: str) -> Content:
    """A new row, already numbered, for the specific table to point at."""
    content = Content(kind=kind, author_id=author_id, language=language)
    session.add(content)
    session.flush()
    return content


def publish_name(session: Session, author_id: int, language: str) -> None:
    """A display name is published too: it can be flagged and hidden like any text. After a hidden one comes another."""
    known = session.exec(
        select(Content).where(
            Content.author_id == author_id,
            Content.kind == Kind.DISPLAY_NAME,
            Content.visibility == Visibility.VISIBLE,
        )
    ).first()
    if known is None:
        publish(session, Kind.DISPLAY_NAME, author_id, language)
