"""`buurtlab restore`: everything of an archive into an empty database, or nothing.

The photos go first and the database is committed last, so that a restore that ends too early left the database empty,
and can be begun again. SQLite gets a new file, which takes the place of the old one when it is whole; PostgreSQL does
it in one transaction.
"""

import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp
from typing import Any, BinaryIO

from sqlalchemy import Connection, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlmodel import Session, SQLModel

import app.tables  # noqa: F401
from app.activity.actions import write_down
from app.backups.archive import PHOTOS, TABLES, Manifest, Reader, Unusable, damaged, opened
from app.backups.photos import SIZES, Shelf
from app.backups.rows import count_rows, put_rows, quoted, rows_in
from app.core.db import Database
from app.core.storage import Storage, storage_from_url, sync_to_disk
from app.demo.progress import Progress
from app.foundations import lay_foundations
from app.migrate import is_up_to_date, known_revisions, migrate, one_at_a_time, upgrade
from app.privacy.left import let_leave_again, who_left_since
from app.settings import Settings

EVERY_CITY_BEGINS_WITH = frozenset({"theme", "goal", "house_rules", "lease", "matching_progress"})
OUTSIDE_THE_MODELS = ("rate_limit", "presence", "alembic_version")
CLOCKS_DIFFER_BY = timedelta(minutes=5)
Fill = Callable[[Connection], None]
Finish = Callable[[Session], None]


def restore(settings: Settings, source: str, progress: Progress) -> Manifest:
    """Raises Unusable, or ValueError with a sentence; then the database is as it was."""
    database = Database(settings.database_url)
    try:
        refuse_unless_empty(database)
        with _source(source) as file, opened(file) as archive:
            _refuse_unknown(archive.manifest)
            _bring_back(archive, database, storage_from_url(settings.storage_url), progress)
            lay_foundations(database)
            return archive.manifest
    finally:
        database.close()


def _bring_back(archive: Reader, database: Database, storage: Storage, progress: Progress) -> None:
    shelf = Shelf(storage)

    def fill(connection: Connection) -> None:
        _clear(connection)
        _unpack(archive, connection, shelf, progress)

    def finish(session: Session) -> None:
        let_go_again(session, archive.manifest, storage)

    with one_at_a_time(database):
        (_into_new_file if database.is_sqlite else _into_postgresql)(database, archive.manifest, fill, finish)


@contextmanager
def _source(source: str) -> Iterator[BinaryIO]:
    if source == "-":
        yield sys.stdin.buffer
        return
    with Path(source).open("rb") as file:
        yield file


def _refuse_unknown(manifest: Manifest) -> None:
    if manifest.migration not in known_revisions():
        raise Unusable(
            f"Buurtlab {manifest.version} made this archive, with migration {manifest.migration}, which this version "
            "does not know. Install that version or a newer one first."
        )


def refuse_unless_empty(database: Database) -> None:
    """Without any table, or as `buurtlab migrate` leaves it."""
    with database.engine.connect() as connection:
        here = set(inspect(connection).get_table_names())
        ours = here & set(SQLModel.metadata.tables)
        full = [name for name in sorted(ours - EVERY_CITY_BEGINS_WITH) if count_rows(connection, name)]
    if full:
        raise ValueError(
            f"The database is not empty (there are rows in {full[0]}). A restore goes only into an empty one; "
            "say where with BUURTLAB_DATABASE_URL."
        )
    if here and not is_up_to_date(database):
        raise ValueError("The database is of another version. Run `buurtlab migrate`, or take a new one.")


def _unpack(archive: Reader, connection: Connection, shelf: Shelf, progress: Progress) -> None:
    """Counts what comes out: the archive says how much it is."""
    tables = {table.name: table for table in archive.manifest.tables}
    came, photos = dict.fromkeys(tables, 0), 0
    for name, data in archive.rest():
        if name.startswith(PHOTOS):
            photos += 1
            shelf.put(name.removeprefix(PHOTOS), data)
            progress("photos", photos, len(SIZES) * archive.manifest.photos)
        elif (table := tables.get(name.removeprefix(TABLES).partition("/")[0])) is not None:
            came[table.name] += put_rows(connection, table.name, table.columns, rows_in(data))
            progress("rows", sum(came.values()), archive.manifest.rows)
        else:
            raise damaged(name)
    shelf.flush()
    for table in tables.values():
        if came[table.name] != table.rows:
            raise damaged(table.name)


def _clear(connection: Connection) -> None:
    """What the migrations themselves write; the archive has its own."""
    for name in inspect(connection).get_table_names():
        if name in SQLModel.metadata.tables:
            connection.exec_driver_sql(f"DELETE FROM {quoted(name)}")


def _into_new_file(database: Database, manifest: Manifest, fill: Fill, finish: Finish) -> None:
    path = Path(make_url(str(database.engine.url)).database or "").absolute()
    database.close()
    folder = Path(mkdtemp(prefix=".restoring-", dir=path.parent))
    try:
        new = folder / path.name
        _make_file(new, manifest, fill, finish)
        _refuse_while_used(path)
        os.replace(new, path)
        sync_to_disk(path.parent)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _make_file(path: Path, manifest: Manifest, fill: Fill, finish: Finish) -> None:
    """A whole database in one file, on the disk."""
    database = Database(f"sqlite:///{path}")
    migrate(database, manifest.migration)
    with database.engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys = OFF")
        driver.execute("BEGIN IMMEDIATE")
        fill(connection)
        if driver.execute("PRAGMA foreign_key_check").fetchone():
            raise Unusable("The archive does not fit together: a row names another that is missing.")
        driver.execute("COMMIT")
        driver.execute("PRAGMA foreign_keys = ON")
    migrate(database)
    with database.session() as session:
        finish(session)
    with database.engine.connect() as connection:
        if (found := connection.exec_driver_sql("PRAGMA integrity_check").scalar()) != "ok":
            raise Unusable(f"The restored database is not sound: {found}.")
        connection.connection.driver_connection.execute("PRAGMA journal_mode = DELETE")  # type: ignore[union-attr]
    database.close()
    sync_to_disk(path)


def _refuse_while_used(path: Path) -> None:
    """A server that has the old file open would go on writing into it."""
    if not path.exists():
        return
    old = sqlite3.connect(path, timeout=1)
    try:
        old.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError:
        raise in_use() from None
    finally:
        old.close()


def in_use() -> ValueError:
    return ValueError("The database is in use. Stop the site and its workers, and restore again.")


def _into_postgresql(database: Database, manifest: Manifest, fill: Fill, finish: Finish) -> None:
    try:
        with database.engine.begin() as connection:
            connection.execute(text("SET LOCAL lock_timeout = '4s'"))
            _drop_tables(connection)
            upgrade(connection, manifest.migration)
            tie_again = _untie(connection)
            fill(connection)
            for statement in tie_again:
                connection.exec_driver_sql(statement)
            _set_sequences(connection, manifest)
            upgrade(connection)
            with Session(connection, join_transaction_mode="create_savepoint") as session:
                finish(session)
                session.commit()
            connection.exec_driver_sql("ANALYZE")
    except OperationalError as error:
        raise in_use() if getattr(error.orig, "sqlstate", "") == "55P03" else error from None


def _drop_tables(connection: Connection) -> None:
    """They are empty, and perhaps of a later version than the archive."""
    here = inspect(connection).get_table_names()
    names = [name for name in here if name in SQLModel.metadata.tables or name in OUTSIDE_THE_MODELS]
    if names:
        connection.exec_driver_sql(f"DROP TABLE {', '.join(map(quoted, names))}")


def _untie(connection: Connection) -> list[str]:
    """Takes the foreign keys away while rows come in, in any order; returns what brings them back, and checks them."""
    keys = connection.exec_driver_sql(
        "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
    ).all()
    for table, name, _definition in keys:
        connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    return [f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}" for table, name, definition in keys]


def _set_sequences(connection: Connection, manifest: Manifest) -> None:
    for table in manifest.tables:
        if "id" not in dict(table.columns):
            continue
        ask = "SELECT pg_get_serial_sequence(%s, 'id')"
        sequence = connection.exec_driver_sql(ask, (quoted(table.name),)).scalar()
        if sequence is None:
            continue
        highest = connection.exec_driver_sql(f"SELECT max(id) FROM {quoted(table.name)}").scalar() or 0
        if last := max(highest, manifest.sequences.get(table.name, 0)):
            connection.exec_driver_sql("SELECT setval(%s::regclass, %s)", (sequence, last))


def let_go_again(session: Session, manifest: Manifest, storage: Storage) -> None:
    """Whoever left after the backup was made leaves again, and it is written down that there was a restore."""
    taken = datetime.fromisoformat(manifest.taken_at) - CLOCKS_DIFFER_BY
    gone = sum(let_leave_again(session, left) for left in who_left_since(storage, taken))
    facts = {"taken_at": manifest.taken_at, "version": manifest.version, "left_again": gone}
    write_down(session, "site.restored", "site", 1, actor_id=None, role="console", facts=facts)
