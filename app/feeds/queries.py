"""What stands in a feed: at most fifty entries, only what everybody can see, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import joinedload
from sqlmodel import Session, col, select

from app.activity.models import TimelineEntry
from app.core.i18n import _, translate
from app.core.templates import render_template
from app.discussions.queries import newest_comments
from app.feeds.documents import Document, Entry
from app.issues.models import Issue, Status
from app.issues.slugs import issue_path
from app.lessons.queries import LessonSearch, find_lessons
from app.pilots.models import Pilot
from app.pilots.timeline import public_timeline
from app.places.models import Neighbourhood
from app.themes.models import Theme

MOST = 50
LONGEST = 1000


@dataclass(frozen=True)
class Happening:
    """As the sentences about what happened want it."""

    what: str


def all_issues(session: Session, locale: str) -> Document:
    return Document(translate(_("Issues"), locale), "/issues", "/issues", locale, _new(session, locale))


def issues_of_theme(session: Session, theme: Theme, locale: str) -> Document:
    path = f"/themes/{theme.slug}"
    return Document(theme.name(locale), path, path, locale, _new(session, locale, col(Issue.theme_id) == theme.id))


def issues_of_neighbourhood(session: Session, area: Neighbourhood, locale: str) -> Document:
    path = f"/neighbourhoods/{area.code}"
    entries = _new(session, locale, col(Issue.neighbourhood_id) == area.id)
    return Document(area.name, path, path, locale, entries)


def _new(session: Session, locale: str, *which: Any) -> list[Entry]:
    shown = (col(Issue.visible), col(Issue.taken_away_at).is_(None), Issue.status != Status.MERGED)
    newest = select(Issue).where(*shown, *which)
    with_theme = newest.options(joinedload(Issue.theme))  # type: ignore[arg-type]
    issues = session.exec(with_theme.order_by(col(Issue.id).desc()).limit(MOST)).all()
    return [_of_issue(issue, locale) for issue in issues]


def _of_issue(issue: Issue, locale: str) -> Entry:
    return Entry(
        path=f"/issues/{issue.id}",  # without the title, which may change
        title=issue.title,
        text=issue.description[:LONGEST],
        language=issue.language,
        published=issue.created_at,
        updated=issue.updated_at,
        tags=[issue.theme.name(locale)] if issue.theme else [],
        point=(issue.lat, issue.lon) if issue.lat is not None and issue.lon is not None else None,
    )


def one_issue(session: Session, issue: Issue, locale: str) -> Document:
    """What happened to it, and what people say about it."""
    happened = [_of_timeline(entry, f"/issues/{issue.id}", locale) for entry in _timeline(session, "issue", issue.id)]
    said = [
        Entry(
            path=f"/issues/{issue.id}?comment={comment.id}#comment-{comment.id}",
            title=translate(_("Comment"), locale),
            text=comment.body[:LONGEST],
            language=comment.language,
            published=comment.created_at,
            updated=comment.edited_at or comment.created_at,
            author=comment.content.author.display_name if comment.content.author else "",
        )
        for comment in newest_comments(session, issue.thread_id, MOST)
    ]
    entries = sorted([*happened, *said], key=lambda entry: entry.published, reverse=True)[:MOST]
    return Document(issue.title, issue_path(issue.id, issue.title), f"/issues/{issue.id}", locale, entries)


def all_pilots(session: Session, locale: str) -> Document:
    newest = select(Pilot).where(col(Pilot.visible)).order_by(col(Pilot.updated_at).desc(), col(Pilot.id).desc())
    entries = [
        Entry(
            path=f"/pilots/{pilot.id}", title=pilot.title, text=pilot.problem[:LONGEST], language=pilot.language,
            published=pilot.created_at, updated=pilot.updated_at,
        )
        for pilot in session.exec(newest.limit(MOST))
    ]  # fmt: skip
    return Document(translate(_("Pilots"), locale), "/pilots", "/pilots", locale, entries)


def all_lessons(session: Session, locale: str) -> Document:
    entries = [
        Entry(
            path=f"/lessons/{lesson.id}", title=lesson.title, text=lesson.text[:LONGEST], language=lesson.language,
            published=lesson.written_at, updated=lesson.changed_at or lesson.written_at,
            tags=[theme.name(locale) for theme in lesson.pilot.themes],
        )
        for lesson in find_lessons(session, LessonSearch(), size=MOST).items
    ]  # fmt: skip
    return Document(translate(_("Lessons"), locale), "/lessons", "/lessons", locale, entries)


def one_pilot(session: Session, pilot: Pilot, locale: str) -> Document:
    path = f"/pilots/{pilot.id}"
    happened = [_of_timeline(entry, path, locale) for entry in _timeline(session, "pilot", pilot.id)]
    return Document(pilot.title, path, path, locale, happened)


def _timeline(session: Session, subject_kind: str, subject_id: int) -> Sequence[TimelineEntry]:
    return list(reversed(public_timeline(session, subject_kind, subject_id)))[:MOST]


def _of_timeline(entry: TimelineEntry, path: str, locale: str) -> Entry:
    title = render_template("feeds/entry.txt", locale, entry=Happening(entry.kind)).strip()
    return Entry(
        path=f"{path}#entry-{entry.id}", title=title, text=entry.text[:LONGEST], language=entry.language,
        published=entry.at, updated=entry.at,
    )  # fmt: skip
