"""What the team decides stays, teaches, and is used by every process."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlmodel import Session, col, delete, select

from app.core.clock import now
from app.core.db import Database
from app.issues.models import Issue
from app.main import create_app
from app.matching import actions, deciding
from app.matching.engine import calibration, ranking
from app.matching.engine.problem import Problem
from app.matching.knowledge import lessons
from app.matching.models import (
    PilotConcept,
    PilotMatch,
    SimilarMatch,
    State,
    ThemeForecast,
    ThemeLesson,
    ThemeMatch,
    ThemeWord,
)
from app.pilots.actions import link_issue
from app.pilots.models import PilotIssue
from app.settings import Settings
from app.themes.models import Theme
from app.themes.queries import theme_with_slug
from tests.browsing import Browser
from tests.conftest import Cast
from tests.factories import INSIDE, make_issue, make_pilot

BATS = "Vleermuizen schrikken van schijnwerpers"


def theme(session: Session, slug: str) -> int:
    found = theme_with_slug(session, slug)
    assert found is not None
    return found.id or 0


def asked(title: str) -> Problem:
    return Problem(title, "", "nl", *INSIDE)


def best_theme(session: Session, title: str) -> int:
    return actions.rank(session, asked(title)).themes.suggestions[0].key


def states(session: Session, table: type[ThemeMatch], issue: Issue) -> dict[int, State]:
    rows = session.exec(select(table).where(table.issue_id == issue.id)).all()
    return {row.theme_id: row.state for row in rows}


def test_filing_stores_suggestions_with_reasons(session: Session, cast: Cast) -> None:
    first = make_issue(session, cast.author)
    make_pilot(session, [first])
    second = make_issue(session, cast.author, "Fietspad langs de duinen is donker")
    pilot = session.exec(select(PilotMatch).where(PilotMatch.issue_id == second.id)).one()
    similar = session.exec(select(SimilarMatch).where(SimilarMatch.issue_id == second.id)).one()
    assert similar.other_id == first.id
    for row in (pilot, similar):
        assert (row.state, row.rank, row.engine) == (State.SUGGESTED, 1, actions.ENGINE)
        assert 0 < row.score <= 1
        reasons = {reason["code"]: reason for reason in row.reasons}
        assert reasons["shared_words"]["words"][0] == "fietspad"


def test_a_decision_teaches_at_once(session: Session, cast: Cast) -> None:
    nature = theme(session, "sustainability")
    for number in range(8):
        issue = make_issue(session, cast.author, f"{BATS} {number}")
        deciding.confirm_theme(session, issue, nature, cast.team.id or 0)
    session.commit()
    assert best_theme(session, "Schijnwerpers en vleermuizen") == nature
    with Session(session.get_bind()) as another_process:
        assert best_theme(another_process, "Schijnwerpers en vleermuizen") == nature


def test_moving_an_issue_rejects_the_theme_it_had(session: Session, cast: Cast) -> None:
    nature, safety = theme(session, "sustainability"), theme(session, "safety-liveability")
    issue = make_issue(session, cast.author, BATS)
    deciding.confirm_theme(session, issue, safety, cast.team.id or 0)
    deciding.confirm_theme(session, issue, nature, cast.team.id or 0, "It is about animals.")
    session.commit()
    found = states(session, ThemeMatch, issue)
    assert (found[safety], found[nature]) == (State.REJECTED, State.CONFIRMED)
    row = session.get(ThemeMatch, (issue.id, nature))
    assert row is not None
    assert (row.decided_by, row.decision_reason) == (cast.team.id, "It is about animals.")
    assert session.get_one(Issue, issue.id).theme_id == nature


def test_deciding_twice_is_one_lesson(session: Session, cast: Cast) -> None:
    nature = theme(session, "sustainability")
    issue = make_issue(session, cast.author, BATS)
    deciding.confirm_theme(session, issue, nature, cast.team.id or 0)
    session.commit()
    before = learned(session)
    deciding.confirm_theme(session, issue, nature, cast.team.id or 0)
    session.commit()
    assert learned(session) == before


def test_a_later_run_changes_nothing_that_was_decided(session: Session, cast: Cast) -> None:
    pilot = make_pilot(session, [make_issue(session, cast.author)])
    issue = make_issue(session, cast.author, "Fietspad langs de duinen is donker")
    other = session.exec(select(SimilarMatch.other_id).where(SimilarMatch.issue_id == issue.id)).one()
    deciding.reject_pilot(session, issue, pilot.id or 0, cast.team.id or 0, "Not here.")
    deciding.confirm_similar(session, issue, other, cast.team.id or 0)
    actions.keep_ranking(session, issue, actions.rank(session, asked(issue.title)))
    session.commit()
    assert session.get_one(PilotMatch, (issue.id, pilot.id)).state is State.REJECTED
    assert session.get_one(SimilarMatch, (issue.id, other)).state is State.CONFIRMED


def test_what_the_engine_did_not_see_can_be_linked_too(session: Session, cast: Cast) -> None:
    pilot = make_pilot(session, [make_issue(session, cast.author)])
    issue = make_issue(session, cast.author, "Iets heel anders", description="Geen woord gemeen.")
    deciding.confirm_pilot(session, issue, pilot.id or 0, cast.team.id or 0)
    session.commit()
    assert session.get_one(PilotMatch, (issue.id, pilot.id)).state is State.CONFIRMED


@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["confirm", "reject", "back"]), st.integers(0, 1))))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_was_decided_rebuilding_gives_the_same_engine(
    session: Session, cast: Cast, steps: list[tuple[int, str, int]]
) -> None:
    themes = [theme(session, "sustainability"), theme(session, "mobility")]
    issues = [make_issue(session, cast.author, title) for title in (BATS, "Fietsen in de weg", "Egels in de tuin")]
    for number, verb, which in steps:
        decide(session, issues[number], themes[which], verb, cast.team.id)
    before = learned(session)
    confirmed = session.exec(select(ThemeMatch).where(ThemeMatch.state == State.CONFIRMED)).all()
    assert len(session.exec(select(ThemeLesson)).all()) == len(confirmed) == lessons.relearn_themes(session)
    assert learned(session) == before
    for row in confirmed:
        decide(session, session.get_one(Issue, row.issue_id), row.theme_id, "back", cast.team.id)
    assert learned(session) == {}
    session.rollback()


def decide(session: Session, issue: Issue, theme_id: int, verb: str, person_id: int) -> None:
    match verb:
        case "confirm":
            deciding.confirm_theme(session, issue, theme_id, person_id)
        case "reject":
            deciding.reject_theme(session, issue, theme_id, person_id)
        case _:
            row = session.get(ThemeMatch, (issue.id, theme_id), populate_existing=True)
            if row is not None and row.state is not State.SUGGESTED:
                deciding.take_back(session, ThemeMatch, issue, theme_id, deciding.Seen(row.state))


def test_a_theme_taken_back_or_moved_teaches_nothing_more(session: Session, cast: Cast) -> None:
    nature, safety = theme(session, "sustainability"), theme(session, "safety-liveability")
    issue = make_issue(session, cast.author, BATS)
    deciding.confirm_theme(session, issue, nature, cast.team.id)
    once = learned(session)
    deciding.confirm_theme(session, issue, safety, cast.team.id)
    assert learned(session) != once
    deciding.confirm_theme(session, issue, nature, cast.team.id)
    assert learned(session) == once
    deciding.reject_theme(session, issue, nature, cast.team.id)
    assert learned(session) == {}
    assert actions.corpus_of(session).lessons() == 0


def test_an_edited_issue_teaches_its_new_words_only(session: Session, cast: Cast, author: Browser) -> None:
    issue = make_issue(session, cast.author, BATS)
    deciding.confirm_theme(session, issue, theme(session, "sustainability"), cast.team.id)
    session.commit()
    assert any("vleermui" in feature for feature in learned(session))
    form = {"title": "Egels steken over", "description": "Elke avond.", "lat": str(INSIDE[0]), "lon": str(INSIDE[1])}
    assert author.post(f"/issues/{issue.id}/edit", data=form).status_code == 303
    words = learned(session)
    assert any("egel" in feature for feature in words)
    assert not any("vleermui" in feature for feature in words)


def test_decisions_of_an_earlier_version_are_learned_in_the_background(
    database: Database, session: Session, cast: Cast
) -> None:
    for number, title in enumerate((BATS, "Fietsen in de weg")):
        issue = make_issue(session, cast.author, title)
        slug = ("sustainability", "mobility")[number]
        deciding.confirm_theme(session, issue, theme(session, slug), cast.team.id)
    session.commit()
    before = learned(session)
    session.execute(delete(ThemeLesson))
    session.execute(delete(ThemeWord))
    session.commit()
    lessons.catch_up(database)
    assert learned(session) == before


def test_a_link_teaches_its_concepts_and_taken_back_it_teaches_nothing(session: Session, cast: Cast) -> None:
    pilot = make_pilot(session, [make_issue(session, cast.author, "Bibliotheek te klein", description="Geen plek.")])
    issue = make_issue(session, cast.author, "Het plenst", description="En dan dweilen.")
    deciding.confirm_pilot(session, issue, pilot.id or 0, cast.team.id or 0)
    session.commit()
    with Session(session.get_bind()) as another_process:
        assert actions.corpus_of(another_process).pilot_concepts(["rain-flooding"])[pilot.id or 0]["rain-flooding"] > 0
        assert actions.rank(another_process, asked("Stortregen")).pilots.suggestions[0].key == pilot.id
    before = concepts(session)
    lessons.relearn_pilots(session)
    session.commit()
    assert concepts(session) == before != []
    deciding.take_back(session, PilotMatch, issue, pilot.id or 0, deciding.Seen(State.CONFIRMED))
    session.commit()
    assert concepts(session) == []
    deciding.reject_pilot(session, issue, pilot.id or 0, cast.team.id or 0)
    session.commit()
    assert actions.corpus_of(session).pilot_concepts(["rain-flooding"])[pilot.id or 0]["rain-flooding"] < 0


def concepts(session: Session) -> list[tuple[str, float, float]]:
    session.expire_all()
    rows = session.exec(select(PilotConcept).order_by(col(PilotConcept.concept))).all()
    return [(row.concept, row.confirmed, row.rejected) for row in rows]


def test_a_decision_keeps_what_was_expected_before_it(session: Session, cast: Cast) -> None:
    nature, safety = theme(session, "sustainability"), theme(session, "safety-liveability")
    issue = make_issue(session, cast.author, BATS)
    scores = match_scores(session, issue)
    for chosen in (safety, nature):
        deciding.confirm_theme(session, issue, chosen, cast.team.id or 0)
        session.commit()
    (forecast,) = session.exec(select(ThemeForecast)).all()
    assert forecast.theme_id == nature
    assert forecast.scores.keys() == scores.keys()
    deciding.take_back(session, ThemeMatch, issue, nature, deciding.Seen(State.CONFIRMED))
    session.commit()
    assert session.exec(select(ThemeForecast)).all() == []


def match_scores(session: Session, issue: Issue) -> dict[str, float]:
    found = ranking.theme_scores(actions.problem_of(issue), actions.corpus_of(session))
    return {str(key): score for key, score in found.items()}


def test_after_two_hundred_decisions_probabilities_are_made_honest(session: Session, cast: Cast) -> None:
    """Twice as sure as it may be: right in half of what it says with 88%."""
    nature, safety = theme(session, "sustainability"), theme(session, "safety-liveability")
    issue = make_issue(session, cast.author, BATS)
    for number in range(calibration.FEWEST_FORECASTS):
        session.add(ThemeForecast(
            issue_id=issue.id, theme_id=(nature, safety)[number % 2], scores={str(nature): 2.0, str(safety): 0.0}
        ))  # fmt: skip
        if number == calibration.FEWEST_FORECASTS - 2:
            lessons.calibrate(session)
            assert actions.corpus_of(session).temperature() == 1.0
    lessons.calibrate(session)
    session.commit()
    with Session(session.get_bind()) as another_process:
        assert actions.corpus_of(another_process).temperature() > 4


def learned(session: Session) -> dict[str, object]:
    session.expire_all()
    words = session.exec(select(ThemeWord).order_by(col(ThemeWord.feature))).all()
    return {word.feature: (word.weights, word.spread) for word in words}


def test_overflowing_bins_find_their_theme_in_a_new_city(session: Session) -> None:
    found = actions.rank(session, Problem("Vuilnisbakken bij het park lopen elke zondag over", "", "nl"))
    assert [each.key for each in found.themes.shown][:1] == [theme(session, "safety-liveability")]


def test_a_changed_theme_is_seen_at_once(session: Session, cast: Cast) -> None:
    before = best_theme(session, "Zeppelins boven het dak")
    other = session.exec(select(Theme).where(Theme.id != before)).first()
    assert other is not None
    other.keywords_nl = [*other.keywords_nl, "zeppelin"]
    other.updated_at = now()
    session.add(other)
    session.commit()
    assert best_theme(session, "Zeppelins boven het dak") == other.id


def test_a_hidden_pilot_is_not_suggested(session: Session, cast: Cast) -> None:
    issue = make_issue(session, cast.author)
    pilot = make_pilot(session, [issue])
    assert [each.key for each in actions.rank(session, asked(issue.title)).pilots.shown] == [pilot.id]
    pilot.visible = False
    session.add(pilot)
    session.commit()
    assert actions.rank(session, asked(issue.title)).pilots.suggestions == ()


def test_what_is_decided_in_one_application_counts_in_another(settings: Settings, session: Session, cast: Cast) -> None:
    """Two applications on one database, each with connections and a memory of its own."""
    another: Database = create_app(settings).state.database

    def shown_there() -> list[int]:
        with another.session() as there:
            return [each.key for each in actions.rank(there, asked(BATS)).pilots.shown]

    assert shown_there() == []
    pilot = make_pilot(session, [make_issue(session, cast.author, "Bibliotheek", description="Te klein.")])
    assert shown_there() == []
    issue = make_issue(session, cast.author, BATS)
    link_issue(session, cast.team.id, pilot, issue)
    deciding.confirm_pilot(session, issue, pilot.id, cast.team.id)
    session.commit()
    assert shown_there() == [pilot.id]
    pilot.keywords, pilot.problem, pilot.updated_at = [], "Iets anders.", now()
    session.execute(delete(PilotIssue).where(col(PilotIssue.issue_id) == issue.id))
    deciding.take_back(session, PilotMatch, issue, pilot.id, deciding.Seen(State.CONFIRMED))
    session.commit()
    assert shown_there() == []
    another.close()
