"""One press confirms or rejects what the matcher suggests; a decision can be changed; who comes second is told."""

import pytest
from sqlmodel import Session, col, select

from app.activity.models import AuditEntry, TimelineEntry
from app.core.db import Database
from app.issues.models import Issue, Status, ThemeBy
from app.matching import actions
from app.matching.engine.problem import Problem
from app.matching.models import Match, PilotMatch, SimilarMatch, State, ThemeMatch
from app.notifications.models import Notice, NoticeKind
from app.notifications.telling import tell_what_happened
from app.pilots.models import PilotIssue
from app.themes.models import Theme
from app.themes.queries import theme_with_slug
from tests.browsing import Browser, text_of
from tests.conftest import Cast
from tests.factories import INSIDE, hide, make_issue, make_pilot
from tests.triage.conftest import Desk


def a_theme(session: Session, slug: str) -> Theme:
    found = theme_with_slug(session, slug)
    assert found is not None
    return found


def as_it_is(session: Session, issue: Issue) -> Issue:
    return session.get_one(Issue, issue.id, populate_existing=True)


def state_of(session: Session, table: type[Match], issue: Issue, key: int) -> State | None:
    row = session.get(table, (issue.id, key), populate_existing=True)
    return row.state if row else None


def told(session: Session, issue: Issue) -> list[str]:
    found = select(TimelineEntry.kind).where(
        TimelineEntry.subject_kind == "issue", TimelineEntry.subject_id == issue.id
    )
    return list(session.exec(found.order_by(col(TimelineEntry.id))))


def audited(session: Session) -> list[str]:
    found = select(AuditEntry.kind).where(col(AuditEntry.kind).startswith("triage."))
    return list(session.exec(found.order_by(col(AuditEntry.id))))


def press(browser: Browser, desk: Desk, what: str, which: object, decision: str = "confirm", **more: object) -> int:
    form = {"which": which, "decision": decision, **more}
    return browser.post(desk.path(what), data={name: str(value) for name, value in form.items()}).status_code


def rerun(session: Session, issue: Issue) -> None:
    """As when its author changes it."""
    fresh = as_it_is(session, issue)
    problem = Problem(fresh.title, fresh.description, "nl", *INSIDE, issue_id=fresh.id)
    actions.keep_ranking(session, fresh, actions.rank(session, problem))
    session.commit()


def test_a_theme_is_settled_with_one_press_and_residents_read_it(
    session: Session, member: Browser, visitor: Browser, desk: Desk
) -> None:
    mobility = a_theme(session, "mobility")
    assert press(member, desk, "/themes", mobility.id) == 303
    issue = as_it_is(session, desk.waiting)
    assert (issue.theme_id, issue.theme_by) == (mobility.id, ThemeBy.TEAM)
    assert told(session, issue) == ["filed", "theme.settled"]
    assert audited(session) == ["triage.theme.confirm"]
    page = text_of(visitor.get(f"/issues/{issue.id}").text)
    assert f"Theme: {mobility.name_en}" in page
    assert "The city team has not answered yet" in page


def test_a_reason_is_kept_for_the_team_only(session: Session, member: Browser, visitor: Browser, desk: Desk) -> None:
    mobility = a_theme(session, "mobility")
    press(member, desk, "/themes", mobility.id, "reject", reason="Het gaat om licht, niet om fietsen.")
    assert "Het gaat om licht" in member.get(desk.path()).text
    assert "Het gaat om licht" not in visitor.get(f"/issues/{desk.waiting.id}").text


def test_rejecting_the_theme_that_only_the_matcher_gave_takes_it_off(
    session: Session, member: Browser, desk: Desk
) -> None:
    given = likely_theme(session, desk.waiting)
    others = select(ThemeMatch).where(ThemeMatch.issue_id == desk.waiting.id, ThemeMatch.theme_id != given)
    for other in session.exec(others):
        session.delete(other)
    session.commit()
    assert press(member, desk, "/themes", given, "reject") == 303
    issue = as_it_is(session, desk.waiting)
    assert (issue.theme_id, issue.theme_by) == (None, None)
    rerun(session, issue)
    assert as_it_is(session, issue).theme_id != given
    assert state_of(session, ThemeMatch, issue, given) is State.REJECTED


def likely_theme(session: Session, issue: Issue) -> int:
    """The matcher is sure of one, and the issue stands under it."""
    theme = a_theme(session, "safety-liveability")
    row = session.get(ThemeMatch, (issue.id, theme.id)) or ThemeMatch(
        issue_id=issue.id, theme_id=theme.id, score=0.9, likelihood="likely", engine="1"
    )
    row.likelihood = "likely"  # type: ignore[assignment]
    fresh = as_it_is(session, issue)
    fresh.theme_id, fresh.theme_by = theme.id, ThemeBy.MATCHER
    session.add_all([row, fresh])
    session.commit()
    return theme.id


def test_rejecting_the_theme_that_the_author_chose_leaves_it_until_the_team_chooses_another(
    session: Session, member: Browser, desk: Desk
) -> None:
    mobility, nature = a_theme(session, "mobility"), a_theme(session, "sustainability")
    issue = as_it_is(session, desk.waiting)
    issue.theme_id, issue.theme_by = mobility.id, ThemeBy.AUTHOR
    session.add(issue)
    session.commit()
    press(member, desk, "/themes", mobility.id, "reject")
    assert as_it_is(session, issue).theme_id == mobility.id
    press(member, desk, "/themes", nature.id)
    assert as_it_is(session, issue).theme_id == nature.id


def test_another_theme_moves_the_issue_and_undoing_gives_it_back_to_the_matcher(
    session: Session, member: Browser, desk: Desk
) -> None:
    mobility, nature = a_theme(session, "mobility"), a_theme(session, "sustainability")
    given = likely_theme(session, desk.waiting)
    press(member, desk, "/themes", mobility.id)
    press(member, desk, "/themes", nature.id, settled=mobility.id)
    assert state_of(session, ThemeMatch, desk.waiting, mobility.id) is State.REJECTED
    press(member, desk, "/themes", nature.id, "undo", seen="confirmed")
    issue = as_it_is(session, desk.waiting)
    assert (issue.theme_id, issue.theme_by) == (given, ThemeBy.MATCHER)
    rerun(session, issue)
    assert as_it_is(session, issue).theme_by is not ThemeBy.TEAM


def test_confirming_a_pilot_links_the_issue_and_its_status_follows(
    session: Session, database: Database, member: Browser, visitor: Browser, desk: Desk, cast: Cast
) -> None:
    assert press(member, desk, "/pilots", desk.pilot.id) == 303
    assert as_it_is(session, desk.waiting).status is Status.IN_PILOT
    assert session.get(PilotIssue, (desk.pilot.id, desk.waiting.id)) is not None
    assert state_of(session, PilotMatch, desk.waiting, desk.pilot.id) is State.CONFIRMED
    assert told(session, desk.waiting) == ["filed", "status.in-pilot"]
    page = visitor.get(f"/issues/{desk.waiting.id}").text
    assert f'<a href="/pilots/{desk.pilot.id}">Veilig naar huis in het donker</a>' in page
    tell_what_happened(database)
    (notice,) = session.exec(select(Notice).where(Notice.issue_id == desk.waiting.id)).all()
    assert (notice.kind, notice.person_id) == (NoticeKind.PILOT, cast.author.id)
    rerun(session, desk.waiting)
    assert state_of(session, PilotMatch, desk.waiting, desk.pilot.id) is State.CONFIRMED


@pytest.mark.parametrize(("decision", "left"), [("reject", State.REJECTED), ("undo", State.SUGGESTED)])
def test_a_confirmed_pilot_can_be_taken_back(
    session: Session, member: Browser, desk: Desk, decision: str, left: State
) -> None:
    press(member, desk, "/pilots", desk.pilot.id)
    assert press(member, desk, "/pilots", desk.pilot.id, decision, seen="confirmed") == 303
    assert session.get(PilotIssue, (desk.pilot.id, desk.waiting.id)) is None
    assert as_it_is(session, desk.waiting).status is Status.ACKNOWLEDGED
    assert state_of(session, PilotMatch, desk.waiting, desk.pilot.id) is left
    assert told(session, desk.waiting)[-2:] == ["pilot.unlinked", "status.acknowledged"]


def test_the_last_issue_of_a_pilot_stays(session: Session, cast: Cast, member: Browser, desk: Desk) -> None:
    only = make_pilot(session, [], "Een proef zonder vraagstuk")
    press(member, desk, "/pilots", only.id)
    answer = member.post(desk.path("/pilots"), data={"which": only.id, "decision": "reject", "seen": "confirmed"})
    assert answer.status_code == 409
    assert "a pilot cannot exist without one" in answer.text
    assert session.get(PilotIssue, (only.id, desk.waiting.id)) is not None
    assert state_of(session, PilotMatch, desk.waiting, only.id) is State.CONFIRMED


def test_in_two_pilots_leaving_one_changes_no_status(session: Session, member: Browser, desk: Desk) -> None:
    other = make_pilot(session, [desk.first], "Nog een proef")
    press(member, desk, "/pilots", desk.pilot.id)
    press(member, desk, "/pilots", other.id)
    press(member, desk, "/pilots", other.id, "reject", seen="confirmed")
    assert as_it_is(session, desk.waiting).status is Status.IN_PILOT
    assert told(session, desk.waiting) == ["filed", "status.in-pilot", "pilot.linked", "pilot.unlinked"]


def test_similar_issues_are_confirmed_rejected_and_undone(session: Session, member: Browser, desk: Desk) -> None:
    for decision, seen, left in (
        ("confirm", "suggested", State.CONFIRMED),
        ("reject", "confirmed", State.REJECTED),
        ("undo", "rejected", State.SUGGESTED),
    ):
        assert press(member, desk, "/similar", desk.first.id, decision, seen=seen) == 303
        assert state_of(session, SimilarMatch, desk.waiting, desk.first.id) is left
    assert audited(session) == ["triage.similar.confirm", "triage.similar.reject", "triage.similar.undo"]


def test_what_was_chosen_by_hand_is_gone_when_it_is_undone(
    session: Session, cast: Cast, member: Browser, desk: Desk
) -> None:
    other = make_issue(session, cast.author, "Iets heel anders", description="Geen woord gemeen.")
    assert press(member, desk, "/similar", f"http://127.0.0.1:8000/issues/{other.id}-iets-heel-anders") == 303
    assert state_of(session, SimilarMatch, desk.waiting, other.id) is State.CONFIRMED
    press(member, desk, "/similar", other.id, "undo", seen="confirmed")
    assert state_of(session, SimilarMatch, desk.waiting, other.id) is None


@pytest.mark.parametrize(
    ("what", "which", "sentence"),
    [
        ("/pilots", "999999", "There is no pilot with this number."),
        ("/pilots", "de proef", "Give a number, or paste the address of its page."),
        ("/similar", "999999", "There is no other issue with this number."),
        ("/similar", "own", "There is no other issue with this number."),
        ("/similar", "hidden", "There is no other issue with this number."),
        ("/themes", "999999", "Choose one of the options."),
        ("/pilots", "", "Give a number, or paste the address of its page."),
        ("/pilots", "99999999999999999999", "Give a number, or paste the address of its page."),
        ("/pilots", "http://127.0.0.1:8000/issues/1-een-vraagstuk", "Give a number, or paste the address of its page."),
        ("/similar", "http://127.0.0.1:8000/pilots/1", "Give a number, or paste the address of its page."),
    ],
)
def test_what_cannot_be_linked_is_said_beside_the_field(
    session: Session, cast: Cast, member: Browser, desk: Desk, what: str, which: str, sentence: str
) -> None:
    hidden = make_issue(session, cast.author, "Verborgen vraagstuk")
    hide(session, hidden)
    typed = {"own": str(desk.waiting.id), "hidden": str(hidden.id)}.get(which, which)
    answer = member.post(desk.path(what), data={"which": typed, "decision": "confirm"})
    assert answer.status_code == 422
    assert sentence in answer.text
    assert audited(session) == []


def test_who_comes_second_is_told_what_the_other_decided(
    session: Session, member: Browser, colleague: Browser, desk: Desk
) -> None:
    mobility, nature = a_theme(session, "mobility"), a_theme(session, "sustainability")
    assert press(colleague, desk, "/themes", mobility.id) == 303
    late = member.post(desk.path("/themes"), data={"which": nature.id, "decision": "confirm"})
    assert late.status_code == 409
    said = text_of(late.text)
    assert "Somebody else decided about this in the meantime." in said
    assert "The last to do something here was Coby" in said
    assert "Confirmed by Coby" in said
    assert as_it_is(session, desk.waiting).theme_id == mobility.id
    assert press(member, desk, "/themes", mobility.id, "reject") == 409
    assert press(colleague, desk, "/pilots", desk.pilot.id, "reject") == 303
    assert press(member, desk, "/pilots", desk.pilot.id) == 409
    assert session.get(PilotIssue, (desk.pilot.id, desk.waiting.id)) is None


def test_a_double_press_is_one_decision(session: Session, member: Browser, desk: Desk) -> None:
    mobility = a_theme(session, "mobility")
    for _press in range(2):
        assert press(member, desk, "/themes", mobility.id) == 303
        assert press(member, desk, "/pilots", desk.pilot.id) == 303
        assert press(member, desk, "/similar", desk.first.id, "reject") == 303
    assert audited(session) == ["triage.theme.confirm", "triage.pilot.confirm", "triage.similar.reject"]
    for _press in range(2):
        assert press(member, desk, "/pilots", desk.pilot.id, "undo", seen="confirmed") == 303
    assert told(session, desk.waiting).count("pilot.unlinked") == 1


def test_htmx_gets_the_side_where_things_are_decided(member: Browser, desk: Desk) -> None:
    answer = member.htmx("POST", desk.path("/pilots"), data={"which": desk.pilot.id, "decision": "confirm"})
    assert answer.status_code == 200
    assert answer.text.lstrip().startswith('<div class="deciding" id="deciding" data-announce="Saved."')
    assert "Confirmed by Tess" in text_of(answer.text)
    assert 'name="seen" value="in-pilot"' in answer.text
