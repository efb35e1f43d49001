"""The feed: filters, orders, search in two languages, and pages that stay stable."""

import re
from datetime import timedelta
from html import unescape

import pytest
from sqlmodel import Session

from app.core.clock import now
from app.core.db import Database
from app.issues.actions import cast_vote
from app.issues.models import Issue, Status
from app.matching.jobs import count_new_words
from tests.browsing import Browser, text_of
from tests.conftest import Cast, Counting
from tests.factories import hide, make_issue, make_person


def titles(html: str) -> list[str]:
    return re.findall(r"Zaak \d+", text_of(html))


@pytest.fixture
def many(session: Session, cast: Cast) -> list[Issue]:
    return [make_issue(session, cast.author, f"Zaak {number}") for number in range(1, 46)]


def test_newest_first_in_pages_without_gaps_or_doubles_while_new_ones_arrive(
    visitor: Browser, many: list[Issue], session: Session, cast: Cast
) -> None:
    seen: list[str] = []
    address = "/issues"
    while address:
        page = visitor.get(address).text
        seen += titles(page)
        make_issue(session, cast.author, "Iets nieuws")
        found = re.search(r'href="(/issues\?[^"]*after=[^"]+)"', page)
        address = found.group(1).replace("&amp;", "&") if found else ""
    assert list(dict.fromkeys(seen)) == [f"Zaak {number}" for number in range(45, 0, -1)]


def test_search_forgives_slips_and_words_that_no_issue_has(
    visitor: Browser, database: Database, session: Session, cast: Cast
) -> None:
    for title in ("Donkere tunnel bij het station", "Losse tegels op het Vuurtorenplein", "Te harde muziek"):
        make_issue(session, cast.author, title).created_at = now() - timedelta(hours=1)
    session.commit()
    count_new_words(database)
    for typed in ("tunel", "donkre tunnel", "station brandnetels"):
        page = visitor.get("/issues", params={"q": typed}).text
        assert "Donkere tunnel" in page
        assert "These come close" in page
        assert "harde muziek" not in page
    exact = visitor.get("/issues?q=tunnel").text
    assert "Donkere tunnel" in exact
    assert "These come close" not in exact
    assert "These come close" not in visitor.get("/issues?q=xyzzyq").text


def test_later_pages_of_a_forgiving_search_are_as_loose_as_the_first(
    visitor: Browser, database: Database, session: Session, cast: Cast
) -> None:
    for number in range(25):
        make_issue(session, cast.author, f"Kapotte lantaarn {number:02}").created_at = now() - timedelta(hours=1)
    make_issue(session, cast.author, "Losse tegel")
    session.commit()
    count_new_words(database)
    address, seen = "/issues?q=lantarn", set()
    while address:
        page = visitor.get(address).text
        assert "Losse tegel" not in page
        seen |= set(re.findall("Kapotte lantaarn [0-9]{2}", page))
        more = re.search(r'href="(/issues\?[^"]*after=[^"]+)"', page)
        address = unescape(more[1]) if more else ""
    assert len(seen) == 25


@pytest.mark.parametrize("sort", ["top", "rising"])
def test_pages_by_support_have_no_doubles_and_no_newcomers(
    visitor: Browser, many: list[Issue], session: Session, cast: Cast, sort: str
) -> None:
    for issue in many[10:13]:
        cast_vote(session, cast.resident.id, issue)
    session.commit()
    first = visitor.get(f"/issues?sort={sort}").text
    assert set(list(dict.fromkeys(titles(first)))[:3]) == {"Zaak 11", "Zaak 12", "Zaak 13"}
    make_issue(session, cast.author, "Zaak 999")
    after = re.search(r"after=([\w-]+)", first)
    assert after
    second = visitor.get(f"/issues?sort={sort}&after={after.group(1)}").text
    assert not set(titles(first)) & set(titles(second))
    assert "Zaak 999" not in titles(second)


def test_search_finds_inflections_in_dutch_and_english(visitor: Browser, session: Session, cast: Cast) -> None:
    make_issue(session, cast.author, "Losse tegels", description="De stoeptegels liggen scheef.")
    make_issue(session, cast.author, "Flooded streets", description="The water is standing in the gardens again.")
    assert "Losse tegels" in visitor.get("/issues?q=stoeptegel").text
    assert "Losse tegels" in visitor.get("/issues?q=TEGEL").text
    assert "Flooded streets" in visitor.get("/issues?q=garden flood").text
    nothing = visitor.get("/issues?q=raket").text
    assert "Losse tegels" not in nothing
    assert "/issues/new" in nothing


@pytest.mark.parametrize(
    "wild", ['"', "'; DROP TABLE issue; --", "NEAR(", "a*", ":", "()", "%", "\u200b", "a AND OR", "-" * 200]
)
def test_any_search_text_is_only_a_search(visitor: Browser, many: list[Issue], wild: str) -> None:
    assert visitor.get("/issues", params={"q": wild}).status_code == 200


def test_filters_by_theme_neighbourhood_and_status(visitor: Browser, session: Session, cast: Cast) -> None:
    make_issue(session, cast.author, "Zaak 1", theme="tourism-recreation")
    east = make_issue(session, cast.author, "Zaak 2", lon="4.285")
    east.status = Status.ANSWERED
    session.add(east)
    session.commit()
    assert titles(visitor.get("/issues?theme=tourism-recreation").text)[:1] == ["Zaak 1"]
    assert set(titles(visitor.get("/issues?neighbourhood=BU00000002").text)) == {"Zaak 2"}
    assert set(titles(visitor.get("/issues?status=answered").text)) == {"Zaak 2"}
    assert titles(visitor.get("/issues?theme=no-such-theme").text) == []
    assert titles(visitor.get("/neighbourhoods/BU00000002").text)[:1] == ["Zaak 2"]
    assert titles(visitor.get("/themes/tourism-recreation").text)[:1] == ["Zaak 1"]


def test_near_me_is_nearest_first(visitor: Browser, session: Session, cast: Cast) -> None:
    for number, lat in ((1, "52.1090"), (2, "52.1052"), (3, "52.1070")):
        make_issue(session, cast.author, f"Zaak {number}", lat=lat)
    found = titles(visitor.get("/issues?sort=near&lat=52.105&lon=4.275").text)
    assert list(dict.fromkeys(found)) == ["Zaak 2", "Zaak 3", "Zaak 1"]


@pytest.mark.parametrize("query", ["sort=near", "sort=near&lat=x&lon=y", "sort=sideways", "lat=1e999", "after="])
def test_addresses_that_people_edited_still_show_a_feed(visitor: Browser, many: list[Issue], query: str) -> None:
    assert visitor.get(f"/issues?{query}").status_code == 200


@pytest.mark.parametrize("after", ["x", "e30", "W10", "WyJhIiwxLDJd", "A" * 250])
def test_a_forged_place_in_the_list_is_refused_clearly(visitor: Browser, after: str) -> None:
    assert visitor.get(f"/issues?after={after}").status_code == 400


WHERE_ISSUES_SHOW = (
    "/",
    "/issues",
    "/issues?q=kanariepiet",
    "/issues?sort=top",
    "/issues?sort=rising",
    "/issues?sort=near&lat=52.105&lon=4.275",
    "/issues/map",
    "/issues/map/points.json?bbox=4,52,5,53",
    "/themes/mobility",
    "/neighbourhoods/BU00000001",
    "/api/v1/issues",
)


def test_a_hidden_issue_is_nowhere(visitor: Browser, session: Session, cast: Cast) -> None:
    issue = make_issue(session, cast.author, "Kanariepiet verdwijnt")
    hide(session, issue)
    for address in WHERE_ISSUES_SHOW:
        assert "Kanariepiet" not in visitor.get(address).text


def test_ten_more_rows_add_no_query(
    visitor: Browser, session: Session, cast: Cast, many: list[Issue], counting: Counting
) -> None:
    for address in ("/issues", "/", "/neighbourhoods/BU00000001", f"/issues/{many[0].id}"):
        before = fewest_statements(visitor, address, counting)
        for number in range(10):
            make_issue(session, make_person(session, f"p{number}{hash(address)}"), f"Zaak {100 + number}")
        assert fewest_statements(visitor, address, counting) == before
        assert 0 < before <= 14


def fewest_statements(visitor: Browser, address: str, counting: Counting) -> int:
    """Of three visits, because now and then one renews what the process remembers for a while.

    With a cookie, for which no page is kept.
    """
    counts = []
    for _visit in range(3):
        with counting() as counted:
            visitor.get(address, headers={"Cookie": "seen=1"})
        counts.append(counted.count)
    return min(counts)
