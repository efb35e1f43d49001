"""Two instances, each in a process of its own with its background work, that exchange cards for real."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlmodel import Session, select, update

from app.accounts.actions import grant_roles, open_session_for
from app.accounts.models import Person, Role
from app.core.db import Database
from app.pilots.models import Pilot
from app.places.models import City
from app.settings import Settings
from tests.crowd import Phone
from tests.databases import fresh_database
from tests.factories import make_issue, make_person, make_pilot
from tests.live import serve_live

PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Served:
    url: str
    session: Session

    def phone_of(self, person: Person) -> Phone:
        self.session.refresh(person, ["roles"])
        key = open_session_for(self.session, person, "test")
        self.session.commit()
        return Phone(self.url, {"session": key})


@contextmanager
def city(request: pytest.FixtureRequest, folder: Path, name: str) -> Iterator[Served]:
    folder.mkdir()
    with fresh_database(request, "sqlite", folder) as url:
        settings = Settings(
            _env_file=None, database_url=url, mail_url=f"file://{folder}/mail", storage_url=f"file://{folder}/photos",
            rate_limits="off",
        )  # fmt: skip
        database = Database(url)
        with Session(database.engine, expire_on_commit=False) as session:
            session.exec(update(City).values(name=name, is_invented=True))
            session.commit()
            with serve_live(settings, log=folder / "log", hurried=True) as server:
                yield Served(server.url, session)
        database.close()


def until(seen: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if seen():
            return
        time.sleep(0.2)
    raise AssertionError("it did not happen")


def test_what_one_city_tries_is_found_in_the_other(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    with city(request, tmp_path / "elders", "Elders") as elders, city(request, tmp_path / "hier", "Hier") as here:
        there = make_person(elders.session, "eva")
        make_pilot(elders.session, [make_issue(elders.session, there)], "Licht op het fietspad")
        neighbour = make_person(here.session, "bram")
        issue = make_issue(here.session, neighbour, "Donker fietspad, geen licht")
        admin = grant_roles(here.session, "admin@example.nl", [Role.ADMIN], "nl")
        here.session.commit()
        phone, resident = here.phone_of(admin), here.phone_of(neighbour)

        feed = f"{elders.url}/pilots/cards.json"
        assert phone.post("/admin/cards", {"url": feed}).status == 303
        until(lambda: "Licht op het fietspad" in resident.get("/cards").text)
        card = resident.get("/cards/1").text
        assert "Uit Elders" in card
        assert "verzonnen" in card
        assert f"{elders.url}/pilots/1" in card
        until(lambda: "In een andere stad: Elders" in resident.get(f"/issues/{issue.id}").text)

        elders.session.exec(update(Pilot).values(visible=False))
        elders.session.commit()
        assert phone.post("/admin/cards/1/fetch").status == 303
        until(lambda: "publiceert hem niet meer" in resident.get("/cards/1").text)
        until(lambda: "In een andere stad: Elders" not in resident.get(f"/issues/{issue.id}").text)
    assert here.session.exec(select(Pilot)).all() == []
