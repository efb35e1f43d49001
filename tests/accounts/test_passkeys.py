"""What the site does with answers that no honest browser gives; a real one is in tests/browser."""

import json
import subprocess
import sys
from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from app.accounts.models import Passkey, Person, SignedInSession
from app.accounts.passkeys import as_text, home_of
from app.settings import Settings
from tests.browsing import Browser
from tests.conftest import Cast
from tests.live import ROOT

BrowserOf = Callable[[Person | None], Browser]

NONSENSE = [
    "",
    "null",
    "[]",
    "{}",
    "not json",
    '{"id": 1}',
    '{"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {}}',
    '{"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {"clientDataJSON": "e30",'
    ' "attestationObject": "YQ"}}',
    '{"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {"clientDataJSON": "e30", "authenticatorData": "YQ",'
    ' "signature": "YQ"}}',
    "[" * 5000,
    "x" * 30_000,
]


@pytest.fixture
def team(browser_of: BrowserOf, cast: Cast) -> Browser:
    return browser_of(cast.team)


@pytest.mark.parametrize("credential", NONSENSE, ids=range(len(NONSENSE)))
def test_nonsense_is_refused(team: Browser, credential: str, session: Session, cast: Cast) -> None:
    session.add(Passkey(person_id=cast.team.id, credential_id="YQ", public_key="YQ", name="Telefoon"))
    session.commit()
    team.post("/sign-in/second-factor/challenge")
    confirmed = team.post("/sign-in/second-factor/passkey", data={"credential": credential, "next": "/"})
    assert confirmed.status_code == 422
    assert team.get("/pilots/new").status_code == 303, "still asleep"
    session.delete(session.exec(select(Passkey)).one())
    session.commit()
    team.post("/me/second-factor/passkeys/challenge")
    assert team.post("/me/second-factor/passkeys", data={"credential": credential}).status_code == 422
    assert session.exec(select(Passkey)).first() is None


def test_options_ask_for_a_verified_person_and_are_kept_nowhere(team: Browser, session: Session, cast: Cast) -> None:
    session.add(Passkey(person_id=cast.moderator.id, credential_id="somebody-elses", public_key="YQ", name="x"))
    session.commit()
    answer = team.post("/me/second-factor/passkeys/challenge")
    options = answer.json()
    assert answer.headers["cache-control"] == "no-store"
    assert options["rp"]["id"] == "localhost"
    assert options["authenticatorSelection"]["userVerification"] == "required"
    assert options["excludeCredentials"] == []
    assert str(cast.team.id) != options["user"]["id"]
    again = team.post("/me/second-factor/passkeys/challenge").json()
    assert again["challenge"] != options["challenge"]
    assert again["user"]["id"] == options["user"]["id"]


def test_the_challenge_is_of_this_browser_alone(browser_of: BrowserOf, cast: Cast, session: Session) -> None:
    one, other = browser_of(cast.team), browser_of(cast.team)
    given = [browser.post("/me/second-factor/passkeys/challenge").json()["challenge"] for browser in (one, other)]
    kept = session.exec(select(SignedInSession.challenge).where(SignedInSession.person_id == cast.team.id)).all()
    assert sorted(kept) == sorted(given)


def test_a_failed_answer_uses_the_challenge_up(team: Browser, session: Session) -> None:
    challenge = team.post("/me/second-factor/passkeys/challenge").json()["challenge"]
    client = json.dumps({"type": "webauthn.create", "challenge": challenge, "origin": "http://elsewhere.example"})
    response = {"clientDataJSON": as_text(client.encode()), "attestationObject": "o2NmbXRkbm9uZQ"}
    credential = json.dumps({"id": "YQ", "rawId": "YQ", "type": "public-key", "response": response})
    assert team.post("/me/second-factor/passkeys", data={"credential": credential}).status_code == 422
    assert session.exec(select(SignedInSession.challenge).where(SignedInSession.challenge != "")).first() is None


def test_nobody_removes_the_passkey_of_another(team: Browser, session: Session, cast: Cast) -> None:
    passkey = Passkey(person_id=cast.moderator.id, credential_id="theirs", public_key="YQ", name="x")
    session.add(passkey)
    session.commit()
    assert team.post(f"/me/second-factor/passkeys/{passkey.id}/removal").status_code == 303
    assert session.exec(select(Passkey)).one().credential_id == "theirs"


def test_what_only_staff_needs_is_not_in_the_memory_of_residents() -> None:
    loaded = "import sys, app.main; print({'webauthn', 'cryptography', 'segno'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", loaded], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "set()", done.stdout + done.stderr


def test_a_passkey_belongs_to_the_address_that_residents_use(settings: Settings) -> None:
    city = settings.model_copy(update={"base_url": "https://buurtlab.example.nl"})
    assert (home_of(city).id, home_of(city).origin) == ("buurtlab.example.nl", "https://buurtlab.example.nl")
    here = settings.model_copy(update={"base_url": "http://127.0.0.1:8123"})
    assert (home_of(here).id, home_of(here).origin) == ("localhost", "http://localhost:8123")
