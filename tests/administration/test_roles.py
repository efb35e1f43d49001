"""Giving and withdrawing roles."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from sqlmodel import Session, col, select

from app.accounts.models import Person, Role, RoleGrant, SecondFactor, SignedInSession
from app.activity.models import AuditEntry, OutgoingMail
from app.core.clock import now
from tests.browsing import Browser
from tests.confirming import set_up_app
from tests.conftest import Cast, Counting
from tests.factories import make_person

BrowserOf = Callable[[Person | None], Browser]


@pytest.fixture
def admin(browser_of: BrowserOf, cast: Cast) -> Browser:
    return browser_of(cast.admin)


def roles_of(session: Session, person: Person) -> list[str]:
    session.expire_all()
    return sorted(session.exec(select(RoleGrant.role).where(RoleGrant.person_id == person.id)).all())


def kinds(session: Session) -> list[str]:
    return list(session.exec(select(AuditEntry.kind).order_by(col(AuditEntry.id))).all())


def test_an_admin_gives_a_role_and_the_old_sessions_end(
    admin: Browser, browser_of: BrowserOf, cast: Cast, session: Session
) -> None:
    resident = browser_of(cast.resident)
    assert resident.get("/me").status_code == 200
    given = admin.post("/admin/roles", data={"email": " BRAM@example.nl ", "role": "team"})
    assert (given.status_code, given.headers["location"]) == (303, "/admin/roles")
    assert roles_of(session, cast.resident) == ["team"]
    assert resident.get("/me").headers["location"].startswith("/sign-in")
    by_admin = select(AuditEntry).where(AuditEntry.kind == "role.granted.team", AuditEntry.actor_id == cast.admin.id)
    entry = session.exec(by_admin).one()
    assert (entry.actor_role, entry.subject_id) == ("admin", str(cast.resident.id))
    assert "bram" not in str(entry.facts)
    mail = session.exec(select(OutgoingMail)).one()
    assert (mail.person_id, mail.template, mail.context) == (cast.resident.id, "role", {"role": "team", "given": True})


def test_who_has_no_account_gets_one(admin: Browser, session: Session) -> None:
    admin.post("/admin/roles", data={"email": "nieuw@example.nl", "role": "moderator"})
    person = session.exec(select(Person).where(Person.email == "nieuw@example.nl")).one()
    assert roles_of(session, person) == ["moderator"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"email": "geen adres", "role": "team"}, "email"),
        ({"email": "wie@example.nl", "role": "emperor"}, "role"),
        ({"email": "wie@example.nl"}, "role"),
        ({"email": "team@example.nl", "role": "team"}, "role"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(
    admin: Browser, typed: dict[str, str], field: str, session: Session
) -> None:
    before = len(session.exec(select(RoleGrant)).all())
    refused = admin.post("/admin/roles", data=typed)
    assert refused.status_code == 422
    assert f'id="{field}-error"' in refused.text
    assert typed["email"] in refused.text
    assert len(session.exec(select(RoleGrant)).all()) == before


def test_an_admin_withdraws_a_role_and_it_is_gone_at_the_next_request(
    admin: Browser, browser_of: BrowserOf, cast: Cast, session: Session
) -> None:
    team = browser_of(cast.team)
    assert team.get("/pilots/new").status_code == 200
    withdrawn = admin.post(f"/admin/roles/{cast.team.id}/withdrawal", data={"role": "team"})
    assert withdrawn.status_code == 303
    assert roles_of(session, cast.team) == []
    assert team.get("/pilots/new").status_code == 404
    assert team.get("/me").status_code == 200, "still signed in, as a resident"
    assert "role.withdrawn.team" in kinds(session)
    again = admin.post(f"/admin/roles/{cast.team.id}/withdrawal", data={"role": "team"})
    assert again.status_code == 409


def test_a_role_that_somebody_else_withdrew_is_said_so(admin: Browser, cast: Cast) -> None:
    refused = admin.post(f"/admin/roles/{cast.team.id}/withdrawal", data={"role": "moderator"})
    assert refused.status_code == 409
    assert "al ingetrokken" in refused.text


def test_the_last_admin_stays(admin: Browser, cast: Cast, session: Session) -> None:
    refused = admin.post(f"/admin/roles/{cast.admin.id}/withdrawal", data={"role": "admin"})
    assert refused.status_code == 409
    assert "laatste beheerder" in refused.text
    assert roles_of(session, cast.admin) == ["admin"]
    admin.post("/admin/roles", data={"email": "bram@example.nl", "role": "admin"})
    left = admin.post(f"/admin/roles/{cast.admin.id}/withdrawal", data={"role": "admin"})
    assert left.headers["location"] == "/me"
    assert admin.get("/admin").status_code == 404


def test_an_admin_who_takes_another_role_stays_signed_in(admin: Browser, cast: Cast) -> None:
    admin.post("/admin/roles", data={"email": "admin@example.nl", "role": "team"})
    assert admin.get("/admin/roles").status_code == 200


def test_role_changes_ask_for_the_factor_again(admin: Browser, cast: Cast, session: Session) -> None:
    set_up_app(admin)
    with time_machine.travel(now() + timedelta(minutes=11)):
        page = admin.get("/admin/roles")
        assert 'name="email"' not in page.text, "nobody types what would be lost"
        assert "/sign-in/second-factor?next=/admin/roles" in page.text
        for path, typed in (
            ("/admin/roles", {"email": "bram@example.nl", "role": "admin"}),
            (f"/admin/roles/{cast.team.id}/withdrawal", {"role": "team"}),
            (f"/admin/roles/{cast.team.id}/second-factor/reset", {}),
        ):
            assert admin.post(path, data=typed).headers["location"].startswith("/sign-in/second-factor")
    assert roles_of(session, cast.team) == ["team"]


def test_an_admin_resets_a_lost_factor(admin: Browser, browser_of: BrowserOf, cast: Cast, session: Session) -> None:
    team = browser_of(cast.team)
    set_up_app(team)
    assert "Tweede controle resetten" in admin.get("/admin/roles").text
    done = admin.post(f"/admin/roles/{cast.team.id}/second-factor/reset")
    assert done.headers["location"] == "/admin/roles"
    assert session.get(SecondFactor, cast.team.id) is None
    assert team.get("/me").headers["location"].startswith("/sign-in"), "signed out everywhere"
    assert "second_factor.reset" in kinds(session)
    mails = session.exec(select(OutgoingMail).where(OutgoingMail.person_id == cast.team.id)).all()
    assert mails[-1].context == {"what": "reset"}
    open_sessions = select(SignedInSession).where(
        SignedInSession.person_id == cast.team.id, col(SignedInSession.revoked_at).is_(None)
    )
    assert session.exec(open_sessions).first() is None


def test_looking_at_the_list_is_written_down_without_what_was_searched(
    admin: Browser, cast: Cast, session: Session
) -> None:
    page = admin.get("/admin/roles?q=TEAM@example")
    assert "team@example.nl" in page.text
    assert "moderator@example.nl" not in page.text
    entry = session.exec(select(AuditEntry).where(AuditEntry.kind == "roles.read")).one()
    assert entry.facts == {"people": [cast.team.id]}


def test_residents_are_not_found_here(admin: Browser, cast: Cast) -> None:
    assert "bram@example.nl" not in admin.get("/admin/roles?q=bram").text
    assert "team@example.nl" not in admin.get("/admin/roles?q=%25").text, "a sign that stands for anything elsewhere"


def test_the_list_pages_and_asks_no_more_with_more_people(admin: Browser, session: Session, counting: Counting) -> None:
    with counting() as few:
        admin.get("/admin/roles")
    people = [make_person(session, f"collega{n:02}") for n in range(25)]
    session.add_all(RoleGrant(person_id=person.id, role=Role.TEAM) for person in people)
    session.commit()
    with counting() as many:
        first = admin.get("/admin/roles")
    assert many.count <= few.count
    more = first.text.split('href="/admin/roles?')[1].split('"')[0].replace("&amp;", "&")
    second = admin.get(f"/admin/roles?{more}")
    assert "collega24@example.nl" not in first.text
    assert "collega24@example.nl" in second.text
    assert "admin@example.nl" not in second.text
    assert admin.get("/admin/roles?after=nonsense").status_code == 400
