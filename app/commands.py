"""The console: `buurtlab serve`, `buurtlab migrate`, and what else runs a city's instance."""

import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

import app.tables  # noqa: F401
from app.accounts import actions as accounts
from app.accounts.forms import SignInForm
from app.accounts.models import Person, Role
from app.accounts.queries import person_with_email
from app.accounts.second_factor import reset_second_factor as reset
from app.check import findings
from app.core.db import Database
from app.core.errors import Problem
from app.core.forms import submission_of
from app.core.i18n import translate
from app.core.keyprints import print_of_key
from app.core.limits import Limiter
from app.core.storage import StorageFailed, storage_from_url
from app.demo.progress import bar_on_stderr
from app.foundations import lay_foundations
from app.jobs import Workplace, work
from app.migrate import migrate as migrate_database
from app.places.actions import import_neighbourhoods
from app.privacy.in_words import register_in_words, retention_in_words
from app.privacy.jobs import forget_what_is_over
from app.settings import PREFIX, Settings, UnsafeSetting, get_settings

cli = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
areas = typer.Typer(no_args_is_help=True, help="Neighbourhoods.")
cli.add_typer(areas, name="areas")


def run() -> None:
    """The console script: says what is wrong in one sentence and exits with 1."""
    try:
        cli()
    except (Problem, UnsafeSetting, OSError, ValueError, DBAPIError) as error:
        print(f"buurtlab: {sentence_about(error)}", file=sys.stderr)
        sys.exit(1)


def sentence_about(error: Exception) -> str:
    match error:
        case StorageFailed():
            return f"The photo store does not work: {error.reason}"
        case OSError(strerror=str(reason)):
            return f"{reason}: {error.filename}" if error.filename else reason
        case Problem():
            return translate(error.message, "en")
        case ValidationError():
            return " ".join(f"{PREFIX}{str(each['loc'][0]).upper()}: {each['msg']}." for each in error.errors())
        case DBAPIError():
            reason = str(error.orig).strip().partition("\n")[0]
            return f"The database refused ({reason}). Is it there, and is it migrated? See `buurtlab check`."
        case _:
            return str(error)


def open_database() -> Database:
    return Database(get_settings().database_url)


@cli.command()
def serve(
    host: str = "127.0.0.1",
    port: int = 8000,
    workers: int = 1,
    worker: Annotated[bool, typer.Option(help="Also run the background jobs (one process at a time does).")] = True,
) -> None:
    """Serve the site."""
    settings = get_settings()
    settings.refuse_unsafe()
    os.environ["BUURTLAB_RUNS_WORKER"] = "1" if worker else ""
    uvicorn.run(
        "app.main:create_served_app",
        factory=True,
        host=host,
        port=port,
        workers=workers,
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
        server_header=False,
        access_log=False,
        log_level="warning",
        log_config=None,
        timeout_keep_alive=15,
        h11_max_incomplete_event_size=32 * 1024,
    )


@cli.command()
def worker() -> None:
    """Run the background jobs only, until stopped."""
    settings = get_settings()
    settings.refuse_unsafe()
    database = open_database()
    stop = threading.Event()
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda *_signal: stop.set())
    work(Workplace(database, storage_from_url(settings.storage_url), Limiter(database, settings), settings), stop)


@cli.command()
def migrate() -> None:
    """Bring the database to the newest version."""
    database = open_database()
    migrate_database(database)
    lay_foundations(database)
    print("The database is up to date.")


@cli.command()
def demo() -> None:
    """Load the invented demo city; a second time it does nothing."""
    from app.demo.load import load_demo  # with its drawings 20 MB, which `serve` does without

    settings = get_settings()
    with open_database().session() as session:
        is_new = load_demo(session, storage_from_url(settings.storage_url), bar_on_stderr())
    print("The demo city is loaded." if is_new else "The demo city was there already.")
    print(how_to_sign_in(settings))


def how_to_sign_in(settings: Settings) -> str:
    people = "\n".join(f"  {role:<10} {role}@duinwijk.example" for role in ("resident", *Role))
    return f"""
Sign in at {settings.base_url}/sign-in with one of these addresses:
{people}
The code arrives at {settings.base_url}/dev/mail (development only).
"""


@cli.command()
def fill(issues: int = 1000, residents: int = 300, pilots: int = 30, seed: int = 1) -> None:
    """Add plausible volume for load tests; the same numbers and seed give the same city."""
    from app.demo.fill import fill as fill_city

    fill_city(open_database(), issues, residents, pilots, seed, bar_on_stderr())


@cli.command()
def grant(
    email: str,
    roles: Annotated[list[Role] | None, typer.Argument(metavar="ROLE…", help="moderator, team or admin.")] = None,
    reset_second_factor: Annotated[
        bool, typer.Option("--reset-second-factor", help="For who lost theirs; they are signed out everywhere.")
    ] = False,
) -> None:
    """Give a person roles; the person is created if needed."""
    if not roles and not reset_second_factor:
        raise ValueError("Say which roles: moderator, team or admin.")
    with open_database().session() as session:
        if roles:
            accounts.grant_roles(session, checked_address(email), roles, get_settings().default_locale)
            print(f"{email} is now: {', '.join(roles)}")
        if reset_second_factor:
            reset(session, person_known_as(session, email), actor_id=None, role="console")
            print(f"{email} sets up a new second factor at the next sign-in.")


def person_known_as(session: Session, email: str) -> Person:
    person = person_with_email(session, checked_address(email))
    if person is None:
        raise ValueError(f"Nobody here has the address {email}.")
    return person


@cli.command()
def token(email: str, name: str = "") -> None:
    """Print an API token, once."""
    with open_database().session() as session:
        person = accounts.find_or_create_person(session, checked_address(email), get_settings().default_locale)
        print(accounts.create_token(session, person, name))


def checked_address(email: str) -> str:
    submission = submission_of(SignInForm, {"email": email})
    if not submission.ok:
        raise ValueError(translate(submission.errors["email"], "en"))
    return submission.data.email


@areas.command("import")
def import_areas(file: Path) -> None:
    """Add or replace neighbourhoods from a GeoJSON file."""
    with open_database().session() as session:
        count = import_neighbourhoods(session, json.loads(file.read_text(encoding="utf-8")))
    print(f"{count} neighbourhoods are in.")


@cli.command()
def match_eval(
    directory: Path,
    out: Annotated[Path, typer.Option(help="Where the answers go, one line per test issue.")],
    cold: Annotated[bool, typer.Option(help="As on a city's first day: ignore train.jsonl.")] = False,
) -> None:
    """Match the issues of a directory with the site's own code; see docs/matching.md."""
    from app.matching.evaluation.running import evaluate

    speed = evaluate(directory, out, cold, bar_on_stderr())
    print(f"{speed:.0f} issues per second.")


@cli.command()
def privacy(
    tables: Annotated[bool, typer.Option(help="Also show for every table what erasing an account does.")] = False,
    clear: Annotated[bool, typer.Option(help="Clear away what is due, as the worker does every ten minutes.")] = False,
) -> None:
    """Show what is kept, why, how long, and how many rows are due to go. Changes nothing without --clear."""
    database, settings = open_database(), get_settings()
    if clear:
        forget_what_is_over(database, settings)
    with database.session() as session:
        print(retention_in_words(session, settings))
    if tables:
        print(register_in_words())


@cli.command()
def backup(file: Annotated[str, typer.Argument(help="Must not be there yet; `-` for standard output.")]) -> None:
    """Keep the database and the photos in one file, while the site goes on."""
    from app.backups.backing_up import back_up

    end = back_up(get_settings(), file, bar_on_stderr())
    if end.lost:
        print(f"{end.lost} photos that the database names are not in the store.", file=sys.stderr)
    if file != "-":
        print(f"{file} holds the database and {end.photos} files of photos.")


@cli.command()
def restore(file: Annotated[str, typer.Argument(help="What `buurtlab backup` made; `-` for standard input.")]) -> None:
    """Bring a backup back into an empty database, all of it or nothing; stop the site first."""
    from app.backups.restoring import restore as restore_archive

    settings = get_settings()
    manifest = restore_archive(settings, file, bar_on_stderr())
    print(f"The site is as it was at {manifest.taken_at}. Everybody signs in again.")
    if manifest.secret_key != print_of_key(settings.secret_key):
        print("BUURTLAB_SECRET_KEY is another one than then: authenticator apps and recovery codes do not work.")


@cli.command()
def check() -> None:
    """Say what is wrong with settings, database, mail and storage."""
    found = findings(get_settings())
    for finding in found:
        print(finding)
    if found:
        raise typer.Exit(1)
    print("All is well.")
