"""Groups of open issues about the same thing that no pilot answers yet: something to start a pilot from."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from app.issues.models import Issue, Status
from app.matching.knowledge.profile_memory import memory_of
from app.matching.models import PilotMatch, State
from app.matching.thesaurus.concepts import Concept
from app.matching.thesaurus.expressions import Thesaurus
from app.pilots.models import PilotIssue

MOST_READ = 1_000
FEWEST_IN_A_GROUP = 3
MOST_GROUPS = 20
MOST_ISSUES = 50  # as many as a pilot can start from
SURE = 0.6
AS_MUCH = 0.9  # of the strongest concept of an issue
OPEN = (Status.NEW, Status.ACKNOWLEDGED, Status.REOPENED, Status.WITH_SERVICE)


@dataclass(frozen=True)
class Group:
    """Issues about one concept, most supported first."""

    concept: Concept
    issues: Sequence[Any]

    @property
    def neighbourhoods(self) -> int:
        return len({issue.neighbourhood_id for issue in self.issues if issue.neighbourhood_id})

    @property
    def votes(self) -> int:
        return sum(issue.vote_count for issue in self.issues)

    @property
    def numbers(self) -> str:
        """For the address of the form that starts a pilot."""
        return ",".join(str(issue.id) for issue in self.issues[:MOST_ISSUES])


def groups_without_pilot(session: Session) -> list[Group]:
    """Among the newest thousand open issues; the largest group first. A second of work: remember the answer."""
    thesaurus = memory_of(session).thesaurus
    by_concept: dict[str, list[Any]] = defaultdict(list)
    for issue in _open_issues(session):
        for code in about(thesaurus, issue):
            by_concept[code].append(issue)
    groups = [
        Group(thesaurus.concepts[code], sorted(issues, key=lambda issue: (-issue.vote_count, issue.id)))
        for code, issues in by_concept.items()
        if len(issues) >= FEWEST_IN_A_GROUP
    ]
    groups.sort(key=lambda group: (-len(group.issues), -group.votes, group.concept.code))
    return groups[:MOST_GROUPS]


def about(thesaurus: Thesaurus, issue: Any) -> Iterable[str]:
    """What an issue is mostly about: one concept, or two that are as strong."""
    strengths = thesaurus.read(issue.title, issue.description, issue.language).strengths
    strongest = max(strengths.values(), default=0.0)
    if strongest < SURE:
        return []
    return [code for code, strength in strengths.items() if strength >= AS_MUCH * strongest]


def _open_issues(session: Session) -> Sequence[Any]:
    answered = select(PilotIssue.issue_id)
    confirmed = select(PilotMatch.issue_id).where(PilotMatch.state == State.CONFIRMED)
    rows: Sequence[Any] = session.exec(
        select(  # type: ignore[call-overload]
            Issue.id, Issue.title, Issue.description, Issue.language, Issue.vote_count, Issue.neighbourhood_id
        )
        .where(col(Issue.visible), col(Issue.status).in_(OPEN))
        .where(col(Issue.id).not_in(answered), col(Issue.id).not_in(confirmed))
        .order_by(col(Issue.id).desc())
        .limit(MOST_READ)
    ).all()
    return rows
