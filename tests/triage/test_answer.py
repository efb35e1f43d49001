"""What the city says, and the next status: along the table, with the text that residents read."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from sqlmodel import Session, col, select

from app.activity.models import Fact, TimelineEntry
from app.core.clock import now
from app.core.db import Database
from app.issues.models import NEEDS_PUBLIC_TEXT, TRANSITIONS, Issue, Status
from app.notifications.models import Notice
from app.notifications.telling import tell_what_happened
from app.triage.actions import NOT_BY_HAND
from tests.browsing import Browser, hidden_in, text_of
from tests.conftest import Cast
from tests.triage.conftest import Desk
from tests.triage.test_decide import as_it_is, audited, told

ALL = [(before, after) for before in Status for after in Status]


def put(session: Session, issue: Issue, **values: Any) -> None:
    session.execute(update(Issue).where(col(Issue.id) == issue.id).values(values))
    session.commit()


def to_be_told(session: Session) -> list[Fact]:
    """What the worker tells everybody who follows."""
    return list(session.exec(select(Fact)))


@pytest.mark.parametrize("before", Status)
def test_every_transition_through_the_address(session: Session, member: Browser, desk: Desk, before: Status) -> None:
    for after in Status:
        put(session, desk.waiting, status=before)
        form = {"status": after.value, "seen": before.value, "text": f"Wij antwoorden: {before} {after}."}
        answer = member.post(desk.path("/answer"), data=form)
        allowed = before is not Status.MERGED and after in TRANSITIONS[before] - NOT_BY_HAND
        assert answer.status_code == (303 if allowed else 422 if after in NOT_BY_HAND else 409), after
        assert as_it_is(session, desk.waiting).status is (after if allowed else before)
        assert (form["text"] in answer.text) == (not allowed)


@pytest.mark.parametrize("status", Status)
def test_only_allowed_statuses_are_offered(session: Session, member: Browser, desk: Desk, status: Status) -> None:
    put(session, desk.waiting, status=status)
    page = member.get(desk.path()).text
    offered = {each for each in Status if f'name="status" value="{each}"' in page}
    assert offered == (set() if status is Status.MERGED else TRANSITIONS[status] - NOT_BY_HAND)


@pytest.mark.parametrize("status", ["", *sorted(NEEDS_PUBLIC_TEXT)])
def test_a_missing_text_is_said_beside_the_field(session: Session, member: Browser, desk: Desk, status: str) -> None:
    answer = member.post(desk.path("/answer"), data={"status": status, "seen": "new", "text": "  "})
    assert answer.status_code == 422
    assert 'id="text-error"' in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert ("You pressed" in answer.text) == bool(status)
    assert as_it_is(session, desk.waiting).status is Status.NEW


def test_a_text_that_is_too_long_is_kept(member: Browser, desk: Desk) -> None:
    answer = member.post(desk.path("/answer"), data={"seen": "new", "text": "x" * 4001})
    assert answer.status_code == 422
    assert "x" * 4001 in answer.text


def test_acknowledging_needs_no_text(session: Session, member: Browser, visitor: Browser, desk: Desk) -> None:
    assert member.post(desk.path("/answer"), data={"status": "acknowledged", "seen": "new"}).status_code == 303
    issue = as_it_is(session, desk.waiting)
    assert issue.status is Status.ACKNOWLEDGED
    assert issue.city_spoke_at is not None
    assert told(session, issue) == ["filed", "status.acknowledged"]
    assert audited(session) == ["triage.status"]
    assert "Seen by the team" in visitor.get(f"/issues/{issue.id}").text


def test_an_answer_without_a_change_of_status(session: Session, member: Browser, visitor: Browser, desk: Desk) -> None:
    text = "We kijken deze week & volgende week."
    assert member.post(desk.path("/answer"), data={"seen": "new", "text": text}).status_code == 303
    issue = as_it_is(session, desk.waiting)
    assert issue.status is Status.NEW
    assert issue.city_spoke_at is not None
    page = text_of(visitor.get(f"/issues/{issue.id}").text)
    assert "Last heard from the city: just now" in page
    assert "The city says" in page
    assert len(to_be_told(session)) == 1


def test_two_who_answer_at_once_do_not_overwrite_each_other(
    session: Session, member: Browser, colleague: Browser, desk: Desk
) -> None:
    first = {"status": "with-service", "seen": "new", "text": "De dienst komt kijken."}
    assert colleague.post(desk.path("/answer"), data=first).status_code == 303
    late = {"status": "declined", "seen": "new", "text": "Hier doen we niets aan."}
    refused = member.post(desk.path("/answer"), data={**late, "text": ""})
    assert refused.status_code == 422
    assert hidden_in(refused.text, "seen") == "new"
    answer = member.post(desk.path("/answer"), data=late)
    assert answer.status_code == 409
    assert hidden_in(answer.text, "seen") == "with-service"
    said = text_of(answer.text)
    assert "Somebody changed the status of this issue in the meantime." in said
    assert "Coby" in said
    assert "De dienst komt kijken." in said
    assert "Hier doen we niets aan." in answer.text
    assert as_it_is(session, desk.waiting).status is Status.WITH_SERVICE
    assert len(to_be_told(session)) == 1


def test_two_answers_without_a_status_at_once(
    session: Session, member: Browser, colleague: Browser, desk: Desk
) -> None:
    assert colleague.post(desk.path("/answer"), data={"seen": "new", "text": "We komen kijken."}).status_code == 303
    assert member.post(desk.path("/answer"), data={"seen": "new", "text": "We komen niet."}).status_code == 409
    spoken = as_it_is(session, desk.waiting).city_spoke_at
    assert spoken is not None
    again = {"seen": "new", "text": "We waren er.", "spoken": spoken.isoformat()}
    assert member.post(desk.path("/answer"), data=again).status_code == 303
    assert told(session, desk.waiting) == ["filed", "answer", "answer"]


@pytest.mark.parametrize(
    "form",
    [{"seen": "new", "text": "We komen kijken."}, {"seen": "new", "status": "answered", "text": "Dit kan niet."}],
)
def test_a_form_sent_twice_is_said_once(session: Session, member: Browser, desk: Desk, form: dict[str, str]) -> None:
    assert [member.post(desk.path("/answer"), data=form).status_code for _try in range(2)] == [303, 303]
    assert len(told(session, desk.waiting)) == 2
    assert len(to_be_told(session)) == 1


def test_who_only_voted_hears_nothing_of_an_answer(
    session: Session, database: Database, member: Browser, resident: Browser, desk: Desk, cast: Cast
) -> None:
    resident.post(f"/issues/{desk.waiting.id}/vote")
    member.post(desk.path("/answer"), data={"seen": "new", "status": "answered", "text": "Dit kan niet."})
    tell_what_happened(database)
    assert session.exec(select(Notice.person_id)).all() == [cast.author.id]


def test_the_public_page_leads_the_team_to_the_desk_and_an_admin_to_the_notes(
    member: Browser, resident: Browser, browser_of: Callable[..., Browser], cast: Cast, desk: Desk
) -> None:
    address = f"/issues/{desk.waiting.id}"
    assert f'href="{desk.path()}"' in member.get(address).text
    assert f'href="{desk.path("/notes")}"' in browser_of(cast.admin).get(address).text
    for other in (resident, browser_of(cast.moderator)):
        assert desk.path() not in other.get(address).text


def test_old_entries_of_the_timeline_are_still_read(session: Session, member: Browser, desk: Desk) -> None:
    session.add(
        TimelineEntry(
            subject_kind="issue", subject_id=desk.waiting.id, kind="status.in-pilot", text="Bericht van toen",
            language="nl", by_city=True, at=now() - timedelta(days=3),
        )
    )  # fmt: skip
    session.commit()
    assert "Bericht van toen" in member.get(desk.path()).text
