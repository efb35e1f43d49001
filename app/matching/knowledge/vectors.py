"""The vectors of sentence embeddings: kept, made, and compared with that of a text.

Vectors of themes, pilots and issues are made in the background and kept in the database; a request makes one, of the
text that it is about. Without a model nothing here is asked.
"""

import re
from array import array
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import islice
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from app.issues.models import Issue
from app.matching.engine.problem import Profile
from app.matching.engine.sense import NOT_ALIKE, Closest, Sense
from app.matching.knowledge.embeddings import Encoder, Vector, product
from app.matching.knowledge.profile_memory import Memory, memory_of
from app.matching.knowledge.writing import advance, progress_of
from app.matching.models import LinkKind, TextVector

VECTORS = "vectors made"
SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")
SHORTEST, LONGEST = 12, 300  # letters of a sentence
MOST_SENTENCES = 12
LONGEST_TEXT = 2_000
AT_ONCE = 16
NEWEST_ISSUES = 2_000  # that get a vector; older ones are compared by their words only
NONE = ("", b"")


class Part(NamedTuple):
    kind: LinkKind
    key: int
    part: int
    text: str


@dataclass(frozen=True)
class Known:
    """The vectors of all sentences of one kind of profile, as rows of one array."""

    stamp: tuple[Any, ...]
    parts: Sequence[Part]
    rows: Any


_known: WeakKeyDictionary[Engine, dict[LinkKind, Known]] = WeakKeyDictionary()


def sense_of(session: Session, memory: Memory, model: Encoder, text: str, issue_ids: Collection[int]) -> Sense:
    (own,) = model.encode([text[:LONGEST_TEXT]])
    themes, pilots = (_known_of(session, memory, model, kind) for kind in (LinkKind.THEME, LinkKind.PILOT))
    return Sense(
        _closest(own, themes, model), _closest(own, pilots, model), _closest_issues(session, own, issue_ids, model)
    )


def _closest(own: Vector, known: Known, model: Encoder) -> dict[int, Closest]:
    """By the sentence of each that is most alike."""
    found: dict[int, Closest] = {}
    for part, alike in zip(known.parts, (known.rows @ own).tolist() if known.parts else (), strict=True):
        likeness = model.likeness(alike)
        if likeness > found.get(part.key, NOT_ALIKE).likeness:
            found[part.key] = Closest(likeness, part.text)
    return found


def _closest_issues(session: Session, own: Vector, issue_ids: Collection[int], model: Encoder) -> dict[int, float]:
    rows = session.exec(
        select(TextVector.key, TextVector.vector, TextVector.digest).where(
            TextVector.kind == LinkKind.SIMILAR, col(TextVector.key).in_(issue_ids)
        )
    )
    return {
        key: model.likeness(product(own, _as_vector(vector)))
        for key, vector, digest in rows
        if digest.startswith(model.name)
    }


def _known_of(session: Session, memory: Memory, model: Encoder, kind: LinkKind) -> Known:
    """Remembered by the process until vectors or profiles change."""
    import numpy

    profiles = _profiles(memory, kind)
    stamp = (progress_of(session, VECTORS), model.name, id(profiles))
    known = _known.setdefault(session.get_bind().engine, {})
    if kind not in known or known[kind].stamp != stamp:
        vectors = _stored(session, kind)
        parts = [
            part for part in parts_of(kind, profiles) if vectors.get(part[:3], NONE)[0] == digest_of(model, part.text)
        ]
        rows = [_as_vector(vectors[part[:3]][1]) for part in parts]
        known[kind] = Known(stamp, parts, numpy.array(rows, dtype="float32"))
    return known[kind]


def _profiles(memory: Memory, kind: LinkKind) -> Sequence[Profile]:
    return memory.themes.profiles if kind is LinkKind.THEME else memory.pilots.profiles


def _stored(session: Session, kind: LinkKind) -> dict[tuple[LinkKind, int, int], tuple[str, bytes]]:
    rows = session.exec(select(TextVector).where(TextVector.kind == kind))
    return {(LinkKind(row.kind), row.key, row.part): (row.digest, row.vector) for row in rows}


def parts_of(kind: LinkKind, profiles: Sequence[Profile]) -> Iterator[Part]:
    """The sentences of each profile that say something."""
    for profile in profiles:
        said = (sentence.strip() for _language, text in profile.texts for sentence in SENTENCE.split(text))
        telling = (sentence[:LONGEST] for sentence in said if len(sentence) >= SHORTEST)
        for number, sentence in enumerate(islice(telling, MOST_SENTENCES)):
            yield Part(kind, profile.key, number, sentence)


def digest_of(model: Encoder, text: str) -> str:
    return f"{model.name}-{sha256(text.encode('utf-8', 'replace')).hexdigest()[:40]}"


def make_vectors(session: Session, model: Encoder, at_most: int = AT_ONCE) -> int:
    """Some of what has none, or another text by now: themes and pilots first, then the newest issues; how many."""
    wanted = list(islice(_without_vector(session, model), at_most))
    if wanted:
        vectors = model.encode([part.text for part in wanted])
        for part, vector in zip(wanted, vectors, strict=True):
            _keep(session, part, digest_of(model, part.text), vector)
        advance(session, VECTORS)
    return len(wanted)


def _keep(session: Session, part: Part, digest: str, vector: Vector) -> None:
    session.merge(
        TextVector(kind=part.kind, key=part.key, part=part.part, digest=digest, vector=array("f", vector).tobytes())
    )


def _without_vector(session: Session, model: Encoder) -> Iterator[Part]:
    memory = memory_of(session)
    for kind in (LinkKind.THEME, LinkKind.PILOT):
        stored = _stored(session, kind)
        for part in parts_of(kind, _profiles(memory, kind)):
            if stored.get(part[:3], NONE)[0] != digest_of(model, part.text):
                yield part
    newest = select(Issue.id, Issue.title, Issue.description).where(col(Issue.visible), col(Issue.is_matched))
    rows = session.exec(newest.order_by(col(Issue.id).desc()).limit(NEWEST_ISSUES)).all()
    digests = select(TextVector.key, TextVector.digest).where(TextVector.kind == LinkKind.SIMILAR)
    stored_issues = dict(session.exec(digests).all())
    for issue_id, title, description in rows:
        text = f"{title}\n{description}"[:LONGEST_TEXT]
        if text.strip() and stored_issues.get(issue_id) != digest_of(model, text):
            yield Part(LinkKind.SIMILAR, issue_id, 0, text)


def _as_vector(stored: bytes) -> Vector:
    vector = array("f")
    vector.frombytes(stored)
    return vector
