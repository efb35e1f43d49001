"""What the team's decisions teach: at once, in the transaction of the decision, and always the same from the same."""

from collections import defaultdict

from sqlmodel import Session, col, delete, func, select

from app.core.db import Database
from app.issues.models import Issue
from app.matching.actions import corpus_of, problem_of
from app.matching.engine.calibration import FEWEST_FORECASTS, FORECASTS_READ, fitted_temperature
from app.matching.engine.learning import Learned, Lesson, Step, lesson_of, with_bias, with_lesson
from app.matching.engine.ranking import theme_scores
from app.matching.engine.reading import read
from app.matching.engine.themes import expected_score
from app.matching.knowledge.corpus import LESSONS, TAUGHT, TEMPERATURE
from app.matching.knowledge.profile_memory import memory_of
from app.matching.knowledge.writing import advance, progress_of, put_in_where_free, put_theme_words, theme_words
from app.matching.models import (
    MatchingProgress,
    PilotConcept,
    PilotMatch,
    State,
    ThemeForecast,
    ThemeLesson,
    ThemeMatch,
    ThemeWord,
)

CAUGHT_UP = "decisions caught up"
LINKS = "links learned"
LINKS_PER_PILOT = 200  # the newest decisions about a pilot that count
AT_ONCE = 5  # decisions of an earlier version


def learn_theme(session: Session, issue: Issue, theme_id: int) -> None:
    """One lesson per issue: what it taught before is taken back first. Several processes come one after the other."""
    advance(session, TAUGHT)
    _take_lesson_back(session, issue.id)
    _forecast(session, issue, theme_id)
    _teach(session, issue, theme_id)
    _settle(session)


def unlearn_theme(session: Session, issue_id: int, theme_id: int | None = None) -> None:
    """The decision for this theme, or for whichever it was, leaves nothing behind."""
    kept = session.get(ThemeLesson, issue_id)
    if kept is not None and theme_id in (None, kept.theme_id):
        advance(session, TAUGHT)
        _take_lesson_back(session, issue_id)
        _settle(session)


def learn_again(session: Session, issue: Issue) -> None:
    """After its words were changed: the lesson is one about the new words."""
    kept = session.get(ThemeLesson, issue.id)
    if kept is not None:
        session.flush()
        learn_theme(session, issue, kept.theme_id)


def _take_lesson_back(session: Session, issue_id: int) -> None:
    session.execute(delete(ThemeForecast).where(col(ThemeForecast.issue_id) == issue_id))
    kept = session.get(ThemeLesson, issue_id, populate_existing=True)
    if kept is not None:
        lesson = _as_lesson(kept)
        put_theme_words(session, with_lesson(theme_words(session, lesson.steps), lesson, -1))
        session.delete(kept)
        session.flush()


def _forecast(session: Session, issue: Issue, theme_id: int) -> None:
    """What the engine expected before it learns from the decision, and what probabilities make of that."""
    scores = theme_scores(problem_of(issue), corpus_of(session))
    forecast = {str(key): round(score, 4) for key, score in scores.items()}
    session.add(ThemeForecast(issue_id=issue.id, theme_id=theme_id, scores=forecast))
    session.flush()


def _teach(session: Session, issue: Issue, theme_id: int) -> None:
    corpus = corpus_of(session)
    reading = read(issue.title, issue.description, issue.language, memory_of(session).thesaurus)
    features = with_bias(reading.features())
    likeness = corpus.themes.compare(reading).by_key()
    expected = {key: expected_score(like) for key, like in likeness.items()}
    known = theme_words(session, features)
    lesson = lesson_of(features, known, likeness.keys(), theme_id, expected)
    put_theme_words(session, with_lesson(known, lesson))
    errors = {str(theme): error for theme, error in lesson.errors.items()}
    steps = {feature: list(step) for feature, step in lesson.steps.items()}
    session.add(ThemeLesson(issue_id=issue.id, theme_id=theme_id, errors=errors, steps=steps))
    session.flush()


def _as_lesson(kept: ThemeLesson) -> Lesson:
    return Lesson(
        {int(theme): error for theme, error in kept.errors.items()},
        {feature: Step(*step) for feature, step in kept.steps.items()},
    )


def _settle(session: Session) -> None:
    """How much is known, and how honest that makes probabilities."""
    count = session.exec(select(func.count()).select_from(ThemeLesson)).one()
    session.merge(MatchingProgress(name=LESSONS, upto=count))
    session.flush()
    calibrate(session)


def calibrate(session: Session) -> None:
    """From two hundred forecasts on, probabilities are stretched or flattened to what came true."""
    enough = (session.exec(select(func.count()).select_from(ThemeForecast)).one() or 0) >= FEWEST_FORECASTS
    newest = select(ThemeForecast).order_by(col(ThemeForecast.id).desc()).limit(FORECASTS_READ)
    seen = [(each.scores, str(each.theme_id)) for each in session.exec(newest)] if enough else []
    fitted = round(1000 * fitted_temperature(seen)) if seen else 0
    session.merge(MatchingProgress(name=TEMPERATURE, upto=fitted))
    session.flush()


def relearn_themes(session: Session) -> int:
    """Adds up all lessons anew, and takes those that were missed; returns how many there are."""
    advance(session, TAUGHT)
    session.execute(delete(ThemeWord))
    learned: dict[str, Learned] = {}
    for kept in session.exec(select(ThemeLesson).order_by(col(ThemeLesson.issue_id))):
        learned |= with_lesson(learned, _as_lesson(kept))
    put_theme_words(session, learned)
    while learn_what_was_missed(session):
        pass
    _settle(session)
    return progress_of(session, LESSONS)


def learn_what_was_missed(session: Session, at_most: int = AT_ONCE) -> int:
    """Decisions without a lesson, of an earlier version for instance, in their order; returns how many."""
    taught = select(ThemeLesson.issue_id).where(ThemeLesson.issue_id == Issue.id).exists()
    missed = session.exec(
        select(Issue, ThemeMatch.theme_id)
        .join(ThemeMatch, col(ThemeMatch.issue_id) == col(Issue.id))
        .where(ThemeMatch.state == State.CONFIRMED, ~taught, col(Issue.taken_away_at).is_(None))
        .order_by(col(ThemeMatch.decided_at), col(Issue.id))
        .limit(at_most)
    ).all()
    for issue, theme_id in missed:
        learn_theme(session, issue, theme_id)
    return len(missed)


def catch_up(database: Database) -> None:
    """After an update that learns in another way: the decisions there were, a few at a time until all are learned.

    Each in a transaction of its own: people wait for the same processor meanwhile, and for the write lock.
    """
    for _each in range(AT_ONCE):
        with database.session() as session:
            if progress_of(session, CAUGHT_UP):
                return
            if not learn_what_was_missed(session, at_most=1):
                session.add(MatchingProgress(name=CAUGHT_UP, upto=1))


def learn_pilot(session: Session, pilot_id: int) -> None:
    """What its confirmed and rejected issues are about, counted anew: a decision taken back leaves nothing behind."""
    advance(session, LINKS)
    thesaurus = memory_of(session).thesaurus  # without what grew, so that nothing learned teaches itself
    counts: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for issue, state in _decided_about(session, pilot_id):
        meaning = thesaurus.read(issue.title, issue.description, issue.language)
        for code, strength in meaning.strengths.items():
            counts[code][state is State.REJECTED] += strength
    session.execute(delete(PilotConcept).where(col(PilotConcept.pilot_id) == pilot_id))
    rows = [
        {"concept": code, "pilot_id": pilot_id, "confirmed": round(yes, 4), "rejected": round(no, 4)}
        for code, (yes, no) in sorted(counts.items())
    ]
    put_in_where_free(session, PilotConcept, rows)


def _decided_about(session: Session, pilot_id: int) -> list[tuple[Issue, State]]:
    rows = session.exec(
        select(Issue, PilotMatch.state)
        .join(PilotMatch, col(PilotMatch.issue_id) == col(Issue.id))
        .where(PilotMatch.pilot_id == pilot_id, PilotMatch.state != State.SUGGESTED)
        .order_by(col(PilotMatch.decided_at).desc(), col(Issue.id))
        .limit(LINKS_PER_PILOT)
    )
    return [(issue, State(state)) for issue, state in rows]


def relearn_pilots(session: Session) -> int:
    """After the thesaurus has changed, for instance; returns for how many pilots."""
    session.execute(delete(PilotConcept))
    decided = select(PilotMatch.pilot_id).where(PilotMatch.state != State.SUGGESTED).distinct()
    pilots = session.exec(decided.order_by(col(PilotMatch.pilot_id))).all()
    for pilot_id in pilots:
        learn_pilot(session, pilot_id)
    return len(pilots)
