"""In production nobody has rights of the staff before the second factor: not on any route, not on any page."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI

from app.accounts.models import Person
from app.settings import Settings
from tests.browsing import Browser, text_of
from tests.confirming import set_up_app
from tests.conftest import Cast
from tests.site.everywhere import FORMS, address_of
from tests.site.matrix import MATRIX, STAFF_ALSO_ASLEEP, outcome

STAFF = ("moderator", "team", "admin")
RESIDENTS = ("visitor", "resident", "author", "suspended")
STAFF_ROUTES = [
    route
    for route, rule in MATRIX.items()
    if rule is not STAFF_ALSO_ASLEEP
    and all(rule.get(name) == "absent" for name in ("visitor", "resident"))
    and any(rule.get(name) == "in" for name in STAFF)
]
PUBLIC_PAGES = [path for (method, path), rule in MATRIX.items() if method == "GET" and rule.get("visitor") == "in"]


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(
        update={"environment": "production", "secret_key": "a-key-of-more-than-thirty-two-characters"}
    )


def test_there_are_routes_of_the_staff() -> None:
    assert len(STAFF_ROUTES) >= 9


def test_a_route_of_the_staff_leads_to_the_second_factor_and_does_nothing_else(
    browser_of: Callable[[Person | None], Browser], cast: Cast, places: dict[str, Any]
) -> None:
    browsers = {name: browser_of(getattr(cast, name)) for name in STAFF}
    for method, path in STAFF_ROUTES:
        for name, browser in browsers.items():
            answer = browser.request(method, address_of(path, places), data=FORMS.get(path))
            if MATRIX[method, path][name] == "in":
                assert answer.status_code == 303, (path, name)
                assert answer.headers["location"].startswith("/sign-in/second-factor?next="), (path, name)
            else:
                location = answer.headers.get("location", "")
                assert outcome(answer.status_code, location) == MATRIX[method, path][name], (path, name)


def test_public_pages_are_those_of_a_resident_while_the_roles_sleep(
    app: FastAPI, browser_of: Callable[[Person | None], Browser], cast: Cast, places: dict[str, Any]
) -> None:
    asleep, awake = browser_of(cast.team), browser_of(cast.team)
    set_up_app(awake)
    resident = browser_of(cast.resident)
    for path in PUBLIC_PAGES:
        if path.startswith(("/dev/", "/sign-in")):
            continue
        seen = asleep.get(address_of(path, places))
        assert seen.status_code == resident.get(address_of(path, places)).status_code, path
        assert 'href="/team' not in seen.text, path
        assert 'action="/team' not in seen.text, path
    assert 'href="/team"' in awake.get("/").text
    assert "Bevestig dat jij het bent" in text_of(asleep.get("/").text)


def test_in_development_nobody_needs_it_but_who_set_one_up(
    database_url: str, settings: Settings, browser_of: Callable[[Person | None], Browser], cast: Cast, app: FastAPI
) -> None:
    app.state.settings = settings.model_copy(update={"environment": "development"})
    first, second = browser_of(cast.admin), browser_of(cast.admin)
    assert first.get("/admin").status_code == 200
    assert first.get("/admin/audit.csv").status_code == 200
    set_up_app(second)
    assert first.get("/admin").headers["location"] == "/sign-in/second-factor?next=/admin"
    assert second.get("/admin").status_code == 200
