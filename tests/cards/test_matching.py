"""Pilots of other cities as candidates for an issue: beside our own, marked, decided about, and learned from."""

from typing import Any

import pytest
from sqlmodel import Session, col, select, update

from app.activity.models import AuditEntry
from app.cards.models import ImportedCard
from app.core.clock import now
from app.core.db import Database
from app.issues.models import Issue
from app.matching.actions import problem_of, rank
from app.matching.engine.other_cities import at_most_five
from app.matching.engine.suggestion import Likelihood, Ranking, Suggestion
from app.matching.models import CardMatch, State
from app.matching.refreshing import refresh_some
from tests.browsing import Browser
from tests.conftest import Cast
from tests.factories import make_card, make_issue, make_pilot


def cards_for(session: Session, issue: Issue) -> dict[int, State]:
    session.expire_all()
    found = session.exec(select(CardMatch).where(CardMatch.issue_id == issue.id).order_by(col(CardMatch.rank)))
    return {match.card_id: match.state for match in found}


@pytest.fixture
def light(session: Session) -> ImportedCard:
    return make_card(session)


@pytest.fixture
def rain(session: Session) -> ImportedCard:
    problem = "Na een hoosbui staat het water in kelders en souterrains."
    return make_card(session, 2, title="Droge kelders", problem=problem)


@pytest.fixture
def issue(session: Session, cast: Cast, light: ImportedCard, rain: ImportedCard) -> Issue:
    return make_issue(session, cast.author, "Geen licht op het fietspad")


def test_an_issue_finds_what_was_tried_elsewhere_and_residents_see_where(
    session: Session, issue: Issue, light: ImportedCard, resident: Browser, visitor: Browser
) -> None:
    assert cards_for(session, issue) == {light.id: State.SUGGESTED}
    page = resident.get(f"/issues/{issue.id}").text
    assert "In een andere stad: Elders" in page
    assert "62 van 80 zeiden dat het is opgelost" in page
    assert f'href="/cards/{light.id}"' in page
    assert (
        resident.post(f"/issues/{issue.id}/matches/card/{light.id}/opinion", data={"agrees": "no"}).status_code == 303
    )
    assert "62 of 80 said it is solved" in visitor.get(f"/issues/{issue.id}").text
    typing = visitor.post("/issues/suggestions", data={"title": "Geen licht op het fietspad", "description": ""})
    assert light.title in typing.text


def test_the_api_lists_it_among_the_pilots_with_its_city(
    session: Session, cast: Cast, visitor: Browser, light: ImportedCard, issue: Issue
) -> None:
    own = make_pilot(session, [issue])
    other = make_issue(session, cast.resident, "Donker fietspad, geen licht")
    told = visitor.get(f"/api/v1/issues/{other.id}/matches", headers={"Accept": "application/json"}).json()["pilots"]
    by_kind: dict[bool, dict[str, Any]] = {"card" in each: each for each in told}
    assert by_kind[False]["pilot"] == own.id
    assert by_kind[True]["card"] == {
        "id": light.id, "city": "Elders", "stage": "scaling-up",
        "verdict": {"asked": 120, "solved": 62, "partly": 10, "notSolved": 8},
    }  # fmt: skip
    assert by_kind[True]["url"].endswith(f"/cards/{light.id}")
    assert "pilot" not in by_kind[True]
    assert [each["score"] for each in told] == sorted((each["score"] for each in told), reverse=True)


def test_the_team_decides_and_issues_like_it_profit(
    session: Session, cast: Cast, team: Browser, issue: Issue, light: ImportedCard, rain: ImportedCard
) -> None:
    path = f"/team/issues/{issue.id}"
    assert "Proeven van andere steden" in team.get(path).text
    before = {each.key: each.score for each in rank(session, problem_of(issue)).cards.suggestions}
    alike = make_issue(session, cast.resident, "Geen licht op het fietspad bij de school")
    decide = {"which": str(light.id), "decision": "confirm", "seen": "suggested"}
    assert team.post(f"{path}/cards", data=decide).status_code == 303
    assert team.post(f"{path}/cards", data=decide).status_code == 303
    by_hand = {"which": str(rain.id), "decision": "reject"}
    assert team.post(f"{path}/cards", data=by_hand).status_code == 303
    assert cards_for(session, issue) == {light.id: State.CONFIRMED, rain.id: State.REJECTED}
    assert team.post(f"{path}/cards", data={**decide, "decision": "reject"}).status_code == 409
    assert team.post(f"{path}/cards", data={"which": "999", "decision": "reject"}).status_code == 422
    after = {each.key: each for each in rank(session, problem_of(alike)).cards.suggestions}
    assert after[light.id].score > before[light.id]
    assert "team_linked" in [reason.code for reason in after[light.id].reasons]
    undone = {"which": str(light.id), "decision": "undo", "seen": "confirmed"}
    assert team.post(f"{path}/cards", data=undone).status_code == 303
    kinds = session.exec(select(AuditEntry.kind).where(col(AuditEntry.kind).like("triage.card.%")))
    assert sorted(kinds) == ["triage.card.confirm", "triage.card.reject", "triage.card.undo"]


def test_what_is_hidden_gone_or_stopped_is_no_candidate_and_old_suggestions_follow(
    session: Session, database: Database, issue: Issue, light: ImportedCard, visitor: Browser
) -> None:
    def refreshed() -> dict[int, State]:
        while refresh_some(database):
            pass
        return cards_for(session, issue)

    assert refreshed() == {light.id: State.SUGGESTED}
    for away in ({"visible": False}, {"gone_at": now()}, {"stage": "stopped"}):
        back = {"visible": True, "gone_at": None, "stage": "scaling-up"}
        session.exec(update(ImportedCard).where(col(ImportedCard.id) == light.id).values(**away, updated_at=now()))
        session.commit()
        if "visible" in away:
            assert light.title not in visitor.get(f"/issues/{issue.id}").text
        assert refreshed() == {}
        session.exec(update(ImportedCard).where(col(ImportedCard.id) == light.id).values(**back, updated_at=now()))
        session.commit()
        assert refreshed() == {light.id: State.SUGGESTED}


def test_another_theme_of_the_same_address_and_a_language_that_we_do_not_speak(session: Session, issue: Issue) -> None:
    strange = make_card(session, 7, language="de", title="Dunkler Radweg", problem="Radfahrer sehen nachts nichts.",
                        themes=[{"slug": "no-such-theme", "name": "Verkehr"}])  # fmt: skip
    assert strange.id in {each.key for each in rank(session, problem_of(issue)).cards.suggestions} | {strange.id}


def suggested(*scores: float) -> Ranking:
    return Ranking(tuple(Suggestion(at, score, Likelihood.LIKELY) for at, score in enumerate(scores, 1)))


@pytest.mark.parametrize(
    ("ours", "theirs", "shown"),
    [
        (suggested(0.9, 0.8), suggested(), (2, 0)),
        (suggested(0.9, 0.8, 0.7, 0.6, 0.5), suggested(0.75), (4, 1)),
        (suggested(0.5, 0.5, 0.5, 0.5, 0.5), suggested(0.5, 0.5), (5, 0)),
        (suggested(), suggested(0.9, 0.8, 0.7, 0.6, 0.5, 0.4), (0, 5)),
    ],
)
def test_five_of_both_together(ours: Ranking, theirs: Ranking, shown: tuple[int, int]) -> None:
    pilots, cards = at_most_five(ours, theirs)
    assert (len(pilots.shown), len(cards.shown)) == shown
