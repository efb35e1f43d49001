"""The thesaurus grows from what the team decides: at once, in the transaction of the decision, and by counting only.

Residents whose issues were confirmed for the same pilot often say its problem in words that the thesaurus does not
have. What enough of them say, and hardly anybody else, becomes an expression of what the pilot is mainly about; a
theme teaches only when it is about one thing. Always counted anew from the decisions, so that one taken back leaves
nothing behind.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlmodel import Session, col, delete, select

from app.core.db import Database
from app.matching.engine.meaning import meaning_of
from app.matching.growing.anchors import (
    Anchor,
    Confirmed,
    all_anchors,
    anchors_of,
    confirmed_for,
    names_around,
    number_of_issues,
    number_of_others,
    others_that_say,
)
from app.matching.growing.main_concept import main_concept
from app.matching.growing.unnamed import (
    MOST_LEARNED,
    NAMED,
    Candidate,
    Term,
    Voice,
    candidates_among,
    most_elsewhere,
    uses_of,
    without_what_is_in_another,
)
from app.matching.knowledge.corpus import ISSUES_COUNTED, TAUGHT
from app.matching.knowledge.profile_memory import memory_of, stamp_of_profiles
from app.matching.knowledge.writing import progress_of, take_turn
from app.matching.models import CityExpression, GrownExpression, LinkKind, MatchingProgress
from app.matching.thesaurus.expressions import Thesaurus, stems_of

GROWN_FOR = "expressions grown for state"
GROWING_FOR = "expressions growing for state"
GROWN_UPTO = "expressions growing, up to"
BEFORE_ALL = -(2**31)
AT_ONCE = 10
SHARE_OF_A_THEME = 1 / 3  # of its issues must name a concept for the theme to be about that
MORE_ISSUES = 1.1  # times as many: what is rare is looked at again


@dataclass(frozen=True, slots=True)
class Grown:
    """An expression worth learning, and what speaks for it."""

    candidate: Candidate
    of_voices: int
    elsewhere: int
    others: int


def grow_from(session: Session, anchor: Anchor, without: int | None = None, all_issues: int | None = None) -> None:
    """What the confirmed issues of one pilot or theme teach; `without` one that is about to go.

    `all_issues`: their number, for who has counted them already.
    """
    session.flush()
    take_turn(session, TAUGHT)  # the same as lessons take, so that nobody waits in a circle
    concept, grown = _learned_from(session, anchor, without, all_issues)
    _keep(session, anchor, concept, grown)


def grow_from_issue(session: Session, issue_id: int, without: bool = False) -> None:
    """After it was rewritten, hidden or shown again: whatever was decided about it; `without` it when it is to go."""
    for anchor in anchors_of(session, issue_id):
        grow_from(session, anchor, issue_id if without else None)


def grow_all(session: Session) -> int:
    """Everything counted anew; returns how many expressions there are."""
    session.execute(delete(GrownExpression))
    for anchor in all_anchors(session):
        grow_from(session, anchor)
    return len(session.exec(select(GrownExpression.id)).all())


def grow_where_stale(database: Database) -> None:
    """After pilots, themes or the thesaurus changed, or when there are a tenth more issues; a few at a time."""
    with database.session() as session:
        stamp = _stamp(session)
        goes_on = progress_of(session, GROWING_FOR) == stamp
        if goes_on and progress_of(session, GROWN_FOR) == stamp:
            return
        done = progress_of(session, GROWN_UPTO) if goes_on else BEFORE_ALL
        known = {*all_anchors(session), *_anchors_that_taught(session)}
        left = sorted((each for each in known if each.turn > done), key=lambda each: each.turn)
        all_issues = number_of_issues(session)
    for anchor in left[:AT_ONCE]:
        with database.session() as session:
            if _teaches_something_else(session, anchor, all_issues):
                grow_from(session, anchor, all_issues=all_issues)
    with database.session() as session:
        session.merge(MatchingProgress(name=GROWING_FOR, upto=stamp))
        if len(left) <= AT_ONCE:
            session.merge(MatchingProgress(name=GROWN_FOR, upto=stamp))
        else:
            session.merge(MatchingProgress(name=GROWN_UPTO, upto=left[AT_ONCE - 1].turn))


def _stamp(session: Session) -> int:
    issues, tenths = progress_of(session, ISSUES_COUNTED), 0
    while issues > MORE_ISSUES**tenths:
        tenths += 1
    return int.from_bytes(sha256(repr((*stamp_of_profiles(session), tenths)).encode()).digest()[:3], "big")


def _anchors_that_taught(session: Session) -> set[Anchor]:
    """Also those that nobody confirms anything for any more: what they taught has to go."""
    learned = session.exec(select(GrownExpression.kind, GrownExpression.key).distinct())
    return {Anchor(LinkKind(kind), key) for kind, key in learned}


def _learned_from(
    session: Session, anchor: Anchor, without: int | None, all_issues: int | None
) -> tuple[str, Sequence[Grown]]:
    memory = memory_of(session)
    profiles = (memory.pilots if anchor.kind is LinkKind.PILOT else memory.themes).profiles
    profile = next((each for each in profiles if each.key == anchor.key), None)
    if profile is None:
        return "", []
    own = meaning_of(profile, memory.thesaurus)
    if anchor.kind is LinkKind.THEME and not main_concept(own, [], memory.thesaurus)[0]:
        return "", []
    confirmed = confirmed_for(session, anchor, memory.thesaurus, without)
    concept, share = main_concept(own, [each.meaning for each in confirmed], memory.thesaurus)
    if not concept or (anchor.kind is LinkKind.THEME and share < SHARE_OF_A_THEME):
        return "", []
    unnamed = [each for each in confirmed if each.meaning.strengths.get(concept, 0.0) < NAMED]
    return concept, _worth_learning(session, anchor, concept, unnamed, memory.thesaurus, all_issues)


def _worth_learning(
    session: Session,
    anchor: Anchor,
    concept: str,
    unnamed: Sequence[Confirmed],
    thesaurus: Thesaurus,
    all_issues: int | None,
) -> Sequence[Grown]:
    candidates = candidates_among(_voice(each, thesaurus) for each in unnamed)
    if not candidates:
        return []
    names, decided = names_around(session, unnamed), _decided_about(session, concept)
    of_voices = len({each.who for each in unnamed})
    others = number_of_others(session, anchor, number_of_issues(session) if all_issues is None else all_issues)
    weighed = [
        _weighed(session, anchor, each, of_voices, others)
        for each in candidates
        if each.term not in decided and names.isdisjoint([*each.said.split(), *each.term.stems])
    ]
    grown = [each for each in weighed if each]
    kept = without_what_is_in_another([each.candidate for each in grown])
    grown.sort(key=lambda each: (-each.candidate.voices, each.elsewhere, each.candidate.term))
    return [each for each in grown if each.candidate in kept][:MOST_LEARNED]


def _voice(each: Confirmed, thesaurus: Thesaurus) -> Voice:
    issue = each.issue
    return Voice(issue.id, each.who, uses_of(issue.title, issue.description, issue.language, thesaurus))


def _weighed(session: Session, anchor: Anchor, candidate: Candidate, of_voices: int, others: int) -> Grown | None:
    """None when it stands in too many other issues."""
    most = most_elsewhere(candidate.voices, of_voices, others)
    if most < 0:
        return None
    elsewhere = others_that_say(session, anchor, candidate.term, most + 1)
    return Grown(candidate, of_voices, elsewhere, others) if elsewhere <= most else None


def _decided_about(session: Session, concept: str) -> set[Term]:
    """What the city itself added to this concept, or does not want there."""
    rows = session.exec(select(CityExpression.language, CityExpression.text).where(CityExpression.concept == concept))
    return {Term(language, tuple(sorted(stems_of(text, language)))) for language, text in rows}


def _teaches_something_else(session: Session, anchor: Anchor, all_issues: int) -> bool:
    """Only reads: counting takes a while, and people who write are not to wait for it."""
    concept, grown = _learned_from(session, anchor, None, all_issues)
    return [each.told() for each in _known(session, anchor)] != [
        _as_row(anchor, concept, each).told() for each in grown
    ]


def _known(session: Session, anchor: Anchor) -> Sequence[GrownExpression]:
    mine = select(GrownExpression).where(GrownExpression.kind == anchor.kind, GrownExpression.key == anchor.key)
    return session.exec(mine.order_by(col(GrownExpression.id)).execution_options(populate_existing=True)).all()


def _keep(session: Session, anchor: Anchor, concept: str, grown: Sequence[Grown]) -> None:
    """Nothing is written where nothing has changed, so that no process has to make anything anew."""
    rows = [_as_row(anchor, concept, each) for each in grown]
    known = _known(session, anchor)
    if [each.told() for each in known] != [each.told() for each in rows]:
        for each in known:
            session.delete(each)
        session.flush()
        session.add_all(rows)
        session.flush()


def _as_row(anchor: Anchor, concept: str, grown: Grown) -> GrownExpression:
    candidate = grown.candidate
    return GrownExpression(
        kind=anchor.kind,
        key=anchor.key,
        concept=concept,
        language=candidate.term.language,
        text=candidate.said[:80],
        issue_ids=list(candidate.issue_ids),
        voices=candidate.voices,
        of_voices=grown.of_voices,
        elsewhere=grown.elsewhere,
        others=grown.others,
    )
