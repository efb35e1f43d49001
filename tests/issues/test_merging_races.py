"""People vote on both issues while two colleagues merge them and take them apart: nobody counts twice or not at all."""

import random

import pytest
from sqlmodel import Session, col, func, select

from app.accounts.models import Role
from app.content.models import Content, Visibility
from app.issues.models import Issue, IssueMerge, Status, Vote
from app.moderation.visibility import set_visibility
from tests.busy import BusySite, new_name
from tests.crowd import Answer, Phone, at_once
from tests.factories import make_issue, make_person

PEOPLE = 8


@pytest.fixture
def crowd(busy: BusySite) -> tuple[list[Issue], list[Phone], list[Phone]]:
    voters = busy.residents(*(new_name() for _person in range(PEOPLE)))
    with busy.database.session() as session:
        author = make_person(session, new_name())
        issues = [make_issue(session, author, f"Het fietspad is donker, deel {part}") for part in range(3)]
    return issues, voters, busy.colleagues(Role.TEAM, Role.TEAM)


def merge(phone: Phone, issue: Issue, into: Issue) -> Answer:
    form = {"into": into.id, "seen": "new", "seen_other": "new", "reason": ""}
    return phone.post(f"/team/issues/{issue.id}/merge", form)


def undo(busy: BusySite, phone: Phone, issue: Issue) -> Answer:
    def newest(session: Session) -> int:
        return session.exec(select(func.max(IssueMerge.id)).where(IssueMerge.issue_id == issue.id)).one() or 1

    return phone.post(f"/team/issues/{issue.id}/merge/undo", {"merge": busy.ask(newest)})


def truth_and_counters(session: Session, issues: list[Issue]) -> list[tuple[int, int, int, int]]:
    """Of each issue: the counter and distinct people, the mark and how many are merged into it."""
    seen = []
    for issue in issues:
        counter, mark = session.exec(select(Issue.vote_count, Issue.merged_count).where(Issue.id == issue.id)).one()
        merged_and_seen = (col(Issue.merged_into) == issue.id) & col(Issue.visible)
        together = select(Issue.id).where((col(Issue.id) == issue.id) | merged_and_seen)
        people = select(func.count(func.distinct(Vote.person_id))).where(col(Vote.issue_id).in_(together))
        merged = select(func.count()).select_from(Issue).where(Issue.merged_into == issue.id)
        seen.append((counter, session.exec(people).one(), mark, session.exec(merged).one()))
    return seen


def hide_or_show(busy: BusySite, issue: Issue, visibility: Visibility) -> None:
    def decide(session: Session) -> None:
        set_visibility(session, session.get_one(Content, issue.content_id), visibility)
        session.commit()

    busy.ask(decide)


def test_a_storm_of_votes_merges_and_undos_ends_in_the_truth(
    busy: BusySite,
    crowd: tuple[list[Issue], list[Phone], list[Phone]],
) -> None:
    issues, voters, staff = crowd
    rng = random.Random(5)
    for _round in range(4):
        taps = [
            lambda phone=phone, issue=issue, path=path: phone.post(f"/issues/{issue.id}/{path}")
            for phone in voters
            for issue in issues
            for path in rng.sample(["vote", "vote", "vote/withdrawal"], 2)
        ]
        pairs = [rng.sample(issues, 2) for _merge in range(3)]
        taps += [lambda pair=pair, phone=phone: merge(phone, *pair) for pair in pairs for phone in staff]
        taps += [lambda issue=issue, phone=phone: undo(busy, phone, issue) for issue in issues for phone in staff]
        taps += [
            lambda issue=issue, how=how: (hide_or_show(busy, issue, how), voters[0].post(f"/issues/{issue.id}/vote"))[1]
            for issue in issues
            for how in Visibility
            if how is not Visibility.REMOVED
        ]
        rng.shuffle(taps)
        assert {answer.status for answer in at_once(taps)} <= {303, 404, 409, 422}
        for counter, people, mark, merged in busy.ask(lambda session: truth_and_counters(session, issues)):
            assert (counter, mark) == (people, merged)
    standing = busy.ask(
        lambda session: session.exec(
            select(Issue.merged_into, Issue.status).where(col(Issue.id).in_([i.id for i in issues]))
        ).all()
    )
    assert all((into is not None) == (status is Status.MERGED) for into, status in standing)


def test_of_two_who_merge_each_into_the_other_one_wins(
    busy: BusySite,
    crowd: tuple[list[Issue], list[Phone], list[Phone]],
) -> None:
    issues, _voters, staff = crowd
    first, second, _third = issues
    for _round in range(5):
        answers = at_once([lambda: merge(staff[0], first, second), lambda: merge(staff[1], second, first)] * 2)
        assert sorted(answer.status for answer in answers) == [303, 409, 409, 409]
        for issue in (first, second):
            undo(busy, staff[0], issue)


def test_a_vote_during_the_merge_counts_where_it_stays_or_is_refused(
    busy: BusySite,
    crowd: tuple[list[Issue], list[Phone], list[Phone]],
) -> None:
    issues, voters, staff = crowd
    first, second, _third = issues
    for _round in range(3):
        votes = [
            lambda phone=phone, issue=issue: phone.post(f"/issues/{issue.id}/vote")
            for phone in voters
            for issue in (first, second)
        ]
        answers = at_once([*votes, lambda: merge(staff[0], first, second)])
        assert {answer.status for answer in answers} <= {303, 409}
        (_, _, _, _), (counter, people, mark, _), _ = busy.ask(lambda session: truth_and_counters(session, issues))
        assert (counter, mark) == (people, 1)
        assert people == PEOPLE
        undo(busy, staff[0], first)
        withdraw = [
            lambda phone=phone, issue=issue: phone.post(f"/issues/{issue.id}/vote/withdrawal")
            for phone in voters
            for issue in (first, second)
        ]
        at_once(withdraw)
        assert [row[:2] for row in busy.ask(lambda session: truth_and_counters(session, issues))] == [(0, 0)] * 3
