"""The issues that the team confirmed for a pilot or a theme, and all the others beside them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, func, select

from app.accounts.models import Person
from app.content.models import Content
from app.core.language import words_of
from app.issues.models import Issue
from app.issues.search import matches_words
from app.matching.growing.unnamed import Term
from app.matching.models import LinkKind, PilotMatch, State, ThemeMatch
from app.matching.thesaurus.concepts import LANGUAGES
from app.matching.thesaurus.expressions import Meaning, Thesaurus, stems_of
from app.places.models import Neighbourhood

MOST_READ = 100  # the newest
WHO_LEFT = 0  # they count as one person
TABLES: Mapping[LinkKind, tuple[Any, Any]] = {
    LinkKind.PILOT: (PilotMatch, PilotMatch.pilot_id),
    LinkKind.THEME: (ThemeMatch, ThemeMatch.theme_id),
}


@dataclass(frozen=True, slots=True)
class Anchor:
    """A pilot or a theme that issues are confirmed for."""

    kind: LinkKind
    key: int

    @property
    def turn(self) -> int:
        """Themes come before pilots: a number that tells where a round over all of them has got to."""
        return self.key if self.kind is LinkKind.PILOT else -self.key

    @property
    def issue_ids(self) -> Any:
        table, column = TABLES[self.kind]
        return select(table.issue_id).where(column == self.key, table.state == State.CONFIRMED)

    @property
    def perhaps(self) -> Any:
        """Also those that it is suggested for: until somebody rejects it there, they do not speak against it."""
        table, column = TABLES[self.kind]
        return select(table.issue_id).where(column == self.key, table.state != State.REJECTED)


@dataclass(frozen=True, slots=True)
class Confirmed:
    """An issue, who filed it, and what it is about without anything that was learned."""

    issue: Issue
    who: int
    meaning: Meaning


def counting() -> tuple[Any, ...]:
    """Only what everybody can see, of people who do not object to automatic matching."""
    return col(Issue.visible), col(Issue.is_matched), col(Issue.taken_away_at).is_(None)


def anchors_of(session: Session, issue_id: int) -> list[Anchor]:
    """What it was confirmed for, and what it was rejected for: there it speaks against."""
    return [
        Anchor(kind, each)
        for kind, (table, key) in TABLES.items()
        for each in session.exec(
            select(key).where(table.issue_id == issue_id, table.state != State.SUGGESTED).order_by(key)
        )
    ]


def all_anchors(session: Session) -> list[Anchor]:
    return [
        Anchor(kind, each)
        for kind, (table, key) in TABLES.items()
        for each in session.exec(select(key).where(table.state == State.CONFIRMED).distinct().order_by(key))
    ]


def confirmed_for(session: Session, anchor: Anchor, thesaurus: Thesaurus, without: int | None) -> Sequence[Confirmed]:
    rows = session.exec(
        select(Issue, Content.author_id)
        .join(Content, col(Content.id) == Issue.content_id)
        .where(col(Issue.id).in_(anchor.issue_ids), col(Issue.id) != (without or 0))
        .where(*counting(), col(Issue.language).in_(LANGUAGES))
        .order_by(col(Issue.id).desc())
        .limit(MOST_READ)
        .execution_options(populate_existing=True)
    )
    return [
        Confirmed(issue, author or WHO_LEFT, thesaurus.read(issue.title, issue.description, issue.language))
        for issue, author in rows
    ]


def number_of_issues(session: Session) -> int:
    """All that count. Every index entry is read: once for several anchors."""
    return session.exec(select(func.count()).select_from(Issue).where(*counting())).one()


def number_of_others(session: Session, anchor: Anchor, all_issues: int) -> int:
    own = select(func.count()).select_from(Issue).where(*counting(), col(Issue.id).in_(anchor.perhaps))
    return all_issues - session.exec(own).one()


def others_that_say(session: Session, anchor: Anchor, term: Term, at_most: int) -> int:
    """In how many other issues all its words stand, by the index of the search."""
    found = matches_words(session, [[stem] for stem in term.stems])
    some = select(Issue.id).where(found, *counting(), col(Issue.id).not_in(anchor.perhaps)).limit(at_most)
    return session.exec(select(func.count()).select_from(some.subquery())).one()


def names_around(session: Session, confirmed: Iterable[Confirmed]) -> frozenset[str]:
    """Words and stems of names: of neighbourhoods, of addresses that were given, of people who filed."""
    read = list(confirmed)
    authors = sorted({each.who for each in read})
    told = [*session.exec(select(Neighbourhood.name)), *(each.issue.address for each in read)]
    told += session.exec(select(Person.display_name).where(col(Person.id).in_(authors))).all()
    names = {word for name in told for word in words_of(name)}
    return frozenset(names | {stem for name in names for each in LANGUAGES for stem in stems_of(name, each)})
