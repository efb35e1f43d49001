import pytest
from sqlmodel import Session, delete

from app.core.clock import now
from app.issues.models import Issue
from app.matching.engine.suggestion import Likelihood
from app.matching.models import Match, PilotMatch, SimilarMatch, State, ThemeMatch
from app.pilots.models import Pilot
from app.themes.queries import theme_with_slug
from tests.api.checking import ORIGIN, Caller
from tests.conftest import Cast
from tests.factories import hide, make_issue, make_pilot

WORDS = [{"code": "shared_words", "weight": 1.0, "words": ["fietspad"]}]


def link(table: type[Match], issue: Issue, rank: int, state: State = State.SUGGESTED, **keys: object) -> Match:
    decided = {"decided_at": now()} if state is not State.SUGGESTED else {}
    likelihood = Likelihood.LIKELY if rank == 1 else Likelihood.UNSURE
    facts = {"score": 1 / rank, "likelihood": likelihood, "reasons": WORDS, "rank": rank, "state": state}
    return table(issue_id=issue.id, **facts, **decided, **keys)


@pytest.fixture
def pilot(session: Session, issue: Issue) -> Pilot:
    return make_pilot(session, [issue])


@pytest.fixture
def other(session: Session, cast: Cast, issue: Issue, pilot: Pilot) -> Issue:
    """An issue like it, and links of all kinds."""
    other = make_issue(session, cast.resident, "Geen licht op het fietspad")
    for table in (ThemeMatch, PilotMatch, SimilarMatch):
        session.exec(delete(table))
    themes = [theme_with_slug(session, slug) for slug in ("mobility", "sustainability", "safety-liveability")]
    ids = [theme.id for theme in themes if theme]
    session.add_all(
        [
            link(ThemeMatch, issue, 1, State.REJECTED, theme_id=ids[0]),
            link(ThemeMatch, issue, 2, theme_id=ids[1]),
            link(ThemeMatch, issue, 1, State.CONFIRMED, theme_id=ids[2]),
            link(PilotMatch, issue, 1, pilot_id=pilot.id),
            link(SimilarMatch, issue, 1, other_id=other.id),
        ]
    )
    session.commit()
    return other


def test_the_links_of_an_issue_best_first(anybody: Caller, issue: Issue, pilot: Pilot, other: Issue) -> None:
    told = anybody.get(f"/issues/{issue.id}/matches").json()
    order = [(match["theme"], match["state"], match["likelihood"]) for match in told["themes"]]
    assert order == [
        ("safety-liveability", "confirmed", "likely"),
        ("sustainability", "suggested", "unsure"),
        ("mobility", "rejected", "likely"),
    ]
    assert ["decidedAt" in match for match in told["themes"]] == [True, False, True]
    (candidate,), (similar,) = told["pilots"], told["similar"]
    assert (candidate["pilot"], candidate["url"]) == (pilot.id, f"{ORIGIN}/pilots/{pilot.id}")
    assert (similar["issue"], similar["score"]) == (other.id, 1.0)
    assert similar["title"] == "Geen licht op het fietspad"


def test_reasons_come_in_the_language_asked_for(anybody: Caller, issue: Issue, other: Issue) -> None:
    def told(language: str) -> dict[str, str]:
        themes = anybody.get(f"/issues/{issue.id}/matches", headers={"Accept-Language": language}).json()["themes"]
        return {"title": themes[1]["title"], "reason": themes[1]["reasons"][0]}

    english, dutch = told("en-GB, nl;q=0.5"), told("nl-NL, en;q=0.5")
    assert "fietspad" in english["reason"]
    assert "fietspad" in dutch["reason"]
    assert english["title"] != dutch["title"]


def test_hidden_pilots_and_issues_are_left_out(
    anybody: Caller, session: Session, issue: Issue, pilot: Pilot, other: Issue
) -> None:
    hide(session, other)
    pilot.visible = False
    session.add(pilot)
    session.commit()
    told = anybody.get(f"/issues/{issue.id}/matches").json()
    assert (told["pilots"], told["similar"]) == ([], [])
    hide(session, issue)
    assert anybody.get(f"/issues/{issue.id}/matches").status_code == 404
