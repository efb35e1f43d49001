"""The databases of the tests: built by the migrations once, and put back to that before every test.

SQLAlchemy works out a statement once per engine, and a connection to PostgreSQL gets to know its tables; doing so anew
took longer than the tests. So each process of tests keeps one database of either kind with its engine, and only what a
test wrote is taken away. A test that changes tables themselves takes a `fresh_database`.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

import pytest
from sqlalchemy import Connection, Engine, create_engine, event, text

from app.core import db
from app.core.db import Database
from app.foundations import lay_foundations
from app.migrate import migrate
from tests.factories import add_test_city

DATABASES = ("sqlite", "postgresql")
make_engine = db._engine


def build(url: str) -> None:
    """Migrated, with what every city starts from, and a city."""
    database = Database(url)
    migrate(database)
    lay_foundations(database)
    with database.session() as session:
        add_test_city(session)
    if database.is_sqlite:
        with database.engine.connect() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    database.close()


def in_postgres(uri: str, statement: str) -> None:
    engine = create_engine(uri.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def named(uri: str, database: str) -> str:
    return uri.replace("/postgres?", f"/{database}?")


def copy_in_postgres(uri: str, template: str, name: str) -> str:
    """The address of the copy. Its files are copied, which takes a third of what writing it to the log takes."""
    in_postgres(uri, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
    return named(uri, name)


@contextmanager
def fresh_database(request: pytest.FixtureRequest, kind: str, folder: Path) -> Iterator[str]:
    """The address of a copy of the migrated database; gone afterwards."""
    if kind == "sqlite":
        path = folder / "buurtlab.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    uri, name = request.getfixturevalue("postgres_uri"), f"t{abs(hash(folder)) % 10**12}"
    yield copy_in_postgres(uri, request.getfixturevalue("postgres_template"), name)
    in_postgres(uri, f"DROP DATABASE {name} WITH (FORCE)")


class KeptDatabase(Protocol):
    url: str
    engine: Engine

    def put_back(self) -> None: ...


class KeptSqlite:
    """One file, replaced by a copy of the template."""

    def __init__(self, template: Path, folder: Path) -> None:
        self.template, self.folder = template, folder
        self.url = f"sqlite:///{folder}/buurtlab.db"
        self.engine = make_engine(self.url)
        event.listen(self.engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))

    def put_back(self) -> None:
        self.engine.dispose()
        for path in self.folder.iterdir():  # its log, and the counters beside it
            path.unlink()
        shutil.copy(self.template, self.folder / "buurtlab.db")


class KeptPostgres:
    """One database whose rows are taken away and the first ones put back; its connections stay open.

    Emptied tables are vacuumed, so that rows lie in the order in which they come, as in a new database.
    """

    def __init__(self, uri: str, template: str) -> None:
        self.url = copy_in_postgres(uri, template, "kept")
        self.engine = make_engine(self.url)
        with self.engine.begin() as connection:
            prepare_to_put_back(connection)

    def put_back(self) -> None:
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(END_WHAT_IS_STILL_OPEN))
            if emptied := list(connection.execute(text("SELECT first.empty_what_was_written()")).scalars()):
                connection.execute(text(f"VACUUM (INDEX_CLEANUP ON) {', '.join(emptied)}"))
            connection.execute(text("SELECT first.fill_what_is_empty()"))


END_WHAT_IS_STILL_OPEN = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""


def prepare_to_put_back(connection: Connection) -> None:
    """Writes it out for every table, so that PostgreSQL plans it once. A replica may do it in any order."""
    connection.execute(text("CREATE SCHEMA first"))
    empty, fill = [], []
    for table in relations(connection, "r"):
        was_written = f"EXISTS (SELECT FROM {table})"
        if connection.execute(text(f"SELECT EXISTS (SELECT FROM {table})")).scalar_one():
            connection.execute(text(f"CREATE TABLE first.{table} AS TABLE {table}"))
            now, then = (
                f"(SELECT array_agg(t::text ORDER BY t::text) FROM {name} t)" for name in (table, f"first.{table}")
            )
            was_written = f"{now} IS DISTINCT FROM {then}"
            fill.append(
                f"IF NOT EXISTS (SELECT FROM {table}) THEN INSERT INTO {table} SELECT * FROM first.{table}; END IF;"
            )
        empty.append(f"IF {was_written} THEN DELETE FROM {table}; RETURN NEXT '{table}'; END IF;")
    for counter in relations(connection, "S"):
        at, is_used = connection.execute(text(f"SELECT last_value, is_called FROM {counter}")).one()
        fill.append(f"PERFORM setval('{counter}', {at}, {is_used});")
    for name, returns, steps in (("empty_what_was_written", "SETOF text", empty), ("fill_what_is_empty", "void", fill)):
        connection.execute(
            text(f"""
            CREATE FUNCTION first.{name}() RETURNS {returns} LANGUAGE plpgsql SET session_replication_role = replica
            AS $$ BEGIN {" ".join(steps)} END $$
            """)
        )


def relations(connection: Connection, kind: str) -> list[str]:
    """What is called so in the tables' own schema, as it is written in a statement."""
    found = "SELECT quote_ident(relname) FROM pg_class WHERE relkind = :kind AND relnamespace = 'public'::regnamespace"
    return list(connection.execute(text(found), {"kind": kind}).scalars())


@contextmanager
def in_use(kept: KeptDatabase) -> Iterator[str]:
    """Whoever opens the database at this address gets the kept engine, and does not close it."""
    kept.put_back()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(db, "_engine", lambda url: kept.engine if url == kept.url else make_engine(url))
        patch.setattr(kept.engine, "dispose", lambda: None)
        yield kept.url
