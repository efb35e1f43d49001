from pathlib import Path

from alembic import command
from sqlalchemy import inspect

from app.core.db import Database
from app.migrate import config_for, is_up_to_date, migrate


def test_models_and_migrations_agree(database: Database) -> None:
    with database.engine.connect() as connection:
        command.check(config_for(connection))


def test_migrating_twice_changes_nothing(database: Database) -> None:
    migrate(database)
    assert is_up_to_date(database)


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
