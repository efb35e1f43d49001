"""A pilot grows: chosen goals and area, more issues, a text that is changed in the open, issues that may fit."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from app.accounts.models import Person
from app.activity.models import AuditEntry, TimelineEntry
from app.issues.actions import change_status
from app.issues.merging import Seen, merge_issues, undo_merge
from app.issues.models import Issue, Status
from app.matching.models import PilotMatch, State
from app.pilots.models import EarlierPilot, Pilot, PilotGoal, PilotIssue, PilotTheme
from app.themes.models import Goal, Theme
from tests.browsing import Browser, text_of
from tests.conftest import Cast
from tests.factories import hide, make_issue, make_pilot

PROBLEM = "Bewoners zien 's avonds niets op het fietspad langs de duinen en rijden daarom om."
FORM = {"title": "Veilig naar huis", "problem": PROBLEM}


@pytest.fixture
def team(browser_of: Callable[[Person | None], Browser], cast: Cast, session: Session) -> Browser:
    cast.team.locale = "en"
    session.add(cast.team)
    session.commit()
    return browser_of(cast.team)


@pytest.fixture
def issue(session: Session, cast: Cast) -> Issue:
    return make_issue(session, cast.author, theme="mobility")


@pytest.fixture
def pilot(session: Session, issue: Issue) -> Pilot:
    return make_pilot(session, [issue])


def pilot_now(session: Session) -> Pilot:
    session.rollback()
    session.expire_all()
    return session.exec(select(Pilot)).one()


def status_of(session: Session, issue: Issue) -> Status:
    session.rollback()
    return session.exec(select(Issue.status).where(Issue.id == issue.id)).one()


def test_the_words_of_the_residents_stand_beside_the_form(team: Browser, issue: Issue) -> None:
    page = team.get(f"/pilots/new?issues={issue.id}").text
    assert "Mijn dochter durft er niet meer te fietsen." in page
    assert f'name="themes" value="{issue.theme_id}" checked' in page
    assert page.count(" checked") == 2
    words = team.htmx("GET", f"/pilots/new?issues={issue.id}").text
    assert words.lstrip().startswith("<section")
    assert "Mijn dochter durft er niet meer te fietsen." in words
    refused = team.post("/pilots", data={"issues": str(issue.id), "title": "x"})
    assert refused.status_code == 422
    assert "Mijn dochter durft er niet meer te fietsen." in refused.text


def test_an_address_that_is_pasted_is_the_issue_it_leads_to(
    team: Browser, session: Session, cast: Cast, issue: Issue
) -> None:
    make_issue(session, cast.author, "Een heel ander vraagstuk")
    pasted = f"http://127.0.0.1:8000/issues/{issue.id}-al-2-weken-donker, #{issue.id}"
    assert team.post("/pilots", data={**FORM, "issues": pasted}).status_code == 303
    assert session.exec(select(PilotIssue.issue_id)).all() == [issue.id]


def test_a_named_solution_is_asked_about_once(team: Browser, session: Session, issue: Issue) -> None:
    form = {**FORM, "problem": "Er moeten slimme camera's en drempels komen.", "issues": str(issue.id)}
    asked = team.post("/pilots", data=form)
    assert asked.status_code == 422
    assert "slimme, camera&#39;s" in asked.text
    assert 'name="meant"' in asked.text
    assert session.exec(select(Pilot)).first() is None
    assert team.post("/pilots", data={**form, "meant": "true"}).status_code == 303
    assert "slimme camera" in pilot_now(session).problem


def test_goals_bring_their_theme_and_the_area_is_chosen(team: Browser, session: Session, issue: Issue) -> None:
    goal = session.exec(select(Goal).join(Theme).where(Theme.slug == "sustainability")).first()
    assert goal is not None
    form = {**FORM, "issues": str(issue.id), "themes": str(issue.theme_id), "goals": str(goal.id)}
    assert team.post("/pilots", data={**form, "area": "neighbourhood"}).status_code == 422
    assert team.post("/pilots", data={**form, "area": "point", "lat": "52.1"}).status_code == 422
    chosen = {**form, "area": "neighbourhood", "neighbourhood": "BU00000002"}
    assert team.post("/pilots", data=chosen).status_code == 303
    pilot = pilot_now(session)
    assert (pilot.lat, pilot.lon) == pytest.approx((52.105, 4.285))
    assert pilot.radius_m == pytest.approx(650, abs=20)
    assert set(session.exec(select(PilotTheme.theme_id))) == {issue.theme_id, goal.theme_id}
    assert session.exec(select(PilotGoal.goal_id)).all() == [goal.id]


def test_several_boxes_with_one_name_all_count(team: Browser, session: Session, issue: Issue) -> None:
    themes = session.exec(select(Theme.id).order_by(Theme.id)).all()[:3]  # type: ignore[arg-type]
    form = {**FORM, "issues": str(issue.id), "themes": [str(theme) for theme in themes], "area": "none"}
    assert team.post("/pilots", data=form).status_code == 303
    assert set(session.exec(select(PilotTheme.theme_id))) == set(themes)
    assert pilot_now(session).lat is None


def test_a_merged_issue_starts_no_pilot(team: Browser, session: Session, cast: Cast, issue: Issue) -> None:
    stays = make_issue(session, cast.author, "Geen licht op het fietspad")
    merge_issues(session, cast.team.id, issue.id, stays.id, Seen("new", "new"), "")
    session.commit()
    refused = team.post("/pilots", data={**FORM, "issues": str(issue.id)})
    assert refused.status_code == 422
    assert f"Merged with another issue: {issue.id}" in refused.text


def edit(team: Browser, pilot: Pilot, **changed: object) -> int:
    form = {**FORM, "version": 1, "area": "same", **changed}
    return team.post(f"/pilots/{pilot.id}/edit", data=form).status_code


def test_what_it_said_before_stays_readable(
    team: Browser, visitor: Browser, session: Session, cast: Cast, pilot: Pilot
) -> None:
    before = pilot.title
    assert team.get(f"/pilots/{pilot.id}/edit").status_code == 200
    assert edit(team, pilot) == 303
    assert edit(team, pilot, version=2) == 303  # nothing changed
    now = pilot_now(session)
    assert (now.title, now.version) == (FORM["title"], 2)
    history = text_of(visitor.get(f"/pilots/{pilot.id}/history", headers={"Accept-Language": "en"}).text)
    assert before in history
    assert cast.team.display_name in history
    assert "Changed: name, problem" in history
    assert "How the text changed: version 2" in text_of(visitor.get(f"/pilots/{pilot.id}").text)
    assert "pilot.changed" in session.exec(select(AuditEntry.kind)).all()
    assert "changed" in session.exec(select(TimelineEntry.kind).where(TimelineEntry.subject_kind == "pilot")).all()


def test_the_history_comes_in_pages(team: Browser, visitor: Browser, session: Session, pilot: Pilot) -> None:
    for version in range(1, 14):
        assert edit(team, pilot, version=version, title=f"Naam nummer {version}") == 303
    first = visitor.get(f"/pilots/{pilot.id}/history").text
    assert first.count('<li id="version-') == 10
    link = first.split('href="/pilots/')[-1].split('"')[0] if "?after=" in first else ""
    after = first.split("?after=")[1].split('"')[0]
    second = visitor.get(f"/pilots/{pilot.id}/history?after={after}").text
    assert link
    assert second.count('<li id="version-') == 4
    assert "Naam nummer 3<" in second
    assert session.exec(select(EarlierPilot.version)).all() == list(range(1, 14))


def test_the_second_of_two_colleagues_sees_both_texts(team: Browser, session: Session, pilot: Pilot) -> None:
    assert edit(team, pilot, title="De tekst van de eerste") == 303
    late = team.post(f"/pilots/{pilot.id}/edit", data={**FORM, "version": 1, "title": "Die van de tweede"})
    assert late.status_code == 409
    assert "De tekst van de eerste" in late.text
    assert 'value="Die van de tweede"' in late.text
    assert 'name="version" value="2"' in late.text
    assert pilot_now(session).title == "De tekst van de eerste"
    assert edit(team, pilot, title="Die van de tweede", version=2) == 303


def test_more_issues_are_linked_and_their_status_follows(
    team: Browser, visitor: Browser, session: Session, cast: Cast, pilot: Pilot
) -> None:
    more = make_issue(session, cast.author, "Geen licht bij de speeltuin")
    for wrong in ("", "999999", "geen"):
        refused = team.post(f"/pilots/{pilot.id}/issues", data={"issues": wrong})
        assert refused.status_code == 422
        assert 'id="issues-error"' in refused.text
    for _twice in range(2):
        assert team.post(f"/pilots/{pilot.id}/issues", data={"issues": f"#{more.id}"}).status_code == 303
    assert status_of(session, more) is Status.IN_PILOT
    assert more.title in visitor.get(f"/pilots/{pilot.id}").text
    address = f"/pilots/{pilot.id}/issues/{more.id}/removal"
    assert team.post(address, data={"text": ""}).status_code == 422
    assert team.post(address, data={"text": "Dit gaat over de speeltuin zelf."}).status_code == 303
    assert status_of(session, more) is Status.ACKNOWLEDGED
    assert "Dit gaat over de speeltuin zelf." in visitor.get(f"/issues/{more.id}").text
    told = session.exec(select(TimelineEntry.kind).where(TimelineEntry.subject_kind == "pilot")).all()
    assert told == ["issue.linked", "issue.unlinked"]


def test_the_last_issue_stays(team: Browser, session: Session, pilot: Pilot, issue: Issue) -> None:
    address = f"/pilots/{pilot.id}/issues/{issue.id}/removal"
    assert team.post(address, data={"text": "Dit hoort er niet bij."}).status_code == 409
    assert session.exec(select(PilotIssue.issue_id)).all() == [issue.id]


def test_an_issue_unlinked_while_merged_is_not_in_a_pilot_after_the_undo(
    team: Browser, session: Session, cast: Cast, pilot: Pilot, issue: Issue
) -> None:
    other = make_issue(session, cast.author, "Geen licht bij de speeltuin")
    team.post(f"/pilots/{pilot.id}/issues", data={"issues": str(other.id)})
    session.refresh(other)
    merge_issues(session, cast.team.id, other.id, issue.id, Seen("in-pilot", "new"), "")
    session.commit()
    assert team.post(f"/pilots/{pilot.id}/issues/{other.id}/removal", data={"text": "Dubbel."}).status_code == 303
    session.expire_all()
    undo_merge(session, cast.team.id, other.id)
    session.commit()
    assert status_of(session, other) is Status.ACKNOWLEDGED


@pytest.fixture
def fitting(session: Session, cast: Cast) -> list[Issue]:
    titles = [f"Fietspad langs de duinen is na zonsondergang donker, plek {number}" for number in range(13)]
    return [make_issue(session, cast.author, title) for title in titles]


def test_issues_that_may_fit_come_up_in_pages(
    team: Browser, session: Session, pilot: Pilot, fitting: list[Issue]
) -> None:
    first = team.get(f"/pilots/{pilot.id}/fits").text
    assert first.count('<li class="decide"') == 10
    after = first.split("?after=")[1].split('"')[0]
    second = team.htmx("GET", f"/pilots/{pilot.id}/fits?after={after}").text
    assert second.count('<li class="decide"') == 3
    shown = first + second
    assert all(shown.count(f'id="fit-{issue.id}"') == 1 for issue in fitting)


def test_one_press_decides(team: Browser, session: Session, pilot: Pilot, fitting: list[Issue]) -> None:
    fits, does_not = fitting[:2]
    address = f"/pilots/{pilot.id}/fits"
    assert team.post(f"{address}/{fits.id}", data={"decision": "confirm"}).status_code == 303
    answer = team.htmx("POST", f"{address}/{does_not.id}", data={"decision": "reject"})
    assert answer.status_code == 200
    assert f'id="fit-{does_not.id}"' not in answer.text
    assert f'id="fit-{fits.id}"' not in answer.text
    assert status_of(session, fits) is Status.IN_PILOT
    assert status_of(session, does_not) is Status.NEW
    states = dict(
        session.exec(select(PilotMatch.issue_id, PilotMatch.state).where(PilotMatch.pilot_id == pilot.id)).all()
    )
    assert (states[fits.id], states[does_not.id]) == (State.CONFIRMED, State.REJECTED)
    assert team.post(f"{address}/{fitting[2].id}", data={"decision": "perhaps"}).status_code == 400


def test_what_is_hidden_closed_or_merged_does_not_come_up(
    team: Browser, session: Session, cast: Cast, pilot: Pilot, fitting: list[Issue]
) -> None:
    hidden, declined, merged, stays = fitting[:4]
    hide(session, hidden)
    change_status(session, declined, Status.DECLINED, actor_id=cast.team.id, text="Dit doen we niet.")
    merge_issues(session, cast.team.id, merged.id, stays.id, Seen("new", "new"), "")
    session.commit()
    page = team.get(f"/pilots/{pilot.id}/fits").text
    assert page.count('<li class="decide"') == 10
    assert not any(f'id="fit-{issue.id}"' in page for issue in (hidden, declined, merged))


def test_residents_see_none_of_the_tools(resident: Browser, pilot: Pilot) -> None:
    page = resident.get(f"/pilots/{pilot.id}").text
    assert 'id="growing"' not in page
    assert resident.get(f"/pilots/{pilot.id}/fits").status_code == 404
