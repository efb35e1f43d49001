"""The generated city is as consistent as one that people filled, and the same for the same seed."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import delete, inspect, text
from sqlmodel import Session, SQLModel, col, func, select

from app.content.models import Content, Kind
from app.core.clock import now
from app.core.db import Database
from app.core.errors import BadRequest, Conflict
from app.core.language import search_document
from app.demo.fill import fill
from app.demo.volume.bulk import COLUMNS
from app.discussions.models import Comment
from app.following.models import Alert, PilotFollow
from app.following.pace import next_mail
from app.issues.heat import heat_at_birth, heated
from app.issues.models import Follow, Issue, Status, Vote
from app.issues.search import matches_query
from app.matching.models import PilotMatch, SimilarMatch, State, ThemeMatch
from app.pilots.models import Pilot, PilotGoal, PilotIssue, PilotTheme
from app.places.grid import cell_of
from app.places.models import City
from app.places.queries import neighbourhood_at

ISSUES, RESIDENTS, PILOTS = 600, 300, 40


@pytest.fixture(scope="module")
def filled(empty_database: Database) -> Database:
    fill(empty_database, ISSUES, RESIDENTS, PILOTS, seed=7)
    return empty_database


@pytest.fixture
def session(filled: Database) -> Iterator[Session]:
    with Session(filled.engine) as opened:
        yield opened


def count(session: Session, table: type[SQLModel]) -> int:
    return session.exec(select(func.count()).select_from(table)).one()


def test_there_is_as_much_as_was_asked_for(session: Session) -> None:
    assert count(session, Issue) == ISSUES
    assert count(session, Pilot) == PILOTS
    assert session.exec(select(func.count(func.distinct(Content.author_id)))).one() > RESIDENTS / 2
    assert session.get_one(City, 1).is_invented


def test_vote_counters_and_heat_are_what_the_votes_say(session: Session) -> None:
    issues = {issue.id: issue for issue in session.exec(select(Issue))}
    heat = {number: heat_at_birth(issue.created_at) for number, issue in issues.items()}
    votes = Counter()
    for vote in session.exec(select(Vote)):
        assert issues[vote.issue_id].created_at <= vote.created_at <= now()
        heat[vote.issue_id] = heated(heat[vote.issue_id], vote.created_at)
        votes[vote.issue_id] += 1
    assert sum(votes.values()) > ISSUES
    assert all(issue.vote_count == votes[number] for number, issue in issues.items())
    assert all(issue.heat == pytest.approx(heat[number]) for number, issue in issues.items())


def test_comment_counters_are_what_the_comments_say(session: Session) -> None:
    comments = session.exec(select(Comment)).all()
    by_thread, answers = Counter(c.thread_id for c in comments), Counter(c.parent_id for c in comments)
    assert all(issue.comment_count == by_thread[issue.thread_id] for issue in session.exec(select(Issue)))
    assert all(comment.reply_count == answers[comment.id] for comment in comments)
    threads = {comment.id: comment.thread_id for comment in comments}
    firsts = {comment.id for comment in comments if comment.parent_id is None}
    for comment in comments:
        if comment.parent_id:
            assert comment.parent_id in firsts
            assert threads[comment.parent_id] == comment.thread_id


def test_who_takes_part_follows_and_some_ask_for_digests(session: Session) -> None:
    follows = {(each.issue_id, each.person_id) for each in session.exec(select(Follow))}
    filed = select(Issue.id, Content.author_id).join(Content, col(Content.id) == Issue.content_id)
    said = (
        select(Issue.id, Content.author_id)
        .join(Comment, col(Comment.thread_id) == Issue.thread_id)
        .join(Content, col(Content.id) == Comment.content_id)
    )
    take_part = {*session.exec(filed), *session.exec(said)}
    assert take_part < follows
    votes = {(each.issue_id, each.person_id) for each in session.exec(select(Vote))}
    assert follows - take_part <= votes
    assert count(session, PilotFollow) >= PILOTS
    newest = session.exec(select(func.max(Issue.id))).one()
    alerts = session.exec(select(Alert)).all()
    assert RESIDENTS / 12 < len(alerts) < RESIDENTS / 3
    assert all(alert.told_up_to == newest and alert.due_at == next_mail(alert.pace) for alert in alerts)


def test_stems_are_those_that_the_site_computes(session: Session) -> None:
    for issue in session.exec(select(Issue)):
        assert issue.search_stems == search_document(issue.title, issue.description, issue.language)
    for pilot in session.exec(select(Pilot)):
        assert pilot.search_stems == search_document(pilot.title, pilot.problem, pilot.language)


def test_issues_are_found_by_their_words(session: Session) -> None:
    titles = session.exec(select(Issue.title).where(matches_query(session, "fietsenrek"))).all()
    told = session.exec(select(Issue.title).where(col(Issue.title).like("Fietsenrekken%"))).all()
    assert told
    assert set(told) <= set(titles)


def test_issues_lie_in_their_neighbourhood(session: Session) -> None:
    for issue in session.exec(select(Issue)):
        assert issue.lat is not None
        assert issue.lon is not None
        area = neighbourhood_at(session, issue.lat, issue.lon)
        assert area is not None
        assert (issue.neighbourhood_id, issue.cell) == (area.id, cell_of(issue.lat, issue.lon))


def test_a_newer_issue_has_a_higher_number(session: Session) -> None:
    moments = session.exec(select(Issue.created_at).order_by(col(Issue.id))).all()
    assert moments == sorted(moments)
    assert moments[-1] < now()


def test_everything_published_has_its_content_row(session: Session) -> None:
    kinds = Counter(session.exec(select(Content.kind)))
    assert kinds == {Kind.ISSUE: ISSUES, Kind.COMMENT: count(session, Comment), Kind.PILOT: PILOTS}


def test_links_agree_with_the_status(session: Session) -> None:
    in_pilot = set(session.exec(select(Issue.id).where(Issue.status == Status.IN_PILOT)))
    assert in_pilot
    assert set(session.exec(select(PilotIssue.issue_id))) == in_pilot
    confirmed = select(PilotMatch.issue_id).where(PilotMatch.state == State.CONFIRMED)
    assert set(session.exec(confirmed)) == in_pilot
    assert count(session, ThemeMatch) == ISSUES
    assert count(session, SimilarMatch) > 0
    assert count(session, PilotGoal) == PILOTS
    assert count(session, PilotTheme) >= PILOTS
    silent = select(Issue.status).where(col(Issue.city_spoke_at).is_(None))
    assert set(session.exec(silent)) == {Status.NEW}


def test_no_row_points_at_nothing(filled: Database) -> None:
    """PostgreSQL checks while writing, unless somebody switched a constraint off."""
    off = "SELECT conname FROM pg_constraint WHERE contype = 'f' AND NOT convalidated"
    with filled.engine.connect() as connection:
        broken = connection.execute(text("PRAGMA foreign_key_check" if filled.is_sqlite else off))
        assert broken.all() == []


def test_every_column_without_a_default_is_written(filled: Database) -> None:
    known = inspect(filled.engine)
    for table, columns in COLUMNS.items():
        needed = {each["name"] for each in known.get_columns(table) if not each["nullable"] and not each["default"]}
        assert needed - set(columns) <= {"id"}


def test_new_rows_can_follow(session: Session) -> None:
    session.add(Content(kind=Kind.COMMENT, language="nl"))
    session.flush()
    session.rollback()


def test_a_real_city_is_left_alone(filled: Database) -> None:
    _call_it_real(filled, True)
    try:
        with pytest.raises(Conflict):
            fill(filled, 1, 1, 0)
    finally:
        _call_it_real(filled, False)


def _call_it_real(database: Database, real: bool) -> None:
    with database.session() as session:
        session.get_one(City, 1).is_invented = not real


def _texts(database: Database) -> list[tuple[object, ...]]:
    with database.session() as session:
        newest = select(Issue.title, Issue.description, Issue.lat, Issue.vote_count, Issue.created_at)
        return [tuple(row) for row in session.exec(newest.order_by(col(Issue.id).desc()).limit(50))]


def test_the_same_seed_gives_the_same_city(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> None:
    found = []
    for seed in (3, 3, 4):
        copy = tmp_path_factory.mktemp("seed") / "city.db"
        copy.write_bytes(sqlite_template.read_bytes())
        database = Database(f"sqlite:///{copy}")
        with database.session() as session:
            session.execute(delete(City))
        with time_machine.travel(datetime(2026, 11, 1, 12, tzinfo=UTC), tick=False):
            fill(database, 50, 20, 5, seed=seed)
        found.append(_texts(database))
        database.close()
    assert found[0] == found[1]
    assert found[0] != found[2]


def test_without_residents_nobody_files(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> None:
    copy = tmp_path_factory.mktemp("nobody") / "city.db"
    copy.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{copy}")
    with database.session() as session:
        session.execute(delete(City))
    with pytest.raises(BadRequest):
        fill(database, 10, 0, 0)
    database.close()


def test_it_says_how_far_it_is(filled: Database) -> None:
    said: list[tuple[str, int, int]] = []
    fill(filled, 0, 3, 2, progress=lambda *step: said.append(step))
    assert said == [("Residents", 3, 3), ("Pilots", 2, 2)]
