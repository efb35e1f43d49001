"""Every route × every kind of person, against the matrix. A route that is not in it fails."""

from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from fastapi import FastAPI
from sqlmodel import Session

from app.accounts.models import Person
from app.filing.access import OWNER_COOKIE
from app.issues.merging import Seen, merge_issues
from tests.browsing import Browser
from tests.conftest import Cast
from tests.factories import hide, make_issue
from tests.site.everywhere import FORMS, address_of, routes_of
from tests.site.matrix import EVERYONE, MATRIX, WRITERS_LATER, outcome


def test_every_route_is_in_the_matrix_and_nothing_else(app: FastAPI) -> None:
    assert set(routes_of(app)) == set(MATRIX)


PeopleAt = Callable[[Person | None], Browser]
READS = [path for method, path in MATRIX if method == "GET"]
WRITES = [path for method, path in MATRIX if method == "POST"]


def is_of_an_issue(path: str) -> bool:
    return "{issue_id" in path or "{comment_id" in path


def test_every_route_reads_or_writes() -> None:
    assert len(READS) + len(WRITES) == len(MATRIX)


def test_who_may_read(browser_of: PeopleAt, cast: Cast, places: dict[str, Any]) -> None:
    """All of them in one city, because reading changes nothing."""
    assert read_by_everybody(READS, browser_of, cast, places) == {path: MATRIX["GET", path] for path in READS}


@pytest.mark.parametrize("path", WRITES)
def test_who_may_write(path: str, browser_of: PeopleAt, cast: Cast, places: dict[str, Any]) -> None:
    browsers = {name: browser_as(name, browser_of, cast) for name in MATRIX["POST", path]}
    assert outcomes("POST", path, browsers, places) == MATRIX["POST", path]


def read_by_everybody(
    paths: list[str], browser_of: PeopleAt, cast: Cast, places: dict[str, Any]
) -> dict[str, dict[str, str]]:
    browsers = {name: browser_as(name, browser_of, cast) for name in EVERYONE}
    return {path: outcomes("GET", path, browsers, places) for path in paths}


def browser_as(name: str, browser_of: PeopleAt, cast: Cast) -> Browser:
    browser = browser_of(None if name == "visitor" else getattr(cast, name))
    if name == "author":
        browser.cookies.set(OWNER_COOKIE, "owner-key")
    return browser


def outcomes(method: str, path: str, browsers: dict[str, Browser], places: dict[str, Any]) -> dict[str, str]:
    """What each kind of person meets at an address, in the order of the matrix."""
    seen = {}
    for name in MATRIX[method, path]:
        response = browsers[name].request(method, address_of(path, places), data=FORMS.get(path))
        assert response.status_code < 500, response.text
        kept = method == "POST" and name == "visitor" and MATRIX[method, path] is WRITERS_LATER
        seen[name] = (
            "in"
            if kept and response.status_code == 303
            else outcome(response.status_code, response.headers.get("location", ""))
        )
    return seen


@pytest.fixture
def merged(session: Session, cast: Cast, places: dict[str, Any]) -> dict[str, Any]:
    """A merged issue stays readable for everybody; what no longer goes is refused to those who might have done it."""
    other = make_issue(session, cast.resident, "Hetzelfde fietspad, maar dan verderop")
    merge_issues(session, cast.team.id, places["issue_id"], other.id, Seen("new", "new"), "")
    session.commit()
    return places


def test_who_may_read_what_was_merged(browser_of: PeopleAt, cast: Cast, merged: dict[str, Any]) -> None:
    paths = [path for path in READS if is_of_an_issue(path)]
    assert read_by_everybody(paths, browser_of, cast, merged) == {path: MATRIX["GET", path] for path in paths}


@pytest.mark.parametrize("path", [path for path in WRITES if is_of_an_issue(path)])
def test_who_may_write_to_what_was_merged(path: str, browser_of: PeopleAt, cast: Cast, merged: dict[str, Any]) -> None:
    browsers = {name: browser_as(name, browser_of, cast) for name in MATRIX["POST", path]}
    assert outcomes("POST", path, browsers, merged) == MATRIX["POST", path]


@pytest.mark.parametrize("who", [None, "author", "resident", "moderator"])
def test_a_hidden_issue_is_like_one_that_never_was(
    who: str | None, browser_of: PeopleAt, cast: Cast, session: Session, places: dict[str, Any]
) -> None:
    hide(session, places["issue"])
    browser = browser_of(getattr(cast, who) if who else None)
    nowhere = {**places, "issue_id": 999_999, "comment_id": 999_999}
    for method, path in MATRIX:
        if is_of_an_issue(path):
            hidden = browser.request(method, address_of(path, places), data=FORMS.get(path))
            never = browser.request(method, address_of(path, nowhere), data=FORMS.get(path))
            assert hidden.status_code == never.status_code, path
            assert hidden.status_code == 404 or hidden.headers["location"].startswith("/sign-in"), path
            assert without_address(hidden.text, hidden.url.path) == without_address(never.text, never.url.path), path


def without_address(html: str, path: str) -> str:
    """A page says its own address, to come back to it."""
    return html.replace(path, "#").replace(quote(path, safe=""), "#")
