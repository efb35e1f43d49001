"""The queue: what waits, oldest first, with filters in the address and no query more for more rows."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import Session, col

from app.core.clock import now
from app.issues.models import Issue, Status
from app.themes.queries import theme_with_slug
from tests.browsing import Browser, text_of
from tests.conftest import Cast, Counting
from tests.factories import hide, make_issue
from tests.triage.conftest import Desk


def listed(html: str) -> list[int]:
    return [int(number) for number in re.findall(r'id="waiting-(\d+)"', html)]


def put(session: Session, issue: Issue, **values: object) -> None:
    session.execute(update(Issue).where(col(Issue.id) == issue.id).values(values))
    session.commit()


def test_what_waits_stands_there_oldest_first(session: Session, cast: Cast, member: Browser, desk: Desk) -> None:
    done, gone = make_issue(session, cast.author, "Al beantwoord"), make_issue(session, cast.author, "Verborgen")
    again = make_issue(session, cast.author, "Weer open")
    put(session, done, status=Status.ANSWERED)
    put(session, again, status=Status.REOPENED)
    hide(session, gone)
    assert listed(member.get("/team").text) == [desk.first.id, desk.waiting.id, again.id]


def test_a_row_says_what_is_needed_to_choose(session: Session, member: Browser, desk: Desk) -> None:
    put(session, desk.waiting, created_at=now() - timedelta(days=9, hours=1), vote_count=3)
    said = text_of(member.get("/team").text)
    assert "Fietspad langs de duinen is donker waits 9 days Westhoek 3 votes" in said
    assert "Veilig naar huis in het donker (Likely)" in said


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ("?q=fietspaden", ["first", "waiting"]),
        ("?q=zeppelin", []),
        ("?status=answered", ["answered"]),
        ("?status=nonsense", ["first", "waiting", "unsure"]),
        ("?theme=mobility", ["first"]),
        ("?theme=no-such-theme", []),
        ("?neighbourhood=BU00000002", ["waiting"]),
        ("?unsure=1", ["unsure"]),
        ("?pilot=1", ["waiting"]),
        ("?days=7", ["first"]),
        ("?days=seven", ["first", "waiting", "unsure"]),
        ("?theme=mobility&days=7&q=fietspad", ["first"]),
    ],
)
def test_filters_stand_in_the_address(
    session: Session, cast: Cast, member: Browser, desk: Desk, filters: str, found: list[str]
) -> None:
    answered = make_issue(session, cast.author, "Al beantwoord", lon=4.285)
    unsure = make_issue(session, cast.author, "Iets heel anders", description="Geen woord gemeen.")
    put(session, answered, status=Status.ANSWERED)
    put(session, unsure, theme_id=None)
    put(session, desk.first, theme_id=2, created_at=now() - timedelta(days=8))
    put(session, desk.waiting, theme_id=1, neighbourhood_id=2)
    numbers = {"first": desk.first.id, "waiting": desk.waiting.id, "answered": answered.id, "unsure": unsure.id}
    if "theme=mobility" in filters:
        put(session, desk.first, theme_id=theme_number(session, "mobility"))
        put(session, desk.waiting, theme_id=theme_number(session, "sustainability"))
    assert listed(member.get(f"/team{filters}").text) == [numbers[name] for name in found]


def theme_number(session: Session, slug: str) -> int:
    found = theme_with_slug(session, slug)
    assert found is not None
    return found.id


def test_pages_stay_stable_while_others_work_on_it(session: Session, cast: Cast, member: Browser) -> None:
    issues = [make_issue(session, cast.author, f"Stoeptegel {number} ligt los") for number in range(23)]
    first = member.get("/team")
    assert listed(first.text) == [issue.id for issue in issues[:20]]
    more = re.search(r'href="(/team\?after=[^"]+)"', first.text)
    assert more is not None
    put(session, issues[3], status=Status.ACKNOWLEDGED)
    assert listed(member.htmx("GET", more.group(1)).text) == [issue.id for issue in issues[20:]]
    assert member.get("/team?after=nonsense").status_code == 400


def test_ten_more_rows_cost_no_query_more(session: Session, cast: Cast, member: Browser, counting: Counting) -> None:
    make_issue(session, cast.author)
    member.get("/team")
    with counting() as few:
        member.get("/team")
    for number in range(10):
        make_issue(session, cast.author, f"Donker fietspad nummer {number}")
    with counting() as many:
        member.get("/team")
    assert many.count <= few.count


def test_counts_stand_beside_the_filters_and_are_remembered(
    session: Session, cast: Cast, member: Browser, desk: Desk
) -> None:
    first = text_of(member.get("/team").text)
    assert "2 issues wait for a first word" in first
    assert "Westhoek (2)" in first
    make_issue(session, cast.author, "Nog een")
    assert "2 issues wait for a first word" in text_of(member.get("/team").text)


def test_the_desk_leads_to_the_next_and_previous_issue_of_the_same_queue(
    session: Session, cast: Cast, member: Browser, desk: Desk
) -> None:
    last = make_issue(session, cast.author, "Fietspad zonder licht")
    make_issue(session, cast.author, "Iets heel anders", description="Geen woord gemeen.")
    page = member.get(f"/team/issues/{desk.waiting.id}?q=fietspad").text
    steps = re.search(r"<nav class=\"steps\".*?</nav>", page, re.S)
    assert steps is not None
    assert re.findall(r'href="(/team[^"]*)"', steps.group()) == [
        "/team?q=fietspad",
        f"/team/issues/{desk.first.id}?q=fietspad",
        f"/team/issues/{last.id}?q=fietspad",
    ]
    end = member.get(f"/team/issues/{last.id}?q=fietspad").text
    assert 'rel="next"' not in end
    assert f'action="/team/issues/{last.id}/answer?q=fietspad"' in end


def test_chosen_issues_lead_to_a_new_pilot(member: Browser, desk: Desk) -> None:
    chosen = f"/team/selection?issue={desk.first.id}&issue={desk.waiting.id}"
    assert member.get(chosen).headers["location"] == f"/pilots/new?issues={desk.first.id},{desk.waiting.id}"
    nothing = member.get("/team/selection")
    assert nothing.headers["location"] == "/team"
    assert "Choose one or more issues" in member.get("/team").text
    assert member.get("/team/selection?issue=abc").status_code == 400
