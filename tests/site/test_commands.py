"""The console: every command explains itself, and says in one sentence what is wrong with bad input."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from sqlmodel import Session, select

from app.accounts.models import ApiToken, Person, RoleGrant, SecondFactor
from app.accounts.queries import person_with_token
from app.accounts.sealing import seal
from app.activity.models import AuditEntry
from app.settings import Settings
from tests.conftest import Cast
from tests.live import ROOT

COMMANDS = [
    "serve",
    "worker",
    "migrate",
    "demo",
    "fill",
    "grant",
    "token",
    "areas",
    "areas import",
    "match-eval",
    "backup",
    "restore",
    "check",
]


def run(command: str, settings: Settings | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    environment |= {"PATH": "/usr/bin:/bin", "TERM": "dumb"}
    if settings:
        environment |= {
            "BUURTLAB_DATABASE_URL": settings.database_url,
            "BUURTLAB_STORAGE_URL": settings.storage_url,
            "BUURTLAB_MAIL_URL": settings.mail_url,
        }
    return subprocess.run(
        [sys.executable, "-m", "app", *command.split()], cwd=ROOT, env=environment, capture_output=True, text=True
    )


def test_every_command_has_help() -> None:
    overview = run("--help").stdout
    assert all(command.split()[0] in overview for command in COMMANDS)
    for command in COMMANDS:
        shown = run(f"{command} --help")
        assert shown.returncode == 0, shown.stderr
        assert "--help" in shown.stdout


@pytest.mark.parametrize(
    "command",
    [
        "grant no-address team",
        "token no-address",
        "areas import /no/such/file.geojson",
        "areas import README.md",
        "match-eval /no/such/folder --out /tmp/out.jsonl",
        "fill --issues 5 --residents 0 --pilots 0",
        "backup /no/such/folder/kept.tar",
        "restore /no/such/file.tar",
    ],
)
def test_bad_input_is_answered_with_one_sentence_and_a_failure(command: str, settings: Settings) -> None:
    failed = run(command, settings)
    assert failed.returncode != 0
    assert "Traceback" not in failed.stderr
    assert len(failed.stderr.strip().splitlines()) == 1, failed.stderr


def test_a_database_without_tables_and_a_wrong_setting_are_said_in_one_sentence(
    settings: Settings, tmp_path: Path
) -> None:
    empty = run("token x@example.nl", settings.model_copy(update={"database_url": f"sqlite:///{tmp_path}/empty.db"}))
    wrong = run("check", settings, BUURTLAB_ENVIRONMENT="prod")
    for failed, said in ((empty, "migrated"), (wrong, "BUURTLAB_ENVIRONMENT")):
        assert failed.returncode == 1
        assert said in failed.stderr
        assert len(failed.stderr.strip().splitlines()) == 1, failed.stderr


def test_a_role_that_does_not_exist_is_refused(settings: Settings) -> None:
    refused = run("grant mayor@example.nl mayor", settings)
    assert refused.returncode != 0
    assert "moderator" in refused.stderr


def test_grant_creates_the_person_and_gives_the_roles_once(settings: Settings, session: Session) -> None:
    for _again in range(2):
        assert run("grant Nieuw@Example.nl team moderator", settings).returncode == 0
    person = session.exec(select(Person).where(Person.email == "nieuw@example.nl")).one()
    roles = session.exec(select(RoleGrant.role).where(RoleGrant.person_id == person.id)).all()
    assert sorted(roles) == ["moderator", "team"]
    told = session.exec(select(AuditEntry.kind).where(AuditEntry.subject_id == str(person.id))).all()
    assert sorted(told) == ["role.granted.moderator", "role.granted.team"]


def test_a_token_is_printed_once_and_stored_as_a_fingerprint(settings: Settings, session: Session) -> None:
    token = run("token api@example.nl --name sensor", settings).stdout.strip()
    person = person_with_token(session, token)
    assert person is not None
    assert person.email == "api@example.nl"
    assert token not in str(session.exec(select(ApiToken)).one().model_dump())


def test_check_finds_nothing_wrong_here_and_says_what_is_wrong_elsewhere(
    settings: Settings, session: Session, cast: Cast
) -> None:
    fine = run("check", settings)
    assert (fine.returncode, fine.stdout.strip()) == (0, "All is well.")
    sealed = seal("SECRET", "a key of before, which is not the key of now", f"person {cast.admin.id}")
    session.add(SecondFactor(person_id=cast.admin.id, app_secret=sealed))
    session.commit()
    elsewhere = settings.model_copy(update={"mail_url": "smtp://127.0.0.1:1", "storage_url": "file:///proc/nowhere"})
    broken = run("check", elsewhere)
    assert broken.returncode == 1
    assert "mail server" in broken.stdout
    assert "photo store" in broken.stdout
    assert "1 authenticator apps were set up under another BUURTLAB_SECRET_KEY" in broken.stdout


def test_match_eval_ranks_every_theme_for_every_issue(tmp_path: Path) -> None:
    themes = [
        {
            "slug": "water",
            "name": "Water",
            "description": "Regen, riool en overstroming",
            "keywords": ["plas", "kelder"],
        },
        {"slug": "traffic", "name": "Verkeer", "description": "Auto's, fietsen en oversteken"},
    ]
    pilots = [
        {"id": "p1", "title": "Droge voeten", "problem": "Na regen staat water in de straten.", "themes": ["water"]}
    ]
    issues = [
        {"id": "i1", "title": "Water in de kelder", "text": "Na een bui staat het blank.", "language": "nl"},
        {"id": "i2", "text": "Niemand stopt als ik wil oversteken.", "lat": 52.1, "lon": 4.2},
    ]
    (tmp_path / "city.json").write_text(json.dumps({"languages": ["nl"], "themes": themes}))
    (tmp_path / "pilots.jsonl").write_text("\n".join(map(json.dumps, pilots)))
    (tmp_path / "test.jsonl").write_text("\n".join(map(json.dumps, issues)))
    outs = [tmp_path / "one.jsonl", tmp_path / "two.jsonl"]
    for out in outs:
        done = run(f"match-eval {tmp_path} --out {out} --cold")
        assert done.returncode == 0, done.stderr
        assert "issues per second" in done.stdout
    assert outs[0].read_text() == outs[1].read_text(), "the same data give the same answer"
    first, second = (json.loads(line) for line in outs[0].read_text().splitlines())
    assert [slug for slug, _score in first["themes"]] == ["water", "traffic"]
    assert second["themes"][0][0] == "traffic"
    assert first["pilots"][0][0] == "p1"
    assert set(first["shown"]) == {"themes", "pilots", "similar"}
