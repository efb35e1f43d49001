"""Merging through the pages: the team chooses and undoes, residents find everything, the author may object."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from app.accounts.models import Person
from app.activity.models import TimelineEntry
from app.core.db import Database
from app.issues.models import Issue, IssueMerge, Status
from app.notifications.models import Notice
from app.notifications.telling import tell_what_happened
from tests.browsing import Browser, text_of
from tests.conftest import Cast
from tests.factories import hide, make_comment, make_issue, make_pilot


@pytest.fixture(autouse=True)
def everybody_reads_english(session: Session, cast: Cast) -> None:
    for person in vars(cast).values():
        person.locale = "en"
        session.add(person)
    session.commit()


@pytest.fixture
def team(browser_of: Callable[[Person | None], Browser], cast: Cast) -> Browser:
    return browser_of(cast.team)


@pytest.fixture
def pair(session: Session, cast: Cast) -> tuple[Issue, Issue]:
    """Anna's, which will be merged, and Bram's, which stays."""
    stays = make_issue(session, cast.resident, "Geen licht op het fietspad")
    return make_issue(session, cast.author), stays


def merge(team: Browser, pair: tuple[Issue, Issue], **changed: object) -> int:
    form = {"into": pair[1].id, "seen": "new", "seen_other": "new", "reason": "Het is hetzelfde pad.", **changed}
    return team.post(f"/team/issues/{pair[0].id}/merge", data=form).status_code


def status_of(session: Session, issue: Issue) -> Status:
    session.rollback()
    return session.exec(select(Issue.status).where(Issue.id == issue.id)).one()


def test_the_team_sees_whom_it_concerns_before_it_merges(
    team: Browser, resident: Browser, author: Browser, session: Session, cast: Cast, pair: tuple[Issue, Issue]
) -> None:
    for issue in pair:
        resident.post(f"/issues/{issue.id}/vote")
    author.post(f"/issues/{pair[1].id}/vote")
    make_pilot(session, [pair[0]], "Veilig naar huis")
    for typed in (str(pair[1].id), f"#{pair[1].id}", f"http://127.0.0.1:8000/issues/{pair[1].id}-geen-licht"):
        page = team.get(f"/team/issues/{pair[0].id}/merge", params={"into": typed})
        assert page.status_code == 200
    said = text_of(page.text)
    assert "People who voted 1 2 2" in said
    assert "Veilig naar huis" in said
    assert all(issue.title in said for issue in pair)
    assert status_of(session, pair[0]) is Status.NEW


@pytest.mark.parametrize("typed", ["geen", "999999", "12a", "-1", "0"])
def test_a_number_that_is_none_is_said_beside_the_field(team: Browser, pair: tuple[Issue, Issue], typed: str) -> None:
    page = team.get(f"/team/issues/{pair[0].id}/merge", params={"into": typed})
    assert page.status_code == 422
    assert "There is no issue with this number" in page.text


def test_a_hidden_issue_cannot_be_chosen(team: Browser, session: Session, pair: tuple[Issue, Issue]) -> None:
    hide(session, pair[1])
    assert team.get(f"/team/issues/{pair[0].id}/merge", params={"into": pair[1].id}).status_code == 422
    assert merge(team, pair) == 404


def test_the_merged_address_leads_on_and_all_stays_readable(
    team: Browser, visitor: Browser, session: Session, cast: Cast, pair: tuple[Issue, Issue]
) -> None:
    comment = make_comment(session, cast.resident, pair[0], "Dit zag ik gisteren ook.")
    assert merge(team, pair) == 303
    gone = visitor.get(f"/issues/{pair[0].id}", headers={"Accept-Language": "en"})
    assert (gone.status_code, gone.headers["location"]) == (303, f"/issues/{pair[1].id}-geen-licht-op-het-fietspad")
    there = visitor.get(gone.headers["location"])
    assert "was merged into this one" in text_of(there.text)
    assert "Also reported as" in there.text
    assert pair[0].title in there.text
    assert "Het is hetzelfde pad." in there.text
    alone = visitor.get(f"/issues/{pair[0].id}/merged")
    assert alone.status_code == 200
    assert "Dit zag ik gisteren ook." in alone.text
    assert pair[1].title in alone.text
    assert "Post comment" not in alone.text
    assert 'class="vote"' not in alone.text
    linked = visitor.get(f"/issues/{pair[0].id}", params={"comment": comment.id})
    assert linked.headers["location"] == f"/issues/{pair[0].id}/merged?comment={comment.id}"
    assert pair[0].title in visitor.get(f"/issues/{pair[1].id}/also").text


def test_merged_issues_are_left_out_where_issues_are_looked_for(
    team: Browser, visitor: Browser, pair: tuple[Issue, Issue]
) -> None:
    merge(team, pair)
    for page in ("/issues", "/issues?q=duinen", "/issues?sort=top", "/neighbourhoods/BU00000001", "/"):
        assert pair[0].title not in visitor.get(page).text, page
    assert pair[0].title in visitor.get("/issues?status=merged").text
    points = visitor.get("/issues/map/points.json?bbox=4,52,5,53").json()["points"]
    assert [point["id"] for point in points] == [pair[1].id]


def test_a_pilot_shows_the_issue_that_stays(
    team: Browser, visitor: Browser, resident: Browser, session: Session, pair: tuple[Issue, Issue]
) -> None:
    pilot = make_pilot(session, list(pair))
    resident.post(f"/issues/{pair[0].id}/vote")
    resident.post(f"/issues/{pair[1].id}/vote")
    merge(team, pair)
    page = visitor.get(f"/pilots/{pilot.id}").text
    assert pair[0].title not in page
    assert pair[1].title in page
    listed = text_of(visitor.get("/pilots").text)
    assert "1 issue" in listed
    assert "1 vote behind it" in listed


def test_both_authors_hear_of_it_once(
    team: Browser, session: Session, database: Database, cast: Cast, pair: tuple[Issue, Issue]
) -> None:
    merge(team, pair)
    assert team.post(f"/team/issues/{pair[0].id}/merge/undo", data={"merge": 1}).status_code == 303
    tell_what_happened(database)
    heard = sorted(notice.person_id for notice in session.exec(select(Notice)))
    assert heard == sorted([cast.author.id, cast.resident.id] * 2), "of the merge, and of its undoing"


def test_the_author_of_the_merged_issue_may_object_once(
    team: Browser, author: Browser, resident: Browser, visitor: Browser, session: Session, pair: tuple[Issue, Issue]
) -> None:
    merge(team, pair)
    address = f"/issues/{pair[0].id}/merge/objection"
    assert "objection-form" in author.get(f"/issues/{pair[0].id}/merged").text
    assert "objection-form" not in resident.get(f"/issues/{pair[0].id}/merged").text
    assert resident.post(address, data={"words": "Nee"}).status_code == 404
    assert author.post(address, data={"words": "x" * 1001}).status_code == 422
    assert author.post(address, data={"words": "Het is het andere pad."}).status_code == 303
    assert author.post(address, data={"words": "Nog eens."}).status_code == 409
    assert "Het is het andere pad." not in visitor.get(f"/issues/{pair[0].id}/merged").text
    assert "The author disagrees" in visitor.get(f"/issues/{pair[0].id}/merged").text
    assert "Het is het andere pad." in team.get("/team/merges").text
    assert "1 author disagrees with a merge" in team.get("/team").text
    answered = team.post(f"/team/issues/{pair[0].id}/merge/objection", data={"answer": "We hebben het nagemeten."})
    assert answered.status_code == 303
    again = team.post(f"/team/issues/{pair[0].id}/merge/objection", data={"answer": "Nog eens."})
    assert again.status_code == 409
    assert "Het is het andere pad." not in team.get("/team/merges").text
    kinds = session.exec(select(TimelineEntry.kind).where(TimelineEntry.subject_id == pair[0].id)).all()
    assert {"merge.into", "merge.objection", "merge.kept"} <= set(kinds)
    assert "We hebben het nagemeten." in visitor.get(f"/issues/{pair[0].id}/merged").text


def test_two_colleagues_do_not_merge_it_twice(
    browser_of: Callable[[Person | None], Browser], team: Browser, session: Session, cast: Cast,
    pair: tuple[Issue, Issue],
) -> None:  # fmt: skip
    other = browser_of(cast.team)
    third = make_issue(session, cast.author, "Nog een donker pad")
    assert merge(team, pair) == 303
    late = other.post(
        f"/team/issues/{pair[0].id}/merge",
        data={"into": third.id, "seen": "new", "seen_other": "new", "reason": "Dit typte ik."},
    )
    assert late.status_code == 409
    assert f"number {pair[1].id}" in text_of(late.text)
    assert "Undo the merge" in late.text
    assert session.exec(select(IssueMerge)).one().into_id == pair[1].id


def test_who_saw_an_older_merge_does_not_undo_the_newer(
    team: Browser, session: Session, pair: tuple[Issue, Issue]
) -> None:
    merge(team, pair)
    seen = session.exec(select(IssueMerge.id)).one()
    team.post(f"/team/issues/{pair[0].id}/merge/undo", data={"merge": seen})
    merge(team, pair)
    stale = team.post(f"/team/issues/{pair[0].id}/merge/undo", data={"merge": seen})
    assert stale.status_code == 409
    assert status_of(session, pair[0]) is Status.MERGED


def test_merging_into_a_merged_issue_goes_to_the_one_that_stays(
    team: Browser, session: Session, cast: Cast, pair: tuple[Issue, Issue]
) -> None:
    third = make_issue(session, cast.author, "Nog een donker pad")
    merge(team, pair)
    preview = team.get(f"/team/issues/{third.id}/merge", params={"into": pair[0].id})
    assert f'name="into" value="{pair[1].id}"' in preview.text
    circle = team.get(f"/team/issues/{pair[1].id}/merge", params={"into": pair[0].id})
    assert "Merge them" not in circle.text
    assert "Choose another one" in circle.text


def test_a_comment_written_before_the_merge_is_not_lost(
    team: Browser, resident: Browser, pair: tuple[Issue, Issue]
) -> None:
    merge(team, pair)
    form = {"body": "Hier ligt ook glas."}
    kept = resident.post(f"/issues/{pair[0].id}/comments", data=form)
    assert kept.status_code == 422
    assert "Hier ligt ook glas." in kept.text
    assert f'action="/issues/{pair[1].id}/comments"' in kept.text
    assert resident.htmx("POST", f"/issues/{pair[0].id}/comments", data=form).status_code == 409


def test_what_is_similar_points_at_the_one_that_stays(
    team: Browser, visitor: Browser, session: Session, cast: Cast, pair: tuple[Issue, Issue]
) -> None:
    words = "Lantaarn bij de watertoren flikkert"
    merged = make_issue(session, cast.author, words)
    alike = make_issue(session, cast.resident, "De lantaarn bij de watertoren flikkert")
    assert words in visitor.get(f"/issues/{alike.id}").text
    merge(team, (merged, pair[1]))
    page = visitor.get(f"/issues/{alike.id}").text
    assert words not in page
    assert page.count(f'href="/issues/{pair[1].id}-') == 1
    form = {"title": words, "description": "Elke avond.", "lat": "52.105", "lon": "4.275"}
    suggested = visitor.post("/issues/suggestions", data=form, headers={"HX-Request": "true"}).text
    assert pair[1].title in suggested
    assert f"/issues/{merged.id}-" not in suggested


def test_later_pages_of_the_discussion_are_only_that(
    team: Browser, visitor: Browser, session: Session, cast: Cast, pair: tuple[Issue, Issue]
) -> None:
    merge(team, pair)
    for number in range(21):
        make_comment(session, cast.resident, pair[1], f"Reactie nummer {number}")
    first = visitor.get(f"/issues/{pair[1].id}-geen-licht-op-het-fietspad").text
    assert 'id="also"' in first
    after = first.split("after=")[1].split('"')[0].split("#")[0]
    later = visitor.htmx("GET", f"/issues/{pair[1].id}-geen-licht-op-het-fietspad?after={after}").text
    assert 'id="thread-from-' in later
    whole = visitor.get(f"/issues/{pair[1].id}-geen-licht-op-het-fietspad?after={after}").text
    assert 'id="thread-from-' in whole
