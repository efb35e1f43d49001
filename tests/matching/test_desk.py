"""The team's view of the matching, and what everybody reads about it."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from app.accounts.models import Person
from app.activity.models import AuditEntry
from app.matching import deciding
from app.matching.actions import rank
from app.matching.agreement import Share
from app.matching.engine.problem import Problem
from app.matching.models import ThemeMatch
from app.matching.register import record
from app.settings import Settings
from app.themes.models import Theme
from tests.browsing import Browser, hidden_in, text_of
from tests.conftest import Cast
from tests.factories import make_issue, make_pilot

REQUIRED = {"name", "description_short", "organization", "status", "contact_email", "publication_category", "lang"}
LONGEST = {"name": 100, "description_short": 350, "organization": 100, "goal": 2500, "proportionality": 2500,
           "human_intervention": 2500, "risks": 2500, "source_data": 2500, "methods_and_models": 5000}  # fmt: skip


@pytest.fixture
def team(browser_of: Callable[[Person | None], Browser], cast: Cast) -> Browser:
    return browser_of(cast.team)


def test_the_share_has_an_honest_interval() -> None:
    """The interval of Wilson for 8 of 10, as tables give it."""
    low, high = Share(8, 10).interval or (0, 0)
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)
    assert Share(0, 0).interval is None


def test_agreement_is_measured_on_the_decisions_of_this_city(
    team: Browser, visitor: Browser, session: Session, cast: Cast
) -> None:
    for number in range(12):
        issue = make_issue(session, cast.author, f"Donker fietspad nummer {number}")
        first = session.exec(
            select(ThemeMatch.theme_id).where(ThemeMatch.issue_id == issue.id, ThemeMatch.rank == 1)
        ).one()
        other = 1 if first != 1 else 2
        deciding.confirm_theme(session, issue, first if number < 9 else other, cast.team.id)
    session.commit()
    assert "9 of 12 were right" in text_of(visitor.get("/about/matching").text)
    desk = text_of(team.get("/team/matching").text)
    assert "9 van de 12" in desk
    assert "Donker fietspad nummer 11" in desk


def test_the_record_has_what_the_algorithm_register_asks(visitor: Browser, settings: Settings) -> None:
    published = visitor.get("/about/matching.json").json()
    assert set(published) >= REQUIRED
    for key, most in LONGEST.items():
        assert 0 < len(published[key]) <= most, key
    assert published == record("Proefstad", settings, published["methods_and_models"].rpartition("<p>")[2][:-4])
    assert published["lang"] == "NLD"
    assert "team van de gemeente" in published["human_intervention"]


def test_a_keyword_that_the_team_adds_is_used_by_the_next_issue(team: Browser, session: Session, cast: Cast) -> None:
    theme = session.exec(select(Theme).where(Theme.slug == "sustainability")).one()
    form = {"keywords_nl": "snorfietsgedruis\n  warm   plein \n\nwarm plein", "seen": theme.updated_at.isoformat()}
    assert team.post("/team/matching/themes/sustainability", data=form).status_code == 303
    session.expire_all()
    assert session.exec(select(Theme.keywords_nl).where(Theme.id == theme.id)).one() == [
        "snorfietsgedruis", "warm plein",
    ]  # fmt: skip
    best = rank(session, Problem("Snorfietsgedruis", "Elke avond snorfietsgedruis.")).themes.suggestions[0]
    assert best.key == theme.id
    audited = session.exec(select(AuditEntry).where(AuditEntry.kind == "theme.keywords")).one()
    assert "snorfietsgedruis" in audited.facts["added_nl"]


def test_of_two_who_change_keywords_at_once_the_second_sees_what_the_first_wrote(
    team: Browser, session: Session, cast: Cast
) -> None:
    pilot = make_pilot(session, [make_issue(session, cast.author)])
    form = {"seen": pilot.updated_at.isoformat()}
    assert team.post(f"/team/matching/pilots/{pilot.id}", data={**form, "keywords": "duister"}).status_code == 303
    late = team.post(f"/team/matching/pilots/{pilot.id}", data={**form, "keywords": "schemer"})
    assert late.status_code == 409
    assert "duister" in late.text
    assert "schemer" in late.text
    wrong = team.post(f"/team/matching/pilots/{pilot.id}", data={**form, "keywords": "x" * 61})
    assert wrong.status_code == 422
    assert "x" * 61 in wrong.text
    unseen = {"seen": hidden_in(wrong.text, "seen"), "keywords": "schemer"}
    assert team.post(f"/team/matching/pilots/{pilot.id}", data=unseen).status_code == 409
    knowing = {"seen": hidden_in(late.text, "seen"), "keywords": "duister\nschemer"}
    assert team.post(f"/team/matching/pilots/{pilot.id}", data=knowing).status_code == 303


def test_trying_a_text_shows_what_would_be_suggested_and_keeps_nothing(
    team: Browser, session: Session, cast: Cast
) -> None:
    make_pilot(session, [make_issue(session, cast.author)])
    before = len(session.exec(select(ThemeMatch)).all())
    page = text_of(team.post("/team/matching/try", data={"description": "Donker fietspad langs de duinen"}).text)
    assert "Donker fietspad langs de duinen" in page
    assert "% ·" in page
    assert len(session.exec(select(ThemeMatch)).all()) == before
    assert team.post("/team/matching/try", data={"description": ""}).status_code == 422


def test_issues_about_the_same_thing_that_no_pilot_answers_are_a_group(
    team: Browser, session: Session, cast: Cast
) -> None:
    """In other words each time, in two neighbourhoods; one that a pilot took up is left out."""
    told = [
        ("Als het plenst sta ik met de dweil in de kelder", "4.275"),
        ("Straat staat blank na elke bui", "4.285"),
        ("Overstroming bij het tunneltje", "4.275"),
    ]
    wet = [make_issue(session, cast.author, title, description="Al jaren.", lon=lon) for title, lon in told]
    taken = make_issue(session, cast.author, "Wateroverlast in de Duinstraat", description="Na regen.")
    make_pilot(session, [taken])
    make_issue(session, cast.author, "Hondenpoep op het speelveld", description="Elke dag.")
    page = text_of(team.get("/team/matching/groups").text)
    assert "water na regen" in page
    assert "3 vraagstukken · 2 buurten" in page
    assert all(title in page for title, _lon in told)
    assert "Duinstraat" not in page
    assert "Hondenpoep" not in page
    numbers = ",".join(str(issue.id) for issue in wet)
    assert f"/pilots/new?issues={numbers}" in team.get("/team/matching/groups").text
    start = team.get(f"/pilots/new?issues={numbers}").text
    assert f'name="issues" value="{numbers}"' in start
    assert all(title in start for title, _lon in told)
