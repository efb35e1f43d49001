"""Does it help? Who is asked and how, who may answer, what is counted and shown."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.content.models import Content, Kind, Visibility
from app.core.clock import now
from app.core.db import Database
from app.core.errors import NotAllowed
from app.core.i18n import today
from app.issues.actions import cast_vote
from app.issues.merging import Seen, merge_issues
from app.issues.models import Issue
from app.moderation.subjects import subject_of
from app.moderation.visibility import set_visibility
from app.notifications.links import verdict_path
from app.pilots.models import Pilot, PilotIssue, Stage
from app.privacy.erasing import Choice, erase_account
from app.settings import Settings
from app.verdicts.actions import ask_residents, ask_where_the_trial_is_over, give_verdict
from app.verdicts.forms import VerdictForm
from app.verdicts.models import Answer, Verdict, VerdictQuestion, VerdictRule
from tests.browsing import Browser, hidden_in, text_of
from tests.conftest import Cast
from tests.crowd import at_once
from tests.factories import make_issue, make_person
from tests.notifications.conftest import Round
from tests.notifications.test_mail import part

BrowserOf = Callable[[Person | None], Browser]


def counts(session: Session) -> tuple[int, int, int, int, int]:
    session.rollback()
    question = session.exec(select(VerdictQuestion).execution_options(populate_existing=True)).one()
    return question.asked, question.solved, question.partly, question.not_solved, question.moved


def neighbours(session: Session, pilot: Pilot, count: int) -> list[Person]:
    """Who voted for its issue."""
    issue = session.exec(
        select(Issue).join(PilotIssue, col(PilotIssue.issue_id) == Issue.id).where(PilotIssue.pilot_id == pilot.id)
    ).first()
    assert issue
    people = [make_person(session, f"buur{number}") for number in range(count)]
    for person in people:
        cast_vote(session, person.id, issue)
    session.commit()
    return people


def asked(session: Session, pilot: Pilot, cast: Cast) -> None:
    ask_residents(session, pilot, cast.team.id)
    session.commit()


def test_the_team_asks_everybody_behind_its_issues_once(
    team: Browser, session: Session, pilot: Pilot, cast: Cast
) -> None:
    assert "Ask 3 residents whether it helps" in text_of(team.get(f"/pilots/{pilot.id}").text)
    for _twice in range(2):
        assert team.post(f"/pilots/{pilot.id}/verdict/asking").status_code == 303
    names = session.exec(select(Person.email).join(Verdict, col(Verdict.person_id) == Person.id)).all()
    assert sorted(filter(None, names)) == ["anna@example.nl", "bram@example.nl", "fenna@example.nl"]
    assert counts(session) == (3, 0, 0, 0, 0)
    page = text_of(team.get(f"/pilots/{pilot.id}").text)
    assert "3 people were asked. Nobody has answered yet." in page
    assert "came since" not in page


def test_who_is_behind_a_merged_issue_is_asked_too_and_who_came_later_can_be(
    team: Browser, session: Session, pilot: Pilot, cast: Cast
) -> None:
    asked(session, pilot, cast)
    late = make_issue(session, make_person(session, "laat"), "Het fietspad is te donker")
    stays = session.exec(select(Issue).where(col(Issue.visible), Issue.id != late.id)).first()
    assert stays
    merge_issues(session, cast.team.id, late.id, stays.id, Seen(late.status, stays.status), "Hetzelfde.")
    session.commit()
    assert "Ask 1 person who came since" in text_of(team.get(f"/pilots/{pilot.id}").text)
    team.post(f"/pilots/{pilot.id}/verdict/asking")
    assert counts(session)[0] == 4


@pytest.mark.parametrize(("stage", "status"), [(Stage.IDEA, 409), (Stage.STOPPED, 303), (Stage.EMBEDDED, 303)])
def test_there_is_nothing_to_ask_before_something_was_tried(
    team: Browser, session: Session, pilot: Pilot, stage: Stage, status: int
) -> None:
    pilot.stage = stage
    session.commit()
    assert team.post(f"/pilots/{pilot.id}/verdict/asking").status_code == status


def test_the_last_day_of_the_trial_asks_by_itself(session: Session, database: Database, pilot: Pilot) -> None:
    pilot.ends_on = today() + timedelta(days=1)
    session.commit()
    assert ask_where_the_trial_is_over(database) == 0
    with time_machine.travel(now() + timedelta(days=1)):
        at_once([partial(ask_where_the_trial_is_over, database)] * 3)
    assert counts(session) == (3, 0, 0, 0, 0)
    pilot.stage = Stage.STOPPED
    session.delete(session.exec(select(VerdictQuestion)).one())
    session.commit()
    with time_machine.travel(now() + timedelta(days=2)):
        assert ask_where_the_trial_is_over(database) == 0, "a pilot that was stopped asks only when the team does"


def test_who_was_asked_answers_and_changes_it(
    resident: Browser, visitor: Browser, session: Session, pilot: Pilot, cast: Cast
) -> None:
    asked(session, pilot, cast)
    assert "You were asked" in resident.get(f"/pilots/{pilot.id}").text
    assert pilot.title in text_of(resident.get("/me").text)
    assert resident.post(f"/pilots/{pilot.id}/verdict", data={"answer": "solved"}).status_code == 303
    assert "1 of 3 asked answered: 1 solved, 0 partly, 0 not." in text_of(visitor.get(f"/pilots/{pilot.id}").text)
    said = {"answer": "partly", "reason": "Bij de bocht is het nog donker."}
    resident.post(f"/pilots/{pilot.id}/verdict", data=said)
    page = visitor.get(f"/pilots/{pilot.id}").text
    assert "1 of 3 asked answered: 0 solved, 1 partly, 0 not." in text_of(page)
    assert said["reason"] in page
    assert "%" not in text_of(page).split("What residents say")[1][:200], "under ten answers no percentages"
    assert f"Does it help? {pilot.title}" not in text_of(resident.get("/me").text)
    resident.post(f"/pilots/{pilot.id}/verdict", data={"answer": "moved"})
    assert counts(session) == (3, 0, 0, 0, 1)
    assert "1 more does not live with it any more." in text_of(visitor.get(f"/pilots/{pilot.id}").text)
    assert resident.post(f"/pilots/{pilot.id}/verdict", data={"answer": "maybe"}).status_code == 422


def test_who_was_not_asked_reads_why_they_cannot_answer(
    browser_of: BrowserOf, visitor: Browser, session: Session, pilot: Pilot, cast: Cast
) -> None:
    address = f"/pilots/{pilot.id}/verdict"
    assert browser_of(cast.resident).post(address, data={"answer": "solved"}).status_code == 403, "nobody was asked"
    asked(session, pilot, cast)
    moderator = browser_of(cast.moderator)
    assert moderator.post(address, data={"answer": "solved"}).status_code == 403
    assert "You were not among the people who were asked" in text_of(moderator.get(f"/pilots/{pilot.id}").text)
    assert "Sign in and say whether it helps you" in text_of(visitor.get(f"/pilots/{pilot.id}").text)
    assert counts(session) == (3, 0, 0, 0, 0)


def test_from_ten_answers_on_there_is_a_percentage(
    visitor: Browser, session: Session, pilot: Pilot, cast: Cast
) -> None:
    people = neighbours(session, pilot, 10)
    asked(session, pilot, cast)
    for number, person in enumerate(people):
        answer = Answer.SOLVED if number < 6 else Answer.NOT_SOLVED
        give_verdict(session, person, pilot, VerdictForm(answer=answer))
    session.commit()
    page = text_of(visitor.get(f"/pilots/{pilot.id}/verdict").text)
    assert "10 of 13 asked answered: 6 solved, 0 partly, 4 not." in page
    assert "For 60% it is solved, or partly." in page


def test_answers_of_a_crowd_are_all_counted(session: Session, database: Database, pilot: Pilot, cast: Cast) -> None:
    """Everybody answers twice, at once, while the team asks again."""
    people = neighbours(session, pilot, 8)
    asked(session, pilot, cast)

    def answers(person_id: int, answer: Answer) -> None:
        with database.session() as own:
            person, this = own.get_one(Person, person_id), own.get_one(Pilot, pilot.id)
            give_verdict(own, person, this, VerdictForm(answer=answer))

    def asks() -> None:
        with database.session() as own:
            ask_residents(own, own.get_one(Pilot, pilot.id), cast.team.id)

    work: list[Callable[[], None]] = [partial(answers, person.id, Answer.NOT_SOLVED) for person in people[:4] * 2]
    work += [partial(answers, person.id, Answer.SOLVED) for person in people[4:]]
    at_once([*work, asks, asks])
    assert counts(session) == (11, 4, 0, 4, 0)
    assert len(session.exec(select(Verdict)).all()) == 11


def test_who_leaves_in_that_very_moment_leaves_no_words_behind(
    session: Session, database: Database, pilot: Pilot, cast: Cast
) -> None:
    asked(session, pilot, cast)

    def says() -> None:
        with suppress(NotAllowed), database.session() as own:
            person, this = own.get_one(Person, cast.resident.id), own.get_one(Pilot, pilot.id)
            give_verdict(own, person, this, VerdictForm(answer=Answer.PARTLY, reason="Hier woon ik, op nummer 12."))

    def leaves() -> None:
        with database.session() as own:
            erase_account(own, cast.resident.id, Choice.TAKE_AWAY)

    at_once([says, leaves])
    session.rollback()
    assert session.exec(select(Verdict.reason).where(Verdict.reason != "")).all() == []
    partly = counts(session)[2]
    assert len(session.exec(select(Verdict).where(Verdict.answer == Answer.PARTLY)).all()) == partly


def test_the_mail_asks_and_one_tap_answers_without_signing_in(
    visitor: Browser, session: Session, pilot: Pilot, cast: Cast, work_round: Round
) -> None:
    asked(session, pilot, cast)
    work_round()
    with time_machine.travel(now() + timedelta(days=2)):
        mails = [mail for mail in work_round() if "verdict" in part(mail, "plain")]
    assert sorted(mail["To"] for mail in mails) == ["anna@example.nl", "bram@example.nl", "fenna@example.nl"]
    found = re.findall(r"http://127\.0\.0\.1:8000(/pilots/\d+/verdict/[\w.-]+\?answer=[\w-]+)", part(mails[0], "plain"))
    assert [link.rpartition("=")[2] for link in found] == ["solved", "partly", "not-solved", "moved"]
    page = visitor.get(found[1]).text
    assert re.search(r'value="partly" checked', page)
    assert counts(session) == (3, 0, 0, 0, 0), "looking answers nothing"
    assert visitor.post(found[1].partition("?")[0], data={"answer": "partly"}).status_code == 303
    assert counts(session) == (3, 0, 1, 0, 0)
    assert visitor.post(found[1].partition("?")[0], data={"answer": "solved"}).status_code == 303
    assert counts(session) == (3, 1, 0, 0, 0)
    with time_machine.travel(now() + timedelta(days=4)):
        asked(session, pilot, cast)
        work_round()
    with time_machine.travel(now() + timedelta(days=6)):
        assert len([mail for mail in work_round() if "verdict" in part(mail, "plain")]) == 3, "nobody is asked twice"


def test_a_link_is_good_for_its_person_and_its_pilot_only(
    visitor: Browser, session: Session, pilot: Pilot, cast: Cast, settings: Settings
) -> None:
    asked(session, pilot, cast)
    genuine = verdict_path(settings, cast.author.id, pilot.id)
    other = verdict_path(settings, cast.author.id, pilot.id + 1).replace(f"/{pilot.id + 1}/", f"/{pilot.id}/")
    for forged in (genuine + "x", other, verdict_path(settings, cast.moderator.id, pilot.id)):
        assert visitor.get(forged).status_code == 404, forged
        assert visitor.post(forged, data={"answer": "solved"}).status_code in (403, 404), forged
    assert visitor.get(genuine).status_code == 200
    session.add(Verdict(pilot_id=pilot.id, person_id=cast.suspended.id))
    session.commit()
    suspended = verdict_path(settings, cast.suspended.id, pilot.id)
    assert visitor.post(suspended, data={"answer": "solved"}).status_code == 403
    assert counts(session) == (3, 0, 0, 0, 0)


def test_a_reason_can_be_reported_and_hidden_and_still_counts(
    resident: Browser, visitor: Browser, session: Session, pilot: Pilot, cast: Cast
) -> None:
    asked(session, pilot, cast)
    resident.post(f"/pilots/{pilot.id}/verdict", data={"answer": "not-solved", "reason": "Dit is een scheldwoord."})
    content = session.exec(select(Content).where(Content.kind == Kind.VERDICT)).one()
    subject = subject_of(session, content.id)
    assert subject
    assert (subject.text, subject.is_shown) == ("Dit is een scheldwoord.", True)
    assert f"/flags/new?content={content.id}" in visitor.get(f"/pilots/{pilot.id}/verdict").text
    set_visibility(session, content, Visibility.HIDDEN)
    session.commit()
    for address in (f"/pilots/{pilot.id}", f"/pilots/{pilot.id}/verdict"):
        assert "scheldwoord" not in visitor.get(address).text
    assert counts(session) == (3, 0, 0, 1, 0)


def test_reasons_come_in_pages(visitor: Browser, session: Session, pilot: Pilot, cast: Cast) -> None:
    people = neighbours(session, pilot, 25)
    asked(session, pilot, cast)
    for number, person in enumerate(people):
        with time_machine.travel(now() + timedelta(minutes=number)):
            give_verdict(session, person, pilot, VerdictForm(answer=Answer.SOLVED, reason=f"Reden {number:02}."))
    session.commit()
    first = visitor.get(f"/pilots/{pilot.id}/verdict").text
    assert re.findall(r"Reden (\d\d)\.", first) == [f"{number:02}" for number in range(24, 4, -1)]
    more = re.search(r'href="(/pilots/\d+/verdict\?after=[^"]+)"', first)
    assert more
    assert re.findall(r"Reden (\d\d)\.", visitor.get(more[1]).text) == ["04", "03", "02", "01", "00"]


def test_an_administrator_sets_when_it_is_enough(
    browser_of: BrowserOf, visitor: Browser, session: Session, pilot: Pilot, cast: Cast
) -> None:
    admin = browser_of(cast.admin)
    form = {"least_answers": "20", "least_share": "75", "seen_answers": "10", "seen_share": "60"}
    assert admin.post("/admin/verdicts", data=form).status_code == 303
    assert "at least 20 answers" in text_of(visitor.get(f"/pilots/{pilot.id}/verdict").text)
    assert "Set when a verdict is enough" in text_of(admin.get("/admin/audit").text)
    late = admin.post("/admin/verdicts", data={**form, "least_answers": "5"})
    assert late.status_code == 409
    assert "It says now: at least 20 answers" in text_of(late.text)
    assert hidden_in(late.text, "seen_answers") == "20"
    wrong = admin.post("/admin/verdicts", data={**form, "least_share": "101"})
    assert wrong.status_code == 422
    assert hidden_in(wrong.text, "seen_answers") == "10"


@pytest.mark.parametrize(
    ("said", "enough"), [((5, 1, 4), True), ((5, 0, 5), False), ((9, 0, 0), False), ((0, 0, 0), False)]
)
def test_enough_is_so_many_answers_and_so_many_helped(said: tuple[int, int, int], enough: bool) -> None:
    solved, partly, not_solved = said
    question = VerdictQuestion(pilot_id=1, asked=50, solved=solved, partly=partly, not_solved=not_solved, moved=30)
    assert question.is_enough(VerdictRule()) is enough
