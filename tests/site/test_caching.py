"""What browsers and machines in between may keep, and for how long."""

import re

import pytest
from sqlmodel import Session

from app.settings import Settings
from tests.browsing import Browser
from tests.conftest import Cast
from tests.factories import make_issue, make_pilot
from tests.filing.test_file_issue import FORM


def test_a_page_that_depends_on_a_cookie_is_for_that_browser_only(resident: Browser, visitor: Browser) -> None:
    assert "cache-control" not in visitor.get("/").headers
    gives_a_key = visitor.get("/issues/new")
    assert "set-cookie" in gives_a_key.headers
    for answer in (gives_a_key, visitor.get("/issues"), resident.get("/me"), resident.get("/")):
        assert answer.headers["cache-control"] == "private, no-cache"


def test_an_address_with_an_old_title_leads_on_and_may_become_right_again(
    author: Browser, session: Session, cast: Cast
) -> None:
    """A browser that remembers 301 from a to b, and later from b to a, would go round for ever."""
    issue = make_issue(session, cast.author)
    pilot = make_pilot(session, [issue])
    author.post(f"/issues/{issue.id}/edit", data={**FORM, "title": "Geen licht op het fietspad"})
    old = author.get(f"/issues/{issue.id}-donker-fietspad-langs-de-duinen?sort=new")
    assert (old.status_code, old.headers["cache-control"]) == (301, "no-cache")
    assert old.headers["location"] == f"/issues/{issue.id}-geen-licht-op-het-fietspad?sort=new"
    assert author.get(f"/pilots/{pilot.id}-x").headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("version", ["", "?v=0123456789ab", "?v="])
def test_a_static_file_is_kept_for_a_year_under_its_own_checksum_only(
    visitor: Browser, settings: Settings, version: str
) -> None:
    found = re.search(r'/static/[^"?]+\?v=[0-9a-f]+', visitor.get("/").text)
    assert found
    assert "immutable" in visitor.get(found.group()).headers["cache-control"]
    other = found.group().partition("?")[0] + version
    assert visitor.get(other).headers["cache-control"] == "public, max-age=3600"
