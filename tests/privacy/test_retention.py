"""What is over goes, what is not stays; the pages and the command say the same."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlmodel import Session, delete, select
from typer.testing import CliRunner

from app.accounts.models import ApiToken, Person
from app.activity.models import OutgoingMail
from app.coalition.models import CoalitionLetter, Partner, PartnerKind
from app.commands import cli
from app.core.clock import now
from app.core.db import Database
from app.filing.models import Entry
from app.issues.actions import change_status
from app.issues.models import EarlierText, Issue, Status
from app.main import create_app
from app.pilots.models import Stage
from app.privacy.cookies import COOKIES
from app.privacy.retention import RULES, count_due
from app.settings import Settings, get_settings
from app.triage.models import InternalNote
from tests.browsing import Browser, text_of
from tests.conftest import Cast
from tests.factories import make_pilot
from tests.privacy.leaving import Leaver


def counts(session: Session) -> tuple[str, int, int]:
    session.expire_all()
    phone = session.exec(select(Entry.phone)).one()
    return phone, len(session.exec(select(InternalNote)).all()), len(session.exec(select(EarlierText)).all())


def test_contact_and_notes_go_some_time_after_an_issue_is_closed(
    leaver: Leaver, session: Session, cast: Cast, worker: Callable[[], None]
) -> None:
    """An open issue keeps them, however old it is."""
    with time_machine.travel(now() + timedelta(days=300)):
        worker()
        assert counts(session) == ("06-98761234", 1, 1)
        issue = session.get_one(Issue, leaver.mine.id)
        change_status(session, issue, Status.RESOLVED, actor_id=cast.team.id, text="Gemaakt.")
        session.commit()
    for days, left in ((389, ("06-98761234", 1, 0)), (391, ("", 1, 0)), (666, ("", 0, 0))):
        with time_machine.travel(now() + timedelta(days=days)):
            worker()
            assert counts(session) == left


def test_addresses_of_partners_and_letters_to_them_go_some_time_after_a_pilot_ended(
    leaver: Leaver, session: Session, worker: Callable[[], None]
) -> None:
    pilot = make_pilot(session, [leaver.mine])
    partner = Partner(
        pilot_id=pilot.id, name="Stadsbeheer", kind=PartnerKind.DEPARTMENT, role="Meet mee", email="b@x.nl"
    )
    session.add_all([partner, CoalitionLetter(pilot_id=pilot.id, number=1, subject="Morgen", text="Tot morgen.")])
    session.commit()

    def stands() -> tuple[str | None, int]:
        session.expire_all()
        letters = session.exec(select(CoalitionLetter).where(CoalitionLetter.pilot_id == pilot.id)).all()
        return session.get_one(Partner, partner.id).email, len(letters)

    with time_machine.travel(now() + timedelta(days=900)):
        worker()
    assert stands() == ("b@x.nl", 1)
    pilot.stage = Stage.STOPPED
    session.add(pilot)
    session.commit()
    for days, left in ((89, ("b@x.nl", 1)), (91, (None, 1)), (366, (None, 0))):
        with time_machine.travel(now() + timedelta(days=days)):
            worker()
        assert stands() == left


def stop_scripts(session: Session) -> None:
    """A token may be in use without anybody signing in, so who has one stays."""
    session.execute(delete(ApiToken))
    session.commit()


def test_an_unused_account_hears_first_and_goes_then(
    leaver: Leaver, session: Session, cast: Cast, worker: Callable[[], None], visitor: Browser
) -> None:
    stop_scripts(session)

    def warnings() -> int:
        session.expire_all()
        sent = select(OutgoingMail).where(
            OutgoingMail.template == "account_unused", OutgoingMail.person_id == leaver.person.id
        )
        return len(session.exec(sent).all())

    with time_machine.travel(now() + timedelta(days=1000)):
        worker()
        assert warnings() == 0
    with time_machine.travel(now() + timedelta(days=1070)):
        worker()
        worker()
        assert warnings() == 1
    with time_machine.travel(now() + timedelta(days=1096)):
        worker()
        assert session.get_one(Person, leaver.person.id).erased_at is None
    with time_machine.travel(now() + timedelta(days=1102)):
        worker()
        session.expire_all()
        assert session.get_one(Person, leaver.person.id).email is None
        assert session.get_one(Person, cast.moderator.id).email is not None
        assert "zwirrelpaal" in visitor.get(f"/issues/{leaver.mine.id}").text


def test_who_signs_in_after_the_warning_stays(
    leaver: Leaver, session: Session, worker: Callable[[], None], browser_of: Callable[[Person | None], Browser]
) -> None:
    stop_scripts(session)
    with time_machine.travel(now() + timedelta(days=1070)):
        worker()
        session.expire_all()
        assert session.get_one(Person, leaver.person.id).warned_at is not None
        person = session.get_one(Person, leaver.person.id)
        session.refresh(person, ["roles"])
        browser_of(person)
    with time_machine.travel(now() + timedelta(days=1130)):
        worker()
        session.expire_all()
        assert session.get_one(Person, leaver.person.id).erased_at is None


def test_looking_changes_nothing(
    leaver: Leaver, session: Session, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BUURTLAB_DATABASE_URL", settings.database_url)
    get_settings.cache_clear()
    before = counts(session)
    with time_machine.travel(now() + timedelta(days=2000)):
        assert sum(count_due(session, settings, rule) for rule in RULES) > 3
        shown = CliRunner().invoke(cli, ["privacy", "--tables"])
    get_settings.cache_clear()
    assert shown.exit_code == 0, shown.output
    assert "due now: " in shown.output
    assert re.search(r"^  vote: person_id: remove", shown.output, re.MULTILINE)
    assert counts(session) == before


def test_the_privacy_page_says_what_the_settings_say(settings: Settings, database: Database) -> None:
    other = settings.model_copy(update={"notes_days": 77, "contact": "privacy@proefstad.example"})
    with Browser(create_app(other)) as browser:
        said = text_of(browser.get("/about/privacy").text)
    assert "77 days after the issue was closed" in said
    assert "privacy@proefstad.example" in said
    assert "Nobody. Your browser asks nothing of any other site" in said
    assert all(cookie.name in said for cookie in COOKIES)


def test_the_host_of_the_map_is_named(settings: Settings, database: Database) -> None:
    other = settings.model_copy(update={"tiles_url": "https://tegels.proefstad.example/{z}/{x}/{y}.png"})
    with Browser(create_app(other)) as browser:
        assert "tegels.proefstad.example" in browser.get("/about/privacy").text


def test_the_accessibility_statement(visitor: Browser) -> None:
    said = text_of(visitor.get("/about/accessibility").text)
    for part in ("Status", "First steps taken", "Cause", "Effect", "Alternative", "Measure", "National Ombudsman"):
        assert part in said
    front = visitor.get("/").text
    assert 'href="/about/accessibility"' in front
    assert 'href="/about/privacy"' in front


PUBLIC = ("/", "/issues", "/issues/map", "/pilots", "/about/privacy", "/about/rules", "/themes/mobility", "/sign-in")


@pytest.mark.parametrize("path", PUBLIC)
def test_who_only_reads_gets_no_cookie(visitor: Browser, path: str) -> None:
    assert "set-cookie" not in visitor.get(path).headers


def test_every_cookie_is_named_on_the_privacy_page(visitor: Browser, leaving: Browser) -> None:
    known = {cookie.name for cookie in COOKIES}
    visitor.get("/issues/new")
    visitor.post("/sign-in", data={"email": "iemand@example.nl"})
    visitor.post("/language/nl")
    leaving.post("/me/confirm")
    leaving.post("/me/data/address", data={"email": "nieuw@example.nl"})
    leaving.post("/me/data/matching/objection")
    assert {*visitor.cookies, *leaving.cookies} == known


def test_pages_ask_nothing_of_others(visitor: Browser, leaver: Leaver) -> None:
    """Addresses of other sites may be links that somebody follows, and nothing that a browser loads by itself."""
    for path in (*PUBLIC, f"/issues/{leaver.mine.id}", "/issues/new"):
        answer = visitor.get(path)
        loaded = re.findall(r'<(?:img|script|iframe|source|video|audio)[^>]*\ssrc="([^"]+)"', answer.text)
        loaded += re.findall(r'<link[^>]*rel="(?:stylesheet|icon|manifest|preload)"[^>]*href="([^"]+)"', answer.text)
        assert loaded
        assert [address for address in loaded if not address.startswith("/")] == []
        assert "http" not in answer.headers["content-security-policy"]
