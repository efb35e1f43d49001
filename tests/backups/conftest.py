"""Places to restore into, and what a database holds."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import SQLModel

from app.backups.rows import LEFT_OUT
from app.core.db import Database
from app.settings import Settings
from tests.conftest import in_postgres, named

NewPlace = Callable[[str], Settings]
Holdings = dict[str, list[str]]


@pytest.fixture
def new_place(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[NewPlace]:
    """Settings of a site that has nothing yet: a database of this kind, and a folder for photos."""
    made: list[str] = []

    def make(kind: str) -> Settings:
        name = f"new{token_hex(4)}"
        url = f"sqlite:///{tmp_path}/{name}/site.db"
        if kind == "postgresql":
            made.append(name)
            in_postgres(request.getfixturevalue("postgres_uri"), f"CREATE DATABASE {name}")
            url = named(request.getfixturevalue("postgres_uri"), name)
        photos = tmp_path / f"{name}-photos"
        return Settings(
            _env_file=None, database_url=url, storage_url=f"file://{photos}", mail_url=f"file://{tmp_path}/mail"
        )

    yield make
    for name in made:
        in_postgres(request.getfixturevalue("postgres_uri"), f"DROP DATABASE {name} WITH (FORCE)")


def holdings(settings: Settings) -> Holdings:
    """Every row of every table that a backup holds; without the note that the restore itself leaves."""
    database = Database(settings.database_url)
    found: Holdings = {}
    with database.engine.connect() as connection:
        for table in SQLModel.metadata.sorted_tables:
            if table.name not in LEFT_OUT:
                rows: list[Any] = [dict(row) for row in connection.execute(select(table)).mappings()]
                rows = [row for row in rows if row.get("kind") != "site.restored"]
                found[table.name] = sorted(json.dumps(row, sort_keys=True, default=repr) for row in rows)
    database.close()
    return found
