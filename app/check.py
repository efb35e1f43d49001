"""`buurtlab check`: what is wrong, in words."""

import smtplib
from pathlib import Path

from sqlalchemy import text

from app.accounts.second_factor import count_apps_of_another_key
from app.core.db import Database
from app.core.mail import folder_of, smtp_address
from app.core.storage import storage_from_url
from app.core.style import read_style, unreadable_pairs
from app.mailing import count_undelivered
from app.matching.knowledge.embeddings import UnusableModel, open_model
from app.migrate import is_up_to_date
from app.settings import Settings


def findings(settings: Settings) -> list[str]:
    """One sentence for everything that would keep residents from using the site."""
    unsafe = [] if settings.in_development else settings.unsafe()
    checks = {
        "The database": _database,
        "The mail server": _mail,
        "The photo store": _storage,
        "The style": _style,
        "The embedding model": _embeddings,
    }
    found = [f"{name} does not work: {problem}" for name, check in checks.items() if (problem := check(settings))]
    return unsafe + found + _faint_colours(settings) + _undelivered(settings) + _locked_out(settings)


def _style(settings: Settings) -> str:
    try:
        read_style(settings.style)
        return ""
    except ValueError as error:
        return str(error)


def _faint_colours(settings: Settings) -> list[str]:
    return [] if _style(settings) else unreadable_pairs(read_style(settings.style))


def _undelivered(settings: Settings) -> list[str]:
    try:
        with Database(settings.database_url).session() as session:
            count = count_undelivered(session)
    except Exception:
        return []  # said already by the check of the database
    return [f"{count} mails of the last week could not be delivered; the log names each one."] if count else []


def _locked_out(settings: Settings) -> list[str]:
    try:
        with Database(settings.database_url).session() as session:
            count = count_apps_of_another_key(session, settings.secret_key)
    except Exception:
        return []  # said already by the check of the database
    sentence = (
        f"{count} authenticator apps were set up under another BUURTLAB_SECRET_KEY: they and the recovery codes do not "
        "work. Bring the old key back, or let those people set up anew: buurtlab grant ADDRESS --reset-second-factor."
    )
    return [sentence] if count else []


def _database(settings: Settings) -> str:
    try:
        database = Database(settings.database_url)
        with database.engine.connect() as connection:
            connection.execute(text("SELECT 1"))
        return "" if is_up_to_date(database) else "it is not of this version; run `buurtlab migrate`."
    except Exception as error:
        return _in_a_line(error)


def _mail(settings: Settings) -> str:
    try:
        if settings.mail_url.startswith("file:"):
            return _folder(folder_of(settings.mail_url))
        if settings.mail_url.startswith("smtp"):
            server = smtp_address(settings.mail_url)
            with smtplib.SMTP(server.host, server.port, timeout=10) as connection:
                connection.noop()
        return ""
    except Exception as error:
        return _in_a_line(error)


def _folder(folder: Path) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    return "" if folder.is_dir() else f"{folder} is not a folder."


def _storage(settings: Settings) -> str:
    try:
        storage_from_url(settings.storage_url).check()
        return ""
    except Exception as error:
        return _in_a_line(error)


def _embeddings(settings: Settings) -> str:
    try:
        if settings.embeddings:
            open_model(settings.embeddings)
        return ""
    except UnusableModel as error:
        return str(error)


def _in_a_line(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
