"""What the worker does for people's data: copies, files that go, and what is kept no longer."""

from datetime import timedelta

from sqlalchemy import text

from app.core.clock import now
from app.core.db import Database
from app.core.logging import log
from app.core.storage import Storage
from app.privacy.copies import delete_discarded, make_copies
from app.privacy.erasing import something_went
from app.privacy.retention import RULES, carry_out
from app.privacy.stragglers import finish_erasures
from app.settings import Settings

STRAGGLERS = timedelta(hours=1)


def look_after_copies(database: Database, storage: Storage, settings: Settings) -> None:
    make_copies(database, storage, settings.base_url)
    delete_discarded(database, storage)


def forget_what_is_over(database: Database, settings: Settings) -> None:
    """Rule by rule, each in a transaction of its own: one that fails does not keep the others."""
    for rule in RULES:
        try:
            with database.session() as session:
                touched = carry_out(session, settings, rule)
        except Exception as error:
            log.error("not forgotten", rule=rule.name, error=type(error).__name__)
            continue
        if touched:
            log.info("forgotten", rule=rule.name, rows=touched)
    sweep_after_erasures(database)
    with database.session() as session:
        went = something_went(session, now() - STRAGGLERS)
    if went:
        overwrite(database)


def sweep_after_erasures(database: Database) -> None:
    with database.session() as session:
        count = finish_erasures(session, now() - STRAGGLERS)
    if count:
        log.info("erased again what came in meanwhile", people=count)


def overwrite(database: Database) -> None:
    """SQLite's search index and its journal hold what was deleted until they are written anew."""
    if not database.is_sqlite:
        return
    with database.engine.connect() as connection:
        connection.execute(text("INSERT INTO issue_search (issue_search) VALUES ('optimize')"))
        connection.commit()
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
