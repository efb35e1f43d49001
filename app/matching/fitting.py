"""Issues that may fit a pilot: those for which it was suggested, and those that its own text finds."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import exp

from sqlmodel import Session, col, select

from app.activity.actions import write_down
from app.core.i18n import Text
from app.core.paging import Page, decode_after, encode_after
from app.issues.models import CLOSED, Issue
from app.issues.queries import visible_issues
from app.matching.actions import corpus_of
from app.matching.deciding import Seen, confirm_pilot, reject_pilot
from app.matching.engine.explaining import most_telling
from app.matching.engine.likeness import Neighbour, neighbours_of, rarities
from app.matching.engine.problem import Point, Problem
from app.matching.engine.reading import Reading, read
from app.matching.engine.suggestion import Reason, ReasonCode
from app.matching.models import PilotMatch, State
from app.matching.reasons import told_together
from app.pilots.actions import link_issue
from app.pilots.models import Pilot, PilotIssue

SHOWN = 10
MOST_STORED, MOST_FOUND = 100, 50
LEAST_WORDS = 0.12
PLACE, FAR_M = 0.35, 800.0


@dataclass(frozen=True)
class Fit:
    """An issue that may belong to the pilot, and why."""

    issue: Issue
    score: float
    reasons: Sequence[Text]


def issues_that_may_fit(session: Session, pilot: Pilot, after: str = "") -> Page[Fit]:
    """Best first; what is linked, decided, closed, merged or hidden is left out."""
    scored = {**_found_by_its_text(session, pilot), **_suggested_for_it(session, pilot)}
    ordered = sorted(((score, issue_id) for issue_id, (score, _reasons) in scored.items()), reverse=True)
    if after:
        last_score, last_id = decode_after(after, (float, int))
        ordered = [place for place in ordered if place < (last_score, last_id)]
    fits = []
    issues = {issue.id: issue for issue in visible_issues(session, [issue_id for _score, issue_id in ordered])}
    for score, issue_id in ordered:
        issue = issues.get(issue_id)
        if issue is not None and issue.status not in CLOSED:
            fits.append(Fit(issue, score, told_together(scored[issue_id][1])))
    last = fits[SHOWN - 1] if len(fits) > SHOWN else None
    return Page(fits[:SHOWN], encode_after(last.score, last.issue.id) if last else None)


Scored = dict[int, tuple[float, list[dict[str, object]]]]


def _suggested_for_it(session: Session, pilot: Pilot) -> Scored:
    linked = select(PilotIssue.issue_id).where(PilotIssue.pilot_id == pilot.id)
    rows = session.exec(
        select(PilotMatch)
        .where(PilotMatch.pilot_id == pilot.id, PilotMatch.state == State.SUGGESTED)
        .where(col(PilotMatch.issue_id).not_in(linked))
        .order_by(col(PilotMatch.score).desc(), col(PilotMatch.issue_id).desc())
        .limit(MOST_STORED)
    )
    return {row.issue_id: (row.score, row.reasons) for row in rows}


def _found_by_its_text(session: Session, pilot: Pilot) -> Scored:
    """The matching the other way round: the statement of the problem is looked up among the issues."""
    point = Point(pilot.lat, pilot.lon) if pilot.lat is not None and pilot.lon is not None else None
    problem = Problem(title=pilot.title, text=pilot.problem, language=pilot.language, lat=pilot.lat, lon=pilot.lon)
    reading = read(problem.title, problem.text, problem.language)
    corpus = corpus_of(session)
    rarity = rarities(reading.words, *corpus.word_counts(reading.words))
    candidates = [each for each in corpus.candidates(rarity, point) if each.is_open and not each.merged_into]
    near = [each for each in neighbours_of(problem, rarity, candidates) if each.words >= LEAST_WORDS][:MOST_FOUND]
    settled = _settled_among(session, pilot.id, [each.candidate.issue_id for each in near])
    return {
        each.candidate.issue_id: _weigh(each, reading, pilot.radius_m or 0)
        for each in near
        if each.candidate.issue_id not in settled
    }


def _settled_among(session: Session, pilot_id: int, issue_ids: Collection[int]) -> set[int]:
    linked = select(PilotIssue.issue_id).where(PilotIssue.pilot_id == pilot_id, col(PilotIssue.issue_id).in_(issue_ids))
    decided = select(PilotMatch.issue_id).where(
        PilotMatch.pilot_id == pilot_id,
        col(PilotMatch.issue_id).in_(issue_ids),
        PilotMatch.state != State.SUGGESTED,
    )
    return {*session.exec(linked), *session.exec(decided)}


def _weigh(neighbour: Neighbour, reading: Reading, radius_m: int) -> tuple[float, list[dict[str, object]]]:
    """Words first; being in or near the area of the pilot helps."""
    metres = neighbour.metres
    place = 0.0 if metres is None else PLACE * exp(-metres / max(FAR_M, radius_m))
    inside = metres is not None and metres <= radius_m
    words = list(dict.fromkeys(reading.said[stem] for stem in neighbour.shared if stem in reading.said))
    where = Reason(ReasonCode.IN_PILOT_AREA, place) if inside else Reason(
        ReasonCode.NEAR, place, {"metres": round(metres or 0.0)}
    )  # fmt: skip
    reasons = most_telling([Reason(ReasonCode.SHARED_WORDS, neighbour.words, {"words": words}), where])
    return round(1 - exp(-(neighbour.words + place)), 6), [reason.stored() for reason in reasons]


def take_up(session: Session, actor_id: int, pilot: Pilot, issue: Issue) -> None:
    """The issue fits: it is linked, and the matcher learns from it. Raises Conflict when somebody decided otherwise."""
    confirm_pilot(session, issue, pilot.id, actor_id, seen=Seen())
    link_issue(session, actor_id, pilot, issue)


def turn_down(session: Session, actor_id: int, pilot: Pilot, issue: Issue) -> None:
    """It does not fit, and is not suggested again."""
    if reject_pilot(session, issue, pilot.id, actor_id, seen=Seen()):
        facts = {"pilot": pilot.id}
        write_down(session, "match.rejected", "issue", issue.id, actor_id=actor_id, role="team", facts=facts)
