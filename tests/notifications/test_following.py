"""Following: by asking, by taking part, and never again by itself after somebody stopped."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select

from app.accounts.models import Person
from app.filing.models import Draft
from app.following.models import Alert, Pace, PilotFollow
from app.following.pace import next_mail
from app.issues.models import Follow
from app.settings import Settings
from tests.browsing import Browser
from tests.conftest import Cast
from tests.factories import make_issue, make_person, make_pilot
from tests.filing.test_file_issue import sign_in


def follows(session: Session, person: Person, issue_id: int) -> bool:
    session.expire_all()
    row = session.get(Follow, (issue_id, person.id))
    return row is not None and row.ended_at is None


def test_one_tap_follows_and_another_one_stops(resident: Browser, session: Session, cast: Cast) -> None:
    issue = make_issue(session, cast.author)
    assert 'aria-pressed="false"' in resident.get(f"/issues/{issue.id}").text
    answer = resident.post(f"/issues/{issue.id}/follow", headers={"HX-Request": "true"})
    assert 'id="follow"' in answer.text
    assert 'aria-pressed="true"' in answer.text
    resident.post(f"/issues/{issue.id}/follow")
    assert follows(session, cast.resident, issue.id)
    assert resident.post(f"/issues/{issue.id}/follow/withdrawal").status_code == 303
    assert not follows(session, cast.resident, issue.id)
    resident.post(f"/issues/{issue.id}/follow")
    assert follows(session, cast.resident, issue.id)


def test_who_files_or_comments_follows_until_they_stop(resident: Browser, session: Session, cast: Cast) -> None:
    issue = make_issue(session, cast.author)
    assert follows(session, cast.author, issue.id)
    resident.post(f"/issues/{issue.id}/comments", data={"body": "Dit merk ik ook."})
    assert follows(session, cast.resident, issue.id)
    resident.post(f"/issues/{issue.id}/follow/withdrawal")
    resident.post(f"/issues/{issue.id}/comments", data={"body": "En nog iets."})
    assert not follows(session, cast.resident, issue.id), "not again by itself"


def test_how_many_follow_is_not_public(resident: Browser, session: Session, cast: Cast) -> None:
    issue = make_issue(session, cast.author)
    before = resident.get(f"/issues/{issue.id}").text
    for number in range(3):
        person = make_person(session, f"volger{number}")
        session.add(Follow(issue_id=issue.id, person_id=person.id))
    session.commit()
    assert resident.get(f"/issues/{issue.id}").text.count("volger") == before.count("volger") == 0


def test_a_pilot_a_theme_and_a_neighbourhood_are_followed_the_same_way(
    resident: Browser, session: Session, cast: Cast
) -> None:
    pilot = make_pilot(session, [make_issue(session, cast.author)])
    for address in (f"/pilots/{pilot.id}", "/themes/mobility", "/neighbourhoods/BU00000001"):
        assert resident.post(f"{address}/follow").headers["location"] == address
        assert 'aria-pressed="true"' in resident.get(address).text
    session.expire_all()
    assert session.get(PilotFollow, (pilot.id, cast.resident.id)) is not None
    alerts = session.exec(select(Alert).order_by(Alert.id)).all()  # type: ignore[arg-type]
    assert [(bool(alert.theme_id), bool(alert.neighbourhood_id)) for alert in alerts] == [(True, False), (False, True)]
    for address in (f"/pilots/{pilot.id}", "/themes/mobility", "/neighbourhoods/BU00000001"):
        resident.post(f"{address}/follow/withdrawal")
        assert 'aria-pressed="true"' not in resident.get(address).text


@pytest.mark.parametrize("address", ["/themes/mobility", "/neighbourhoods/BU00000001"])
def test_a_digest_comes_as_often_as_chosen_beside_the_button(
    resident: Browser,
    browser_of: Callable[[Person | None], Browser],
    session: Session,
    app: FastAPI,
    settings: Settings,
    address: str,
) -> None:
    visitor = browser_of(None)
    for typed, pace in (({"pace": "daily"}, Pace.DAILY), ({"pace": "weekly"}, Pace.WEEKLY), ({"pace": "x"}, "weekly")):
        assert 'name="pace"' in resident.get(address).text
        assert resident.post(f"{address}/follow", data=typed).status_code == 303
        session.expire_all()
        (alert,) = session.exec(select(Alert)).all()
        assert (alert.pace, alert.due_at) == (pace, next_mail(Pace(pace)))
        resident.post(f"{address}/follow/withdrawal")
    visitor.post(f"{address}/follow", data={"pace": "daily"})
    sign_in(visitor, app, settings)
    session.expire_all()
    assert session.exec(select(Alert.pace)).all() == [Pace.DAILY]


def test_what_is_not_there_cannot_be_followed(resident: Browser) -> None:
    for address in ("/pilots/999", "/themes/no-such-theme", "/neighbourhoods/XX", "/issues/999"):
        assert resident.post(f"{address}/follow").status_code == 404


def test_a_visitor_follows_when_they_have_signed_in(
    browser_of: Callable[[Person | None], Browser], session: Session, cast: Cast, app: FastAPI, settings: Settings
) -> None:
    issue = make_issue(session, cast.author)
    pilot = make_pilot(session, [issue])
    for address in (f"/issues/{issue.id}", f"/pilots/{pilot.id}", "/themes/mobility", "/neighbourhoods/BU00000001"):
        browser = browser_of(None)
        answer = browser.post(f"{address}/follow")
        assert answer.headers["location"].startswith("/sign-in?next=/")
        landed = sign_in(browser, app, settings)
        assert landed.headers["location"].startswith(address)
        assert 'aria-pressed="true"' in browser.get(address).text
    assert session.exec(select(Draft)).first() is None
