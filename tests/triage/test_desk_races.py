"""Colleagues who press at the same moment, over real connections: one wins, the others are told, nothing doubles."""

import pytest
from sqlmodel import Session, col, func, select

from app.accounts.models import Person
from app.activity.models import TimelineEntry
from app.issues.models import Issue, Status
from app.matching.models import PilotMatch, State, ThemeMatch
from app.pilots.models import Pilot, PilotIssue
from app.themes.models import Theme
from tests.busy import BusySite, new_name
from tests.crowd import Phone, at_once
from tests.factories import INSIDE, make_issue, make_person, make_pilot


@pytest.fixture
def issue(busy: BusySite) -> Issue:
    with busy.database.session() as session:
        return make_issue(session, make_person(session, new_name()), f"Stoeptegel {new_name()} ligt los")


def told(session: Session, issue: Issue) -> list[str]:
    of_this = (TimelineEntry.subject_kind == "issue", TimelineEntry.subject_id == issue.id)
    return list(session.exec(select(TimelineEntry.kind).where(*of_this).order_by(col(TimelineEntry.id))))


def test_six_themes_at_once_are_one(busy: BusySite, colleagues: list[Phone], issue: Issue) -> None:
    themes = busy.ask(lambda session: list(session.exec(select(Theme.id))))
    chosen = [themes[number % len(themes)] for number in range(6)]
    answers = at_once(
        [
            lambda phone=phone, theme=theme: phone.post(
                f"/team/issues/{issue.id}/themes", {"which": theme, "decision": "confirm"}
            )
            for phone, theme in zip(colleagues, chosen, strict=True)
        ]
    )
    assert sorted(answer.status for answer in answers) == [303] + [409] * (5)
    (won,) = [theme for theme, answer in zip(chosen, answers, strict=True) if answer.status == 303]

    def as_it_is(session: Session) -> tuple[int | None, list[int]]:
        confirmed = (ThemeMatch.issue_id == issue.id, ThemeMatch.state == State.CONFIRMED)
        settled = session.exec(select(Issue.theme_id).where(Issue.id == issue.id)).one()
        return settled, list(session.exec(select(ThemeMatch.theme_id).where(*confirmed)))

    assert busy.ask(as_it_is) == (won, [won])
    assert busy.ask(lambda session: told(session, issue)) == ["filed", "theme.settled"]


def test_six_answers_at_once_are_one(busy: BusySite, colleagues: list[Phone], issue: Issue) -> None:
    statuses = ["acknowledged", "with-service", "answered", "declined", "resolved", ""]
    forms = [{"seen": "new", "status": status, "text": f"Wij zeggen {status}."} for status in statuses]
    answers = at_once(
        [
            lambda phone=phone, form=form: phone.post(f"/team/issues/{issue.id}/answer", form)
            for phone, form in zip(colleagues, forms, strict=True)
        ]
    )
    # An answer without a status leaves the status as it is, so one of each may go through.
    won = [form["status"] for form, answer in zip(forms, answers, strict=True) if answer.status == 303]
    assert {answer.status for answer in answers} == {303, 409}
    assert len([status for status in won if status]) == 1
    kinds = busy.ask(lambda session: told(session, issue))
    assert sorted(kinds) == sorted(["filed", *(f"status.{status}" if status else "answer" for status in won)])
    for form, answer in zip(forms, answers, strict=True):
        assert answer.status == 303 or form["text"] in answer.text


def test_confirming_and_rejecting_a_pilot_at_once(busy: BusySite, colleagues: list[Phone], issue: Issue) -> None:
    with busy.database.session() as session:
        pilot = make_pilot(session, [make_issue(session, make_person(session, new_name()))])
    decisions = ["confirm", "reject"] * (3)
    answers = at_once(
        [
            lambda phone=phone, decision=decision: phone.post(
                f"/team/issues/{issue.id}/pilots", {"which": pilot.id, "decision": decision}
            )
            for phone, decision in zip(colleagues, decisions, strict=True)
        ]
    )
    assert sorted(answer.status for answer in answers) == [303] + [409] * (5)

    def as_it_is(session: Session) -> tuple[State, bool, Status]:
        this = (PilotMatch.issue_id == issue.id, PilotMatch.pilot_id == pilot.id)
        state = session.exec(select(PilotMatch.state).where(*this))
        linked = session.get(PilotIssue, (pilot.id, issue.id)) is not None
        return state.one(), linked, session.exec(select(Issue.status).where(Issue.id == issue.id)).one()

    won = next(decision for decision, answer in zip(decisions, answers, strict=True) if answer.status == 303)
    confirmed, rejected = (State.CONFIRMED, True, Status.IN_PILOT), (State.REJECTED, False, Status.NEW)
    assert busy.ask(as_it_is) == (confirmed if won == "confirm" else rejected)


def test_the_last_two_issues_of_a_pilot_do_not_leave_together(busy: BusySite, colleagues: list[Phone]) -> None:
    def two_in_a_pilot(session: Session) -> tuple[Pilot, list[Issue]]:
        author = make_person(session, new_name())
        return make_pilot(session, []), [make_issue(session, author, f"Bankje {part} is stuk") for part in "ab"]

    with busy.database.session() as session:
        pilot, issues = two_in_a_pilot(session)
    for each in issues:
        linked = colleagues[0].post(f"/team/issues/{each.id}/pilots", {"which": pilot.id, "decision": "confirm"})
        assert linked.status == 303
    leave = {"which": pilot.id, "decision": "reject", "seen": "confirmed"}
    answers = at_once(
        [
            lambda phone=phone, each=each: phone.post(f"/team/issues/{each.id}/pilots", leave)
            for phone, each in zip(colleagues, issues, strict=False)
        ]
    )
    assert sorted(answer.status for answer in answers) == [303, 409]
    left = select(func.count()).where(PilotIssue.pilot_id == pilot.id)
    assert busy.ask(lambda session: session.exec(left).one()) == 1


def test_an_entry_sent_eight_times_at_once_is_one_issue_of_one_person(
    busy: BusySite,
    colleagues: list[Phone],
) -> None:
    name = new_name()
    form = {
        "title": "Donker fietspad langs de duinen", "description": "Mevrouw durft er niet langs.",
        "lat": INSIDE[0], "lon": INSIDE[1], "channel": "phone", "draft": f"nonce-of-{name}", "display_name": name,
    }  # fmt: skip
    answers = at_once([lambda: colleagues[0].post("/team/issues", form)] * 8)
    assert {answer.status for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1
    people = select(func.count()).where(Person.display_name == name)
    assert busy.ask(lambda session: session.exec(people).one()) == 1
