"""What everybody reads of a pilot: the page, the list, the summary; and the team's word and board."""

import re
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.activity.actions import tell
from app.activity.models import Fact, TimelineEntry
from app.core.clock import now
from app.core.db import Database
from app.core.errors import Conflict
from app.core.i18n import today
from app.issues.actions import cast_vote
from app.issues.models import Issue
from app.notifications.audience import audience_of
from app.pilots.forms import UpdateForm
from app.pilots.models import Pilot, PilotTheme, Stage
from app.pilots.updates import tell_update
from app.themes.models import Theme
from tests.browsing import Browser, hidden_in, text_of
from tests.conftest import Cast, Counting
from tests.crowd import at_once
from tests.factories import hide, make_issue, make_person, make_pilot

BrowserOf = Callable[[Person | None], Browser]
EAST = {"lat": "52.105", "lon": "4.285"}


@pytest.fixture
def pilot(session: Session, cast: Cast) -> Pilot:
    """With an issue in each neighbourhood, and a hidden one; the resident voted for both that show."""
    west = make_issue(session, cast.author)
    east = make_issue(session, cast.author, "Struikelen over losse tegels", **EAST)
    hidden = make_issue(session, make_person(session, "hidde"), "Verborgen vraagstuk")
    for issue in (west, east):
        cast_vote(session, cast.resident.id, issue)
    made = make_pilot(session, [west, east, hidden])
    hide(session, hidden)
    session.add(PilotTheme(pilot_id=made.id, theme_id=session.exec(select(Theme.id)).first() or 0))
    cast.team.locale = "en"
    session.add(cast.team)
    session.commit()
    return made


def moves(session: Session, pilot: Pilot, *stages: Stage) -> None:
    for stage in stages:
        tell(session, "pilot", pilot.id, f"stage.{stage}", by_city=True)
    pilot.stage = stages[-1]
    session.add(pilot)
    session.commit()


def test_a_resident_reads_where_it_is_and_who_has_the_problem(visitor: Browser, session: Session, pilot: Pilot) -> None:
    moves(session, pilot, Stage.IDEA, Stage.PROOF_OF_CONCEPT, Stage.PILOT)
    pilot.next_step, pilot.next_on = "We hangen lampen op.", today() - timedelta(days=1)
    session.commit()
    page = visitor.get(f"/pilots/{pilot.id}").text
    said = text_of(page)
    assert "Step 3 of 5: Pilot, since" in said
    assert re.search(r'<li class="road-now" aria-current="step"><span>Pilot', page)
    assert page.count('class="road-gone"') == 2
    assert "residents 2 issues 2 neighbourhoods 2" in said
    assert "Westhoek: 1 Oosthoek: 1" in said or "Oosthoek: 1 Westhoek: 1" in said
    assert "Verborgen" not in page
    assert "We hangen lampen op." in said
    assert "That day has passed, and the team has not said more yet." in said
    points = visitor.get(f"/pilots/{pilot.id}/points.json").json()
    assert sorted(point["title"] for point in points["points"]) == [
        "Donker fietspad langs de duinen", "Struikelen over losse tegels",
    ]  # fmt: skip
    assert page.count('class="drawn-pin"') == 2, "for whoever has no JavaScript"


def test_a_pilot_that_stopped_says_so_and_where(visitor: Browser, session: Session, pilot: Pilot) -> None:
    moves(session, pilot, Stage.IDEA, Stage.PROOF_OF_CONCEPT, Stage.STOPPED)
    page = visitor.get(f"/pilots/{pilot.id}").text
    assert "at step 2 of 5: Proof of concept" in text_of(page)
    assert re.search(r'class="road-halt" aria-current="step"><span>Proof of concept \(stopped here\)', page)
    assert "This pilot goes no further." in text_of(page)


def update_form(pilot: Pilot, **typed: str) -> dict[str, str]:
    return {"text": "De lampen hangen er nu twee weken.", "seen": pilot.updated_at.isoformat(), **typed}


def test_the_team_tells_everybody_behind_its_issues_how_it_goes(
    browser_of: BrowserOf, visitor: Browser, session: Session, pilot: Pilot, cast: Cast
) -> None:
    team, address = browser_of(cast.team), f"/pilots/{pilot.id}/updates"
    assert "2 residents stand behind its issues" in text_of(team.get(address).text)
    form = update_form(pilot, next_step="Tellen hoeveel mensen er fietsen.", next_on=today().isoformat())
    for _twice in range(2):
        assert team.post(address, data=form).status_code == 303
    said = session.exec(select(TimelineEntry).where(TimelineEntry.kind == "update")).one()
    page = text_of(visitor.get(f"/pilots/{pilot.id}").text)
    assert "What the city says De lampen hangen er nu twee weken." in page
    assert "Tellen hoeveel mensen er fietsen." in page
    feed = visitor.get(f"/pilots/{pilot.id}.atom?lang=en").text
    assert "The city team tells how the pilot goes" in feed
    audience = audience_of(session, session.exec(select(Fact).where(Fact.source_id == said.id)).one())
    assert audience
    heard = {row.person_id for row in session.execute(audience.after(0, 10))}
    assert {cast.author.id, cast.resident.id} <= heard
    assert "Told residents how a pilot goes" in text_of(
        english(browser_of, session, cast.admin).get("/admin/audit").text
    )


def english(browser_of: BrowserOf, session: Session, person: Person) -> Browser:
    person.locale = "en"
    session.add(person)
    session.commit()
    return browser_of(person)


def test_who_comes_second_reads_what_happened_and_keeps_what_they_typed(
    browser_of: BrowserOf, session: Session, pilot: Pilot, cast: Cast
) -> None:
    team, form = browser_of(cast.team), update_form(pilot)
    team.post(f"/pilots/{pilot.id}/updates", data=form)
    late = team.post(f"/pilots/{pilot.id}/updates", data={**form, "text": "Iets heel anders dan net."})
    assert late.status_code == 409
    assert "Something happened to this pilot in the meantime." in text_of(late.text)
    assert "Iets heel anders dan net." in late.text
    assert "De lampen hangen er nu twee weken." in late.text
    refused = team.post(f"/pilots/{pilot.id}/updates", data={**form, "text": "Kort"})
    assert refused.status_code == 422
    assert hidden_in(refused.text, "seen") == form["seen"] != hidden_in(late.text, "seen")


def test_of_two_words_at_once_one_is_said(session: Session, database: Database, pilot: Pilot, cast: Cast) -> None:
    seen, said = pilot.updated_at, []

    def tells(text: str) -> None:
        try:
            with database.session() as own:
                this = own.get_one(Pilot, pilot.id)
                tell_update(own, cast.team.id, this, UpdateForm(text=text, seen=seen))
            said.append(text)
        except Conflict:
            pass

    at_once([partial(tells, f"Dit is woord {number}.") for number in range(4)])
    session.rollback()
    assert session.exec(select(TimelineEntry.text).where(TimelineEntry.kind == "update")).all() == said
    assert len(said) == 1


def test_what_happened_comes_in_pages(visitor: Browser, session: Session, pilot: Pilot) -> None:
    for number in range(40):
        tell(session, "pilot", pilot.id, "update", by_city=True, text=f"Woord nummer {number:02}.", language="nl")
    session.commit()
    on_page = re.findall(r"Woord nummer (\d\d)", visitor.get(f"/pilots/{pilot.id}").text.split("timeline-title")[-1])
    assert on_page == [f"{number:02}" for number in range(39, 31, -1)]
    first = visitor.get(f"/pilots/{pilot.id}/timeline").text
    assert len(re.findall("Woord nummer", first)) == 30
    more = re.search(r'href="(/pilots/\d+/timeline\?after=[^"]+)"', first)
    assert more
    assert len(re.findall("Woord nummer", visitor.get(more[1]).text)) == 10


def test_the_list_goes_by_stage_theme_and_neighbourhood(
    visitor: Browser, session: Session, cast: Cast, pilot: Pilot
) -> None:
    other = make_pilot(session, [make_issue(session, cast.author, "Te warm op het plein")], "Koel in de zomer")
    other.stage = Stage.EMBEDDED
    slug = session.exec(select(Theme.slug).join(PilotTheme).where(PilotTheme.pilot_id == pilot.id)).one()
    session.commit()
    for query, found in {
        "": {pilot.title, other.title},
        f"?theme={slug}": {pilot.title},
        "?neighbourhood=BU00000002": {pilot.title},
        "?neighbourhood=BU00000001": {pilot.title, other.title},
        "?stage=embedded&neighbourhood=BU00000001": {other.title},
        f"?stage=embedded&theme={slug}": set(),
        "?theme=nowhere": set(),
    }.items():
        shown = re.findall(r'class="card-link" href="/pilots/\d+">([^<]+)<', visitor.get(f"/pilots{query}").text)
        assert set(shown) == found, query
    page = visitor.get(f"/pilots?theme={slug}").text
    assert f"/pilots?stage=embedded&amp;theme={slug}" in page, "the stages keep the theme"


def test_a_filtered_list_pages(visitor: Browser, session: Session, cast: Cast, pilot: Pilot) -> None:
    issue = session.exec(select(Issue).where(col(Issue.visible))).first()
    assert issue
    for number in range(25):
        make_pilot(session, [issue], f"Proef nummer {number:02}")
    first = visitor.get("/pilots?neighbourhood=BU00000001").text
    more = re.search(r'href="(/pilots\?[^"]*after=[^"]+)"', first)
    assert more
    assert "neighbourhood=BU00000001" in more[1]
    second = visitor.get(more[1].replace("&amp;", "&")).text
    assert len(re.findall("card-link", first)) + len(re.findall("card-link", second)) == 26


def test_the_board_shows_what_is_missing_and_what_ends_soon(
    browser_of: BrowserOf, session: Session, cast: Cast, pilot: Pilot
) -> None:
    pilot.stage, pilot.ends_on = Stage.PILOT, today() + timedelta(days=5)
    session.commit()
    page = browser_of(cast.team).get("/team/pilots").text
    said = text_of(page)
    assert f"{pilot.title} 2 residents Trial ends on" in said
    assert re.search(r"\d+ things? (is|are) missing", said)
    assert pilot.title not in text_of(browser_of(cast.team).get("/team/pilots?theme=nowhere").text)


def test_page_and_board_ask_no_more_with_more_of_everything(
    browser_of: BrowserOf, visitor: Browser, session: Session, cast: Cast, pilot: Pilot, counting: Counting
) -> None:
    pilot.stage = Stage.PILOT
    session.commit()
    team = browser_of(cast.team)
    addresses = ((visitor, f"/pilots/{pilot.id}"), (visitor, f"/pilots/{pilot.id}/summary"), (team, "/team/pilots"))

    def statements() -> list[int]:
        counts = []
        for browser, address in addresses:
            with counting() as counted:
                assert browser.get(address).status_code == 200
            counts.append(counted.count)
        return counts

    statements()
    make_issue(session, cast.author, "Iets anders")  # so that no page is answered from memory
    few = statements()
    issues = [make_issue(session, cast.author, f"Vraagstuk nummer {number}") for number in range(8)]
    for issue in issues:
        cast_vote(session, cast.resident.id, issue)
    for number in range(12):
        made = make_pilot(session, issues, f"Proef nummer {number:02}")
        made.stage = Stage.PILOT
        session.add(made)
    session.commit()
    many = statements()
    assert many[0] <= few[0]
    assert many[1] <= few[1]
    assert many[2] <= few[2]
    assert max(many) <= 45, many
    assert "5 more" in text_of(team.get("/team/pilots").text), "a column has an end"


def test_the_summary_says_it_on_one_page(visitor: Browser, session: Session, pilot: Pilot) -> None:
    moves(session, pilot, Stage.IDEA, Stage.PROOF_OF_CONCEPT)
    said = text_of(visitor.get(f"/pilots/{pilot.id}/summary").text)
    for words in (
        pilot.title, pilot.problem, "Step 2 of 5", "2 residents, 2 issues.", "Oosthoek (1)",
        "No approaches were proposed.", "They have not been asked yet.", f"as it stands on {now():%-d}",
    ):  # fmt: skip
        assert words in said, words
