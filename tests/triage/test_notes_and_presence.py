"""What stays within the team: notes, phone numbers, and who is looking."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import time_machine
from fastapi import FastAPI
from sqlmodel import Session, select, update

from app.core.clock import now
from app.core.rooms import GONE_AFTER_SECONDS, SEEN, SqliteBook
from app.issues.models import Issue
from app.triage.models import InternalNote
from tests.browsing import Browser, text_of
from tests.conftest import Cast
from tests.factories import hide
from tests.triage.conftest import Desk
from tests.triage.test_decide import audited

NOTE = "Kanarie: de eigenaar is bekend bij handhaving."


def notes(session: Session) -> list[InternalNote]:
    return list(session.exec(select(InternalNote)))


def test_a_note_is_read_by_team_and_admin_and_nobody_else(
    member: Browser, colleague: Browser, browser_of: Callable[..., Browser], cast: Cast, desk: Desk
) -> None:
    assert member.post(desk.path("/notes"), data={"text": NOTE}).status_code == 303
    assert NOTE in colleague.get(desk.path()).text
    assert NOTE in browser_of(cast.admin).get(desk.path("/notes")).text
    for other in (None, cast.author, cast.resident, cast.suspended, cast.moderator):
        browser = browser_of(other)
        assert browser.get(desk.path("/notes")).status_code == 404
        for page in (
            f"/issues/{desk.waiting.id}",
            "/issues?q=kanarie",
            "/",
            "/me",
            "/pilots",
            f"/api/v1/issues/{desk.waiting.id}",
        ):
            assert "Kanarie" not in browser.get(page, follow_redirects=True).text


def test_a_note_says_who_and_is_deleted_by_its_author_only(
    session: Session, member: Browser, colleague: Browser, desk: Desk
) -> None:
    member.post(desk.path("/notes"), data={"text": NOTE})
    (note_id,) = [note.id for note in notes(session)]
    assert "Tess" in text_of(colleague.get(desk.path()).text)
    assert colleague.post(f"/team/notes/{note_id}/deletion").status_code == 404
    assert f"/team/notes/{note_id}/deletion" not in colleague.get(desk.path()).text
    assert member.post(f"/team/notes/{note_id}/deletion").headers["location"] == desk.path()
    session.expire_all()
    assert notes(session) == []
    assert member.post(f"/team/notes/{note_id}/deletion").status_code == 404
    assert audited(session) == ["triage.note.written", "triage.note.deleted"]


def test_an_empty_note_is_none_and_the_same_note_twice_is_one(session: Session, member: Browser, desk: Desk) -> None:
    empty = member.post(desk.path("/notes"), data={"text": "  "})
    assert empty.status_code == 422
    assert 'id="note-error"' in empty.text
    long = member.post(desk.path("/notes"), data={"text": "n" * 3001})
    assert (long.status_code, "n" * 3001 in long.text) == (422, True)
    for _try in range(2):
        member.htmx("POST", desk.path("/notes"), data={"text": NOTE})
    assert len(notes(session)) == 1


def test_colleagues_see_who_is_looking_at_the_desk_and_in_the_queue(
    member: Browser, colleague: Browser, desk: Desk
) -> None:
    alone = member.get(desk.path())
    assert "looking at this issue" not in alone.text
    assert "Tess is looking at this issue, too." in text_of(colleague.get(desk.path()).text)
    assert "Tess is looking at it" in text_of(colleague.get("/team").text)
    assert "Coby" in text_of(member.htmx("POST", desk.path("/presence")).text)
    assert "looking" not in text_of(member.get(f"/team/issues/{desk.first.id}").text)
    assert "Tess" not in text_of(colleague.htmx("POST", desk.path("/presence")).text)


def test_presence_ends_after_a_minute_without_a_sign_of_life(member: Browser, colleague: Browser, desk: Desk) -> None:
    start = now()
    with time_machine.travel(start, tick=False) as clock:
        member.get(desk.path())
        clock.shift(timedelta(seconds=GONE_AFTER_SECONDS - 1))
        assert "Tess is looking at it" in text_of(colleague.get("/team").text)
        member.htmx("POST", desk.path("/presence"))
        clock.shift(timedelta(seconds=GONE_AFTER_SECONDS))
        assert "Tess is looking at it" in text_of(colleague.get("/team").text)
        clock.shift(timedelta(seconds=1))
        assert "Tess is looking at it" not in text_of(colleague.get("/team").text)


def test_a_sign_of_life_writes_nothing_into_the_data(
    app: FastAPI, member: Browser, colleague: Browser, desk: Desk
) -> None:
    database = app.state.database
    with database.session() as session:
        session.execute(update(Issue).values(vote_count=Issue.vote_count))
        assert member.htmx("POST", desk.path("/presence")).status_code == 200


def test_where_nothing_can_be_written_nobody_is_seen_and_nothing_breaks(tmp_path: Path) -> None:
    book = SqliteBook(tmp_path / "full.limits.db")
    book.file.connection().execute("PRAGMA query_only = ON")
    book.write((SEEN, {"room": "issue:1", "person_id": 1, "seen_at": 1}))
    assert book.who(["issue:1"], 0) == []


def test_a_hidden_issue_has_no_desk(session: Session, member: Browser, desk: Desk) -> None:
    hide(session, desk.waiting)
    assert member.get(desk.path()).status_code == 404
    assert member.post(desk.path("/answer"), data={"seen": "new", "text": "x"}).status_code == 404
