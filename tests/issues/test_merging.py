"""Two issues about the same: merged, counted together, taken apart again."""

from datetime import timedelta

import pytest
from sqlmodel import Session, col, func, select

from app.accounts.models import Person
from app.activity.models import AuditEntry, TimelineEntry
from app.content.models import Content, Visibility
from app.core.clock import now
from app.core.errors import Conflict
from app.issues.actions import Tally, cast_vote, change_status, tally, withdraw_vote
from app.issues.merging import Seen, merge_issues, undo_merge
from app.issues.models import Issue, IssueMerge, Status, Vote
from app.issues.queries import voted_among
from app.moderation.visibility import set_visibility
from tests.conftest import Cast
from tests.factories import make_issue, make_person

SEEN = Seen("new", "new")


@pytest.fixture
def people(session: Session) -> list[Person]:
    return [make_person(session, f"stem{number}") for number in range(5)]


def vote(session: Session, person: Person, *issues: Issue) -> None:
    for issue in issues:
        cast_vote(session, person.id, fresh(session, issue))
    session.commit()


def fresh(session: Session, issue: Issue) -> Issue:
    session.commit()
    session.expire_all()
    found = session.get(Issue, issue.id)
    assert found is not None
    return found


def voters(session: Session, issue: Issue) -> int:
    """The truth: distinct people over the issue and all that was merged into it."""
    together = select(Issue.id).where((col(Issue.id) == issue.id) | (col(Issue.merged_into) == issue.id))
    return session.exec(select(func.count(func.distinct(Vote.person_id))).where(col(Vote.issue_id).in_(together))).one()


def merge(session: Session, cast: Cast, issue: Issue, into: Issue, reason: str = "") -> None:
    merge_issues(session, cast.team.id, issue.id, into.id, SEEN, reason)
    session.commit()


def undo(session: Session, cast: Cast, issue: Issue) -> None:
    undo_merge(session, cast.team.id, issue.id)
    session.commit()


@pytest.fixture
def three(session: Session, cast: Cast, people: list[Person]) -> list[Issue]:
    """Votes: 0 and 1 on the first, 1 and 2 on the second, 3 on the third."""
    issues = [make_issue(session, cast.author, f"Donker fietspad {number}") for number in range(3)]
    for person, places in zip(people, [(0,), (0, 1), (1,), (2,)], strict=False):
        vote(session, person, *(issues[place] for place in places))
    return issues


def counts(session: Session, issues: list[Issue]) -> list[int]:
    return [fresh(session, issue).vote_count for issue in issues]


def test_votes_count_once_per_person_and_come_apart_again(session: Session, cast: Cast, three: list[Issue]) -> None:
    heats = [fresh(session, issue).heat for issue in three]
    merge(session, cast, three[0], three[1])
    assert counts(session, three) == [2, 3, 1]
    merged, stays = fresh(session, three[0]), fresh(session, three[1])
    assert (merged.status, merged.merged_into, stays.merged_count) == (Status.MERGED, stays.id, 1)
    assert stays.heat > heats[1]
    undo(session, cast, three[0])
    assert counts(session, three) == [2, 2, 1]
    assert [fresh(session, issue).heat for issue in three] == pytest.approx(heats, abs=1e-6)
    back = fresh(session, three[0])
    assert (back.status, back.merged_into, fresh(session, three[1]).merged_count) == (Status.NEW, None, 0)


def test_what_was_merged_can_be_merged_further_and_comes_back_with_its_own(
    session: Session, cast: Cast, three: list[Issue]
) -> None:
    first, second, third = three
    merge(session, cast, first, second)
    merge(session, cast, second, third)
    assert counts(session, three) == [2, 2, 4]
    assert {fresh(session, issue).merged_into for issue in (first, second)} == {third.id}
    undo(session, cast, second)
    assert counts(session, three) == [2, 3, 1]
    assert fresh(session, first).merged_into == second.id
    assert [fresh(session, issue).merged_count for issue in three] == [0, 1, 0]


def test_the_first_can_be_undone_although_the_other_was_merged_further(
    session: Session, cast: Cast, three: list[Issue]
) -> None:
    first, second, third = three
    merge(session, cast, first, second)
    merge(session, cast, second, third)
    undo(session, cast, first)
    assert counts(session, three) == [2, 2, 3]
    merge(session, cast, first, third)
    undo(session, cast, second)
    assert fresh(session, first).merged_into == third.id
    assert counts(session, three) == [2, 2, 3]


def test_no_circles_and_no_chains(session: Session, cast: Cast, three: list[Issue]) -> None:
    first, second, third = three
    merge(session, cast, first, second)
    for issue, into in ((second, first), (first, third), (third, first), (third, third)):
        seen = Seen(fresh(session, issue).status, fresh(session, into).status)
        with pytest.raises(Conflict):
            merge_issues(session, cast.team.id, issue.id, into.id, seen, "")
        session.rollback()


@pytest.mark.parametrize("status", [Status.DECLINED, Status.RESOLVED])
def test_what_is_closed_is_not_merged(session: Session, cast: Cast, three: list[Issue], status: Status) -> None:
    change_status(session, three[0], status, actor_id=cast.team.id, text="Omdat het zo is.")
    session.commit()
    with pytest.raises(Conflict):
        merge_issues(session, cast.team.id, three[0].id, three[1].id, Seen(status, "new"), "")


def test_a_status_does_not_lead_into_a_merge_or_out_of_it(session: Session, cast: Cast, three: list[Issue]) -> None:
    with pytest.raises(Conflict):
        change_status(session, three[1], Status.MERGED, actor_id=cast.team.id)
    merge(session, cast, three[0], three[1])
    with pytest.raises(Conflict):
        change_status(session, fresh(session, three[0]), Status.REOPENED, actor_id=cast.team.id)


def test_who_saw_another_status_looks_again(session: Session, cast: Cast, three: list[Issue]) -> None:
    change_status(session, three[1], Status.ACKNOWLEDGED, actor_id=cast.team.id)
    session.commit()
    with pytest.raises(Conflict):
        merge_issues(session, cast.team.id, three[0].id, three[1].id, SEEN, "")


def test_a_merge_can_be_undone_for_thirty_days(session: Session, cast: Cast, three: list[Issue]) -> None:
    merge(session, cast, three[0], three[1])
    standing = session.exec(select(IssueMerge)).one()
    standing.merged_at = now() - timedelta(days=30, minutes=1)
    session.add(standing)
    session.commit()
    with pytest.raises(Conflict):
        undo_merge(session, cast.team.id, three[0].id)
    session.rollback()
    standing.merged_at = now() - timedelta(days=29, hours=23)
    session.add(standing)
    session.commit()
    undo(session, cast, three[0])
    with pytest.raises(Conflict):
        undo_merge(session, cast.team.id, three[0].id)


def test_withdrawing_where_it_stays_withdraws_what_lies_on_the_merged_one(
    session: Session, cast: Cast, three: list[Issue], people: list[Person]
) -> None:
    first, second, _third = three
    merge(session, cast, first, second)
    assert voted_among(session, [second.id], people[0].id) == {second.id}
    assert tally(session, fresh(session, second), people[0].id) == Tally(3, mine=True)
    assert withdraw_vote(session, people[0].id, fresh(session, second)) == Tally(2, mine=False)
    assert withdraw_vote(session, people[1].id, fresh(session, second)) == Tally(1, mine=False)
    assert counts(session, three) == [0, 1, 1]
    undo(session, cast, first)
    assert counts(session, three) == [0, 1, 1]


def test_what_is_hidden_brings_no_votes_along_and_brings_them_back(
    session: Session, cast: Cast, people: list[Person], three: list[Issue]
) -> None:
    first, second, _third = three
    merge(session, cast, second, first)
    hidden = session.get_one(Content, second.content_id)
    set_visibility(session, hidden, Visibility.HIDDEN)
    assert counts(session, three)[0] == 2, "who voted for the hidden one only is not counted"
    assert not voted_among(session, [first.id], people[2].id)
    vote(session, people[4], first)
    vote(session, people[2], first)
    assert counts(session, three)[0] == 4
    assert withdraw_vote(session, people[1].id, fresh(session, first)).count == 3
    set_visibility(session, hidden, Visibility.VISIBLE)
    assert counts(session, three)[0] == voters(session, first) == 3


def test_a_vote_where_it_stays_counts_no_one_twice(
    session: Session, cast: Cast, three: list[Issue], people: list[Person]
) -> None:
    first, second, _third = three
    merge(session, cast, first, second)
    heat = fresh(session, second).heat
    assert cast_vote(session, people[0].id, fresh(session, second)) == Tally(3, mine=True)
    assert fresh(session, second).heat == heat
    assert cast_vote(session, people[4].id, fresh(session, second)) == Tally(4, mine=True)
    assert fresh(session, second).heat > heat
    assert voters(session, second) == 4


def test_nobody_votes_where_it_was_merged(
    session: Session, cast: Cast, three: list[Issue], people: list[Person]
) -> None:
    merge(session, cast, three[0], three[1])
    for act in (cast_vote, withdraw_vote):
        with pytest.raises(Conflict):
            act(session, people[0].id, fresh(session, three[0]))
        session.rollback()
    assert counts(session, three) == [2, 3, 1]


def test_both_timelines_and_the_audit_say_it(session: Session, cast: Cast, three: list[Issue]) -> None:
    merge(session, cast, three[0], three[1], "Het gaat over hetzelfde fietspad.")
    undo(session, cast, three[0])
    entries = session.exec(select(TimelineEntry).where(col(TimelineEntry.kind).startswith("merge."))).all()
    told = {(entry.subject_id, entry.kind, entry.facts["issue"]) for entry in entries}
    first, second = three[0].id, three[1].id
    assert told == {
        (first, "merge.into", second), (second, "merge.took-in", first),
        (first, "merge.undone", second), (second, "merge.undone", first),
    }  # fmt: skip
    audited = {(entry.kind, entry.actor_id, entry.actor_role) for entry in session.exec(select(AuditEntry))}
    assert {("issue.merged", cast.team.id, "team"), ("issue.merge-undone", cast.team.id, "team")} <= audited
