"""A district of its own for these tests, loaded once on each database."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import delete
from sqlmodel import Session

from app.core.db import Database
from app.core.storage import FileStorage
from app.demo.load import load_demo
from app.places.models import City, Neighbourhood
from tests.databases import DATABASES, copy_in_postgres, in_postgres


@contextmanager
def without_a_city(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Migrated, with themes and house rules."""
    path = tmp_path_factory.mktemp("district")
    uri, name = "", f"d{abs(hash(path)) % 10**12}"
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), path / "demo.db")
        database = Database(f"sqlite:///{path}/demo.db")
    else:
        uri = request.getfixturevalue("postgres_uri")
        database = Database(copy_in_postgres(uri, request.getfixturevalue("postgres_template"), name))
    with database.session() as session:
        session.execute(delete(Neighbourhood))
        session.execute(delete(City))
    yield database
    database.close()
    if uri:
        in_postgres(uri, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="module", params=DATABASES)
def empty_database(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    with without_a_city(request, tmp_path_factory) as database:
        yield database


@pytest.fixture(scope="package")
def photo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("photos")


@pytest.fixture(scope="package", params=DATABASES)
def district(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, photo_folder: Path
) -> Iterator[Database]:
    with without_a_city(request, tmp_path_factory) as database:
        with database.session() as session:
            assert load_demo(session, FileStorage(photo_folder))
        yield database


@pytest.fixture
def session(district: Database) -> Iterator[Session]:
    with Session(district.engine) as opened:
        yield opened
