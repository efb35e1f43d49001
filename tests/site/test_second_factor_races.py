"""Codes, challenges and the last administrator under many requests at once."""

from functools import partial
from uuid import uuid4

from sqlmodel import Session, col, delete, func, select

from app.accounts.actions import grant_roles, open_session_for
from app.accounts.models import Person, Role, RoleGrant, SecondFactor, SignedInSession
from app.accounts.passkeys import give_challenge, take_challenge
from app.accounts.second_factor import renew_recovery_codes
from tests.busy import BusySite
from tests.confirming import code_at, give_app
from tests.crowd import Answer, Phone, at_once

AT_ONCE = 12


def new_staff(session: Session, role: Role) -> Person:
    person = grant_roles(session, f"{uuid4().hex}@example.nl", [role], "en")
    session.commit()
    session.refresh(person, ["roles"])
    return person


def staff_with_app(busy: BusySite) -> tuple[list[Phone], str, list[str], int]:
    """Phones of one person, none of them confirmed; the secret of their app, and their recovery codes."""
    with busy.database.session() as session:
        person = new_staff(session, Role.ADMIN)
        phones = [busy.phone_of(session, person) for _phone in range(AT_ONCE)]
        some = select(SignedInSession.id).where(SignedInSession.person_id == person.id)
        secret = give_app(session, person, session.exec(some).first() or 0, busy.settings)
        codes = renew_recovery_codes(session, person, busy.settings.secret_key)
    return phones, secret, codes, person.id


def confirm(phone: Phone, code: str) -> Answer:
    return phone.post("/sign-in/second-factor", {"code": code, "next": "/admin"})


def test_one_code_lets_in_one_browser(busy: BusySite) -> None:
    phones, secret, _codes, _person = staff_with_app(busy)
    code = code_at(secret)
    answers = at_once([partial(confirm, phone, code) for phone in phones[:9]])
    assert sorted(answer.status for answer in answers) == [303] + [422] * 8
    assert sum(phone.get("/admin").status == 200 for phone in phones) == 1


def test_one_recovery_code_lets_in_one_browser(busy: BusySite) -> None:
    phones, _secret, codes, _person = staff_with_app(busy)
    answers = at_once([partial(confirm, phone, codes[0]) for phone in phones[:9]])
    assert sorted(answer.status for answer in answers) == [303] + [422] * 8


def test_no_more_than_ten_guesses_are_compared_at_once(busy: BusySite) -> None:
    phones, secret, _codes, person = staff_with_app(busy)
    guesses = [partial(confirm, phone, f"{n:06}") for n, phone in enumerate(phones * 2)]
    answers = at_once(guesses)
    assert {answer.status for answer in answers} == {422}
    assert sum("Too many wrong codes" in answer.text for answer in answers) == len(guesses) - 10
    assert busy.ask(lambda session: session.get_one(SecondFactor, person).tries) == 10
    assert confirm(phones[0], code_at(secret)).status == 422


def test_a_challenge_is_used_once(busy: BusySite) -> None:
    with busy.database.session() as session:
        person = new_staff(session, Role.TEAM)
        open_session_for(session, person, "test")
        mine = select(SignedInSession.id).where(SignedInSession.person_id == person.id)
        number = session.exec(mine).one()
        given = give_challenge(session, number)

    def take() -> bytes | None:
        with busy.database.session() as session:
            return take_challenge(session, number)

    taken = at_once([take] * 8)
    assert sorted(taken, key=bool) == [None] * 7 + [given]


def test_two_admins_who_withdraw_each_other_leave_one(busy: BusySite) -> None:
    for _round in range(4):
        with busy.database.session() as session:
            session.exec(delete(RoleGrant).where(col(RoleGrant.role) == Role.ADMIN))
            session.commit()
            pair = [new_staff(session, Role.ADMIN) for _admin in range(2)]
            phones = [busy.phone_of(session, admin) for admin in pair]
        paths = [f"/admin/roles/{pair[1].id}/withdrawal", f"/admin/roles/{pair[0].id}/withdrawal"]
        answers = at_once(
            [partial(phone.post, path, {"role": "admin"}) for phone, path in zip(phones, paths, strict=True)]
        )
        left = busy.ask(
            lambda session: session.exec(
                select(func.count()).select_from(RoleGrant).where(RoleGrant.role == Role.ADMIN)
            ).one()
        )
        assert left == 1
        assert sum(answer.status == 303 and answer.location == "/admin/roles" for answer in answers) == 1


def test_a_role_given_by_two_admins_at_once_is_given_once(busy: BusySite) -> None:
    with busy.database.session() as session:
        admins = [new_staff(session, Role.ADMIN) for _admin in range(4)]
        phones = [busy.phone_of(session, admin) for admin in admins]
    form = {"email": f"{uuid4().hex}@example.nl", "role": "team"}
    answers = at_once([partial(phone.post, "/admin/roles", form) for phone in phones])
    assert sorted(answer.status for answer in answers) == [303, 422, 422, 422]
