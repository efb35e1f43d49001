"""Digests of new issues: for whom, what is in them, and that they stay readable."""

from datetime import timedelta

import pytest
import time_machine
from sqlmodel import Session, select

from app.core.clock import now
from app.core.db import Database
from app.following.actions import watch_neighbourhood, watch_place, watch_theme
from app.following.models import Alert, Pace
from app.issues.actions import cast_vote
from app.places.queries import neighbourhood_with_code
from app.themes.queries import theme_with_slug
from tests.browsing import Browser
from tests.conftest import Cast, Counting
from tests.factories import INSIDE, hide, make_issue
from tests.notifications.conftest import Round
from tests.notifications.test_mail import part

NEXT_WEEK = timedelta(days=8)


def watch(session: Session, cast: Cast, what: str, pace: Pace = Pace.WEEKLY) -> None:
    theme, area = theme_with_slug(session, "mobility"), neighbourhood_with_code(session, "BU00000001")
    assert theme
    assert area
    match what:
        case "theme":
            watch_theme(session, cast.resident.id, theme.id, pace)
        case "area":
            watch_neighbourhood(session, cast.resident.id, area.id, pace)
        case _:
            watch_place(session, cast.resident.id, *INSIDE, 500, "Thuis", pace)
    session.commit()


@pytest.mark.parametrize("what", ["theme", "area", "place"])
def test_a_digest_has_what_is_new_there_and_nothing_else(
    session: Session, cast: Cast, work_round: Round, what: str
) -> None:
    make_issue(session, cast.author, "Van voor het begin", theme="mobility")
    watch(session, cast, what)
    make_issue(session, cast.author, "Fietsers en voetgangers botsen", theme="mobility")
    make_issue(session, cast.author, "Ver weg en anders", theme="sustainability", lat=52.105, lon=4.285)
    make_issue(session, cast.resident, "Van de lezer zelf", theme="mobility")
    hide(session, make_issue(session, cast.author, "Dit is verborgen", theme="mobility"))
    assert work_round() == []
    with time_machine.travel(now() + NEXT_WEEK):
        (mail,) = work_round()
        assert len(work_round()) == 1
    text = part(mail, "plain")
    assert "Fietsers en voetgangers botsen" in text
    for other in ("Van voor het begin", "Ver weg en anders", "Van de lezer zelf", "Dit is verborgen"):
        assert other not in mail.as_string()
    assert mail["Subject"] == "1 nieuw vraagstuk"
    with time_machine.travel(now() + 2 * NEXT_WEEK):
        assert len(work_round()) == 1, "nothing new, no mail"


def test_a_hundred_new_issues_are_five_and_a_number(
    session: Session, cast: Cast, work_round: Round, counting: Counting, database: Database
) -> None:
    watch(session, cast, "area")
    issues = [make_issue(session, cast.author, f"Vraagstuk nummer {number}", theme="mobility") for number in range(100)]
    cast_vote(session, cast.team.id, issues[50])
    session.commit()
    with time_machine.travel(now() + NEXT_WEEK):
        (mail,) = work_round()
    text = part(mail, "plain")
    assert text.count("Vraagstuk nummer") == 5
    assert text.index("Vraagstuk nummer 50") < text.index("Vraagstuk nummer 99")
    assert "95" in text
    assert len(text.splitlines()) < 60
    assert mail["Subject"] == "100 nieuwe vraagstukken"


def test_several_alerts_are_one_mail(session: Session, cast: Cast, work_round: Round) -> None:
    for what in ("theme", "area", "place"):
        watch(session, cast, what)
    make_issue(session, cast.author, theme="mobility")
    with time_machine.travel(now() + NEXT_WEEK):
        (mail,) = work_round()
    assert "Thuis" in part(mail, "plain")
    assert "Westhoek" in part(mail, "plain")


def test_places_are_added_changed_and_taken_away_on_my_page(
    resident: Browser, author: Browser, session: Session
) -> None:
    form = {"name": "Thuis", "lat": "52,105", "lon": "4.275", "radius": "1000", "pace": "daily"}
    assert resident.post("/me/alerts", data=form).status_code == 303
    assert resident.post("/me/alerts", data={**form, "name": "Nog steeds thuis"}).status_code == 303
    alert = session.exec(select(Alert)).one()
    assert (alert.name, alert.radius_m, alert.pace) == ("Nog steeds thuis", 1000, Pace.DAILY)
    assert "Nog steeds thuis" in resident.get("/me/alerts").text
    assert author.post(f"/me/alerts/{alert.id}/removal").status_code == 404
    assert resident.post(f"/me/alerts/{alert.id}", data={"pace": "never"}).status_code == 303
    session.expire_all()
    assert session.exec(select(Alert.due_at)).all() == [None]
    assert resident.post(f"/me/alerts/{alert.id}/removal").status_code == 303
    assert session.exec(select(Alert)).first() is None


@pytest.mark.parametrize("wrong", [{"lat": "95"}, {"lat": ""}, {"radius": "7"}, {"name": ""}, {"pace": "at-once"}])
def test_what_cannot_be_a_place_is_said_beside_the_field(resident: Browser, wrong: dict[str, str]) -> None:
    form = {"name": "Thuis", "lat": "52.105", "lon": "4.275", "radius": "500", "pace": "weekly", **wrong}
    answer = resident.post("/me/alerts", data=form)
    assert answer.status_code == 422


def test_a_page_of_an_issue_leads_to_an_alert_for_that_place(resident: Browser, session: Session, cast: Cast) -> None:
    issue = make_issue(session, cast.author)
    address = f"/me/alerts?lat={INSIDE[0]}&amp;lon={INSIDE[1]}"
    assert address in resident.get(f"/issues/{issue.id}").text
    assert f'value="{INSIDE[0]}"' in resident.get(address.replace("&amp;", "&")).text
