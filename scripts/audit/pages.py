"""Every page of the site, for everybody who may see it, with telling rows of the demo filled in.

The routes and who may read them come from the access matrix, so that a new page is looked at from its first day:
`tests/site/test_audit.py` fails when nothing is filled in for it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from scripts.audit.city import City
from tests.site.everywhere import FORMS
from tests.site.matrix import EVERYONE, MATRIX

Row = dict[str, Any]

NOT_PAGES = {
    "/health/live", "/health/ready", "/robots.txt", "/style.css", "/sw.js", "/.well-known/security.txt",
    "/issues/map/points.json", "/map/areas.json", "/about/matching.json", "/pilots/{pilot_id}/points.json",
    "/pilots/{pilot_id}/measures.csv", "/pilots/{pilot_id}/measures.json", "/pilots/cards.json",
    "/pilots/{pilot_id:int}.card.json", "/schemas/pilot-card/1", "/issues.{form}", "/themes/{slug}.{form}",
    "/neighbourhoods/{code}.{form}", "/issues/{issue_id:int}.{form}", "/pilots.{form}", "/pilots/{pilot_id:int}.{form}",
    "/lessons.{form}", "/admin/audit.csv", "/photos/{name}", "/moderation/photos/{content_id}",
    "/me/second-factor/app/picture.svg", "/me/data/copies/{copy_id}",
}  # fmt: skip
"""Files, for machines or to keep."""

MOVED_ON = {
    "/sign-in/waiting", "/issues/{issue_id:int}-{slug}", "/pilots/{pilot_id:int}-{slug}", "/drafts/{draft_id}/photos",
    "/cards/{card_id}/approach", "/team/selection",
}  # fmt: skip
"""Fragments, and ways to a page that has its own line; the addresses with titles are where the others lead."""

ISSUES = (
    "SELECT min(id) AS issue_id FROM issue WHERE visible AND taken_away_at IS NULL AND merged_into IS NULL"
    " GROUP BY status"
)
PILOTS = "SELECT min(id) AS pilot_id FROM pilot GROUP BY stage UNION SELECT max(id) FROM pilot"
TRIED = "SELECT min(id) AS pilot_id FROM pilot WHERE stage IN ('pilot', 'stopped') GROUP BY stage"
MEASURES = f"SELECT pilot_id, min(id) AS indicator_id FROM indicator WHERE pilot_id IN ({TRIED}) GROUP BY pilot_id"
APPROACHES = "SELECT pilot_id, min(id) AS approach_id FROM approach GROUP BY pilot_id LIMIT 3"
OWN = [{"issue_id": "{own}"}]

ROWS: dict[str, str | list[Row]] = {
    "/issues/{issue_id}": ISSUES + " UNION SELECT id FROM issue WHERE id IN ({own}, {gone})",
    "/issues/{issue_id}/merged": "SELECT id AS issue_id FROM issue WHERE merged_into IS NOT NULL",
    "/issues/{issue_id}/also": "SELECT merged_into AS issue_id FROM issue WHERE merged_into IS NOT NULL",
    "/issues/{issue_id}/edit": OWN,
    "/issues/{issue_id}/deletion": OWN,
    "/issues/{issue_id}/solved": "SELECT min(issue_id) AS issue_id FROM solved_question",
    "/issues/{issue_id}/solved/{token}": [{"issue_id": "{solved_issue}", "token": "{solved_token}"}],
    "/team/issues/{issue_id}": ISSUES + " UNION SELECT {own}",
    "/team/issues/{issue_id}/merge": "SELECT {own} AS issue_id UNION SELECT min(id) FROM issue WHERE status = 'new'",
    "/team/issues/{issue_id}/notes": "SELECT issue_id FROM internal_note LIMIT 1",
    "/comments/{comment_id}/replies": "SELECT parent_id AS comment_id FROM comment WHERE parent_id IS NOT NULL LIMIT 1",
    "/comments/{comment_id}/edit": [{"comment_id": "{own_comment}"}],
    "/sign-in/link/{token}": [{"token": "{sign_in_token}"}],
    "/unsubscribe/{token}": [{"token": "{unsubscribe_token}"}],
    "/flags/{flag_id}": [{"flag_id": "{flag}"}],
    "/flags/by-link/{key}": [{"key": "{flag_key}"}],
    "/me/decisions/{decision_id}": [{"decision_id": "{decision}"}, {"decision_id": "{objected}"}],
    "/moderation/items/{content_id}": "SELECT content_id FROM moderation_case"
    " UNION SELECT min(id) FROM content GROUP BY kind",
    "/moderation/appeals/{appeal_id}": "SELECT id AS appeal_id FROM appeal",
    "/themes/{slug}": "SELECT slug FROM theme",
    "/admin/themes/{slug}": "SELECT slug FROM theme LIMIT 1",
    "/team/matching/themes/{slug}": "SELECT slug FROM theme LIMIT 2",
    "/admin/goals/{goal_id}": "SELECT min(id) AS goal_id FROM goal",
    "/neighbourhoods/{code}": "SELECT code FROM neighbourhood",
    "/team/matching/concepts/{code}": [{"code": "rain-flooding"}],
    "/lessons/{lesson_id}": "SELECT id AS lesson_id FROM lesson LIMIT 2",
    "/cards/{card_id}": "SELECT min(id) AS card_id FROM imported_card GROUP BY stage",
    "/pilots/{pilot_id}/verdict/{token}": [{"pilot_id": "{verdict_pilot}", "token": "{verdict_token}"}],
    "/pilots/{pilot_id}/gates/{gate}": PILOTS,
    "/pilots/{pilot_id}/approaches/new": [{"pilot_id": "{bare}"}],
    "/pilots/{pilot_id}/approaches/{approach_id}": APPROACHES,
    "/pilots/{pilot_id}/approaches/{approach_id}/edit": [{"pilot_id": "{bare}", "approach_id": "{own_approach}"}],
    "/pilots/{pilot_id}/measures/{indicator_id}": MEASURES,
    "/pilots/{pilot_id}/measures/{indicator_id}/edit": MEASURES,
    "/pilots/{pilot_id}/measures/{indicator_id}/import": MEASURES,
    "/pilots/{pilot_id}/measures/{indicator_id}/measurements/{measurement_id}": "SELECT pilot_id, indicator_id,"
    " measurement.id AS measurement_id FROM measurement JOIN indicator ON indicator.id = indicator_id LIMIT 1",
    "/pilots/{pilot_id}/coalition/partners/{partner_id}": "SELECT pilot_id, id AS partner_id FROM partner LIMIT 1",
}
"""A question to the database, or rows with what was made for the audit; what a pilot has gets `PILOTS` otherwise."""

SENT_TO: Row = {
    "issue_id": "{own}", "comment_id": "{own_comment}", "content_id": "{own_content}", "pilot_id": "{bare}",
    "approach_id": "{own_approach}", "decision_id": "{decision}", "flag_id": "{flag}", "slug": "mobility",
    "code": "rain-flooding", "gate": "proof-of-concept",
}  # fmt: skip
"""Where forms are sent, empty: what belongs to the resident."""

QUERIES: dict[str, list[str]] = {
    "/issues": [
        "", "?sort=top&theme=mobility", "?sort=rising", "?q=fiets", "?q=niets-gevonden", "?sort=near&lat=52.1&lon=4.27",
    ],
    "/issues/{issue_id}": ["", "?sort=top"],
    "/issues/new": ["", "?title=Een+titel"],
    "/pilots": ["", "?stage=idea", "?theme=mobility"],
    "/lessons": ["", "?q=niets-gevonden"],
    "/cards": ["", "?stage=idea&theme=mobility"],
    "/team": ["", "?q=niets-gevonden"],
    "/team/matching/concepts": ["", "?q=niets-gevonden"],
    "/moderation": ["", "?state=decided"],
    "/moderation/appeals": ["", "?state=answered"],
    "/pilots/new": ["", "?issues=1,2"],
    "/flags/new": ["", "?content={own_content}"],
    "/admin/roles": ["", "?q=niets-gevonden"],
    "/admin/audit": ["", "?kind=decided"],
    "/issues/new/offline": ["?lang=nl"],
    "/pilots/{pilot_id}/approaches/new": ["", "?card={card}"],
}  # fmt: skip

ALSO_SEEN_BY: dict[str, tuple[str, ...]] = {
    "/": ("moderator", "admin", "newcomer", "suspended"),
    "/issues/{issue_id}": ("moderator", "suspended"),
    "/pilots/{pilot_id}": ("moderator", "admin"),
    "/cards/{card_id}": ("admin",),
    "/me": ("newcomer", "team"),
    "/me/notices": ("newcomer",),
    "/me/alerts": ("newcomer",),
    "/me/decisions": ("newcomer",),
    "/flags": ("newcomer",),
    "/welcome": ("newcomer",),
    "/me/second-factor": ("keeper",),
}
SEEN_ONLY_BY = {
    "/sign-in": ("visitor", "waiting"),
    "/me/second-factor/app": ("keeper",),
    "/sign-in/second-factor": ("asleep",),
}

GATES = {
    "idea": "proof-of-concept", "proof-of-concept": "pilot", "pilot": "scaling-up", "scaling-up": "embedded",
    "embedded": "stopped", "stopped": "stopped",
}  # fmt: skip


NOT_REFUSED = {
    "/drafts/photos", "/me/second-factor/app/confirmation", "/admin/roles/{person_id}/withdrawal",
    "/issues/{issue_id}/matches/{kind}/{target_id}/opinion", "/admin/cards/{feed_id}/switch",
    "/admin/cards/{feed_id}/removal", "/pilots/{pilot_id}/fits/{issue_id}",
}  # fmt: skip
"""Sent with a file, only while an app is being set up, or by a button that says all there is to say."""


@dataclass(frozen=True)
class Page:
    route: str
    address: str
    who: str
    posted: bool = False
    """True: not the page, but what comes of sending its form empty."""
    answer: str = ""
    """The page itself, when it was made beforehand: errors."""

    def __str__(self) -> str:
        return f"{self.address} ({self.who}{', sent empty' if self.posted else ''}{', error' if self.answer else ''})"


def page_routes() -> list[str]:
    return [path for method, path in MATRIX if method == "GET" and path not in NOT_PAGES | MOVED_ON]


def pages_of(city: City) -> list[Page]:
    return [
        Page(route, address, who)
        for route in page_routes()
        for address in addresses_of(city, route)
        for who in who_sees(route)
    ]


def refused_forms_of(city: City) -> list[Page]:
    """The forms that ask for something, sent with nothing in it."""
    return [
        Page(route, route.replace(":int", "").format(**row), who_sends(route), posted=True)
        for route in FORMS
        if route not in NOT_REFUSED
        for row in rows_to_send_to(city, route)[:1]
    ]


def rows_to_send_to(city: City, route: str) -> list[Row]:
    """What belongs to the resident; else a row as on the page with the form."""
    if names_what_is_own(route) and parameters(route):
        return [{name: str(value).format(**city.places) for name, value in SENT_TO.items()}]
    return list(rows_of(city, route))


def names_what_is_own(route: str) -> bool:
    return set(parameters(route)) <= set(SENT_TO)


def page_with_the_same_row(route: str) -> str:
    if route in ROWS:
        return route
    return next((page for page in ROWS if parameters(page) == parameters(route) != ["pilot_id"]), "")


def pages_without_rows(city: City) -> list[Page]:
    """For the people of this city only: where nothing has happened nobody was suspended."""
    routes = [route for route in page_routes() if "{" not in route]
    return [Page(route, route, who) for route in routes for who in who_sees(route) if who in city.people]


def who_sees(route: str) -> Sequence[str]:
    """Visitors, residents and the team meet different buttons; `author` of the matrix is the demo's resident here."""
    if route in SEEN_ONLY_BY:
        return SEEN_ONLY_BY[route]
    allowed = [name for name, outcome in MATRIX["GET", route].items() if outcome == "in"]
    if MATRIX["GET", route] == EVERYONE:
        chosen = ["visitor", "resident", "team"]
    elif "author" in allowed:
        chosen = ["resident"]
    else:
        chosen = allowed[:1] or ["visitor"]
    return list(dict.fromkeys([*chosen, *ALSO_SEEN_BY.get(route, ())]))


def who_sends(route: str) -> str:
    allowed = [name for name, outcome in MATRIX["POST", route].items() if outcome == "in"]
    return "resident" if "author" in allowed or "resident" in allowed else (allowed or ["visitor"])[0]


def has_rows(route: str) -> bool:
    return bool("{" not in route or page_with_the_same_row(route) or set(parameters(route)) <= {"pilot_id", "gate"})


def parameters(route: str) -> list[str]:
    return [part.partition("}")[0] for part in route.split("{")[1:]]


def addresses_of(city: City, route: str) -> list[str]:
    queries = QUERIES.get(route, [""])
    return [route.format(**row) + query.format(**city.places) for row in rows_of(city, route) for query in queries]


def rows_of(city: City, route: str) -> Iterable[Row]:
    if "{" not in route:
        return [{}]
    wanted = ROWS.get(page_with_the_same_row(route), PILOTS)
    if isinstance(wanted, list):
        rows = [{name: str(value).format(**city.places) for name, value in row.items()} for row in wanted]
    else:
        rows = city.ask(wanted.format(**city.places))
    return with_gates(city, rows) if "{gate}" in route else rows


def with_gates(city: City, rows: list[Row]) -> Iterator[Row]:
    """Each pilot stands before one gate; whoever is through the last has none."""
    stages = {row["id"]: row["stage"] for row in city.ask("SELECT id, stage FROM pilot")}
    for row in rows:
        if stages[row["pilot_id"]] != "stopped":
            yield {**row, "gate": GATES[stages[row["pilot_id"]]]}
