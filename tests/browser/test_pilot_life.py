"""A pilot from twelve issues to everyday service, and another that stops: as team, residents and visitors live it."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlmodel import Session, select

from app.accounts.models import Person
from app.core.i18n import today
from app.issues.models import Issue
from app.pilots.models import Pilot, Stage
from app.themes.models import Goal
from app.verdicts.actions import give_verdict
from app.verdicts.forms import VerdictForm
from app.verdicts.models import Answer
from tests.browser.conftest import DESK, PHONE, Visit
from tests.conftest import Cast
from tests.factories import make_issue, make_person
from tests.gates.world import ANSWERS, SOON

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

REASON = "Wat we wilden weten, weten we nu: bewoners komen weer veilig thuis."
PROBLEM = "Bewoners zien na zonsondergang niets op het fietspad langs de duinen en rijden daarom om."
APPROACHES = (
    ("Samen fietsen vanaf school", "social", "Ouders fietsen om de beurt mee."),
    ("Licht dat meebeweegt", "digital", "Lampen gaan aan als er iemand fietst."),
)


@pytest.fixture
def residents(session: Session) -> list[Person]:
    names = ("anouk", "bilal", "carla", "dirk", "elif", "frans", "gül", "henk", "ilse", "jamal", "karin", "lars")
    people = [make_person(session, name) for name in names]
    session.refresh(people[0], ["roles"])
    return people


@pytest.fixture
def issues(session: Session, residents: list[Person]) -> list[Issue]:
    return [
        make_issue(session, person, f"Donker fietspad, {number}e keer", lat=52.1051 + number / 10_000)
        for number, person in enumerate(residents, 1)
    ]


class Walk:
    """A pilot as somebody at the team's desk moves it on."""

    def __init__(self, team: Visit, session: Session) -> None:
        self.team = team
        self.page: Page = team.page
        self.session = session
        self.at = ""

    def start(self, issues: list[Issue]) -> None:
        self.team.go("/pilots/new?issues=" + ",".join(str(issue.id) for issue in issues))
        expect(self.page.locator("#own-words li")).to_have_count(len(issues))
        self.page.fill("#title", "Veilig naar huis in het donker")
        self.page.fill("#problem", PROBLEM)
        self.team.examine()
        self.press_last("form[action='/pilots']")
        self.page.wait_for_url(re.compile(r"/pilots/\d+$"))
        self.at = f"/pilots/{self.session.exec(select(Pilot.id)).one()}"

    def choose_goal(self) -> None:
        goal = self.session.exec(select(Goal)).first()
        assert goal is not None
        self.team.go(self.at + "/edit")
        self.page.locator(f"details:has(input[name=goals][value='{goal.id}']) summary").click()
        self.page.check(f"input[name=goals][value='{goal.id}']")
        self.press_last("#form")
        self.page.wait_for_url(f"**{self.at}")

    def add_indicator(self) -> None:
        self.team.go(self.at + "/measures/new")
        self.fill(name="Fietsers na zonsondergang", unit="per uur", source="Telling door de school", baseline="20")
        self.page.check("input[name=better][value=higher]")
        self.page.fill("#baseline_on", (today() - timedelta(days=30)).isoformat())
        self.press_last("#form")
        self.page.wait_for_url(f"**{self.at}/measures")
        self.team.examine()

    def measure_again(self) -> None:
        self.team.go(self.at + "/measures")
        self.page.locator("main a[href*='/measures/']:not([href$='/new'])").first.click()
        self.fill(value="45,5", taken_on=today().isoformat())
        self.press_last("form[action*='/measurements']")
        expect(self.page.locator("main")).to_contain_text("45,5")
        self.team.examine()

    def choose(self) -> None:
        self.team.go(self.at + "/choice")
        self.page.check("input[name=approach] >> nth=0")
        self.page.fill("#reason", "De meeste bewoners kiezen hiervoor, en het kan morgen beginnen.")
        self.team.examine()
        self.press_last("#form")
        self.page.wait_for_url(f"**{self.at}**")

    def add_partner(self) -> None:
        self.team.go(self.at + "/coalition/partners/new")
        self.fill(name="Fietsersbond Testwijk", role="Telt elke maand de fietsers")
        self.page.check("input[name=kind][value=residents]")
        self.press_last("#form")
        self.page.wait_for_url(f"**{self.at}/coalition")

    def find_the_gate_closed(self, gate: Stage) -> None:
        """A pass without what it asks for is refused, and says what is missing."""
        self.open_gate(gate)
        self.decide("pass", {})
        expect(self.page.locator("main")).to_have_attribute("id", "main")
        assert self.page.url.endswith(f"/gates/{gate}")
        expect(self.page.locator("[role=alert]").first).to_be_visible()
        self.team.faults.clear()  # the browser reports a refusal (422) as one
        self.team.examine()

    def pass_gate(self, gate: Stage) -> None:
        self.open_gate(gate)
        self.team.examine()
        self.decide("pass", ANSWERS[gate])
        self.page.wait_for_url(f"**{self.at}**")
        expect(self.page.locator("main")).to_contain_text(REASON)

    def open_gate(self, gate: Stage) -> None:
        self.team.go(f"{self.at}/gates/{gate}")

    def decide(self, outcome: str, answers: dict[str, str]) -> None:
        for key, answer in answers.items():
            radio = self.page.locator(f"input[type=radio][name={key}][value='{answer}']")
            radio.check() if radio.count() else self.page.fill(f"#{key}", answer)
        self.page.check(f"input[name=outcome][value={outcome}]")
        self.page.fill("#reason", REASON)
        if outcome != "stop" and self.page.locator("#next_on").count():
            self.fill(next_step="We tellen elke maand.", next_on=SOON)
        self.page.locator("#gate-form button:not([formaction])").last.click()
        self.page.wait_for_load_state()

    def fill(self, **typed: str) -> None:
        for name, text in typed.items():
            self.page.fill(f"#{name}", text)

    def press_last(self, form: str) -> None:
        self.page.locator(f"{form} button[type=submit]:not([name])").last.click()


def propose(me: Visit, at: str, approach: tuple[str, str, str]) -> None:
    title, kind, part = approach
    me.go(at + "/approaches/new")
    me.page.fill("#title", title)
    me.page.fill("#summary", f"{title}, elke donkere avond. {part}")
    me.page.locator("#parts select").first.select_option(kind)
    me.page.locator("#parts input.input").first.fill(part)
    me.examine()
    me.page.locator("#form > .cluster button, #form > button:not(.visually-hidden)").last.click()
    me.page.wait_for_url(f"**{at}/approaches**")
    expect(me.page.locator("main")).to_contain_text(title)


def answer_for_the_others(session: Session, people: list[Person], at: str) -> None:
    """One of them does it on a phone; the rest would be the same again."""
    session.expire_all()
    pilot = session.get_one(Pilot, int(at.rsplit("/", 1)[1]))
    for number, person in enumerate(people):
        give_verdict(session, person, pilot, VerdictForm(answer=Answer.SOLVED if number else Answer.NOT_SOLVED))
    session.commit()


def test_from_twelve_issues_to_everyday_service(
    visit: Callable[..., Visit], session: Session, cast: Cast, residents: list[Person], issues: list[Issue]
) -> None:
    team, phone, visitor = visit(DESK, "nl"), visit(PHONE, "nl"), visit(PHONE, "en")
    team.come_in(session, cast.team, "nl")
    phone.come_in(session, residents[0], "nl")
    walk = Walk(team, session)
    walk.start(issues)
    walk.find_the_gate_closed(Stage.PROOF_OF_CONCEPT)
    walk.choose_goal()
    walk.add_indicator()
    propose(team, walk.at, APPROACHES[0])
    propose(phone, walk.at, APPROACHES[1])
    phone.go(walk.at + "/approaches")
    phone.page.locator("form[action$='/preference'] button").first.click()
    phone.examine()
    walk.choose()
    walk.pass_gate(Stage.PROOF_OF_CONCEPT)
    walk.add_partner()
    walk.pass_gate(Stage.PILOT)
    phone.go(walk.at + "/coalition")
    phone.page.locator("form[action$='/join'] button").click()
    phone.examine()
    team.go(walk.at)
    team.page.locator("form[action$='/verdict/asking'] button").click()
    phone.go(walk.at)
    phone.page.locator("#my-verdict button[value=solved]").click()
    phone.examine()
    answer_for_the_others(session, residents[1:], walk.at)
    walk.measure_again()
    team.go(walk.at + "/lessons/new")
    walk.fill(lesson_title="Vraag eerst de school", lesson_text="Zij weten wie er fietst, en wanneer.")
    walk.press_last("form[action$='/lessons']")
    walk.pass_gate(Stage.SCALING_UP)
    walk.pass_gate(Stage.EMBEDDED)
    look_at_it_as_a_visitor(visitor, walk.at, "Part of daily work", "12")


def look_at_it_as_a_visitor(visitor: Visit, at: str, stage: str, asked: str) -> None:
    for path in (at, f"{at}/gates", f"{at}/approaches", f"{at}/measures", f"{at}/coalition", f"{at}/verdict"):
        visitor.go(path)
        visitor.examine()
    visitor.go(at)
    expect(visitor.page.locator("main")).to_contain_text(stage)
    expect(visitor.page.locator("#verdict")).to_contain_text(asked)


@pytest.mark.parametrize(("size", "javascript"), [(DESK, True), (PHONE, False)], ids=["desk", "phone-no-javascript"])
def test_one_that_stops_leaves_its_lesson(
    visit: Callable[..., Visit],
    session: Session,
    cast: Cast,
    issues: list[Issue],
    size: dict[str, int],
    javascript: bool,
) -> None:
    team, visitor = visit(size, "en", javascript), visit(PHONE, "nl")
    team.come_in(session, cast.team, "en")
    walk = Walk(team, session)
    walk.start(issues[:2])
    walk.open_gate(Stage.PROOF_OF_CONCEPT)
    walk.page.locator("#lesson > summary").click()
    walk.fill(lesson_title="Ask the neighbours first", lesson_text="Then you know who does not want it, and why.")
    walk.decide("stop", {})
    visitor.go(walk.at)
    expect(visitor.page.locator("main")).to_contain_text("Gestopt")
    expect(visitor.page.locator("main")).to_contain_text("Ask the neighbours first")
    visitor.examine()
    visitor.go("/lessons")
    expect(visitor.page.locator("main")).to_contain_text("Ask the neighbours first")
    visitor.examine()
