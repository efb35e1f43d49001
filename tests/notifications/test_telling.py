"""From facts to notices: whom it concerns, once each, never their own doing, never what is hidden."""

from functools import partial

import pytest
from sqlmodel import Session, col, func, select

from app.accounts.models import Person
from app.activity.actions import let_hear, tell
from app.activity.models import Fact, RecordedIn
from app.core.db import Database
from app.discussions.forms import CommentForm
from app.following.actions import follow_pilot
from app.issues.actions import cast_vote, change_status, comment_on
from app.issues.following import follow, stop_following
from app.issues.merging import Seen, merge_issues, undo_merge
from app.issues.models import Follow, Issue, Status
from app.notifications import telling
from app.notifications.actions import read_what_is_hidden
from app.notifications.models import Notice, NoticeKind
from app.notifications.telling import tell_what_happened
from app.pilots.actions import link_issue
from tests.browsing import Browser
from tests.conftest import Cast, Counting
from tests.crowd import at_once
from tests.factories import hide, make_comment, make_issue, make_person, make_pilot


def heard(session: Session, database: Database) -> set[tuple[int, str]]:
    """Everybody who hears something now, and why."""
    session.commit()
    tell_what_happened(database)
    session.expire_all()
    assert session.exec(select(Fact)).first() is None
    return {(notice.person_id, notice.kind.value) for notice in session.exec(select(Notice))}


def speaks(session: Session, issue: Issue, actor: Person, text: str = "Er komt licht.") -> None:
    change_status(session, issue, Status.ANSWERED, actor_id=actor.id, text=text)


def test_followers_hear_what_the_city_does_and_whoever_did_it_does_not(
    session: Session, database: Database, cast: Cast
) -> None:
    issue = make_issue(session, cast.author)
    follow(session, cast.resident.id, issue.id)
    follow(session, cast.team.id, issue.id)
    speaks(session, issue, cast.team)
    assert heard(session, database) == {(cast.author.id, "city"), (cast.resident.id, "city")}


def test_what_is_rolled_back_is_not_told(session: Session, database: Database, cast: Cast) -> None:
    issue = make_issue(session, cast.author)
    speaks(session, issue, cast.team)
    session.rollback()
    assert heard(session, database) == set()


def test_an_answer_reaches_whoever_takes_part_in_the_conversation(
    session: Session, database: Database, cast: Cast
) -> None:
    issue, third = make_issue(session, cast.author), make_person(session, "cor")
    first = comment_on(session, cast.resident, issue, CommentForm(body="Dit merk ik ook."))
    assert heard(session, database) == {(cast.author.id, "reply")}
    comment_on(session, third, issue, CommentForm(body="Ik ook.", parent=first.id))
    assert heard(session, database) == {(cast.author.id, "reply"), (cast.resident.id, "reply")}
    comment_on(session, cast.resident, issue, CommentForm(body="Waar precies?", parent=first.id))
    assert (third.id, "reply") in heard(session, database)
    assert session.exec(select(func.count()).select_from(Notice)).one() == 5, "the author three times, the others once"


def test_who_stopped_following_hears_nothing_more(session: Session, database: Database, cast: Cast) -> None:
    issue = make_issue(session, cast.author)
    cast_vote(session, cast.resident.id, issue)
    stop_following(session, cast.resident.id, issue.id)
    stop_following(session, cast.author.id, issue.id)
    make_comment(session, cast.team, issue)
    change_status(session, issue, Status.RESOLVED, actor_id=cast.team.id, text="Klaar.")
    assert heard(session, database) == set()


def test_voters_hear_of_a_pilot_and_are_asked_whether_it_is_solved(
    session: Session, database: Database, cast: Cast
) -> None:
    issue = make_issue(session, cast.author)
    cast_vote(session, cast.resident.id, issue)
    link_issue(session, cast.team.id, make_pilot(session, []), issue)
    assert heard(session, database) == {(cast.author.id, "pilot"), (cast.resident.id, "pilot")}
    change_status(session, issue, Status.RESOLVED, actor_id=cast.team.id, text="Klaar.")
    assert (cast.resident.id, "solved") in heard(session, database)
    assert session.exec(select(func.count()).select_from(Notice)).one() == 4


def test_a_stage_of_a_pilot_reaches_everybody_behind_its_issues(
    session: Session, database: Database, cast: Cast
) -> None:
    issue = make_issue(session, cast.author)
    cast_vote(session, cast.resident.id, issue)
    hidden = make_issue(session, cast.moderator, "Iemand schold hier")
    merged = make_issue(session, cast.admin, "Iemand schold nog eens")
    pilot = make_pilot(session, [issue, hidden])
    session.commit()
    merge_issues(session, cast.team.id, merged.id, issue.id, Seen("new", "new"), "")
    for each in (hidden, merged):
        hide(session, each)
    heard(session, database)
    tell(session, "pilot", pilot.id, "stage.pilot", actor_id=cast.team.id, by_city=True, text="Het begint.")
    heard(session, database)
    told = select(Notice.person_id).where(Notice.kind == NoticeKind.PILOT)
    assert set(session.exec(told)) == {cast.author.id, cast.resident.id}, "nobody whose issue is hidden"


def test_a_merge_and_its_undoing_are_each_told_once(session: Session, database: Database, cast: Cast) -> None:
    one, other = make_issue(session, cast.author), make_issue(session, cast.resident, "Nog een donker fietspad")
    follow(session, cast.resident.id, one.id)
    session.commit()
    merge_issues(session, cast.team.id, one.id, other.id, Seen("new", "new"), "Hetzelfde pad.")
    assert heard(session, database) == {(cast.author.id, "merge"), (cast.resident.id, "merge")}
    assert session.exec(select(func.count()).select_from(Notice)).one() == 2
    speaks(session, other, cast.team)
    assert (cast.author.id, "city") in heard(session, database), "what was merged into it goes on there"
    undo_merge(session, cast.team.id, one.id)
    heard(session, database)
    merges = session.exec(select(Notice.person_id).where(Notice.kind == NoticeKind.MERGE)).all()
    assert sorted(merges) == sorted([cast.author.id, cast.resident.id] * 2)


def test_a_decision_of_a_moderator_concerns_one_person(session: Session, database: Database, cast: Cast) -> None:
    let_hear(session, RecordedIn.DECISION, 7, cast.resident.id, {"verdict": "hide"})
    assert heard(session, database) == {(cast.resident.id, "moderation")}
    notice = session.exec(select(Notice)).one()
    assert (notice.mail_at, notice.facts) == (None, {"verdict": "hide"})


def test_nothing_is_told_of_what_is_hidden(session: Session, database: Database, cast: Cast) -> None:
    issue = make_issue(session, cast.author)
    speaks(session, issue, cast.team)
    hide(session, issue)
    assert heard(session, database) == set()


@pytest.mark.parametrize("batch", [1, 2, 500])
def test_batches_miss_nobody_and_workers_at_once_tell_nobody_twice(
    session: Session, database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch, batch: int
) -> None:
    monkeypatch.setattr(telling, "BATCH", batch)
    issue = make_issue(session, cast.author)
    people = [make_person(session, f"volger{number}") for number in range(7)]
    for person in people:
        follow(session, person.id, issue.id)
    speaks(session, issue, cast.team)
    tell(session, "issue", issue.id, "answer", actor_id=cast.team.id, by_city=True, text="En nog iets.", language="nl")
    session.commit()
    at_once([partial(tell_what_happened, database)] * 4)
    assert heard(session, database) == {(person.id, "city") for person in [*people, cast.author]}
    assert session.exec(select(func.count()).select_from(Notice)).one() == 16
    session.expire_all()
    assert {person.unread_notices for person in people} == {2}


def test_a_worker_that_dies_in_the_middle_leaves_it_to_the_next(
    session: Session, database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "BATCH", 2)
    issue = make_issue(session, cast.author)
    for number in range(5):
        follow(session, make_person(session, f"volger{number}").id, issue.id)
    speaks(session, issue, cast.team)
    session.commit()
    (fact,) = telling.facts_due(database)
    with database.session() as other:
        assert telling.tell_some(other, fact) == 2
    with Session(database.engine) as dies:  # never commits
        telling.tell_some(dies, fact)
    assert len(heard(session, database)) == 6


def test_a_fact_that_cannot_be_told_waits_and_holds_up_nobody(
    session: Session, database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, fine = make_issue(session, cast.author), make_issue(session, cast.resident)
    audience_of = telling.audience_of
    speaks(session, broken, cast.team)
    speaks(session, fine, cast.team)
    session.commit()
    first = session.exec(select(func.min(Fact.source_id))).one()

    def fails_once(session: Session, fact: Fact) -> object:
        if fact.source_id == first:
            raise ValueError("broken")
        return audience_of(session, fact)

    monkeypatch.setattr(telling, "audience_of", fails_once)
    tell_what_happened(database)
    assert session.exec(select(Notice.person_id)).all() == [cast.resident.id]
    session.expire_all()
    assert session.exec(select(Fact.tries)).all() == [1]


def test_five_thousand_followers_cost_the_request_nothing_and_the_worker_little(
    session: Session, database: Database, cast: Cast, counting: Counting
) -> None:
    few, many = make_issue(session, cast.author), make_issue(session, cast.author)
    people = [Person(display_name=f"v{number}", rules_version=1) for number in range(5_000)]
    session.add_all(people)
    session.flush()
    session.add_all(Follow(issue_id=many.id, person_id=person.id) for person in people)
    session.commit()
    costs = []
    for issue in (few, many):
        with counting() as counted:
            speaks(session, issue, cast.team)
            session.commit()
        costs.append(counted.count)
    assert costs[0] == costs[1]
    with counting() as counted:
        tell_what_happened(database)
    assert session.exec(select(func.count()).select_from(Notice)).one() == 5_002
    assert counted.count < 130, "eight statements for every five hundred people"


def test_the_list_shows_news_and_opening_one_marks_it_read(
    resident: Browser, session: Session, database: Database, cast: Cast
) -> None:
    issue = make_issue(session, cast.author)
    follow(session, cast.resident.id, issue.id)
    speaks(session, issue, cast.team)
    comment = comment_on(session, cast.resident, issue, CommentForm(body="Fijn om te horen."))
    heard(session, database)
    comment_on(session, cast.author, issue, CommentForm(body="Vind ik ook.", parent=comment.id))
    heard(session, database)
    page = resident.get("/me/notices").text
    assert page.index("Vind ik ook.") < page.index("Er komt licht.")
    assert "2 ongelezen" in page
    notice = session.exec(select(Notice).where(Notice.kind == "reply", Notice.person_id == cast.resident.id)).one()
    assert "2 ongelezen" in resident.get("/me/notices").text, "looking at the list reads nothing"
    opened = resident.post(f"/me/notices/{notice.id}").headers["location"]
    assert opened.startswith(f"/issues/{issue.id}?comment=")
    assert "1 ongelezen" in resident.get("/").text
    resident.post("/me/notices/read")
    assert "ongelezen" not in resident.get("/").text


def test_what_was_hidden_leaves_the_list_and_the_count(
    resident: Browser, session: Session, database: Database, cast: Cast
) -> None:
    issue = make_issue(session, cast.author)
    follow(session, cast.resident.id, issue.id)
    speaks(session, issue, cast.team)
    heard(session, database)
    number = session.exec(select(Notice.id).where(Notice.person_id == cast.resident.id)).one()
    hide(session, issue)
    assert "Er komt licht." not in resident.get("/me/notices").text
    assert resident.post(f"/me/notices/{number}").status_code == 404
    assert read_what_is_hidden(session) == 2, "the author, too"
    session.commit()
    assert "ongelezen" not in resident.get("/").text


def test_the_list_pages_and_costs_the_same_however_long(
    resident: Browser, session: Session, database: Database, cast: Cast, counting: Counting
) -> None:
    issue = make_issue(session, cast.author)
    follow(session, cast.resident.id, issue.id)
    costs = []
    resident.get("/me/notices")
    for number in range(25):
        tell(
            session,
            "issue",
            issue.id,
            "answer",
            actor_id=cast.team.id,
            by_city=True,
            text=f"Bericht {number}.",
            language="nl",
        )
        if number in (2, 24):
            heard(session, database)
            with counting() as counted:
                page = resident.get("/me/notices").text
            costs.append(counted.count)
    assert costs[0] == costs[1]
    assert "Bericht 24." in page
    assert "Bericht 4." not in page
    after = session.exec(select(Notice.id).order_by(col(Notice.id).desc()).limit(1)).one()
    assert after
    more = resident.get(page.split("/me/notices?after=")[1].split('"')[0].join(["/me/notices?after=", ""])).text
    assert "Bericht 4." in more
    assert "Bericht 0." in more


def test_nobody_reads_the_news_of_somebody_else(
    author: Browser, session: Session, database: Database, cast: Cast
) -> None:
    issue = make_issue(session, cast.resident)
    speaks(session, issue, cast.team)
    heard(session, database)
    number = session.exec(select(Notice.id)).one()
    assert author.post(f"/me/notices/{number}").status_code == 404
    assert "Er komt licht." not in author.get("/me/notices").text


def test_a_new_text_of_a_pilot_reaches_only_who_follows_the_pilot_itself(
    session: Session, database: Database, cast: Cast
) -> None:
    pilot = make_pilot(session, [make_issue(session, cast.author)])
    follow_pilot(session, cast.resident.id, pilot.id)
    tell(session, "pilot", pilot.id, "changed", actor_id=cast.team.id, by_city=True)
    assert heard(session, database) == {(cast.resident.id, "pilot")}
