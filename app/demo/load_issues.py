"""The issues of Duinwijk, with their photos, votes and timelines."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, select

from app.activity.models import TimelineEntry
from app.content.models import Content, Kind
from app.core.clock import now
from app.core.language import search_document
from app.demo.load_people import People
from app.demo.load_pictures import Picture
from app.demo.stories import moment_of
from app.discussions.models import Thread
from app.issues.heat import heat_at_birth, heated
from app.issues.models import CLOSED, Issue, Photo, Precision, Status, ThemeBy, Vote
from app.places.grid import around_here, cell_of
from app.places.models import Neighbourhood
from app.themes.models import Theme

SAID_BY_RESIDENTS = (Status.CONFIRMED, Status.REOPENED)
VOTES_FADE = timedelta(days=12)


def load_issues(
    session: Session, stories: list[dict[str, Any]], people: People, pictures: dict[str, list[Picture]]
) -> dict[str, Issue]:
    """The issues by the name that the files give them."""
    themes = {theme.slug: theme.id for theme in session.exec(select(Theme))}
    areas = {area.code: area.id for area in session.exec(select(Neighbourhood))}
    issues = {}
    for story in stories:
        issue = _make_issue(session, story, people.named[story["author"]])
        issue.theme_id, issue.theme_by = themes[story["theme"]], ThemeBy.AUTHOR
        issue.neighbourhood_id = areas[story["neighbourhood"]]
        votes = _cast_votes(issue, story, people)
        session.add(issue)
        session.flush()
        if votes:
            session.execute(insert(Vote), [{"issue_id": issue.id, **vote} for vote in votes])
        _hang_photos(session, issue, pictures.get(story["key"], []))
        _tell_story(session, issue, story, people)
        issues[story["key"]] = issue
    return issues


def _make_issue(session: Session, story: dict[str, Any], author_id: int) -> Issue:
    filed = moment_of(story)
    language, precision = story["language"], Precision(story["precision"])
    content = Content(kind=Kind.ISSUE, author_id=author_id, language=language, created_at=filed)
    thread = Thread()
    session.add_all([content, thread])
    session.flush()
    lat, lon = story["lat"], story["lon"]
    if precision is Precision.AREA:
        lat, lon = around_here(lat, lon)
    copied = {field: story[field] for field in ("title", "description", "language", "source", "address")}
    return Issue(
        **copied, content=content, content_id=content.id, thread_id=thread.id, lat=lat, lon=lon,
        cell=cell_of(lat, lon), precision=precision, created_at=filed, updated_at=filed,
        search_stems=search_document(story["title"], story["description"], language),
    )  # fmt: skip


def _cast_votes(issue: Issue, story: dict[str, Any], people: People) -> list[dict[str, Any]]:
    """Most votes come in the first weeks; none after the issue is closed."""
    voters = people.voters(story)
    moments = sorted(_moments(story["key"], issue.created_at, _closed_at(story) or now(), len(voters)))
    issue.vote_count, issue.heat = len(voters), heat_at_birth(issue.created_at)
    for moment in moments:
        issue.heat = heated(issue.heat, moment)
    return [{"person_id": voter, "created_at": at} for voter, at in zip(voters, moments, strict=True)]


def _closed_at(story: dict[str, Any]) -> datetime | None:
    last = story["timeline"][-1] if story["timeline"] else None
    return moment_of(last) if last and Status(last["status"]) in CLOSED else None


def _moments(seed: str, begin: datetime, end: datetime, count: int) -> list[datetime]:
    rng, span = Random(seed), end - begin
    return [begin + min(span * rng.random(), VOTES_FADE * rng.expovariate(1)) for _ in range(count)]


def _hang_photos(session: Session, issue: Issue, pictures: list[Picture]) -> None:
    for position, picture in enumerate(pictures):
        author, moment = issue.content.author_id, issue.created_at
        content = Content(kind=Kind.PHOTO, author_id=author, language=issue.language, created_at=moment)
        session.add(content)
        session.flush()
        session.add(
            Photo(
                issue_id=issue.id, content_id=content.id, key=picture.key, width=picture.width,
                height=picture.height, alt=picture.alt, position=position,
            )
        )  # fmt: skip


def _tell_story(session: Session, issue: Issue, story: dict[str, Any], people: People) -> None:
    """The timeline, and the status it leads to."""
    author = issue.content.author_id
    about: dict[str, Any] = {"subject_kind": "issue", "subject_id": issue.id}
    session.add(TimelineEntry(**about, kind="filed", actor_id=author, at=issue.created_at))
    for entry in story["timeline"]:
        issue.status, issue.updated_at = Status(entry["status"]), moment_of(entry)
        by_city = issue.status not in SAID_BY_RESIDENTS
        if by_city:
            issue.city_spoke_at = issue.updated_at
        session.add(
            TimelineEntry(
                **about, kind=f"status.{issue.status}", text=entry["text"], language=issue.language,
                actor_id=people.staff if by_city else author, by_city=by_city, at=issue.updated_at,
            )
        )  # fmt: skip
