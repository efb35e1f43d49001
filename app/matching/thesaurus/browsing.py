"""The thesaurus as the team reads it: a page of problems at a time, and what was learned about one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, func, select

from app.core.i18n import LOCALES
from app.core.paging import PAGE_SIZE, NoSuchPage, Page, decode_after, encode_after
from app.issues.models import Issue
from app.issues.queries import visible_issues
from app.matching.models import CityExpression, GrownExpression
from app.matching.thesaurus.concepts import Concept
from app.matching.thesaurus.editing import shipped_texts
from app.matching.thesaurus.expressions import Thesaurus

MOSTLY = 0.5  # so much of a concept belongs to a theme under which it is found
MOST_ISSUES = 5  # named for one expression, the newest


@dataclass(frozen=True)
class Wanted:
    """By what the team narrows the list down; `learned`: only problems about which something was learned."""

    q: str = ""
    theme: str = ""
    learned: bool = False


@dataclass(frozen=True)
class Learned:
    """An expression that decisions taught: what speaks for it, and the newest issues it comes from."""

    language: str
    text: str
    voices: int
    of_voices: int
    elsewhere: int
    others: int
    issues: Sequence[Issue]
    more: int


def some_concepts(
    thesaurus: Thesaurus, learned: Mapping[str, int], wanted: Wanted, locale: str, after: str
) -> Page[Concept]:
    """By name."""
    kept = [concept for concept in thesaurus.concepts.values() if is_wanted(concept, learned, wanted)]
    ordered = sorted((concept.name(locale).casefold(), concept.code) for concept in kept)
    if after:
        last = decode_names(after)
        ordered = [place for place in ordered if place > last]
    shown = ordered[:PAGE_SIZE]
    more = encode_after(*shown[-1]) if len(ordered) > PAGE_SIZE else None
    return Page([thesaurus.concepts[code] for _name, code in shown], more)


def decode_names(after: str) -> tuple[str, str]:
    name, code = (str(part) for part in decode_after(after, (str, str)))
    if not code:
        raise NoSuchPage
    return name, code


def is_wanted(concept: Concept, learned: Mapping[str, int], wanted: Wanted) -> bool:
    return (
        (not wanted.learned or concept.code in learned)
        and (not wanted.theme or concept.themes.get(wanted.theme, 0.0) >= MOSTLY)
        and (not wanted.q or speaks_of(concept, wanted.q.lower()))
    )


def speaks_of(concept: Concept, q: str) -> bool:
    said = (each.text for expressions in concept.expressions.values() for each in expressions)
    return q in concept.nl.lower() or q in concept.en.lower() or any(q in text for text in said)


def how_many_learned(session: Session) -> dict[str, int]:
    """By concept."""
    counts = select(GrownExpression.concept, func.count(func.distinct(GrownExpression.language + GrownExpression.text)))
    return dict(session.exec(counts.group_by(col(GrownExpression.concept))).all())


def learned_about(session: Session, concept: str) -> list[Learned]:
    """What most people say first. The same words may come from two pilots."""
    rows = session.exec(
        select(GrownExpression)
        .where(GrownExpression.concept == concept)
        .order_by(col(GrownExpression.voices).desc(), col(GrownExpression.text), col(GrownExpression.id))
    )
    same: dict[tuple[str, str], list[GrownExpression]] = defaultdict(list)
    for row in rows:
        same[row.language, row.text].append(row)
    newest = {said: _newest(each) for said, each in same.items()}
    issues = {issue.id: issue for issue in visible_issues(session, {key for ids in newest.values() for key in ids})}
    return [_as_learned(each, [issues[key] for key in newest[said] if key in issues]) for said, each in same.items()]


def _newest(rows: Iterable[GrownExpression]) -> list[int]:
    return sorted({key for row in rows for key in row.issue_ids}, reverse=True)


def _as_learned(rows: Sequence[GrownExpression], issues: Sequence[Issue]) -> Learned:
    first = rows[0]
    counted = (first.voices, first.of_voices, first.elsewhere, first.others)
    return Learned(first.language, first.text, *counted, issues[:MOST_ISSUES], max(0, len(issues) - MOST_ISSUES))


def refused_for(session: Session, concept: str) -> Sequence[CityExpression]:
    """What was learned and the city does not want; an expression of the product that it took away is another thing."""
    rows = session.exec(
        select(CityExpression)
        .where(CityExpression.concept == concept, col(CityExpression.removed))
        .order_by(col(CityExpression.text))
    )
    shipped = {language: shipped_texts(concept, language) for language in LOCALES}
    return [row for row in rows if row.text not in shipped[row.language]]
