"""`buurtlab backup`: the database as it is at one moment, then the photos that it names, while the site goes on.

Read row by row in one transaction that only reads, on both databases: it keeps nobody from writing, needs no program
of the right version beside it, and what comes out fits either database.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryFile
from typing import Any, BinaryIO

from sqlalchemy import Connection

from app.backups.archive import TABLES, End, KeptTable, Manifest, Writer
from app.backups.photos import Names, copy_photos
from app.backups.rows import count_rows, kind_of, pieces_of, quoted, tables_to_keep
from app.core import clock
from app.core.db import Database
from app.core.keyprints import print_of_key
from app.core.storage import Storage, storage_from_url, sync_to_disk
from app.demo.progress import Progress
from app.migrate import is_up_to_date, newest_revision
from app.settings import Settings


def back_up(settings: Settings, target: str, progress: Progress) -> End:
    """To a file that must not be there yet, or for `-` to standard output."""
    database, storage = Database(settings.database_url), storage_from_url(settings.storage_url)
    try:
        if not is_up_to_date(database):
            raise ValueError("The database is not of this version, or it is not there. Run `buurtlab migrate` first.")
        if target == "-":
            return write_archive(sys.stdout.buffer, database, storage, settings, progress)
        with new_file(Path(target)) as file:
            return write_archive(file, database, storage, settings, progress)
    finally:
        database.close()


def write_archive(file: BinaryIO, database: Database, storage: Storage, settings: Settings, progress: Progress) -> End:
    began = clock.now()
    archive = Writer(file, began.timestamp())
    try:
        with TemporaryFile("w+", encoding="ascii") as spool:
            with snapshot(database) as connection:
                names = Names(spool, connection)
                write_tables(archive, connection, describe(connection, names.count, settings, began), progress)
            copied = copy_photos(names, storage, database, archive, progress)
        return archive.finish(copied.photos, copied.gone, copied.lost)
    except BaseException:
        archive.abandon()
        raise


def write_tables(archive: Writer, connection: Connection, manifest: Manifest, progress: Progress) -> None:
    archive.begin(manifest)
    done = 0
    for table in manifest.tables:
        for number, (rows, piece) in enumerate(pieces_of(connection, table.name, table.columns)):
            archive.add(f"{TABLES}{table.name}/{number:06}.jsonl.gz", piece)
            done += rows
            progress("rows", done, manifest.rows)


@contextmanager
def snapshot(database: Database) -> Iterator[Connection]:
    """Everything that is read through it is of the same moment, and nobody waits for it."""
    with database.engine.connect() as connection:
        if database.is_sqlite:
            driver: Any = connection.connection.driver_connection
            driver.execute("BEGIN")  # past the listener of app.core.db, which would take the write lock
            yield connection
            driver.execute("ROLLBACK")
            return
        reading = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        # Nobody may take a column away from under us, and nobody else waits for this lock.
        names = ", ".join(quoted(table.name) for table in tables_to_keep())
        reading.exec_driver_sql("SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0")
        reading.exec_driver_sql(f"LOCK TABLE {names} IN ACCESS SHARE MODE")
        yield reading


def describe(connection: Connection, photos: int, settings: Settings, began: datetime) -> Manifest:
    tables = [
        KeptTable(
            table.name,
            [(column.name, kind_of(column)) for column in table.columns],
            count_rows(connection, table.name),
        )
        for table in tables_to_keep()
    ]
    return Manifest(
        version=version("buurtlab"),
        migration=newest_revision(),
        dialect=connection.dialect.name,
        taken_at=began.isoformat(),
        secret_key=print_of_key(settings.secret_key),
        photos=photos,
        tables=tables,
        sequences=_sequences(connection),
    )


def _sequences(connection: Connection) -> dict[str, int]:
    """The highest number that was ever given out, also to rows that are gone: nobody new gets theirs."""
    if connection.dialect.name == "sqlite":
        return {}
    found = {}
    for table in tables_to_keep():
        if "id" in table.columns:
            ask = "SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, 'id')::regclass)"
            found[table.name] = connection.exec_driver_sql(ask, (quoted(table.name),)).scalar()
    return {name: int(last) for name, last in found.items() if last is not None}


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Under another name until it is complete, for its owner's eyes only; never in the place of another file."""
    if path.is_dir():
        raise ValueError(f"{path} is a folder. Say the name of the file, too.")
    if not path.parent.is_dir():
        raise ValueError(f"There is no folder {path.parent}.")
    if os.path.lexists(path):
        raise taken(path)
    half = path.with_name(f"{path.name}.{token_hex(4)}.part")
    try:
        with open(os.open(half, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        _give_name(half, path)
    except OSError as error:
        if error.filename is None:  # a full disk does not say where
            error.filename = str(path)
        raise
    finally:
        with suppress(FileNotFoundError):
            half.unlink()


def _give_name(half: Path, path: Path) -> None:
    try:
        os.link(half, path)  # unlike a rename it fails when somebody was faster
    except FileExistsError:
        raise taken(path) from None
    except OSError:  # a file system without links
        half.rename(path)
    sync_to_disk(path.parent)


def taken(path: Path) -> ValueError:
    return ValueError(f"{path} is there already. Choose another name; a backup never replaces a file.")
