from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import delete, inspect
from sqlmodel import func, select

from app.accounts.models import HouseRules
from app.core.db import Database
from app.foundations import lay_foundations
from app.migrate import config_for, is_up_to_date, migrate, newest_revision
from app.themes.models import Goal, Theme
from tests.crowd import at_once
from tests.databases import DATABASES, fresh_database


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """One of its own, because the tables change here."""
    with fresh_database(request, request.param, tmp_path) as url:
        yield url


def test_models_and_migrations_agree(database: Database) -> None:
    with database.engine.connect() as connection:
        command.check(config_for(connection))


def test_the_newest_revision_is_known_without_running_a_migration() -> None:
    assert newest_revision() == ScriptDirectory.from_config(config_for()).get_current_head()


def test_migrating_twice_changes_nothing(database: Database) -> None:
    migrate(database)
    assert is_up_to_date(database)


def test_several_processes_lay_the_foundations_of_a_city_once(database: Database) -> None:
    with database.session() as session:
        for table in (Goal, Theme, HouseRules):
            session.execute(delete(table))
    at_once([partial(lay_foundations, database)] * 6)
    with database.session() as session:
        counts = [session.exec(select(func.count()).select_from(table)).one() for table in (Theme, HouseRules)]
    assert counts == [5, 1]


def test_the_newest_migration_can_be_undone_and_done_again(database: Database) -> None:
    with database.engine.connect() as connection:
        command.downgrade(config_for(connection), "-1")
        connection.commit()
    assert not is_up_to_date(database)
    migrate(database)
    assert "issue" in inspect(database.engine).get_table_names()


def test_sqlite_syncs_every_commit(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}/synced.db")
    with database.engine.connect() as connection:
        names = ("synchronous", "foreign_keys", "journal_mode")
        pragmas = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names}
    database.close()
    assert pragmas == {"synchronous": 2, "foreign_keys": 1, "journal_mode": "wal"}
