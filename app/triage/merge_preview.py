"""What the team sees before it merges two issues: what is there on both sides, and whom it concerns."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import Session

from app.issues.merged import authors_of, figures_of, issue_that_stays
from app.issues.models import TRANSITIONS, Issue, Status
from app.issues.queries import whole_issues
from app.matching.links import links_of
from app.matching.models import State
from app.pilots.models import Pilot
from app.pilots.queries import pilots_with_issues


@dataclass(frozen=True)
class MergePreview:
    """`chosen_id` is what the person asked for: when that was merged itself, `other` is the one that stays."""

    issue: Issue
    other: Issue
    chosen_id: int
    before: dict[str, int]
    before_other: dict[str, int]
    together: dict[str, int]
    authors: Sequence[str]
    pilots: Sequence[Pilot]

    @property
    def is_possible(self) -> bool:
        return self.issue.id != self.other.id and Status.MERGED in TRANSITIONS[self.issue.status]


def preview_merge(session: Session, issue: Issue, chosen_id: int) -> MergePreview | None:
    """None when there is no such issue, or nobody may see it."""
    chosen = whole_issues(session, [chosen_id])
    if not chosen:
        return None
    stays = issue_that_stays(session, chosen[0])
    other = whole_issues(session, [stays.id])[0] if stays else chosen[0]
    both = [issue.id, other.id]
    return MergePreview(
        issue=issue,
        other=other,
        chosen_id=chosen_id,
        before=figures_of(session, [issue.id]),
        before_other=figures_of(session, [other.id]),
        together=figures_of(session, both),
        authors=[person.display_name for person in authors_of(session, both)],
        pilots=pilots_with_issues(session, [issue.id]),
    )


def similar_to_choose(session: Session, issue: Issue) -> list[Issue]:
    """What the matcher found similar and nobody rejected; merged ones are left out."""
    found = [link.other for link in links_of(session, issue.id).similar if link.state is not State.REJECTED]
    return [other for other in found if other.status is not Status.MERGED]
