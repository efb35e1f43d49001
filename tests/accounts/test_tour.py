"""The demo shows whoever comes in what to look at; no other city does."""

import html
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

from sqlmodel import Session, select

from app.accounts.models import Person
from app.demo.load_people import load_people
from app.home.tour import GUIDES
from app.places.models import City
from tests.browsing import Browser


def make_demo(session: Session) -> None:
    load_people(session)
    session.get_one(City, 1).is_invented = True
    session.commit()


def test_only_the_demo_has_a_tour(session: Session, visitor: Browser) -> None:
    session.get_one(City, 1).is_invented = False
    session.commit()
    assert 'id="tour"' not in visitor.get("/sign-in").text
    make_demo(session)
    assert "Triage a new issue" in visitor.get("/sign-in").text
    assert "Beoordeel een nieuw vraagstuk" in visitor.get("/sign-in", headers={"Accept-Language": "nl"}).text


def test_a_stop_leads_to_its_page_by_way_of_signing_in(
    session: Session, visitor: Browser, browser_of: Callable[[Person | None], Browser]
) -> None:
    make_demo(session)
    page = html.unescape(visitor.get("/sign-in").text)
    for guide in GUIDES:
        person = session.exec(select(Person).where(Person.email == guide.email)).one()
        session.refresh(person, ["roles"])
        browser = browser_of(person)
        for stop, _what in guide.stops:
            way = guide.way_to(stop)
            assert way in page
            form = visitor.get(way).text
            assert f'value="{guide.email}"' in form
            assert f'name="next" value="{stop}"' in form
            assert parse_qs(urlsplit(way).query)["next"] == [stop]
            assert browser.get(stop).status_code == 200
