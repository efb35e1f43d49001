"""The thesaurus grows from what the team decides, and what grew goes with the decisions and the words."""

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import selectinload
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.activity.models import AuditEntry
from app.content.models import Content, Visibility
from app.core.clock import now
from app.core.db import Database
from app.core.errors import Conflict
from app.issues.models import Issue
from app.matching import deciding
from app.matching.actions import corpus_of, rank
from app.matching.engine.problem import Problem
from app.matching.engine.suggestion import ReasonCode
from app.matching.growing import from_decisions, judging
from app.matching.growing.anchors import all_anchors
from app.matching.growing.names import spoken_words
from app.matching.growing.unnamed import stands_out
from app.matching.knowledge.writing import progress_of
from app.matching.models import GrownExpression, PilotMatch, State
from app.moderation.visibility import set_visibility
from app.pilots.models import Pilot
from app.privacy.actions import allow_matching, object_to_matching
from app.privacy.erasing import Choice, leave_issue
from tests.browsing import Browser, text_of
from tests.conftest import Cast
from tests.crowd import at_once
from tests.factories import INSIDE, make_issue, make_person, make_pilot

MUD = ("Alweer blubber voor de deur", "Door de blubber kom ik niet thuis", "Mijn kar zakt weg in de blubber")
PLAIN = "Ik loop er elke dag langs."
FLOOD = "/team/matching/concepts/rain-flooding"
BLUBBER = [("rain-flooding", "blubber", 3)]


@pytest.fixture
def town(session: Session, cast: Cast) -> Pilot:
    """Twenty problems about other things, and a pilot about water after rain."""
    for number in range(20):
        make_issue(session, cast.resident, f"Kapotte klok nummer {number}", description="Hij staat al weken stil.")
    pilot = make_pilot(session, [], title="Wateroverlast bij hevige regen")
    pilot.problem = "Na hevige regen staat er water op straat."
    session.add(pilot)
    session.commit()
    return pilot


@pytest.fixture
def people(session: Session) -> list[Person]:
    return [make_person(session, f"bewoner{which}") for which in "abc"]


@pytest.fixture
def muddy(session: Session, cast: Cast, town: Pilot, people: list[Person]) -> list[Issue]:
    """Three residents say it in a word that the thesaurus does not have, and the team linked what they filed."""
    issues = [make_issue(session, who, title, description=PLAIN) for who, title in zip(people, MUD, strict=True)]
    for issue in issues:
        confirm(session, issue, town, cast)
    return issues


def confirm(session: Session, issue: Issue, pilot: Pilot, cast: Cast) -> None:
    deciding.confirm_pilot(session, issue, pilot.id, cast.team.id)
    session.commit()


def take_back(session: Session, issue: Issue, pilot: Pilot) -> None:
    deciding.take_back(session, PilotMatch, issue, pilot.id, deciding.Seen(State.CONFIRMED))
    session.commit()


def done_after_a_turn(session: Session, database: Database) -> bool:
    session.rollback()
    from_decisions.grow_where_stale(database)
    session.expire_all()
    return progress_of(session, from_decisions.GROWN_FOR) == progress_of(session, from_decisions.GROWING_FOR)


def grown(session: Session) -> list[tuple[str, str, int]]:
    rows = session.exec(select(GrownExpression).order_by(col(GrownExpression.text)))
    return [(row.concept, row.text, row.voices) for row in rows]


def said(session: Session, text: str) -> list[str]:
    return list(corpus_of(session).thesaurus.read("", text, "nl").said.get("rain-flooding", []))


def test_three_people_teach_a_word_and_taken_back_it_is_gone(
    session: Session, cast: Cast, town: Pilot, muddy: list[Issue]
) -> None:
    assert grown(session) == BLUBBER
    with Session(session.get_bind()) as another_process:
        assert said(another_process, "Overal blubber") == ["blubber"]
        (best, *_) = rank(another_process, Problem("Blubber tot aan de stoep", "", "nl")).pilots.suggestions
        (reason,) = [each for each in best.reasons if each.code is ReasonCode.SAME_CONCEPT]
        assert (best.key, reason.params["learned"]) == (town.id, ["blubber"])
    take_back(session, muddy[0], town)
    assert grown(session) == []
    assert said(session, "Overal blubber") == []
    deciding.confirm_pilot(session, muddy[0], town.id, cast.team.id)
    assert grown(session) == BLUBBER
    deciding.reject_pilot(session, muddy[1], town.id, cast.team.id)
    assert grown(session) == []


def test_one_who_talks_much_teaches_nothing(session: Session, cast: Cast, town: Pilot, people: list[Person]) -> None:
    for title in MUD:
        confirm(session, make_issue(session, people[0], title, description=PLAIN), town, cast)
    assert grown(session) == []


def test_what_everybody_says_anywhere_is_not_learned(
    session: Session, cast: Cast, town: Pilot, people: list[Person]
) -> None:
    for who in people:
        confirm(session, make_issue(session, who, "Ook hier een klok", description="Elke week opnieuw."), town, cast)
    assert grown(session) == []


@pytest.mark.parametrize(
    "told",
    [
        "Buurvrouw zonneveld kan er niet door",
        "Het is de Zonneveldkade weer",
        "Bel zonneveld@post.example of zonneveld0612345678",
        "Wateroverlast, de kelder loopt onder, zonneveld",
    ],
)
def test_names_and_numbers_are_never_learned_nor_what_is_named_already(
    session: Session, cast: Cast, town: Pilot, people: list[Person], told: str
) -> None:
    for who in people:
        confirm(session, make_issue(session, who, "Weer hetzelfde", description=f"{told}. {PLAIN}"), town, cast)
    assert not [text for _concept, text, _voices in grown(session) if "zonneveld" in text]


def test_the_name_of_a_street_written_small_is_a_name(
    session: Session, cast: Cast, town: Pilot, people: list[Person]
) -> None:
    typed = {"description": "In de zonnekade is het weer zover.", "address": "Zonnekade 3"}
    for who in people:
        confirm(session, make_issue(session, who, "Weer hetzelfde", **typed), town, cast)
    assert not [text for _concept, text, _voices in grown(session) if "zonnekade" in text]


def test_words_go_with_what_is_hidden_rewritten_objected_to_or_erased(
    session: Session,
    cast: Cast,
    town: Pilot,
    muddy: list[Issue],
    people: list[Person],
    browser_of: Callable[[Person | None], Browser],
) -> None:
    content = session.get_one(Content, muddy[0].content_id)
    set_visibility(session, content, Visibility.HIDDEN)
    assert grown(session) == []
    set_visibility(session, content, Visibility.VISIBLE)
    assert grown(session) == BLUBBER
    object_to_matching(session, people[0])
    assert grown(session) == []
    allow_matching(session, people[0])
    assert grown(session) == BLUBBER
    session.commit()
    form = {"title": "Nat", "description": "Nat tot de knie.", "lat": str(INSIDE[0]), "lon": str(INSIDE[1])}
    writer = session.get_one(Person, people[1].id, options=[selectinload(Person.roles)], populate_existing=True)
    assert browser_of(writer).post(f"/issues/{muddy[1].id}/edit", data=form).status_code == 303
    session.expire_all()
    assert grown(session) == []
    confirm(session, make_issue(session, people[1], MUD[1], description=PLAIN), town, cast)
    assert grown(session) == BLUBBER
    leave_issue(session, session.get_one(Issue, muddy[2].id), Choice.TAKE_AWAY)
    assert grown(session) == []


STEPS = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["link", "reject", "back", "hide", "show", "refuse"])))


@given(STEPS)
@example([(3, "reject"), (3, "hide")])
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_was_decided_counting_anew_gives_the_same(
    session: Session, cast: Cast, town: Pilot, muddy: list[Issue], people: list[Person], steps: list[tuple[int, str]]
) -> None:
    session.rollback()
    fourth = make_issue(session, cast.author, "Blubber op de stoep", description=PLAIN)
    for number, verb in steps:
        issue = [*muddy, fourth][number]
        row = session.get(PilotMatch, (issue.id, town.id), populate_existing=True)
        match verb:
            case "link":
                deciding.confirm_pilot(session, issue, town.id, cast.team.id)
            case "reject":
                deciding.reject_pilot(session, issue, town.id, cast.team.id)
            case "back" if row is not None and row.state is not State.SUGGESTED:
                deciding.take_back(session, PilotMatch, issue, town.id, deciding.Seen(row.state))
            case "hide" | "show":
                shown = Visibility.VISIBLE if verb == "show" else Visibility.HIDDEN
                set_visibility(session, session.get_one(Content, issue.content_id), shown)
            case "refuse" if grown(session):
                judging.refuse(session, cast.team.id, "rain-flooding", "nl", "blubber")
    before = grown(session)
    assert from_decisions.grow_all(session) == len(before)
    assert grown(session) == before
    session.rollback()


def test_the_background_work_looks_again_after_other_changes_a_few_at_a_time(
    session: Session,
    database: Database,
    cast: Cast,
    town: Pilot,
    muddy: list[Issue],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(from_decisions, "AT_ONCE", 1)
    confirm(session, make_issue(session, cast.resident, "Duiven"), make_pilot(session, [], title="Klokken"), cast)
    town.title, town.problem = "Fietsdiefstal bij het station", "Fietsen worden gestolen."
    town.updated_at = now()
    session.add(town)
    session.commit()
    assert [done_after_a_turn(session, database) for _anchor in all_anchors(session)] == [False, True]
    assert "rain-flooding" not in {concept for concept, _text, _voices in grown(session)}


def test_the_team_keeps_refuses_and_allows_again(
    session: Session, cast: Cast, town: Pilot, muddy: list[Issue], browser_of: Callable[[Person | None], Browser]
) -> None:
    team = browser_of(cast.team)
    page = text_of(team.get(FLOOD).text)
    assert "Geleerd van jullie besluiten" in page
    assert all(title in page for title in ("blubber", *MUD))
    assert "1 geleerd" in text_of(team.get("/team/matching/concepts?learned=true").text)
    judge = partial(team.post, f"{FLOOD}/learned")
    word = {"language": "nl", "text": "blubber"}
    for decision in ("refuse", "refuse", "allow", "allow"):
        assert judge(data={**word, "decision": decision}).status_code == 303
        session.rollback()
        assert grown(session) == []
    confirm(session, make_issue(session, cast.author, "Blubber op de stoep", description=PLAIN), town, cast)
    assert grown(session) == [("rain-flooding", "blubber", 4)]
    assert judge(data={**word, "decision": "keep"}).status_code == 303
    session.rollback()
    assert grown(session) == []
    assert said(session, "Overal blubber") == ["blubber"]
    late = judge(data={**word, "decision": "refuse"})
    assert (late.status_code, "een collega besliste erover" in text_of(late.text)) == (409, True)
    kinds = session.exec(select(AuditEntry.kind).where(AuditEntry.subject_kind == "concept")).all()
    assert kinds == ["concept.grown_refused", "concept.grown_allowed", "concept.grown_kept"]


def test_of_two_who_decide_at_once_one_is_told(
    session: Session, cast: Cast, database: Database, muddy: list[Issue]
) -> None:
    team, admin = cast.team.id, cast.admin.id
    session.rollback()
    lost = []

    def decide(judge: judging.Judge, who: int) -> None:
        try:
            with database.session() as own:
                judge(own, who, "rain-flooding", "nl", "blubber")
        except Conflict:
            lost.append(who)

    at_once([partial(decide, judging.keep, team), partial(decide, judging.refuse, admin)])
    assert len(lost) == 1


def test_what_stands_out() -> None:
    assert stands_out(3, 3, 0, 16)
    assert not stands_out(3, 3, 0, 5), "too few to compare with"
    assert not stands_out(2, 2, 0, 10_000), "too few people"
    assert not stands_out(5, 6, 300, 1_000), "people say it everywhere"


def test_words_are_told_from_names() -> None:
    told = {each.word: (each.small, each.name) for each in spoken_words("De blubber bij Ahmed en op de Zonnekade.")}
    assert told["blubber"] == (True, False)
    assert told["ahmed"] == told["zonnekade"] == (False, True)
    shouted = {each.word: each.name for each in spoken_words("OVERAL BLUBBER OP STRAAT")}
    assert shouted["blubber"] is False
