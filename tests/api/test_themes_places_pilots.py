from datetime import date

from sqlmodel import Session, select

from app.coalition.models import CoCreator, Partner, PartnerKind
from app.core.clock import now
from app.measures.models import Indicator, Measurement
from app.pilots.models import PilotGoal, PilotIssue, PilotTheme, Stage
from app.places.models import Neighbourhood
from app.themes.queries import theme_with_slug
from tests.api.checking import ORIGIN, Caller
from tests.conftest import Cast
from tests.factories import hide, make_issue, make_pilot


def test_themes_with_their_goals(anybody: Caller) -> None:
    english = anybody.get("/themes").json()
    dutch = anybody.get("/themes", headers={"Accept-Language": "nl"}).json()
    slugs = [theme["slug"] for theme in english["items"]]
    assert slugs == [
        "safety-liveability",
        "mobility",
        "sustainability",
        "participation-economy",
        "tourism-recreation",
    ]
    assert english["items"][1]["name"] == "Mobility"
    assert dutch["items"][1]["name"] == "Mobiliteit"
    assert all(theme["goals"][0]["text"] for theme in english["items"])
    assert english["links"] == {"next": None}


def test_neighbourhoods_with_their_codes(anybody: Caller) -> None:
    east, west = anybody.get("/neighbourhoods").json()["items"]
    assert (east["name"], west["name"]) == ("Oosthoek", "Westhoek")
    assert west == {
        "code": "BU00000001",
        "name": "Westhoek",
        "url": f"{ORIGIN}/neighbourhoods/BU00000001",
        "bbox": [4.27, 52.1, 4.28, 52.11],
    }


def test_a_pilot_with_the_issues_it_grew_from(anybody: Caller, session: Session, cast: Cast) -> None:
    seen, hidden = make_issue(session, cast.author), make_issue(session, cast.author, "Verborgen")
    pilot = make_pilot(session, [seen, hidden])
    theme = theme_with_slug(session, "mobility")
    assert theme is not None
    session.add(PilotTheme(pilot_id=pilot.id, theme_id=theme.id))
    session.add(PilotGoal(pilot_id=pilot.id, goal_id=theme.goals[0].id))
    hide(session, hidden)
    told = anybody.get(f"/pilots/{pilot.id}").json()
    assert (told["title"], told["stage"], told["themes"]) == (pilot.title, "idea", ["mobility"])
    assert (told["issues"], told["votes"]) == (1, 0)
    assert told["goals"][0]["text"] == theme.goals[0].text_en
    assert told["linkedIssues"] == [{"issue": seen.id, "title": seen.title, "url": f"{ORIGIN}/issues/{seen.id}"}]
    (listed,) = anybody.get("/pilots").json()["items"]
    in_full = {"goals", "linkedIssues", "approaches", "choice", "frozenAt", "partners", "coCreators", "indicators"}
    assert listed == {name: value for name, value in told.items() if name not in in_full}


def test_who_makes_a_pilot_together_and_what_is_measured(anybody: Caller, session: Session, cast: Cast) -> None:
    pilot = make_pilot(session, [make_issue(session, cast.author)])
    partner = Partner(pilot_id=pilot.id, name="Stadsbeheer", kind=PartnerKind.DEPARTMENT, role="Hangt de lampen op")
    partner.email = "beheer@example.nl"
    gone = Partner(pilot_id=pilot.id, name="Weg", kind=PartnerKind.BUSINESS, role="Was er eerst", left_at=now())
    indicator = Indicator(pilot_id=pilot.id, name="Meldingen", unit="per maand", source="Meldpunt", better="lower")
    joined = CoCreator(pilot_id=pilot.id, person_id=cast.resident.id)
    session.add_all([partner, gone, indicator, joined])
    session.flush()
    before, after = date(2026, 1, 31), date(2026, 5, 31)
    session.add(Measurement(indicator_id=indicator.id, taken_on=before, value=43, is_baseline=True))
    session.add(Measurement(indicator_id=indicator.id, taken_on=after, value=18.5))
    session.commit()
    told = anybody.get(f"/pilots/{pilot.id}").json()
    (shown,) = told["partners"]
    assert (shown["name"], shown["kind"], shown["website"], told["coCreators"]) == (
        "Stadsbeheer",
        "department",
        None,
        1,
    )
    assert "beheer@example.nl" not in str(told)
    (measured,) = told["indicators"]
    assert measured["baseline"] == {"date": "2026-01-31", "value": 43}
    assert measured["latest"] == {"date": "2026-05-31", "value": 18.5}
    assert measured["url"] == f"{ORIGIN}/pilots/{pilot.id}/measures/{indicator.id}"


def test_pilots_by_stage_in_pages(anybody: Caller, session: Session, cast: Cast) -> None:
    issue = make_issue(session, cast.author)
    pilots = [make_pilot(session, [issue], f"Proef {n}") for n in range(3)]
    pilots[0].stage = Stage.PILOT
    session.add(pilots[0])
    theme = theme_with_slug(session, "mobility")
    area = session.exec(select(Neighbourhood).where(Neighbourhood.code == "BU00000002")).first()
    assert theme
    assert area
    session.add(PilotTheme(pilot_id=pilots[1].id, theme_id=theme.id))
    elsewhere = make_issue(session, cast.author, "Ergens anders")
    elsewhere.neighbourhood_id = area.id
    session.add_all([elsewhere, PilotIssue(pilot_id=pilots[2].id, issue_id=elsewhere.id)])
    session.commit()
    first = anybody.get("/pilots?stage=idea&pageSize=1").json()
    assert "stage=idea" in first["links"]["next"]
    second = anybody.get(first["links"]["next"]).json()
    assert [page["items"][0]["title"] for page in (first, second)] == ["Proef 2", "Proef 1"]
    assert second["links"]["next"] is None
    for asked, title in (("theme=mobility", "Proef 1"), (f"neighbourhood={area.code}", "Proef 2")):
        assert [each["title"] for each in anybody.get(f"/pilots?{asked}").json()["items"]] == [title], asked
        assert not anybody.get(f"/pilots?{asked}&stage=stopped").json()["items"]
    assert anybody.get("/pilots?stage=dream&pageSize=no").status_code == 400


def test_a_hidden_pilot_is_like_one_that_never_was(anybody: Caller, session: Session, cast: Cast) -> None:
    pilot = make_pilot(session, [make_issue(session, cast.author)])
    pilot.visible = False
    session.add(pilot)
    session.commit()
    hidden, never = anybody.get(f"/pilots/{pilot.id}"), anybody.get("/pilots/999999")
    assert (hidden.status_code, hidden.json()) == (never.status_code, never.json())
    assert hidden.status_code == 404
    assert anybody.get(f"/pilots/{'9' * 70}").status_code == 404
    assert anybody.get("/pilots").json()["items"] == []
