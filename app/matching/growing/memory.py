"""What a process remembers of the expressions that were learned; read anew as soon as they change.

They are understood in what residents write, and not in themes and pilots: those stay as they were read, and nothing
that was learned teaches itself.
"""

from collections import defaultdict
from collections.abc import Sequence
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.matching.knowledge.profile_memory import Memory, Stamp
from app.matching.models import GrownExpression
from app.matching.thesaurus.concepts import LANGUAGES, Concept, Expression
from app.matching.thesaurus.expressions import Thesaurus

_grown: WeakKeyDictionary[Engine, tuple[Stamp, Thesaurus, Thesaurus]] = WeakKeyDictionary()


def with_what_grew(session: Session, memory: Memory) -> Thesaurus:
    """The thesaurus as residents are read with it."""
    engine, thesaurus = session.get_bind().engine, memory.thesaurus
    known = _grown.get(engine)
    if known is None or known[0] != memory.grown or known[1] is not thesaurus:
        known = _grown[engine] = (memory.grown, thesaurus, thesaurus.grown_by(grown_concepts(session, thesaurus)))
    return known[2]


def grown_concepts(session: Session, thesaurus: Thesaurus) -> Sequence[Concept]:
    """Each concept that there still is, with what it learned only."""
    rows = session.exec(
        select(GrownExpression.concept, GrownExpression.language, GrownExpression.text)
        .distinct()
        .order_by(col(GrownExpression.concept), col(GrownExpression.language), col(GrownExpression.text))
    )
    learned: dict[str, dict[str, list[Expression]]] = defaultdict(lambda: {each: [] for each in LANGUAGES})
    for concept, language, text in rows:
        learned[concept][language].append(Expression(text, grown=True))
    return [
        Concept(code, "", "", expressions={language: tuple(said) for language, said in by_language.items()})
        for code, by_language in learned.items()
        if code in thesaurus.concepts
    ]
