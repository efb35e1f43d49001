"""Hidden is gone everywhere at once, and restored is as it was."""

from functools import partial
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select

from app.accounts.models import Person, Role
from app.content.actions import publish
from app.content.models import Content, Kind, Visibility
from app.discussions.models import Comment
from app.issues.models import Issue, Photo
from app.moderation.visibility import REPEATED
from app.solved.models import SolvedAnswer, SolvedQuestion
from tests.browsing import Browser
from tests.busy import BusySite, new_name
from tests.conftest import Cast
from tests.crowd import at_once
from tests.factories import make_comment, make_issue, make_person, make_pilot
from tests.moderation.conftest import Talk
from tests.moderation.helpers import WHY, decide


def counted(session: Session, issue: Issue) -> tuple[int, int]:
    """The counter that lists show, and the comments that can be read."""
    session.expire_all()
    comments = {each.id: each for each in session.exec(select(Comment).where(Comment.thread_id == issue.thread_id))}
    readable = [
        each for each in comments.values()
        if each.visible and each.deleted_at is None and (each.parent_id is None or comments[each.parent_id].visible)
    ]  # fmt: skip
    return session.get_one(Issue, issue.id).comment_count, len(readable)


def repeats_truly(session: Session) -> bool:
    """What lists filter on says the same as the row in `content`."""
    session.expire_all()
    return all(
        row.visible == (session.get_one(Content, row.content_id).visibility is Visibility.VISIBLE)
        for table in REPEATED.values()
        for row in session.exec(select(table).where(table.content_id.is_not(None)))
    )


def test_every_kind_that_repeats_its_visibility_is_known() -> None:
    assert set(REPEATED) == set(Kind) - {Kind.DISPLAY_NAME}


def test_what_is_repeated_agrees_after_everything_that_moderators_do(
    moderator: Browser, session: Session, cast: Cast, talk: Talk
) -> None:
    pilot = make_pilot(session, [talk.issue])
    content = Content(kind=Kind.PHOTO, author_id=cast.author.id, language="nl")
    session.add(content)
    session.flush()
    session.add(Photo(issue_id=talk.issue.id, content_id=content.id, key="a" * 32, width=4, height=3))
    session.commit()
    reason = a_reason(session, cast.resident, talk.issue)
    for content_id in (talk.issue.content_id, talk.comment.content_id, content.id, pilot.content_id, reason):
        for verdict, shown in (("hide", False), ("restore", True)):
            assert decide(moderator, session, content_id, verdict).status_code == 303
            assert repeats_truly(session)
            assert (session.get_one(Content, content_id).visibility is Visibility.VISIBLE) == shown


def a_reason(session: Session, person: Person, issue: Issue) -> int:
    """Why it is not solved for somebody; the number of its content."""
    content = publish(session, Kind.REASON, person.id, "nl")
    question = SolvedQuestion(issue_id=issue.id, entry_id=1, asked_at=content.created_at)
    session.add(question)
    session.flush()
    said = {"is_solved": False, "reason": "Het is nog steeds donker.", "content_id": content.id}
    session.add(SolvedAnswer(question_id=question.id, person_id=person.id, **said))
    session.commit()
    return content.id


def test_the_item_page_shows_a_reason_with_its_issue(
    moderator: Browser, session: Session, cast: Cast, talk: Talk
) -> None:
    page = moderator.get(f"/moderation/items/{a_reason(session, cast.resident, talk.issue)}").text
    assert "Het is nog steeds donker." in page
    assert talk.issue.title in page


def test_a_hidden_photo_is_gone_at_once_and_stays_hidden_with_its_issue(
    app: FastAPI, moderator: Browser, visitor: Browser, session: Session, cast: Cast, talk: Talk
) -> None:
    content = Content(kind=Kind.PHOTO, author_id=cast.author.id, language="nl")
    session.add(content)
    session.flush()
    session.add(Photo(issue_id=talk.issue.id, content_id=content.id, key="a" * 32, width=4, height=3))
    session.commit()
    for size in ("large", "small"):
        app.state.storage.put(f"{'a' * 32}-{size}.jpg", b"not really a picture")
    address = f"/photos/{'a' * 32}-large.jpg"
    assert visitor.get(address).status_code == 200
    decide(moderator, session, content.id, "hide")
    assert visitor.get(address).status_code == 404
    assert moderator.get(f"/moderation/photos/{content.id}").status_code == 200
    decide(moderator, session, talk.issue.content_id, "hide")
    decide(moderator, session, talk.issue.content_id, "restore")
    assert visitor.get(address).status_code == 404
    assert "a" * 32 not in visitor.get(f"/issues/{talk.issue.id}").text


@pytest.mark.parametrize("order", [("comment", "answer"), ("answer", "comment")])
def test_comments_are_counted_as_they_can_be_read(
    moderator: Browser, session: Session, cast: Cast, talk: Talk, order: tuple[str, str]
) -> None:
    make_comment(session, cast.author, talk.issue, "Nog een antwoord.", parent=talk.comment)
    assert counted(session, talk.issue) == (3, 3)
    things: dict[str, Any] = {"comment": talk.comment, "answer": talk.answer}
    for verdict in ("hide", "restore"):
        for name in order:
            decide(moderator, session, things[name].content_id, verdict)
            counter, truth = counted(session, talk.issue)
            assert counter == truth
    assert counted(session, talk.issue) == (3, 3)
    assert session.get_one(Comment, talk.comment.id).reply_count == 2


def test_a_deleted_comment_is_not_counted_twice(
    author: Browser, moderator: Browser, session: Session, talk: Talk
) -> None:
    author.post(f"/comments/{talk.answer.id}/deletion")
    for verdict in ("hide", "restore"):
        decide(moderator, session, talk.comment.content_id, verdict)
        counter, truth = counted(session, talk.issue)
        assert counter == truth


def test_what_is_hidden_is_absent_for_its_author_too(
    resident: Browser, author: Browser, moderator: Browser, session: Session, talk: Talk
) -> None:
    decide(moderator, session, talk.comment.content_id, "hide")
    for path in (f"/comments/{talk.comment.id}/edit", f"/comments/{talk.comment.id}/replies"):
        assert resident.get(path).status_code == 404
    assert resident.post(f"/comments/{talk.comment.id}/deletion").status_code == 404
    answer = {"body": "Toch nog iets.", "parent": talk.comment.id}
    assert author.post(f"/issues/{talk.issue.id}/comments", data=answer).status_code == 404


def test_hiding_answering_and_deleting_at_once_leave_the_counters_true(busy: BusySite) -> None:
    with busy.database.session() as session:
        writer = make_person(session, new_name())
        issue = make_issue(session, writer)
        comments = [make_comment(session, writer, issue, f"Reactie {number}") for number in range(4)]
        answers = [make_comment(session, writer, issue, f"Antwoord {n}", parent=comments[n]) for n in range(4)]
        phone = busy.phone_of(session, writer)
    (desk,) = busy.colleagues(Role.MODERATOR)
    hide = {"verdict": "hide", "ground": "insult", "facts": WHY, "seen_decision": 0, "seen_flag": 0}
    calls = []
    for comment, answer in zip(comments, answers, strict=True):
        calls.append(partial(desk.post, f"/moderation/items/{comment.content_id}/decision", hide))
        calls.append(partial(phone.post, f"/comments/{answer.id}/deletion"))
        for number in range(3):
            form = {"body": f"Ook dat {number}", "parent": comment.id}
            calls.append(partial(phone.post, f"/issues/{issue.id}/comments", form))
    assert {answer.status for answer in at_once(calls)} <= {303, 404}
    counter, truth = busy.ask(lambda session: counted(session, issue))
    assert counter == truth
    assert busy.ask(repeats_truly)
