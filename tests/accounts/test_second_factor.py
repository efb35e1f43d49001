"""The second factor where it is required: set up, pass, lose, and what it keeps out until then."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from fastapi import FastAPI, Request
from sqlmodel import Session, delete, select

from app.accounts.access import see_caller
from app.accounts.actions import create_token
from app.accounts.models import Person, RecoveryCode, Role, RoleGrant, SecondFactor, SignedInSession
from app.activity.models import AuditEntry, OutgoingMail
from app.core.clock import now
from app.core.mail import folder_of, newest_mails
from app.settings import Settings
from tests.browsing import Browser
from tests.confirming import code_at, next_code, set_up_app
from tests.conftest import Cast

BrowserOf = Callable[[Person | None], Browser]
WAY = "/sign-in/second-factor?next="


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(
        update={"environment": "production", "secret_key": "a-key-of-more-than-thirty-two-characters"}
    )


@pytest.fixture
def admin(browser_of: BrowserOf, cast: Cast) -> Browser:
    return browser_of(cast.admin)


def confirm(browser: Browser, code: str) -> int:
    return browser.post("/sign-in/second-factor", data={"code": code, "next": "/admin"}).status_code


def mailed_code(settings: Settings) -> str:
    newest = newest_mails(folder_of(settings.mail_url), 1)[0]
    return re.findall(r"\b\d{6}\b", newest.read_text())[0]


def test_roles_sleep_until_the_factor_is_set_up_and_passed(admin: Browser) -> None:
    asked = admin.get("/admin/roles?q=a")
    assert (asked.status_code, asked.headers["location"]) == (303, WAY + "/admin/roles%3Fq%3Da")
    assert admin.get(asked.headers["location"]).headers["location"] == "/me/second-factor"
    assert 'href="/admin"' not in admin.get("/").text
    secret, codes = set_up_app(admin)
    assert len(secret) == 32
    assert len(set(codes)) == 10
    assert admin.get("/admin/roles").status_code == 200
    assert 'href="/admin"' in admin.get("/").text


def test_signing_in_by_mail_leads_to_the_second_factor_and_then_where_one_was_going(
    browser_of: BrowserOf, cast: Cast, settings: Settings
) -> None:
    secret, _codes = set_up_app(browser_of(cast.team))
    browser = browser_of(None)
    browser.post("/sign-in", data={"email": "team@example.nl", "next": "/issues?sort=top"})
    came_in = browser.post("/sign-in", data={"code": mailed_code(settings)})
    assert came_in.headers["location"] == WAY + "/issues%3Fsort%3Dtop"
    page = browser.get(came_in.headers["location"])
    assert page.status_code == 200
    before = browser.cookies["session"]
    passed = browser.post("/sign-in/second-factor", data={"code": next_code(secret), "next": "/issues?sort=top"})
    assert (passed.status_code, passed.headers["location"]) == (303, "/issues?sort=top")
    assert browser.cookies["session"] != before, "a key that leaked before opens nothing now"
    assert browser.get("/pilots/new").status_code == 200


def test_residents_have_no_second_factor_page(browser_of: BrowserOf, cast: Cast) -> None:
    resident = browser_of(cast.resident)
    assert resident.get("/me/second-factor").status_code == 404
    assert resident.post("/me/second-factor/app").status_code == 404
    assert "/me/second-factor" not in resident.get("/me").text


def test_a_code_opens_once(admin: Browser, browser_of: BrowserOf, cast: Cast) -> None:
    secret, _codes = set_up_app(admin)
    second = browser_of(cast.admin)
    assert confirm(second, code_at(secret)) == 422, "the code of the set-up is used"
    assert confirm(second, next_code(secret)) == 303
    assert confirm(browser_of(cast.admin), next_code(secret)) == 422


def test_a_code_with_spaces_is_fine_and_an_old_one_is_not(admin: Browser, browser_of: BrowserOf, cast: Cast) -> None:
    secret, _codes = set_up_app(admin)
    with time_machine.travel(now() + timedelta(minutes=5), tick=False):
        old = code_at(secret, now() - timedelta(minutes=2))
        assert confirm(browser_of(cast.admin), old) == 422
        code = code_at(secret)
        assert confirm(browser_of(cast.admin), f" {code[:3]} {code[3:]} ") == 303


def test_ten_wrong_codes_close_the_door_for_some_hours_and_the_person_hears(
    admin: Browser, browser_of: BrowserOf, cast: Cast, session: Session
) -> None:
    secret, codes = set_up_app(admin)
    thief = browser_of(cast.admin)
    answers = [thief.post("/sign-in/second-factor", data={"code": f"{n:06}"}) for n in range(12)]
    assert {answer.status_code for answer in answers} == {422}
    assert "Te veel verkeerde codes" in answers[-1].text
    assert confirm(thief, next_code(secret)) == 422
    assert confirm(thief, codes[0]) == 422
    mails = session.exec(select(OutgoingMail).where(OutgoingMail.person_id == cast.admin.id)).all()
    assert [mail.context["what"] for mail in mails].count("tries_used_up") == 1
    with time_machine.travel(now() + timedelta(hours=7), tick=False):
        assert confirm(browser_of(cast.admin), code_at(secret)) == 303


def test_a_right_code_gives_the_tries_back(admin: Browser, browser_of: BrowserOf, cast: Cast) -> None:
    _secret, codes = set_up_app(admin)
    for code in codes[:3]:
        browser = browser_of(cast.admin)
        for n in range(8):
            assert confirm(browser, f"{n:06}") == 422
        assert confirm(browser, code) == 303


def test_a_recovery_code_opens_once_however_it_is_written(
    admin: Browser, browser_of: BrowserOf, cast: Cast, session: Session
) -> None:
    _secret, codes = set_up_app(admin)
    assert confirm(browser_of(cast.admin), codes[3].upper().replace("-", " ")) == 303
    assert confirm(browser_of(cast.admin), codes[3]) == 422
    assert confirm(browser_of(cast.admin), codes[4]) == 303
    assert "Nog 8 codes" in browser_of(cast.admin).get("/me/second-factor").text
    stored = " ".join(session.exec(select(RecoveryCode.code_hash)).all())
    assert not any(code.replace("-", "") in stored for code in codes)


def test_new_recovery_codes_end_the_old_ones(admin: Browser, browser_of: BrowserOf, cast: Cast) -> None:
    _secret, old = set_up_app(admin)
    shown = admin.post("/me/second-factor/recovery-codes")
    assert shown.headers["cache-control"] == "no-store"
    assert old[0] not in shown.text
    assert confirm(browser_of(cast.admin), old[0]) == 422


def test_the_secret_lies_encrypted_and_is_shown_only_before_its_first_code(
    admin: Browser, session: Session, cast: Cast
) -> None:
    secret, _codes = set_up_app(admin)
    sealed = session.exec(select(SecondFactor.app_secret)).one()
    assert sealed
    assert secret not in sealed
    assert admin.get("/me/second-factor/app").status_code == 404
    assert admin.get("/me/second-factor/app/picture.svg").status_code == 404
    assert not session.exec(select(SignedInSession.new_app_secret)).first()


def test_the_picture_is_an_image_without_style_that_no_cache_keeps(admin: Browser) -> None:
    admin.post("/me/second-factor/app")
    picture = admin.get("/me/second-factor/app/picture.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert picture.headers["cache-control"] == "no-store"
    assert "<svg" in picture.text
    assert "style" not in picture.text
    assert "<script" not in picture.text


def test_a_wrong_first_code_sets_nothing_up(admin: Browser, session: Session) -> None:
    admin.post("/me/second-factor/app")
    refused = admin.post("/me/second-factor/app/confirmation", data={"code": "000000"})
    assert refused.status_code == 422
    assert 'aria-invalid="true"' in refused.text
    assert session.exec(select(SecondFactor)).first() is None


def test_another_browser_cannot_finish_what_this_one_began(admin: Browser, browser_of: BrowserOf, cast: Cast) -> None:
    admin.post("/me/second-factor/app")
    assert browser_of(cast.admin).get("/me/second-factor/app").status_code == 404


def test_who_has_a_factor_must_pass_it_to_change_it(admin: Browser, browser_of: BrowserOf, cast: Cast) -> None:
    set_up_app(admin)
    thief = browser_of(cast.admin)
    for path in ("/app", "/app/removal", "/passkeys/challenge", "/passkeys", "/recovery-codes"):
        answer = thief.post("/me/second-factor" + path, data={"credential": "{}"})
        assert answer.headers.get("location", "").startswith("/sign-in/second-factor"), path
    with time_machine.travel(now() + timedelta(minutes=11)):
        assert admin.post("/me/second-factor/app/removal").headers["location"].startswith("/sign-in/second-factor")


def test_who_removes_the_last_factor_goes_back_to_sleep(admin: Browser, session: Session, cast: Cast) -> None:
    set_up_app(admin)
    assert admin.post("/me/second-factor/app/removal").headers["location"] == "/me/second-factor"
    assert admin.get("/admin").headers["location"].startswith(WAY)
    assert session.exec(select(RecoveryCode)).first() is None
    kinds = session.exec(select(AuditEntry.kind).where(AuditEntry.actor_id == cast.admin.id)).all()
    assert {"second_factor.app_added", "second_factor.app_removed"} <= set(kinds)


def test_a_changed_secret_key_lets_nobody_in_and_breaks_nothing(
    admin: Browser, browser_of: BrowserOf, cast: Cast, session: Session
) -> None:
    secret, _codes = set_up_app(admin)
    factor = session.get(SecondFactor, cast.admin.id)
    assert factor
    assert factor.app_secret
    factor.app_secret = factor.app_secret[:-8] + "AAAAAAA="
    session.commit()
    assert confirm(browser_of(cast.admin), next_code(secret)) == 422


def test_staff_who_did_nothing_for_two_hours_sign_in_again(admin: Browser) -> None:
    set_up_app(admin)
    with time_machine.travel(now() + timedelta(minutes=90)):
        assert admin.get("/admin").status_code == 200
    with time_machine.travel(now() + timedelta(minutes=180)):
        assert admin.get("/admin").status_code == 200, "seen 90 minutes ago"
    with time_machine.travel(now() + timedelta(minutes=310)):
        assert admin.get("/admin").headers["location"] == "/sign-in?next=/admin"
        assert 'href="/me"' not in admin.get("/").text


def test_residents_may_be_away_for_long(browser_of: BrowserOf, cast: Cast) -> None:
    resident = browser_of(cast.resident)
    with time_machine.travel(now() + timedelta(days=30)):
        assert resident.get("/me").status_code == 200


def test_the_page_of_a_form_is_where_one_comes_back_to(admin: Browser, cast: Cast) -> None:
    set_up_app(admin)
    with time_machine.travel(now() + timedelta(minutes=11)):
        form = {"email": "nieuw@example.nl", "role": "team"}
        here = {"Referer": "http://127.0.0.1:8000/admin/roles?q=a"}
        assert admin.post("/admin/roles", data=form, headers=here).headers["location"] == WAY + "/admin/roles%3Fq%3Da"
        elsewhere = {"Referer": "http://elsewhere.example/admin/roles"}
        assert admin.post("/admin/roles", data=form, headers=elsewhere).headers["location"] == WAY + "/"


def test_a_token_carries_no_staff_rights(app: FastAPI, cast: Cast, session: Session) -> None:
    """Nothing in the API asks for a role yet; whoever adds it finds them asleep."""
    token = create_token(session, cast.team, "script")
    session.commit()
    scope = {"type": "http", "headers": [(b"authorization", f"Bearer {token}".encode())], "app": app}
    person = see_caller(Request(scope), session)
    assert person is not None
    assert person.holds_roles
    assert not person.is_staff
    assert not person.has_role(Role.TEAM)


def test_nonsense_is_refused_in_a_sentence(admin: Browser) -> None:
    set_up_app(admin)
    for code in ("", "x" * 500, "١٢٣٤٥٦", "12345", "null", "' or 1=1"):
        assert confirm(admin, code) == 422, code


def test_who_loses_their_roles_loses_the_rights_at_once(admin: Browser, session: Session, cast: Cast) -> None:
    set_up_app(admin)
    session.exec(delete(RoleGrant).where(RoleGrant.role == Role.ADMIN))
    session.commit()
    assert admin.get("/admin").status_code == 404
