"""Who follows what in Duinwijk, what they have been told, and whether they say that it is solved. Nothing is mailed."""

from datetime import timedelta
from random import Random

from sqlalchemy import func, update
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.activity.models import Fact, RecordedIn, TimelineEntry
from app.content.models import Content
from app.core.clock import now
from app.core.writes import insert_once
from app.demo.load_people import People
from app.discussions.models import Comment
from app.following.actions import follow_pilot, watch_place, watch_theme
from app.following.models import Pace
from app.issues.following import follow_by_itself
from app.issues.models import Issue, Status, Vote
from app.notifications.audience import audience_of
from app.notifications.models import Notice
from app.notifications.telling import write_notices
from app.pilots.models import PilotIssue
from app.solved.models import SolvedAnswer, SolvedQuestion
from app.solved.queries import last_claim

NEWS_SINCE = timedelta(days=30)
STILL_UNREAD = timedelta(days=12)
EVERYBODY = 10_000
NEARBY_M = 500
MOST_ANSWERS = 9


def load_news(session: Session, people: People) -> None:
    _let_people_follow(session)
    _let_somebody_watch(session, people.named["resident"])
    _tell_what_happened(session)
    _ask_whether_it_is_solved(session)


def _let_people_follow(session: Session) -> None:
    filed = select(Content.author_id, Issue.id).join(Issue, col(Issue.content_id) == Content.id)
    said = (
        select(Content.author_id, Issue.id)
        .join(Comment, col(Comment.content_id) == Content.id)
        .join(Issue, col(Issue.thread_id) == Comment.thread_id)
    )
    for person_id, issue_id in [*session.exec(filed), *session.exec(said)]:
        if person_id:
            follow_by_itself(session, person_id, issue_id)


def _let_somebody_watch(session: Session, person_id: int) -> None:
    """Whoever tries the demo as a resident finds a place, a theme and a pilot that they hear of."""
    mine = (
        select(Issue)
        .join(Content, col(Content.id) == Issue.content_id)
        .where(Content.author_id == person_id, col(Issue.lat).is_not(None), col(Issue.theme_id).is_not(None))
        .order_by(col(Issue.id))
    )
    issue = session.exec(mine).first()
    if issue is None or issue.lat is None or issue.lon is None or issue.theme_id is None:
        return
    watch_place(session, person_id, issue.lat, issue.lon, NEARBY_M, "Thuis", Pace.DAILY)
    watch_theme(session, person_id, issue.theme_id, Pace.WEEKLY)
    taken_up = select(PilotIssue.pilot_id).join(Issue, col(Issue.id) == PilotIssue.issue_id)
    for pilot_id in session.exec(taken_up.where(Issue.theme_id == issue.theme_id).limit(1)).all():
        follow_pilot(session, person_id, pilot_id)


def _tell_what_happened(session: Session) -> None:
    lately = now() - NEWS_SINCE
    entries = select(TimelineEntry.id, TimelineEntry.at).where(
        col(TimelineEntry.at) > lately, col(TimelineEntry.by_city)
    )
    comments = select(Comment.id, Comment.created_at).where(col(Comment.created_at) > lately)
    happened = [(at, RecordedIn.TIMELINE, number) for number, at in session.exec(entries)]
    happened += [(at, RecordedIn.COMMENT, number) for number, at in session.exec(comments)]
    for at, source, number in sorted(happened):
        fact = Fact(source=source, source_id=number, facts={})
        if audience := audience_of(session, fact):
            write_notices(session, fact, audience, session.execute(audience.after(0, EVERYBODY)).all())
        told = update(Notice).where(col(Notice.source) == source, col(Notice.source_id) == number)
        read_at = None if at > now() - STILL_UNREAD else at + timedelta(hours=8)
        session.execute(told.values(created_at=at, read_at=read_at, mail_at=None))
    unread = select(func.count()).where(Notice.person_id == Person.id, col(Notice.read_at).is_(None))
    session.execute(update(Person).values(unread_notices=unread.scalar_subquery()))


def _ask_whether_it_is_solved(session: Session) -> None:
    over = select(Issue).where(col(Issue.status).in_([Status.RESOLVED, Status.CONFIRMED])).order_by(col(Issue.id))
    for issue in session.exec(over).all():
        claim = last_claim(session, issue.id)
        voters = session.exec(select(Vote.person_id).where(Vote.issue_id == issue.id).order_by(col(Vote.person_id)))
        if claim is None:
            continue
        chance = Random(issue.title)
        people = list(voters)[: chance.randint(3, MOST_ANSWERS)]
        answers = {person: position % 5 != 4 for position, person in enumerate(people)}
        yes = sum(answers.values())
        insert_once(
            session, SolvedQuestion, issue_id=issue.id, entry_id=claim.id, asked_at=claim.at,
            yes=yes, no=len(answers) - yes, weighed_at=now(),
        )  # fmt: skip
        question = session.exec(select(SolvedQuestion.id).where(SolvedQuestion.entry_id == claim.id)).one()
        for person, is_solved in answers.items():
            insert_once(
                session, SolvedAnswer, question_id=question, person_id=person, is_solved=is_solved, reason="",
                content_id=None, visible=True, answered_at=min(now(), claim.at + timedelta(days=2)),
            )  # fmt: skip
