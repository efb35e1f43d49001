"""What pilots learned can be found by anybody, by word, theme, stage and part, and is told on where it helps."""

from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from app.accounts.models import Person
from app.activity.actions import tell
from app.activity.models import AuditEntry, TimelineEntry
from app.content.models import Content, Visibility
from app.issues.models import Issue
from app.lessons.models import Lesson
from app.moderation.visibility import set_visibility
from app.pilots.models import Pilot, PilotTheme, Stage
from app.themes.queries import theme_with_slug
from tests.browsing import Browser, text_of
from tests.conftest import Cast, Counting
from tests.factories import make_issue, make_lesson, make_pilot
from tests.moderation.helpers import decide

WORDS = {"lesson_title": "Vraag eerst de buren", "lesson_text": "Wie ernaast woont, weet wat er speelt."}
ON_ONE_DATABASE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def issue(session: Session, cast: Cast) -> Issue:
    return make_issue(session, cast.author, theme="mobility")


@pytest.fixture
def pilot(session: Session, issue: Issue) -> Pilot:
    pilot = make_pilot(session, [issue])
    theme = theme_with_slug(session, "mobility")
    assert theme is not None
    session.add(PilotTheme(pilot_id=pilot.id, theme_id=theme.id))
    session.commit()
    return pilot


@pytest.fixture
def team(browser_of: Callable[[Person | None], Browser], cast: Cast) -> Browser:
    return browser_of(cast.team)


def test_the_team_writes_a_lesson_and_everybody_reads_it(
    team: Browser, visitor: Browser, session: Session, pilot: Pilot
) -> None:
    address = f"/pilots/{pilot.id}/lessons"
    for short in ({"lesson_title": "x"}, {"lesson_text": "Kort."}, {"lesson_part": "magic"}):
        assert team.post(address, data={**WORDS, **short}).status_code == 422
    written = team.post(address, data={**WORDS, "lesson_part": "social"})
    assert written.status_code == 303
    assert team.post(address, data=WORDS).headers["location"] == written.headers["location"], "sent twice, it is one"
    page = text_of(visitor.get(written.headers["location"]).text)
    for words in ("Vraag eerst de buren", "Wie ernaast woont", "Social", pilot.title):
        assert words in page
    assert "Vraag eerst de buren" in visitor.get(f"/pilots/{pilot.id}").text
    assert "Vraag eerst de buren" in visitor.get("/themes/mobility").text
    assert "Vraag eerst de buren" not in visitor.get("/themes/sustainability").text
    told = session.exec(select(TimelineEntry).where(TimelineEntry.kind == "lesson.written")).one()
    assert (told.text, told.by_city) == ("", True)
    assert session.exec(select(AuditEntry).where(AuditEntry.kind == "lesson.written")).one().actor_role == "team"


def test_a_lesson_is_put_right_in_the_open(team: Browser, visitor: Browser, session: Session, pilot: Pilot) -> None:
    lesson = make_lesson(session, pilot)
    address, title = f"/lessons/{lesson.id}", lesson.title
    assert f'value="{title}"' in team.get(f"{address}/edit").text
    form = {**WORDS, "lesson_part": "social", "version": "1"}
    assert team.post(f"{address}/edit", data={**form, "lesson_text": "Kort."}).status_code == 422
    for _sent_twice in range(2):
        assert team.post(f"{address}/edit", data=form).headers["location"] == address
    page = text_of(visitor.get(address).text)
    assert "Changed on" in page
    assert WORDS["lesson_title"] in page
    assert title not in page
    assert title in text_of(visitor.get(f"{address}/history").text)
    late = team.post(f"{address}/edit", data={**form, "lesson_title": "Uit een ander tabblad"})
    assert late.status_code == 409
    assert WORDS["lesson_text"] in late.text
    assert 'value="Uit een ander tabblad"' in late.text
    assert 'name="version" value="2"' in late.text
    assert "A lesson was changed" in visitor.get(f"/pilots/{pilot.id}/timeline").text
    assert session.exec(select(AuditEntry.kind).where(AuditEntry.kind == "lesson.changed")).all() == ["lesson.changed"]
    assert visitor.get("/lessons?q=ernaast").text.count(WORDS["lesson_title"]) > 0, "and it is found by its new words"


def test_what_was_learned_before_stands_beside_a_new_pilot(team: Browser, session: Session, pilot: Pilot) -> None:
    make_lesson(session, pilot)
    other = make_issue(
        session, session.exec(select(Person)).first() or Person(), "Overal losse fietsen", theme="sustainability"
    )
    page = team.get(f"/pilots/new?issues={other.id}").text
    assert "Begin klein" not in page
    page = team.post("/pilots", data={"issues": str(other.id), "title": "x", "themes": str(pilot_theme(session))}).text
    assert "Begin klein" in page


def pilot_theme(session: Session) -> int:
    return session.exec(select(PilotTheme.theme_id)).one()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", [2, 1, 0]),
        ("q=lampen", [1, 0]),
        ("q=lamp+buurt", [0]),
        ("q=neighbours", []),
        ("q=de+het", []),
        ("stage=pilot", [1]),
        ("stage=idea&q=lampen", [0]),
        ("part=social", [2]),
        ("theme=mobility", [2, 1, 0]),
        ("theme=sustainability", []),
        ("stage=never&part=magic&pilot=x", [2, 1, 0]),
        ("q=%25", []),
        ("pilot=999", []),
    ],
)
def test_finding_lessons(visitor: Browser, session: Session, pilot: Pilot, query: str, found: list[int]) -> None:
    titles = ["Lampen horen bij de buurt", "De lamp was te fel", "Samen lopen helpt"]
    for number, title in enumerate(titles):
        lesson = make_lesson(session, pilot, title)
        lesson.text, lesson.search_stems = "", lesson.search_stems.split(" een")[0]
        lesson.stage = [Stage.IDEA, Stage.PILOT, Stage.IDEA][number]
        lesson.part = "social" if number == 2 else None  # type: ignore[assignment]
        session.add(lesson)
    session.commit()
    page = visitor.get(f"/lessons?{query}").text
    shown = sorted((page.index(title), number) for number, title in enumerate(titles) if title in page)
    assert [number for _place, number in shown] == found
    if not {"never", "pilot=x"} & set(query.replace("&", "=").split("=")):
        answer = visitor.get(f"/api/v1/lessons?{query}", headers={"Accept": "application/json"})
        assert [item["title"] for item in answer.json()["items"]] == [titles[number] for number in found]


def test_the_library_comes_in_pages_and_costs_the_same(
    visitor: Browser, session: Session, pilot: Pilot, counting: Counting
) -> None:
    for number in range(3):
        make_lesson(session, pilot, f"Les nummer {number}")
    with counting() as few:
        visitor.get("/lessons")
    for number in range(3, 25):
        make_lesson(session, pilot, f"Les nummer {number}")
    with counting() as many:
        first = visitor.get("/lessons").text
    assert many.count <= few.count
    assert "Les nummer 24" in first
    assert "Les nummer 4" not in first
    more = first.split('href="/lessons?after=')[1].split('"')[0]
    second = visitor.htmx("GET", f"/lessons?after={more}").text
    assert "Les nummer 4" in second
    assert "<html" not in second
    feed = visitor.get("/lessons.atom").text
    assert feed.count("<entry") == 25


@ON_ONE_DATABASE
def test_a_hidden_lesson_is_nowhere(
    browser_of: Callable[[Person | None], Browser], visitor: Browser, session: Session, cast: Cast, pilot: Pilot
) -> None:
    lesson = make_lesson(session, pilot)
    moderator = browser_of(cast.moderator)
    assert "Begin klein" in moderator.get(f"/moderation/items/{lesson.content_id}").text
    decide(moderator, session, lesson.content_id, "hide", ground="insult", facts="Dit mag hier niet.")
    session.rollback()
    content = session.exec(select(Content).where(Content.id == lesson.content_id)).one()
    session.refresh(content)
    assert content.visibility is Visibility.HIDDEN
    assert session.exec(select(Lesson.visible)).one() is False
    for path in ("/lessons", "/lessons?q=klein", f"/pilots/{pilot.id}", "/themes/mobility", "/lessons.json"):
        assert "Begin klein" not in visitor.get(path).text, path
    assert visitor.get(f"/lessons/{lesson.id}").status_code == 404


def test_a_hidden_lesson_leaves_no_trace_on_the_timeline_but_the_stage_stays(
    visitor: Browser, session: Session, pilot: Pilot
) -> None:
    lesson, other = make_lesson(session, pilot), make_lesson(session, pilot, title="Begin groot")
    tell(session, "pilot", pilot.id, "lesson.written", by_city=True, facts=lesson.pointed_at)
    tell(session, "pilot", pilot.id, "lesson.written", by_city=True, facts=other.pointed_at)
    tell(session, "pilot", pilot.id, "stage.pilot", by_city=True, text="Het begint.", facts=lesson.pointed_at)
    session.commit()
    set_visibility(session, session.get_one(Content, lesson.content_id), Visibility.HIDDEN)
    session.commit()
    page = visitor.get(f"/pilots/{pilot.id}/timeline").text
    assert f'href="/lessons/{lesson.id}"' not in page
    assert page.count("A lesson was written down") == page.count("What was learned") == 1
    assert "Het begint." in page
