"""Is it solved for you? Who may say so, what is shown, and what follows."""

import re
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from sqlmodel import Session, select

from app.accounts.models import Person
from app.content.models import Content, Kind, Visibility
from app.core.clock import now
from app.core.db import Database
from app.issues.actions import cast_vote, change_status
from app.issues.models import Issue, Status
from app.moderation.subjects import subject_of
from app.moderation.visibility import set_visibility
from app.notifications.links import solved_path
from app.settings import Settings
from app.solved.actions import answer, weigh_answers
from app.solved.forms import SolvedForm
from app.solved.models import SolvedAnswer, SolvedQuestion
from app.solved.queries import last_claim
from tests.browsing import Browser, text_of
from tests.conftest import Cast
from tests.crowd import at_once
from tests.factories import make_issue, make_person
from tests.notifications.conftest import Round
from tests.notifications.test_mail import part

YES, NO = SolvedForm(solved="yes"), SolvedForm(solved="no")
TWO_WEEKS = timedelta(days=14, hours=1)


@pytest.fixture
def solved(session: Session, cast: Cast) -> Issue:
    """The author's, and the resident voted for it."""
    issue = make_issue(session, cast.author)
    cast_vote(session, cast.resident.id, issue)
    resolve(session, issue, cast)
    return issue


def resolve(session: Session, issue: Issue, cast: Cast) -> None:
    change_status(session, issue, Status.RESOLVED, actor_id=cast.team.id, text="De lamp brandt weer.")
    session.commit()


def as_it_is(session: Session, issue: Issue) -> Issue:
    session.rollback()
    session.refresh(issue)
    return issue


def voters(session: Session, issue: Issue, count: int) -> list[Person]:
    people = [make_person(session, f"buur{number}") for number in range(count)]
    for person in people:
        cast_vote(session, person.id, issue)
    session.commit()
    return people


def say(session: Session, issue: Issue, person: Person, form: SolvedForm) -> None:
    answer(session, person, as_it_is(session, issue), form)
    session.commit()


def test_a_voter_says_yes_and_changes_it(resident: Browser, visitor: Browser, session: Session, solved: Issue) -> None:
    address = f"/issues/{solved.id}/solved"
    assert resident.post(address, data={"solved": "yes"}).headers["location"].endswith("#solved")
    assert "1 person answered: 1 yes, 0 no." in text_of(visitor.get(f"/issues/{solved.id}").text)
    resident.post(address, data={"solved": "no", "reason": "Bij nummer 12 is het nog donker."})
    page = visitor.get(f"/issues/{solved.id}").text
    assert "1 person answered: 0 yes, 1 no." in text_of(page)
    assert "Bij nummer 12 is het nog donker." in page
    assert "%" not in text_of(page).split("Is it solved?")[1][:200]
    assert as_it_is(session, solved).status is Status.RESOLVED
    assert len(session.exec(select(SolvedAnswer)).all()) == 1


def test_only_those_concerned_may_say(
    browser_of,
    resident: Browser,
    session: Session,
    cast: Cast,
    solved: Issue,  # type: ignore[no-untyped-def]
) -> None:
    assert browser_of(cast.moderator).post(f"/issues/{solved.id}/solved", data={"solved": "no"}).status_code == 403
    assert resident.post(f"/issues/{solved.id}/solved", data={"solved": "maybe"}).status_code == 422
    assert session.exec(select(SolvedQuestion)).first() is None


def test_a_no_of_the_author_opens_it_again(
    author: Browser, resident: Browser, visitor: Browser, session: Session, solved: Issue
) -> None:
    spoken = solved.city_spoke_at
    resident.post(f"/issues/{solved.id}/solved", data={"solved": "yes"})
    author.post(f"/issues/{solved.id}/solved", data={"solved": "no"})
    issue = as_it_is(session, solved)
    assert (issue.status, issue.city_spoke_at) == (Status.REOPENED, spoken)
    page = text_of(visitor.get(f"/issues/{issue.id}").text)
    assert "The author says that it is not solved." in page
    assert "2 people answered: 1 yes, 1 no." in page
    assert resident.post(f"/issues/{issue.id}/solved", data={"solved": "no"}).status_code == 409


def test_many_noes_bring_it_back_to_the_desk(session: Session, solved: Issue) -> None:
    people = voters(session, solved, 9)
    for person in people[:4]:
        say(session, solved, person, YES)
    for person in people[4:8]:
        say(session, solved, person, NO)
    assert as_it_is(session, solved).status is Status.RESOLVED
    say(session, solved, people[8], NO)
    assert as_it_is(session, solved).status is Status.REOPENED, "five noes against four"


def test_noes_at_the_same_moment_are_all_counted(session: Session, database: Database, solved: Issue) -> None:
    people = voters(session, solved, 5)

    def says_no(person_id: int) -> None:
        with database.session() as own:
            person, issue = own.get(Person, person_id), own.get(Issue, solved.id)
            assert person
            assert issue
            answer(own, person, issue, NO)

    at_once([partial(says_no, person.id) for person in people])
    assert as_it_is(session, solved).status is Status.REOPENED
    assert session.exec(select(SolvedQuestion.no)).one() == 5


@pytest.mark.parametrize(
    ("yes", "no", "author_says", "becomes"),
    [
        (3, 0, None, Status.CONFIRMED),
        (2, 0, None, Status.RESOLVED),
        (0, 0, YES, Status.CONFIRMED),
        (3, 2, None, Status.RESOLVED),
        (4, 2, None, Status.CONFIRMED),
        (0, 1, YES, Status.RESOLVED),
    ],
)
def test_enough_yeses_confirm_it_after_two_weeks(
    session: Session, database: Database, cast: Cast, solved: Issue,
    yes: int, no: int, author_says: SolvedForm | None, becomes: Status,
) -> None:  # fmt: skip
    people = voters(session, solved, yes + no)
    for person in people:
        say(session, solved, person, YES if people.index(person) < yes else NO)
    if author_says:
        say(session, solved, cast.author, author_says)
    weigh_answers(database)
    assert as_it_is(session, solved).status is Status.RESOLVED, "not before two weeks are over"
    with time_machine.travel(now() + TWO_WEEKS):
        at_once([partial(weigh_answers, database)] * 3)
    assert as_it_is(session, solved).status is becomes


def test_a_late_yes_confirms_it_too(session: Session, database: Database, solved: Issue) -> None:
    people = voters(session, solved, 3)
    for person in people[:2]:
        say(session, solved, person, YES)
    with time_machine.travel(now() + TWO_WEEKS):
        weigh_answers(database)
        say(session, solved, people[2], YES)
    assert as_it_is(session, solved).status is Status.CONFIRMED


def test_said_again_it_is_asked_again_and_old_answers_do_not_count(
    author: Browser, visitor: Browser, session: Session, cast: Cast, solved: Issue
) -> None:
    author.post(f"/issues/{solved.id}/solved", data={"solved": "no"})
    resolve(session, as_it_is(session, solved), cast)
    assert "Nobody has answered yet." in text_of(visitor.get(f"/issues/{solved.id}").text)


def test_the_mail_asks_once_and_one_tap_answers_without_signing_in(
    visitor: Browser, session: Session, solved: Issue, work_round: Round
) -> None:
    (mail,) = work_round()
    assert mail["To"] == "anna@example.nl"
    found = re.search(r"http://127\.0\.0\.1:8000(/issues/\d+/solved/[\w.-]+)", part(mail, "plain"))
    assert found
    assert "Is it solved for you?" in visitor.get(found[1]).text
    assert session.exec(select(SolvedAnswer)).first() is None, "looking answers nothing"
    assert visitor.post(found[1], data={"solved": "yes"}).status_code == 303
    assert session.exec(select(SolvedAnswer.is_solved)).one() is True
    assert visitor.post(found[1], data={"solved": "no"}).status_code == 303
    assert as_it_is(session, solved).status is Status.REOPENED
    assert visitor.post(found[1], data={"solved": "yes"}).status_code == 409
    assert visitor.get(found[1]).status_code == 409


def test_a_link_is_good_for_its_person_and_its_issue_only(
    visitor: Browser, session: Session, cast: Cast, solved: Issue, settings: Settings
) -> None:
    claim = last_claim(session, solved.id)
    assert claim
    genuine = solved_path(settings, cast.author.id, solved.id, claim.id)
    other = make_issue(session, cast.author, "Een ander vraagstuk")
    for forged in (genuine + "x", genuine.replace(f"/{cast.author.id}.", "/1."), genuine.replace(
        f"/issues/{solved.id}/", f"/issues/{other.id}/"
    )):  # fmt: skip
        if forged != genuine:
            assert visitor.post(forged, data={"solved": "no"}).status_code == 404
    suspended = solved_path(settings, cast.suspended.id, solved.id, claim.id)
    assert visitor.post(suspended, data={"solved": "no"}).status_code == 403
    assert as_it_is(session, solved).status is Status.RESOLVED


def test_a_reason_can_be_reported_and_hidden(
    resident: Browser, visitor: Browser, session: Session, cast: Cast, solved: Issue
) -> None:
    resident.post(f"/issues/{solved.id}/solved", data={"solved": "no", "reason": "Dit is een scheldwoord."})
    content = session.exec(select(Content).where(Content.kind == Kind.REASON)).one()
    subject = subject_of(session, content.id)
    assert subject
    assert (subject.text, subject.is_shown) == ("Dit is een scheldwoord.", True)
    assert f"/flags/new?content={content.id}" in visitor.get(f"/issues/{solved.id}/solved").text
    set_visibility(session, content, Visibility.HIDDEN)
    session.commit()
    for address in (f"/issues/{solved.id}", f"/issues/{solved.id}/solved"):
        assert "scheldwoord" not in visitor.get(address).text
    resident.post(f"/issues/{solved.id}/solved", data={"solved": "no", "reason": "Nog een scheldwoord."})
    assert "scheldwoord" not in visitor.get(f"/issues/{solved.id}").text
