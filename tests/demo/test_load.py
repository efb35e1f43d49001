"""The demo, once loaded, is as true as if people had typed it."""

from collections import Counter
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlmodel import Session, SQLModel, col, func, select

from app.accounts.models import Person, Role, RoleGrant
from app.approaches.models import Approach
from app.content.models import Content, Kind, Visibility
from app.core.clock import now
from app.core.errors import Conflict
from app.core.language import search_document
from app.core.storage import FileStorage
from app.demo.load import load_demo
from app.discussions.models import Comment, CommentSupport
from app.issues.heat import heat_at_birth, heated
from app.issues.merged import heat_of
from app.issues.models import Issue, Photo, Precision, Status, Vote
from app.issues.search import matches_query
from app.matching.models import PilotMatch, State, ThemeMatch
from app.moderation.models import Appeal, Case, Decision, Verdict
from app.pilots.models import Pilot, PilotIssue
from app.places.grid import around_here, cell_of
from app.places.models import City
from app.places.queries import neighbourhood_at


def count(session: Session, table: type[SQLModel]) -> int:
    return session.exec(select(func.count()).select_from(table)).one()


def test_a_second_time_changes_nothing(session: Session, photo_folder: Path) -> None:
    tables = SQLModel.metadata.sorted_tables
    before = [session.execute(select(func.count()).select_from(table)).one() for table in tables]
    photos = len(list(photo_folder.iterdir()))
    assert not load_demo(session, FileStorage(photo_folder))
    assert [session.execute(select(func.count()).select_from(table)).one() for table in tables] == before
    assert len(list(photo_folder.iterdir())) == photos


def test_a_real_city_is_left_alone(session: Session, photo_folder: Path) -> None:
    city = session.get_one(City, 1)
    city.is_invented = False
    with session.no_autoflush, pytest.raises(Conflict):
        load_demo(session, FileStorage(photo_folder))


def test_vote_counters_and_heat_are_what_the_votes_say(session: Session) -> None:
    votes = session.exec(select(Vote).order_by(col(Vote.created_at))).all()
    counted = Counter(vote.issue_id for vote in votes)
    assert sum(counted.values()) > 1500
    for issue in session.exec(select(Issue).where(Issue.merged_count == 0)):
        heat = heat_at_birth(issue.created_at)
        for vote in votes:
            if vote.issue_id == issue.id:
                assert issue.created_at <= vote.created_at <= now()
                heat = heated(heat, vote.created_at)
        assert issue.vote_count == counted[issue.id]
        assert issue.heat == pytest.approx(heat)


def test_a_merged_issue_counts_where_it_went(session: Session) -> None:
    merged = session.exec(select(Issue).where(Issue.status == Status.MERGED)).one()
    stays = session.exec(select(Issue).where(Issue.merged_count == 1)).one()
    assert merged.merged_into == stays.id
    voters = select(Vote.person_id).where(col(Vote.issue_id).in_([merged.id, stays.id]))
    assert stays.vote_count == len(set(session.exec(voters)))
    assert stays.heat == pytest.approx(heat_of(session, stays.id))


def test_comment_counters_are_what_the_comments_say(session: Session) -> None:
    comments = session.exec(select(Comment).where(col(Comment.visible))).all()
    by_thread = Counter(comment.thread_id for comment in comments)
    replies = Counter(comment.parent_id for comment in comments)
    support = Counter(session.exec(select(CommentSupport.comment_id)))
    assert all(issue.comment_count == by_thread[issue.thread_id] for issue in session.exec(select(Issue)))
    assert all(comment.reply_count == replies[comment.id] for comment in comments)
    assert all(comment.support_count == support[comment.id] for comment in comments)


def test_issues_lie_where_filing_would_have_put_them(session: Session) -> None:
    for issue in session.exec(select(Issue)):
        assert issue.lat is not None
        assert issue.lon is not None
        area = neighbourhood_at(session, issue.lat, issue.lon)
        assert area is not None
        assert area.id == issue.neighbourhood_id
        assert issue.cell == cell_of(issue.lat, issue.lon)
        if issue.precision is Precision.AREA:
            assert around_here(issue.lat, issue.lon) == (issue.lat, issue.lon)


def test_issues_are_found_by_their_words(session: Session) -> None:
    found = session.exec(select(Issue.title).where(matches_query(session, "vleermuis"))).all()
    assert "Felle lampen bij de strandopgang jagen de vleermuizen weg" in found
    for issue in session.exec(select(Issue)):
        assert issue.search_stems == search_document(issue.title, issue.description, issue.language)


def test_everything_published_has_its_content_row(session: Session) -> None:
    kinds = Counter(session.exec(select(Content.kind)))
    tables = {Kind.ISSUE: Issue, Kind.COMMENT: Comment, Kind.PHOTO: Photo, Kind.PILOT: Pilot, Kind.APPROACH: Approach}
    assert all(kinds[kind] == count(session, table) for kind, table in tables.items())
    assert kinds[Kind.DISPLAY_NAME] == count(session, Person)
    moments = session.exec(select(Issue.created_at, Content.created_at).join(Content))
    assert all(own == common for own, common in moments)


def test_it_happened_in_the_last_two_years(session: Session) -> None:
    first, last = session.exec(select(func.min(Issue.created_at), func.max(Issue.created_at))).one()
    assert now() - timedelta(days=731) < first < now() - timedelta(days=650)
    assert now() - timedelta(days=3) < last < now()
    assert session.exec(select(func.max(Comment.created_at))).one() < now()


def test_the_status_is_where_the_timeline_leads(session: Session) -> None:
    statuses = Counter(session.exec(select(Issue.status)))
    assert set(statuses) == set(Status)
    spoken = session.exec(select(Issue).where(col(Issue.city_spoke_at).is_not(None))).all()
    assert all(issue.status is not Status.NEW for issue in spoken)


def test_photos_lie_in_the_store_in_two_sizes(session: Session, photo_folder: Path) -> None:
    photos = session.exec(select(Photo)).all()
    assert len(photos) >= 20
    for photo in photos:
        large = Image.open(BytesIO((photo_folder / f"{photo.key}-large.jpg").read_bytes()))
        small = Image.open(BytesIO((photo_folder / f"{photo.key}-small.jpg").read_bytes()))
        assert large.size == (photo.width, photo.height)
        assert small.size == (480, 360)
        assert photo.alt


def test_there_is_somebody_for_each_role(session: Session) -> None:
    found = session.exec(select(Person.email, RoleGrant.role).join(RoleGrant)).all()
    second = ("moderator2@duinwijk.example", Role.MODERATOR)  # objections are answered by another moderator
    assert set(found) == {*((f"{role}@duinwijk.example", role) for role in Role), second}


def test_moderators_find_work_of_every_kind(session: Session) -> None:
    waiting = session.exec(select(Case).where(col(Case.first_flag_id).is_not(None))).all()
    assert [case.open_flags for case in waiting] == [2, 1]
    assert set(session.exec(select(Decision.verdict))) == {Verdict.HIDE, Verdict.FINE}
    hidden = session.exec(select(Comment).where(~col(Comment.visible))).one()
    assert session.get_one(Content, hidden.content_id).visibility is Visibility.HIDDEN
    appeal = session.exec(select(Appeal)).one()
    decided_by = session.exec(select(Decision.moderator_id).where(Decision.id == appeal.decision_id)).one()
    assert session.get_one(Person, decided_by).email == "moderator2@duinwijk.example"


def test_what_the_team_decided_is_a_confirmed_match(session: Session) -> None:
    linked = set(session.exec(select(PilotIssue.issue_id, PilotIssue.pilot_id)))
    decided = select(PilotMatch.issue_id, PilotMatch.pilot_id).where(PilotMatch.state == State.CONFIRMED)
    assert set(session.exec(decided)) == linked
    settled = select(ThemeMatch.issue_id).where(ThemeMatch.state == State.CONFIRMED)
    answered = select(Issue.id).where(col(Issue.status).not_in([Status.NEW, Status.MERGED]))
    assert sorted(session.exec(settled)) == sorted(session.exec(answered))
