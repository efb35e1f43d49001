"""What may be lost is written beside the data of SQLite, in a file without sync and with a write lock of its own."""

import sqlite3
import threading
from pathlib import Path

from sqlalchemy.engine import make_url


def side_file_of(database_url: str) -> Path:
    return Path(make_url(database_url).database or "buurtlab.db").with_suffix(".limits.db")


class SideFile:
    """A connection per thread, and the table that is to be there."""

    def __init__(self, path: Path, table: str) -> None:
        self.path = path
        self.local = threading.local()
        self.connection().execute(f"CREATE TABLE IF NOT EXISTS {table}")

    def connection(self) -> sqlite3.Connection:
        if not hasattr(self.local, "connection"):
            connection = sqlite3.connect(self.path, timeout=5, isolation_level=None)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=OFF")
            self.local.connection = connection
        held: sqlite3.Connection = self.local.connection
        return held
