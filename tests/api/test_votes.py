from collections.abc import Callable

import pytest
from fastapi import FastAPI
from sqlmodel import Session, func, select

from app.accounts.models import Person
from app.core.clock import now
from app.issues.limits import VOTES_PER_PERSON
from app.issues.merging import Seen, merge_issues
from app.issues.models import Issue, Status, Vote
from app.main import create_app
from app.settings import Settings
from tests.api.checking import Caller
from tests.browsing import Browser
from tests.conftest import Cast
from tests.crowd import Phone, at_once
from tests.factories import hide, make_issue
from tests.live import LiveServer


def votes(session: Session, issue: Issue) -> tuple[int, int]:
    """The counter and the truth."""
    session.rollback()
    session.expire_all()
    counted = session.exec(select(Issue.vote_count).where(Issue.id == issue.id)).one()
    return counted, session.exec(select(func.count()).select_from(Vote)).one()


def test_repeating_changes_nothing(bram: Caller, session: Session, issue: Issue) -> None:
    for _time in range(3):
        assert bram.put(f"/issues/{issue.id}/vote").json() == {"votes": 1, "mine": True}
    assert votes(session, issue) == (1, 1)
    for _time in range(3):
        assert bram.delete(f"/issues/{issue.id}/vote").json() == {"votes": 0, "mine": False}
    assert votes(session, issue) == (0, 0)


def test_a_vote_on_the_page_is_the_same_vote(bram: Caller, resident: Browser, session: Session, issue: Issue) -> None:
    resident.post(f"/issues/{issue.id}/vote")
    assert bram.put(f"/issues/{issue.id}/vote").json() == {"votes": 1, "mine": True}
    assert votes(session, issue) == (1, 1)


def test_nobody_votes_without_a_token(anybody: Caller, session: Session, issue: Issue) -> None:
    assert anybody.put(f"/issues/{issue.id}/vote").status_code == 401
    assert anybody.delete(f"/issues/{issue.id}/vote").status_code == 401
    assert anybody.put("/issues/999999/vote").status_code == 401
    assert votes(session, issue) == (0, 0)


def test_there_is_nothing_to_vote_for(bram: Caller, session: Session, issue: Issue) -> None:
    hide(session, issue)
    hidden, never = bram.put(f"/issues/{issue.id}/vote"), bram.put("/issues/999999/vote")
    assert (hidden.status_code, hidden.json()) == (never.status_code, never.json())
    assert hidden.status_code == 404
    assert bram.delete(f"/issues/{issue.id}/vote").status_code == 404
    assert bram.put(f"/issues/{'9' * 70}/vote").status_code == 404


def test_a_closed_issue_takes_no_votes(bram: Caller, session: Session, issue: Issue) -> None:
    issue.status = Status.DECLINED
    session.add(issue)
    session.commit()
    refused = bram.put(f"/issues/{issue.id}/vote")
    assert refused.status_code == 409
    assert refused.json()["detail"] == "This issue is closed, so votes no longer count."


def test_who_is_suspended_may_withdraw_but_not_vote(
    app: FastAPI, cast: Cast, token_of: Callable[[Person], str], issue: Issue
) -> None:
    caller = Caller(app, token_of(cast.suspended))
    assert caller.put(f"/issues/{issue.id}/vote").status_code == 403
    assert caller.delete(f"/issues/{issue.id}/vote").status_code == 200


def test_many_votes_of_one_person_at_once_are_one(
    live: LiveServer, session: Session, cast: Cast, token_of: Callable[[Person], str], issue: Issue
) -> None:
    phone = Phone(live.url, headers={"Authorization": f"Bearer {token_of(cast.resident)}", "Accept": "*/*"})
    path = f"/api/v1/issues/{issue.id}/vote"
    answers = at_once([lambda: phone.send("PUT", path, b"", {})] * 32)
    assert {answer.status for answer in answers} == {200}
    assert {answer.text for answer in answers} == {'{"votes":1,"mine":true}'}
    assert votes(session, issue) == (1, 1)
    mixed = at_once([lambda method=method: phone.send(method, path, b"", {}) for method in ["PUT", "DELETE"] * 16])  # type: ignore[misc]
    assert {answer.status for answer in mixed} == {200}
    counted, truth = votes(session, issue)
    assert counted == truth


def test_votes_are_limited(
    settings: Settings,
    cast: Cast,
    token_of: Callable[[Person], str],
    issue: Issue,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moment = now()
    monkeypatch.setattr("app.core.clock.now", lambda: moment)
    site = create_app(settings.model_copy(update={"rate_limits": "on"}))
    caller = Caller(site, token_of(cast.resident))
    for _time in range(VOTES_PER_PERSON.times):
        assert caller.delete(f"/issues/{issue.id}/vote").status_code == 200
    assert caller.put(f"/issues/{issue.id}/vote").status_code == 429
    site.state.database.close()


def test_votes_of_a_merged_issue_count_where_it_went(bram: Caller, session: Session, cast: Cast, issue: Issue) -> None:
    stays = make_issue(session, cast.author, "Geen licht op het fietspad")
    assert bram.put(f"/issues/{issue.id}/vote").json() == {"votes": 1, "mine": True}
    merge_issues(session, cast.team.id, issue.id, stays.id, Seen("new", "new"), "")
    session.commit()
    for refused in (bram.put(f"/issues/{issue.id}/vote"), bram.delete(f"/issues/{issue.id}/vote")):
        assert refused.status_code == 409
        assert refused.headers["content-type"] == "application/problem+json"
    merged = bram.get(f"/issues/{issue.id}").json()
    assert (merged["status"], merged["mergedInto"]) == ("merged", stays.id)
    assert bram.get(f"/issues/{stays.id}").json()["votes"] == 1
    assert bram.put(f"/issues/{stays.id}/vote").json() == {"votes": 1, "mine": True}
    assert bram.delete(f"/issues/{stays.id}/vote").json() == {"votes": 0, "mine": False}
    assert bram.post(f"/issues/{issue.id}/comments", json={"body": "Nog iets."}).status_code == 409
    listed = [each["id"] for each in bram.get("/issues").json()["items"]]
    assert listed == [stays.id]
