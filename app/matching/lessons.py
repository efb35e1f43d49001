"""What the team's decisions teach: at once, in the transaction of the decision, and always the same from the same."""

from collections import defaultdict

from sqlmodel import Session, col, delete, func, select

from app.issues.models import Issue
from app.matching.actions import corpus_of, problem_of
from app.matching.calibration import FEWEST_FORECASTS, FORECASTS_READ, fitted_temperature
from app.matching.corpus import LESSONS, TEMPERATURE
from app.matching.engine import theme_scores
from app.matching.learning import learn, with_bias
from app.matching.models import MatchingProgress, PilotConcept, PilotMatch, State, ThemeForecast, ThemeMatch, ThemeWord
from app.matching.reading import read
from app.matching.themes import expected_score
from app.matching.writing import advance, put_in_where_free, put_theme_weights

LINKS = "links learned"
LINKS_PER_PILOT = 200  # the newest decisions about a pilot that count


def forecast_theme(session: Session, issue: Issue, theme_id: int) -> None:
    """Keeps what the engine expected before it learns from the decision, and what probabilities make of that.

    An issue that is moved again is forecast once, for where it went last.
    """
    advance(session, LESSONS)
    scores = theme_scores(problem_of(issue), corpus_of(session))
    forget_forecast(session, issue)
    forecast = {str(key): round(score, 4) for key, score in scores.items()}
    session.add(ThemeForecast(issue_id=issue.id, theme_id=theme_id, scores=forecast))
    session.flush()
    calibrate(session)


def forget_forecast(session: Session, issue: Issue) -> None:
    session.execute(delete(ThemeForecast).where(col(ThemeForecast.issue_id) == issue.id))


def calibrate(session: Session) -> None:
    """From two hundred forecasts on, probabilities are stretched or flattened to what came true."""
    enough = (session.exec(select(func.count()).select_from(ThemeForecast)).one() or 0) >= FEWEST_FORECASTS
    newest = select(ThemeForecast).order_by(col(ThemeForecast.id).desc()).limit(FORECASTS_READ)
    seen = [(each.scores, str(each.theme_id)) for each in session.exec(newest)] if enough else []
    fitted = round(1000 * fitted_temperature(seen)) if seen else 0
    session.merge(MatchingProgress(name=TEMPERATURE, upto=fitted))


def learn_theme(session: Session, issue: Issue, theme_id: int) -> None:
    """One lesson; lessons of several processes come one after the other."""
    advance(session, LESSONS)
    corpus = corpus_of(session)
    reading = read(issue.title, issue.description, issue.language, corpus.thesaurus)
    features = with_bias(reading.features())
    likeness = corpus.themes.compare(reading).by_key()
    expected = {key: expected_score(like) for key, like in likeness.items()}
    known = corpus.theme_weights(features.keys())
    put_theme_weights(session, learn(features, known, likeness.keys(), theme_id, expected))


def relearn_themes(session: Session) -> int:
    """Forgets all lessons and takes them again in the order of the decisions; returns how many."""
    session.execute(delete(ThemeWord))
    decided = session.exec(
        select(Issue, ThemeMatch.theme_id)
        .join(ThemeMatch, col(ThemeMatch.issue_id) == col(Issue.id))
        .where(ThemeMatch.state == State.CONFIRMED)
        .order_by(col(ThemeMatch.decided_at), col(Issue.id))
    ).all()
    for issue, theme_id in decided:
        learn_theme(session, issue, theme_id)
    calibrate(session)
    return len(decided)


def learn_pilot(session: Session, pilot_id: int) -> None:
    """What its confirmed and rejected issues are about, counted anew: a decision taken back leaves nothing behind."""
    advance(session, LINKS)
    thesaurus = corpus_of(session).thesaurus
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
