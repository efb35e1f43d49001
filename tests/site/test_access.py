"""Every route × every kind of person, against the declared matrix. A route that is not in the matrix fails."""

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

EVERYONE = {
    "visitor": "in",
    "resident": "in",
    "author": "in",
    "suspended": "in",
    "moderator": "in",
    "team": "in",
    "admin": "in",
}
SIGNED_IN = {**EVERYONE, "visitor": "sign in"}
WRITERS = {**SIGNED_IN, "suspended": "refused"}
WRITERS_LATER = {**EVERYONE, "suspended": "refused"}
"""Visitors may write, too: it is kept until they have signed in."""
NOT_THE_AUTHOR = {name: "absent" for name in EVERYONE if name != "author"}
AUTHOR_ONLY = {**NOT_THE_AUTHOR, "visitor": "sign in", "suspended": "refused", "author": "in"}
"""The author comes last, because what they do may end what the others try."""
AUTHOR_OR_TEAM = {**NOT_THE_AUTHOR, "visitor": "sign in", "team": "in", "author": "in"}
MINE = {**NOT_THE_AUTHOR, "visitor": "sign in", "author": "in"}
FOLLOWERS = SIGNED_IN
"""What a visitor wants to follow is kept until they have signed in."""
OWNER_ONLY = {name: "absent" for name in EVERYONE} | {"author": "in"}
TEAM_ONLY = {name: "absent" for name in EVERYONE} | {"team": "in"}
MODERATOR_ONLY = {name: "absent" for name in EVERYONE} | {"moderator": "in"}
OWN = {name: "absent" for name in EVERYONE} | {"visitor": "sign in", "author": "in"}
"""The author's, and also theirs when they are suspended."""
NOBODY = {name: "absent" for name in EVERYONE}
ADMIN_ONLY = {name: "absent" for name in EVERYONE} | {"admin": "in"}
STAFF_ALSO_ASLEEP = {name: "absent" for name in EVERYONE} | {
    "visitor": "sign in",
    "moderator": "in",
    "team": "in",
    "admin": "in",
}
"""For setting up and passing the second factor: whoever has a role, even while it sleeps."""
NOTHING_SET_UP = {name: "absent" for name in EVERYONE} | {"visitor": "sign in"}

ASKED_ONLY = {name: "refused" for name in EVERYONE} | {"visitor": "sign in", "author": "in"}
"""Whoever stood behind a pilot's issues when residents were asked: here, the author."""

MATRIX: dict[tuple[str, str], dict[str, str]] = {
    ("GET", "/"): EVERYONE,
    ("GET", "/health/live"): EVERYONE,
    ("GET", "/health/ready"): EVERYONE,
    ("GET", "/robots.txt"): EVERYONE,
    ("GET", "/themes"): EVERYONE,
    ("GET", "/neighbourhoods"): EVERYONE,
    ("GET", "/style.css"): NOBODY,
    ("GET", "/dev/components"): EVERYONE,
    ("GET", "/.well-known/security.txt"): {name: "absent" for name in EVERYONE},
    ("GET", "/sign-in"): EVERYONE,
    ("POST", "/sign-in"): EVERYONE,
    ("GET", "/sign-in/waiting"): EVERYONE,
    ("POST", "/sign-in/waiting"): EVERYONE,
    ("GET", "/sign-in/link/{token}"): {name: "absent" for name in EVERYONE},
    ("POST", "/sign-in/link/{token}"): {name: "absent" for name in EVERYONE},
    ("GET", "/me"): SIGNED_IN,
    ("GET", "/sign-in/second-factor"): STAFF_ALSO_ASLEEP,
    ("POST", "/sign-in/second-factor"): STAFF_ALSO_ASLEEP,
    ("POST", "/sign-in/second-factor/challenge"): STAFF_ALSO_ASLEEP,
    ("POST", "/sign-in/second-factor/passkey"): STAFF_ALSO_ASLEEP,
    ("GET", "/me/second-factor"): STAFF_ALSO_ASLEEP,
    ("POST", "/me/second-factor/app"): STAFF_ALSO_ASLEEP,
    ("GET", "/me/second-factor/app"): NOTHING_SET_UP,
    ("GET", "/me/second-factor/app/picture.svg"): NOTHING_SET_UP,
    ("POST", "/me/second-factor/app/confirmation"): NOTHING_SET_UP,
    ("POST", "/me/second-factor/app/removal"): STAFF_ALSO_ASLEEP,
    ("POST", "/me/second-factor/passkeys/challenge"): STAFF_ALSO_ASLEEP,
    ("POST", "/me/second-factor/passkeys"): STAFF_ALSO_ASLEEP,
    ("POST", "/me/second-factor/passkeys/{passkey_id}/removal"): STAFF_ALSO_ASLEEP,
    ("POST", "/me/second-factor/recovery-codes"): NOTHING_SET_UP,
    ("GET", "/admin"): ADMIN_ONLY,
    ("GET", "/admin/roles"): ADMIN_ONLY,
    ("POST", "/admin/roles"): ADMIN_ONLY,
    ("POST", "/admin/roles/{person_id}/withdrawal"): ADMIN_ONLY,
    ("POST", "/admin/roles/{person_id}/second-factor/reset"): ADMIN_ONLY,
    ("GET", "/admin/audit"): ADMIN_ONLY,
    ("GET", "/admin/audit.csv"): ADMIN_ONLY,
    ("GET", "/welcome"): SIGNED_IN,
    ("POST", "/welcome"): WRITERS,
    ("GET", "/about/rules"): EVERYONE,
    ("POST", "/sign-out"): EVERYONE,
    ("POST", "/sign-out/everywhere"): SIGNED_IN,
    ("POST", "/me/sessions/{session_id}/end"): SIGNED_IN,
    ("POST", "/language/{locale}"): EVERYONE,
    ("GET", "/issues/new"): EVERYONE,
    ("GET", "/issues/new/offline"): EVERYONE,
    ("GET", "/sw.js"): EVERYONE,
    ("POST", "/issues"): WRITERS_LATER,
    ("POST", "/issues/suggestions"): EVERYONE,
    ("GET", "/issues/{issue_id}/edit"): AUTHOR_ONLY,
    ("POST", "/issues/{issue_id}/edit"): AUTHOR_ONLY,
    ("POST", "/drafts/photos"): EVERYONE,
    ("GET", "/drafts/{draft_id}/photos"): OWNER_ONLY,
    ("POST", "/drafts/{draft_id}/photos/{key}/removal"): OWNER_ONLY,
    ("GET", "/photos/{name}"): {name: "absent" for name in EVERYONE},
    ("GET", "/issues"): EVERYONE,
    ("GET", "/issues/map"): EVERYONE,
    ("GET", "/issues/map/points.json"): EVERYONE,
    ("GET", "/issues/{issue_id}"): EVERYONE,
    ("GET", "/issues/{issue_id:int}-{slug}"): EVERYONE,
    ("GET", "/issues/{issue_id}/merged"): EVERYONE,
    ("GET", "/issues/{issue_id}/also"): EVERYONE,
    ("POST", "/issues/{issue_id}/merge/objection"): AUTHOR_ONLY,
    ("GET", "/team/merges"): TEAM_ONLY,
    ("GET", "/team/issues/{issue_id}/merge"): TEAM_ONLY,
    ("POST", "/team/issues/{issue_id}/merge"): TEAM_ONLY,
    ("POST", "/team/issues/{issue_id}/merge/undo"): TEAM_ONLY,
    ("POST", "/team/issues/{issue_id}/merge/objection"): TEAM_ONLY,
    ("POST", "/issues/{issue_id}/vote"): WRITERS_LATER,
    ("POST", "/issues/{issue_id}/vote/withdrawal"): {**EVERYONE, "visitor": "sign in"},
    ("POST", "/issues/{issue_id}/comments"): WRITERS_LATER,
    ("GET", "/comments/{comment_id}/replies"): EVERYONE,
    ("GET", "/comments/{comment_id}/edit"): AUTHOR_ONLY,
    ("POST", "/comments/{comment_id}/edit"): AUTHOR_ONLY,
    ("POST", "/comments/{comment_id}/deletion"): AUTHOR_ONLY,
    ("POST", "/comments/{comment_id}/support"): WRITERS,
    ("POST", "/comments/{comment_id}/support/withdrawal"): WRITERS,
    ("POST", "/issues/{issue_id}/matches/{kind}/{target_id}/opinion"): WRITERS,
    ("POST", "/issues/{issue_id}/matches/{kind}/{target_id}/opinion/withdrawal"): WRITERS,
    ("GET", "/about/matching"): EVERYONE,
    ("GET", "/about/matching.json"): EVERYONE,
    ("GET", "/team/matching"): TEAM_ONLY,
    ("GET", "/team/matching/groups"): TEAM_ONLY,
    ("GET", "/team/matching/concepts"): TEAM_ONLY,
    ("POST", "/team/matching/concepts"): TEAM_ONLY,
    ("GET", "/team/matching/concepts/{code}"): TEAM_ONLY,
    ("POST", "/team/matching/concepts/{code}/expressions"): TEAM_ONLY,
    ("POST", "/team/matching/concepts/{code}/expressions/removal"): TEAM_ONLY,
    ("POST", "/team/matching/concepts/{code}/learned"): TEAM_ONLY,
    ("POST", "/team/matching/concepts/{code}/removal"): {name: "absent" for name in EVERYONE},
    ("GET", "/team/matching/try"): TEAM_ONLY,
    ("POST", "/team/matching/try"): TEAM_ONLY,
    ("GET", "/team/matching/themes/{slug}"): TEAM_ONLY,
    ("POST", "/team/matching/themes/{slug}"): TEAM_ONLY,
    ("GET", "/team/matching/pilots/{pilot_id}"): TEAM_ONLY,
    ("POST", "/team/matching/pilots/{pilot_id}"): TEAM_ONLY,
    ("POST", "/issues/{issue_id}/follow"): FOLLOWERS,
    ("POST", "/issues/{issue_id}/follow/withdrawal"): SIGNED_IN,
    ("POST", "/pilots/{pilot_id}/follow"): FOLLOWERS,
    ("POST", "/pilots/{pilot_id}/follow/withdrawal"): SIGNED_IN,
    ("POST", "/themes/{slug}/follow"): FOLLOWERS,
    ("POST", "/themes/{slug}/follow/withdrawal"): SIGNED_IN,
    ("POST", "/neighbourhoods/{code}/follow"): FOLLOWERS,
    ("POST", "/neighbourhoods/{code}/follow/withdrawal"): SIGNED_IN,
    ("GET", "/issues/{issue_id}/solved"): {name: "absent" for name in EVERYONE},
    ("POST", "/issues/{issue_id}/solved"): WRITERS,
    ("GET", "/issues/{issue_id}/solved/{token}"): {name: "absent" for name in EVERYONE},
    ("POST", "/issues/{issue_id}/solved/{token}"): {name: "absent" for name in EVERYONE},
    ("GET", "/team/pilots"): TEAM_ONLY,
    ("GET", "/pilots/{pilot_id}/summary"): EVERYONE,
    ("GET", "/pilots/{pilot_id}/points.json"): EVERYONE,
    ("GET", "/pilots/{pilot_id}/timeline"): EVERYONE,
    ("GET", "/pilots/{pilot_id}/updates"): TEAM_ONLY,
    ("POST", "/pilots/{pilot_id}/updates"): TEAM_ONLY,
    ("GET", "/pilots/{pilot_id}/verdict"): EVERYONE,
    ("POST", "/pilots/{pilot_id}/verdict"): ASKED_ONLY,
    ("POST", "/pilots/{pilot_id}/verdict/asking"): TEAM_ONLY,
    ("GET", "/pilots/{pilot_id}/verdict/{token}"): NOBODY,
    ("POST", "/pilots/{pilot_id}/verdict/{token}"): NOBODY,
    ("GET", "/admin/verdicts"): ADMIN_ONLY,
    ("POST", "/admin/verdicts"): ADMIN_ONLY,
    ("GET", "/issues.{form}"): EVERYONE,
    ("GET", "/themes/{slug}.{form}"): EVERYONE,
    ("GET", "/neighbourhoods/{code}.{form}"): EVERYONE,
    ("GET", "/issues/{issue_id:int}.{form}"): EVERYONE,
    ("GET", "/pilots.{form}"): EVERYONE,
    ("GET", "/pilots/{pilot_id:int}.{form}"): EVERYONE,
    ("GET", "/me/notices"): SIGNED_IN,
    ("POST", "/me/notices/{notice_id}"): MINE,
    ("POST", "/me/notices/read"): SIGNED_IN,
    ("GET", "/me/alerts"): SIGNED_IN,
    ("POST", "/me/alerts"): SIGNED_IN,
    ("POST", "/me/alerts/{alert_id}"): MINE,
    ("POST", "/me/alerts/{alert_id}/removal"): MINE,
    ("GET", "/unsubscribe/{token}"): {name: "absent" for name in EVERYONE},
    ("POST", "/unsubscribe/{token}"): {name: "absent" for name in EVERYONE},
    ("GET", "/admin/mail"): ADMIN_ONLY,
    ("POST", "/admin/mail/{mail_id}/again"): ADMIN_ONLY,
    ("POST", "/admin/mail/{mail_id}/address"): ADMIN_ONLY,
    ("GET", "/me/notifications"): SIGNED_IN,
    ("POST", "/me/notifications"): SIGNED_IN,
    ("GET", "/pilots/cards.json"): EVERYONE,
    ("GET", "/pilots/{pilot_id:int}.card.json"): EVERYONE,
    ("GET", "/schemas/pilot-card/1"): EVERYONE,
    ("GET", "/cards"): EVERYONE,
    ("GET", "/cards/{card_id}"): EVERYONE,
    ("GET", "/cards/{card_id}/approach"): EVERYONE,
    ("POST", "/cards/{card_id}/visibility"): ADMIN_ONLY,
    ("GET", "/admin/cards"): ADMIN_ONLY,
    ("POST", "/admin/cards"): ADMIN_ONLY,
    ("POST", "/admin/cards/{feed_id}/switch"): ADMIN_ONLY,
    ("POST", "/admin/cards/{feed_id}/fetch"): ADMIN_ONLY,
    ("POST", "/admin/cards/{feed_id}/removal"): ADMIN_ONLY,
    ("POST", "/team/issues/{issue_id}/cards"): TEAM_ONLY,
    ("GET", "/pilots"): EVERYONE,
    ("GET", "/pilots/new"): TEAM_ONLY,
    ("POST", "/pilots"): TEAM_ONLY,
    ("POST", "/pilots/wording"): TEAM_ONLY,
    ("GET", "/pilots/{pilot_id}"): EVERYONE,
    ("GET", "/pilots/{pilot_id:int}-{slug}"): EVERYONE,
    ("GET", "/team"): TEAM_ONLY,
    ("GET", "/team/selection"): TEAM_ONLY,
    ("GET", "/team/issues/new"): TEAM_ONLY,
    ("POST", "/team/issues"): TEAM_ONLY,
    ("POST", "/team/issues/suggestions"): TEAM_ONLY,
    ("GET", "/team/issues/{issue_id}"): TEAM_ONLY,
    ("POST", "/team/issues/{issue_id}/presence"): TEAM_ONLY,
    ("POST", "/team/issues/{issue_id}/themes"): TEAM_ONLY,
    ("POST", "/team/issues/{issue_id}/pilots"): TEAM_ONLY,
    ("POST", "/team/issues/{issue_id}/similar"): TEAM_ONLY,
    ("POST", "/team/issues/{issue_id}/answer"): TEAM_ONLY,
    ("POST", "/team/issues/{issue_id}/notes"): TEAM_ONLY,
    ("GET", "/team/issues/{issue_id}/notes"): {**TEAM_ONLY, "admin": "in"},
    ("POST", "/team/issues/{issue_id}/contact"): TEAM_ONLY,
    ("POST", "/team/notes/{note_id}/deletion"): TEAM_ONLY,
    ("GET", "/pilots/{pilot_id}/history"): EVERYONE,
    ("GET", "/pilots/{pilot_id}/approaches"): EVERYONE,
    ("POST", "/pilots/{pilot_id}/approaches"): WRITERS,
    ("GET", "/pilots/{pilot_id}/approaches/new"): WRITERS,
    ("GET", "/pilots/{pilot_id}/approaches/{approach_id}"): EVERYONE,
    ("GET", "/pilots/{pilot_id}/approaches/{approach_id}/history"): EVERYONE,
    ("GET", "/pilots/{pilot_id}/approaches/{approach_id}/edit"): AUTHOR_OR_TEAM,
    ("POST", "/pilots/{pilot_id}/approaches/{approach_id}/edit"): AUTHOR_OR_TEAM,
    ("POST", "/pilots/{pilot_id}/approaches/{approach_id}/withdrawal"): {**AUTHOR_OR_TEAM, "team": "absent"},
    ("POST", "/pilots/{pilot_id}/approaches/{approach_id}/preference"): WRITERS,
    ("POST", "/pilots/{pilot_id}/approaches/{approach_id}/preference/withdrawal"): SIGNED_IN,
    ("GET", "/pilots/{pilot_id}/choice"): TEAM_ONLY,
    ("POST", "/pilots/{pilot_id}/choice"): TEAM_ONLY,
    ("GET", "/pilots/{pilot_id}/measures"): EVERYONE,
    ("GET", "/pilots/{pilot_id}/measures.csv"): EVERYONE,
    ("GET", "/pilots/{pilot_id}/measures.json"): EVERYONE,
    ("GET", "/pilots/{pilot_id}/measures/new"): TEAM_ONLY,
    ("POST", "/pilots/{pilot_id}/measures"): TEAM_ONLY,
    ("GET", "/pilots/{pilot_id}/measures/{indicator_id}"): EVERYONE,
    ("GET", "/pilots/{pilot_id}/measures/{indicator_id}/edit"): TEAM_ONLY,
    ("POST", "/pilots/{pilot_id}/measures/{indicator_id}/edit"): TEAM_ONLY,
    ("POST", "/pilots/{pilot_id}/measures/{indicator_id}/retirement"): TEAM_ONLY,
    ("POST", "/pilots/{pilot_id}/measures/{indicator_id}/measurements"): TEAM_ONLY,
    ("GET", "/pilots/{pilot_id}/measures/{indicator_id}/measurements/{measurement_id}"): TEAM_ONLY,
    ("POST", "/pilots/{pilot_id}/measures/{indicator_id}/measurements/{measurement_id}"): TEAM_ONLY,
    ("POST", "/pilots/{pilot_id}/measures/{indicator_id}/measurements/{measurement_id}/removal"): TEAM_ONLY,
    ("GET", "/pilots/{pilot_id}/measures/{indicator_id}/import"): TEAM_ONLY,
    ("POST", "/pilots/{pilot_id}/measures/{indicator_id}/import"): TEAM_ONLY,
    ("GET", "/pilots/{pilot_id}/coalition"): EVERYONE,
    ("POST", "/pilots/{pilot_id}/coalition/join"): WRITERS,
    ("POST", "/pilots/{pilot_id}/coalition/leave"): SIGNED_IN,
    ("GET", "/pilots/{pilot_id}/coalition/partners/new"): TEAM_ONLY,
    ("POST", "/pilots/{pilot_id}/coalition/partners"): TEAM_ONLY,
    ("GET", "/pilots/{pilot_id}/coalition/partners/{partner_id}"): TEAM_ONLY,
    ("POST", "/pilots/{pilot_id}/coalition/partners/{partner_id}"): TEAM_ONLY,
    ("POST", "/pilots/{pilot_id}/coalition/partners/{partner_id}/farewell"): TEAM_ONLY,
    ("GET", "/pilots/{pilot_id}/coalition/letters"): TEAM_ONLY,
    ("POST", "/pilots/{pilot_id}/coalition/letters"): TEAM_ONLY,
    ("GET", "/pilots/{pilot_id}/edit"): TEAM_ONLY,
    ("POST", "/pilots/{pilot_id}/edit"): TEAM_ONLY,
    ("POST", "/pilots/{pilot_id}/issues"): TEAM_ONLY,
    ("POST", "/pilots/{pilot_id}/issues/{issue_id}/removal"): TEAM_ONLY,
    ("GET", "/pilots/{pilot_id}/fits"): TEAM_ONLY,
    ("POST", "/pilots/{pilot_id}/fits/{issue_id}"): TEAM_ONLY,
    ("GET", "/pilots/{pilot_id}/gates"): EVERYONE,
    ("GET", "/pilots/{pilot_id}/gates/{gate}"): TEAM_ONLY,
    ("POST", "/pilots/{pilot_id}/gates/{gate}/answers"): TEAM_ONLY,
    ("POST", "/pilots/{pilot_id}/gates/{gate}"): TEAM_ONLY,
    ("GET", "/pilots/{pilot_id}/lessons/new"): TEAM_ONLY,
    ("POST", "/pilots/{pilot_id}/lessons"): TEAM_ONLY,
    ("GET", "/lessons"): EVERYONE,
    ("GET", "/lessons/{lesson_id}"): EVERYONE,
    ("GET", "/lessons/{lesson_id}/history"): EVERYONE,
    ("GET", "/lessons/{lesson_id}/edit"): TEAM_ONLY,
    ("POST", "/lessons/{lesson_id}/edit"): TEAM_ONLY,
    ("GET", "/lessons.{form}"): EVERYONE,
    ("GET", "/admin/themes"): ADMIN_ONLY,
    ("GET", "/admin/themes/new"): ADMIN_ONLY,
    ("POST", "/admin/themes"): ADMIN_ONLY,
    ("GET", "/admin/themes/{slug}"): ADMIN_ONLY,
    ("POST", "/admin/themes/{slug}"): ADMIN_ONLY,
    ("POST", "/admin/themes/{slug}/retirement"): ADMIN_ONLY,
    ("POST", "/admin/themes/{slug}/goals"): ADMIN_ONLY,
    ("GET", "/admin/goals/{goal_id}"): ADMIN_ONLY,
    ("POST", "/admin/goals/{goal_id}"): ADMIN_ONLY,
    ("POST", "/admin/goals/{goal_id}/retirement"): ADMIN_ONLY,
    ("GET", "/admin/neighbourhoods"): ADMIN_ONLY,
    ("POST", "/admin/neighbourhoods"): ADMIN_ONLY,
    ("POST", "/admin/neighbourhoods/{code}"): ADMIN_ONLY,
    ("GET", "/admin/rules"): ADMIN_ONLY,
    ("POST", "/admin/rules"): ADMIN_ONLY,
    ("GET", "/themes/{slug}"): EVERYONE,
    ("GET", "/neighbourhoods/{code}"): EVERYONE,
    ("GET", "/map/areas.json"): EVERYONE,
    ("GET", "/flags/new"): EVERYONE,
    ("POST", "/flags"): EVERYONE,
    ("GET", "/flags"): SIGNED_IN,
    ("GET", "/flags/{flag_id}"): OWN,
    ("POST", "/flags/{flag_id}/appeal"): OWN,
    ("GET", "/flags/by-link/{key}"): NOBODY,
    ("POST", "/flags/by-link/{key}/appeal"): NOBODY,
    ("GET", "/me/decisions"): SIGNED_IN,
    ("GET", "/me/decisions/{decision_id}"): OWN,
    ("POST", "/me/decisions/{decision_id}/appeal"): OWN,
    ("GET", "/moderation"): MODERATOR_ONLY,
    ("GET", "/moderation/items/{content_id}"): MODERATOR_ONLY,
    ("POST", "/moderation/items/{content_id}/decision"): MODERATOR_ONLY,
    ("POST", "/moderation/items/{content_id}/notes"): MODERATOR_ONLY,
    ("POST", "/moderation/flags/{flag_id}/contact"): MODERATOR_ONLY,
    ("GET", "/moderation/photos/{content_id}"): NOBODY,
    ("GET", "/moderation/appeals"): MODERATOR_ONLY,
    ("GET", "/moderation/appeals/{appeal_id}"): MODERATOR_ONLY,
    ("POST", "/moderation/appeals/{appeal_id}/answer"): MODERATOR_ONLY,
    ("GET", "/about/moderation"): EVERYONE,
    ("GET", "/about/privacy"): EVERYONE,
    ("GET", "/about/accessibility"): EVERYONE,
    ("GET", "/me/confirm"): SIGNED_IN,
    ("POST", "/me/confirm"): SIGNED_IN,
    ("POST", "/me/confirm/code"): SIGNED_IN,
    ("GET", "/me/data"): SIGNED_IN,
    ("POST", "/me/data/copies"): SIGNED_IN,
    ("GET", "/me/data/copies/{copy_id}"): OWN,
    ("POST", "/me/data/matching/objection"): SIGNED_IN,
    ("POST", "/me/data/matching/objection/withdrawal"): SIGNED_IN,
    ("GET", "/me/data/erasure"): SIGNED_IN,
    ("POST", "/me/data/erasure"): SIGNED_IN,
    ("GET", "/me/data/address"): SIGNED_IN,
    ("POST", "/me/data/address"): SIGNED_IN,
    ("POST", "/me/data/address/code"): SIGNED_IN,
    ("GET", "/issues/{issue_id}/deletion"): OWN,
    ("POST", "/issues/{issue_id}/deletion"): OWN,
    ("GET", "/dev/mail"): EVERYONE,
}


def test_every_route_is_in_the_matrix_and_nothing_else(app: FastAPI) -> None:
    assert set(routes_of(app)) == set(MATRIX)


def outcome(status: int, location: str) -> str:
    if location.startswith("/sign-in?next="):
        return "sign in"
    return {403: "refused", 404: "absent"}.get(status, "in")


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
