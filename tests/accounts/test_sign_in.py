"""Signing in, as people do it: an address, the mail, the code or the link."""

import re
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default

import pytest
import time_machine
from aiosmtpd.controller import Controller
from fastapi import FastAPI
from sqlmodel import Session, select

from app.accounts.models import Person, SignedInSession, SignInRequest
from app.core.clock import now
from app.main import create_app
from app.settings import Settings
from tests.browsing import Browser, text_of
from tests.conftest import Cast
from tests.live import free_port


class Keeper:
    """What a real mail server does with each mail: keep it."""

    def __init__(self, mails: list[EmailMessage]) -> None:
        self.mails = mails

    async def handle_DATA(self, _server: object, _session: object, envelope: object) -> str:
        self.mails.append(BytesParser(EmailMessage, policy=default).parsebytes(envelope.content))  # type: ignore[attr-defined]
        return "250 OK"


class Mailbox:
    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    @property
    def newest(self) -> str:
        return str(self.mails[-1].get_body(("plain",)).get_content())  # type: ignore[union-attr]

    @property
    def code(self) -> str:
        return re.findall(r"\b\d{6}\b", self.newest)[0]

    @property
    def link(self) -> str:
        return re.findall(r"/sign-in/link/[\w-]+", self.newest)[0]


@pytest.fixture
def mailbox(settings: Settings) -> Iterator[tuple[Mailbox, Settings]]:
    box = Mailbox()
    server = Controller(Keeper(box.mails), hostname="127.0.0.1", port=free_port())
    server.start()
    yield box, settings.model_copy(update={"mail_url": f"smtp://127.0.0.1:{server.port}"})
    server.stop()


@pytest.fixture
def site(mailbox: tuple[Mailbox, Settings]) -> Iterator[FastAPI]:
    site = create_app(mailbox[1])
    yield site
    site.state.database.close()


@pytest.fixture
def box(mailbox: tuple[Mailbox, Settings]) -> Mailbox:
    return mailbox[0]


def ask(browser: Browser, email: str = "Nieuw@Example.nl", next_page: str = "") -> None:
    asked = browser.post("/sign-in", data={"email": email, "next": next_page})
    assert asked.status_code == 303
    assert asked.headers["location"] == "/sign-in"


def test_a_new_resident_signs_in_with_the_code(site: FastAPI, box: Mailbox) -> None:
    with Browser(site) as browser:
        ask(browser)
        assert "6" in text_of(browser.get("/sign-in").text)
        entered = browser.post("/sign-in", data={"code": f" {box.code[:3]} {box.code[3:]} "})
        assert entered.status_code == 303
        assert entered.headers["location"] == "/welcome"
        assert browser.get("/me").status_code == 200
    with site.state.database.session() as session:
        person = session.exec(select(Person).where(Person.email == "nieuw@example.nl")).one()
        assert person.rules_version == 1
        assert person.display_name


def test_the_mail_says_the_code_and_has_one_link(site: FastAPI, box: Mailbox) -> None:
    with Browser(site) as browser:
        ask(browser)
    mail = box.mails[-1]
    assert mail["To"] == "nieuw@example.nl"
    assert box.code in mail["Subject"]
    assert len(re.findall(r"https?://", box.newest)) == 1


def test_the_person_comes_back_to_where_they_were(site: FastAPI, box: Mailbox) -> None:
    with Browser(site) as browser:
        ask(browser, next_page="/pilots?stage=idea")
        assert browser.post("/sign-in", data={"code": box.code}).headers["location"] == "/pilots?stage=idea"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil", "javascript:1"]
)
def test_next_never_leads_to_another_site(site: FastAPI, box: Mailbox, elsewhere: str) -> None:
    with Browser(site) as browser:
        ask(browser, next_page=elsewhere)
        location = browser.post("/sign-in", data={"code": box.code}).headers["location"]
        assert "evil" not in location
        assert location.startswith("/")


@pytest.mark.parametrize(
    "email", ["", "geen-adres", "a@b", "x" * 300 + "@example.nl", "twee@adressen.nl,drie@example.nl"]
)
def test_what_is_no_address_is_refused_beside_the_field(visitor: Browser, email: str) -> None:
    refused = visitor.post("/sign-in", data={"email": email})
    assert refused.status_code == 422
    assert 'aria-invalid="true"' in refused.text


def test_the_answer_is_the_same_for_known_and_unknown_addresses(visitor: Browser, cast: Cast) -> None:
    answers = []
    for email in (cast.resident.email or "", "nobody@example.nl"):
        asked = visitor.post("/sign-in", data={"email": email})
        page = visitor.get("/sign-in").text
        answers.append((asked.status_code, asked.headers["location"], page.replace(email, "…")))
    assert answers[0] == answers[1]


def test_a_wrong_code_says_how_many_tries_are_left(site: FastAPI, box: Mailbox) -> None:
    with Browser(site) as browser:
        ask(browser)
        wrong = f"{(int(box.code) + 1) % 1_000_000:06d}"
        first = browser.post("/sign-in", data={"code": wrong})
        assert first.status_code == 422
        assert "4 more times" in first.text
        for _again in range(4):
            browser.post("/sign-in", data={"code": wrong})
        too_late = browser.post("/sign-in", data={"code": box.code})
        assert too_late.status_code == 422
        assert "Too many wrong codes" in too_late.text
        assert browser.get("/me").status_code == 303


def test_guesses_are_capped_per_address_and_day(site: FastAPI, box: Mailbox) -> None:
    with site.state.database.session() as session:
        expired = now() - timedelta(hours=1)
        for number in range(10):
            session.add(
                SignInRequest(
                    id=f"r{number}", email="nieuw@example.nl", browser_hash="", code_hash="", link_hash=f"h{number}",
                    locale="nl", tries=5, created_at=expired, expires_at=expired,
                )
            )  # fmt: skip
    with Browser(site) as browser:
        ask(browser)
        assert browser.post("/sign-in", data={"code": box.code}).status_code == 422
        assert browser.post(box.link).status_code == 303, "the link from the mail is not a guess"


def test_a_code_works_only_in_the_browser_that_asked(site: FastAPI, box: Mailbox) -> None:
    with Browser(site) as one, Browser(site) as other:
        ask(one)
        assert other.post("/sign-in", data={"code": box.code}).status_code == 422
        assert one.post("/sign-in", data={"code": box.code}).status_code == 303


def test_a_code_works_for_ten_minutes(site: FastAPI, box: Mailbox) -> None:
    with Browser(site) as browser:
        ask(browser)
        with time_machine.travel(now() + timedelta(minutes=10, seconds=1)):
            assert browser.post("/sign-in", data={"code": box.code}).status_code == 422
        with time_machine.travel(now() + timedelta(minutes=9, seconds=50)):
            assert browser.post("/sign-in", data={"code": box.code}).status_code == 303


def test_a_code_works_once(site: FastAPI, box: Mailbox) -> None:
    with Browser(site) as browser:
        ask(browser)
        cookie = browser.cookies["sign-in"]
        assert browser.post("/sign-in", data={"code": box.code}).status_code == 303
        browser.cookies.set("sign-in", cookie)
        assert browser.post("/sign-in", data={"code": box.code}).status_code == 422


def test_opening_the_link_does_nothing_pressing_the_button_does(site: FastAPI, box: Mailbox) -> None:
    with Browser(site) as browser:
        ask(browser)
        for _scan in range(5):
            assert browser.get(box.link).status_code == 200
            browser.head(box.link)
        assert browser.post(box.link).status_code == 303
        assert browser.get("/me").status_code == 200
        assert browser.post(box.link).status_code == 404


def test_a_link_opened_elsewhere_lets_the_waiting_tab_go_on(site: FastAPI, box: Mailbox) -> None:
    with Browser(site) as tab, Browser(site) as phone:
        ask(tab)
        assert tab.post("/sign-in/waiting").status_code == 422
        assert phone.post(box.link).status_code == 200
        assert phone.get("/me").status_code == 303, "the browser that opened the link is not signed in"
        assert "sign-in/waiting" in tab.htmx("GET", "/sign-in/waiting").text
        assert tab.post("/sign-in/waiting").status_code == 303
        assert tab.get("/me").status_code == 200
        assert phone.post(box.link).status_code == 404


def test_whoever_has_just_typed_the_code_is_led_nowhere_else(site: FastAPI, box: Mailbox) -> None:
    """The tab still asks whether the link was opened while the page after signing in is on its way."""
    with Browser(site) as tab:
        ask(tab, next_page="/themes/mobility")
        assert tab.post("/sign-in", data={"code": box.code}).headers["location"].endswith("/themes/mobility")
        answer = tab.htmx("GET", "/sign-in/waiting")
        assert (answer.status_code, answer.headers.get("hx-redirect")) == (200, None)
        assert "hx-trigger" not in answer.text


def test_a_forged_host_does_not_alter_the_mail(site: FastAPI, box: Mailbox) -> None:
    with Browser(site) as browser:
        browser.post(
            "/sign-in",
            data={"email": "a@example.nl"},
            headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "gopher"},
        )
    assert "evil" not in box.newest
    assert "http://127.0.0.1:8000/sign-in/link/" in box.newest


def test_nothing_that_opens_a_session_is_stored_in_clear(site: FastAPI, box: Mailbox) -> None:
    with Browser(site) as browser:
        ask(browser)
        cookie = browser.cookies["sign-in"].partition(".")[2]
        with site.state.database.session() as session:
            stored = str(session.exec(select(SignInRequest)).one().model_dump())
        assert box.code not in stored
        assert box.link.rpartition("/")[2] not in stored
        assert cookie not in stored
        browser.post("/sign-in", data={"code": box.code})
        with site.state.database.session() as session:
            assert browser.cookies["session"] not in str(session.exec(select(SignedInSession)).one().model_dump())


def test_signing_out_ends_the_session_here(resident: Browser) -> None:
    key = resident.cookies["session"]
    assert resident.post("/sign-out").status_code == 303
    resident.cookies.set("session", key)
    assert resident.get("/me").status_code == 303


def test_signing_out_everywhere_ends_all_sessions(browser_of, cast: Cast) -> None:  # type: ignore[no-untyped-def]
    phone, laptop = browser_of(cast.resident), browser_of(cast.resident)
    assert phone.post("/sign-out/everywhere").status_code == 303
    assert laptop.get("/me").status_code == 303


def test_one_session_can_be_ended_from_the_list_but_not_somebody_elses(
    browser_of, cast: Cast, session: Session
) -> None:  # type: ignore[no-untyped-def]
    mine, other = browser_of(cast.resident), browser_of(cast.author)
    others = session.exec(select(SignedInSession).where(SignedInSession.person_id == cast.author.id)).one()
    mine.post(f"/me/sessions/{others.id}/end")
    assert other.get("/me").status_code == 200
    own = session.exec(select(SignedInSession).where(SignedInSession.person_id == cast.resident.id)).one()
    here = mine.get("/me").text
    assert "Dit apparaat" in here
    assert f"/me/sessions/{own.id}/end" not in here
    mine.post(f"/me/sessions/{own.id}/end")
    assert mine.get("/me").status_code == 303


def test_name_and_language_can_be_changed(resident: Browser, session: Session, cast: Cast) -> None:
    assert "Bram" in resident.get("/welcome").text
    saved = resident.post("/welcome", data={"display_name": "Buur B.", "locale": "en", "next": "/pilots"})
    assert saved.headers["location"] == "/pilots"
    session.refresh(cast.resident)
    assert (cast.resident.display_name, cast.resident.locale) == ("Buur B.", "en")


def test_a_name_that_is_too_short_is_refused_and_kept(resident: Browser) -> None:
    refused = resident.post("/welcome", data={"display_name": "X", "locale": "nl"})
    assert refused.status_code == 422
    assert 'value="X"' in refused.text


def test_cookies_are_pinned_to_the_host_over_https(settings: Settings) -> None:
    safe = settings.model_copy(update={"base_url": "https://testserver"})
    site = create_app(safe)
    with Browser(site) as browser:
        browser.base_url = "https://testserver"  # type: ignore[assignment]
        browser.headers["Origin"] = "https://testserver"
        cookie = browser.post("/sign-in", data={"email": "a@example.nl"}).headers["set-cookie"]
    site.state.database.close()
    assert cookie.startswith("__Host-sign-in=")
    assert all(word in cookie for word in ("Secure", "HttpOnly", "SameSite=lax", "Path=/"))
    assert "Domain" not in cookie


def test_too_many_mails_to_one_address_are_refused_with_a_moment_to_try_again(settings: Settings) -> None:
    site = create_app(settings.model_copy(update={"rate_limits": "on"}))
    with Browser(site) as browser:
        answers = [browser.post("/sign-in", data={"email": f"iemand+{number}@example.nl"}) for number in range(6)]
    site.state.database.close()
    assert [answer.status_code for answer in answers] == [303] * 5 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0
