"""What is hidden or nobody's business does not come out anywhere, for anybody who may not read it."""

import re
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import Session

from app.accounts.models import Person
from app.core.db import Database
from tests.conftest import Cast
from tests.factories import make_comment, make_issue, make_person, make_pilot
from tests.moderation.helpers import BrowserOf
from tests.site.canaries import NEVER_PLANTED, OF_THE_TEAM, PLANTS, plant_all
from tests.site.crawler import ACCEPTING_ALL, Crawler, addresses, questions
from tests.site.garden import Garden

CURIOUS = {"sqlite": ("visitor", "resident", "suspended", "moderator", "team"), "postgresql": ("visitor", "team")}
"""Which people go everywhere. Who may read what is asked before the database is, and what both databases find is the
same: on PostgreSQL those go who read least and who read most."""
ON_ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def garden(session: Session, cast: Cast, browser_of: BrowserOf) -> Garden:
    writer = make_person(session, "schrijver")
    issue = make_issue(session, writer, "Het fietspad is donker")
    make_comment(session, writer, issue, "Dat zie ik ook.")
    make_pilot(session, [issue])
    return Garden(session, cast, browser_of(cast.moderator), browser_of(None), issue, writer)


def crawl(app: FastAPI, crawler: Crawler, places: dict[str, Any], garden: Garden) -> None:
    document = crawler.browser.get("/api/v1/openapi.json", headers=ACCEPTING_ALL).json()
    crawler.crawl(iter([*addresses(app, document, places, garden), *questions(crawler.words, document)]))


def test_no_canary_sings(
    app: FastAPI, garden: Garden, places: dict[str, Any], browser_of: BrowserOf, cast: Cast, database: Database
) -> None:
    """What the team keeps to itself is found by the team, and kept from moderators too."""
    people: dict[str, Person | None] = {
        name: getattr(cast, name, None) for name in CURIOUS[database.engine.dialect.name]
    }
    browsers = {name: browser_of(person) for name, person in people.items()}
    words = plant_all(garden)
    for name, browser in browsers.items():
        of_the_team = {what: word for what, word in words.items() if what in OF_THE_TEAM}
        crawler = Crawler(browser, of_the_team if name == "moderator" else words)
        crawl(app, crawler, places, garden)
        found = {find.partition(" at ")[0] for find in crawler.finds}
        assert found == (set(OF_THE_TEAM) if name == "team" else set()), (name, crawler.finds)
        assert sum(status == 200 for status in crawler.opened.values()) > 100, name


@ON_ONE_DATABASE
def test_the_crawler_finds_what_can_be_seen(
    app: FastAPI, garden: Garden, places: dict[str, Any], browser_of: BrowserOf
) -> None:
    """Else the other test would prove nothing: everything planted in sight is found, on pages and in the API."""
    in_sight = {
        "comment": "zqzichtbaarwort", "title": "zqtitelwort", "name": "zqnaamwort", "pilot": "zqproefwort",
        "alt": "zqfotowort",
    }  # fmt: skip
    garden.writer.display_name = in_sight["name"]
    other = make_issue(garden.session, garden.writer, f"Hier ligt {in_sight['title']}")
    make_comment(garden.session, garden.writer, garden.issue, f"Er ligt {in_sight['comment']}.")
    make_pilot(garden.session, [other], f"Proef met {in_sight['pilot']}")
    garden.photo_on(other, in_sight["alt"])
    crawler = Crawler(browser_of(None), in_sight)
    crawl(app, crawler, places, garden)
    for name in in_sight:
        found = [find for find in crawler.finds if find.startswith(f"{name} at")]
        assert any("/api/" not in find for find in found), name
        assert any("/api/" in find for find in found), name


def test_a_search_for_a_hidden_word_is_like_one_for_a_word_that_never_was(
    garden: Garden, browser_of: BrowserOf
) -> None:
    browser, words = browser_of(None), plant_all(garden)

    def answers(word: str) -> list[str]:
        slip = word[:4] + word[5:]
        typed = {"title": f"Hier ligt {word}", "description": f"Overal {word} op de stoep"}
        pages = [browser.get(f"/issues?q={q}") for q in (word, slip, f"fietspad {word}", f"{word} donker")]
        pages += [
            browser.get(f"/api/v1/issues?q={word}", headers=ACCEPTING_ALL),
            browser.htmx("POST", "/issues/suggestions", data=typed),
        ]
        return [re.sub(rf"{word}|{slip}", "…", without_numbers(page.text)) for page in pages]

    never = answers(NEVER_PLANTED)
    for name in PLANTS:
        assert answers(words[name]) == never, name


def without_numbers(html: str) -> str:
    """Each form has a number of its own."""
    return re.sub(r'(name="(?:nonce|draft)" value=")[^"]*', r"\1", html)


def test_figures_do_not_count_what_is_hidden(garden: Garden, app: FastAPI, browser_of: BrowserOf) -> None:
    """Also in a process that counted just before."""
    browser = browser_of(None)
    before = [re.findall(r"\b\d+\b", browser.get(path).text) for path in ("/", "/issues/map")]
    issue = make_issue(garden.session, garden.writer, "Nog een vraagstuk")
    garden.hide(issue.content_id)
    assert [re.findall(r"\b\d+\b", browser.get(path).text) for path in ("/", "/issues/map")] == before
