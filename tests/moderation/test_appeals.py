"""Objections: once, in time, and answered by another moderator than the one who decided."""

from datetime import timedelta

import pytest
from sqlmodel import Session, func, select

from app.accounts.models import Person
from app.content.models import Content, Visibility
from app.core.clock import now
from app.moderation.models import Appeal, Decision, FoundBy, Outcome, Verdict
from tests.browsing import Browser, text_of
from tests.conftest import Cast
from tests.moderation.conftest import Talk
from tests.moderation.helpers import (
    WHY,
    BrowserOf,
    decide,
    flag,
    mails,
    newest_appeal,
    newest_decision,
    newest_flag,
)

BUT = "Het is mijn eigen nummer, en ik wil dat het er staat."
ANSWER = "We hebben het nagekeken en gebeld met de betrokkene."


def appeal_path(session: Session) -> str:
    return f"/me/decisions/{newest_decision(session).id}/appeal"


def answer(browser: Browser, session: Session, outcome: str, **typed: str) -> int:
    path = f"/moderation/appeals/{newest_appeal(session).id}/answer"
    return browser.post(path, data={"outcome": outcome, "answer": ANSWER, **typed}).status_code


@pytest.fixture
def second(browser_of: BrowserOf, second_moderator: Person) -> Browser:
    return browser_of(second_moderator)


def test_the_author_objects_and_another_moderator_puts_it_back(
    resident: Browser, moderator: Browser, second: Browser, session: Session, cast: Cast, talk: Talk
) -> None:
    decide(moderator, session, talk.comment.content_id, "hide", measure="suspend")
    hiding = newest_decision(session)
    assert resident.post(appeal_path(session), data={"reasons": BUT}).status_code == 303, "also when suspended"
    assert BUT in resident.get(f"/me/decisions/{hiding.id}").text
    assert BUT in second.get(f"/moderation/appeals/{newest_appeal(session).id}").text
    assert "06-99887766" in second.get("/moderation/appeals").text
    assert answer(second, session, "reversed") == 303
    session.refresh(hiding)
    assert hiding.overturned_at is not None
    undoing = newest_decision(session)
    assert (undoing.verdict, undoing.found_by) == (Verdict.RESTORE, FoundBy.APPEAL)
    assert session.get_one(Content, talk.comment.content_id).visibility is Visibility.VISIBLE
    session.refresh(cast.resident)
    assert not cast.resident.is_suspended
    assert "06-99887766" in resident.get(f"/issues/{talk.issue.id}").text
    assert ANSWER in resident.get(f"/me/decisions/{hiding.id}").text
    (letter,) = mails(session, "appeal_answered")
    assert (letter.person_id, letter.context["outcome"]) == (cast.resident.id, "reversed")
    assert len(mails(session, "decision")) == 1, "one letter about the same is enough"


def test_upheld_leaves_it_hidden_and_says_why(
    resident: Browser, moderator: Browser, second: Browser, session: Session, talk: Talk
) -> None:
    decide(moderator, session, talk.comment.content_id, "hide")
    resident.post(appeal_path(session), data={"reasons": BUT})
    assert answer(second, session, "upheld") == 303
    assert session.get_one(Content, talk.comment.content_id).visibility is Visibility.HIDDEN
    page = text_of(resident.get(f"/me/decisions/{newest_decision(session).id}").text)
    assert ANSWER in page
    assert "blijft staan" in page
    assert answer(second, session, "reversed") == 409, "it was answered already"


def test_who_decided_does_not_answer_and_neither_does_whom_it_is_about(
    resident: Browser, moderator: Browser, second: Browser, browser_of: BrowserOf, session: Session, cast: Cast,
    second_moderator: Person, talk: Talk,
) -> None:  # fmt: skip
    decide(moderator, session, talk.comment.content_id, "hide")
    resident.post(appeal_path(session), data={"reasons": BUT})
    assert answer(moderator, session, "upheld") == 403
    assert "/answer" not in moderator.get(f"/moderation/appeals/{newest_appeal(session).id}").text
    flag(second, talk.issue.content_id)
    decide(moderator, session, talk.issue.content_id, "fine")
    second.post(f"/flags/{newest_flag(session).id}/appeal", data={"reasons": BUT})
    assert answer(second, session, "reversed", ground="insult") == 403
    assert newest_appeal(session).outcome is None


def test_who_reported_objects_against_fine_and_it_is_hidden_after_all(
    author: Browser,
    resident: Browser,
    visitor: Browser,
    moderator: Browser,
    second: Browser,
    session: Session,
    talk: Talk,
) -> None:
    sent = flag(visitor, talk.comment.content_id, email="getuige@example.nl")
    link = sent.headers["location"]
    flag(author, talk.comment.content_id)
    decide(moderator, session, talk.comment.content_id, "fine")
    assert author.post(f"/flags/{newest_flag(session).id}/appeal", data={"reasons": BUT}).status_code == 303
    assert visitor.post(f"{link}/appeal", data={"reasons": "kort"}).status_code == 422
    assert visitor.post(f"{link}/appeal", data={"reasons": BUT}).status_code == 303
    assert visitor.post(f"{link}/appeal", data={"reasons": BUT}).status_code == 409
    assert answer(second, session, "reversed") == 422, "hiding needs a rule"
    assert answer(second, session, "reversed", ground="personal-data") == 303
    hiding = newest_decision(session)
    assert (hiding.verdict, hiding.found_by, hiding.facts) == (Verdict.HIDE, FoundBy.APPEAL, ANSWER)
    assert session.exec(select(Appeal.outcome)).all() == [Outcome.REVERSED] * 2, "both heard the same"
    assert "06-99887766" not in visitor.get(f"/issues/{talk.issue.id}").text
    assert len(mails(session, "appeal_answered")) == 2
    assert len(mails(session, "decision")) == 1
    assert ANSWER in visitor.get(mails(session, "appeal_answered")[0].context["path"]).text
    page = resident.get(f"/me/decisions/{hiding.id}").text
    assert ANSWER in page
    assert resident.post(f"/me/decisions/{hiding.id}/appeal", data={"reasons": BUT}).status_code == 303


def test_once_within_half_a_year(resident: Browser, moderator: Browser, session: Session, talk: Talk) -> None:
    decide(moderator, session, talk.comment.content_id, "hide")
    path, page = appeal_path(session), f"/me/decisions/{newest_decision(session).id}"
    decision = newest_decision(session)
    decision.created_at = now() - timedelta(days=184, minutes=1)
    session.add(decision)
    session.commit()
    assert resident.post(path, data={"reasons": BUT}).status_code == 409
    assert f"{page}/appeal" not in resident.get(page).text
    decision.created_at = now() - timedelta(days=183, hours=23)
    session.add(decision)
    session.commit()
    assert f"{page}/appeal" in resident.get(page).text
    assert resident.post(path, data={"reasons": ""}).status_code == 422
    assert resident.post(path, data={"reasons": BUT}).status_code == 303
    assert resident.post(path, data={"reasons": BUT}).status_code == 409
    assert session.exec(select(func.count()).select_from(Appeal)).one() == 1


def test_what_took_nothing_away_cannot_be_objected_to(
    resident: Browser, author: Browser, moderator: Browser, session: Session, talk: Talk
) -> None:
    flag(author, talk.comment.content_id)
    decide(moderator, session, talk.comment.content_id, "hide")
    assert author.post(f"/flags/{newest_flag(session).id}/appeal", data={"reasons": BUT}).status_code == 409
    decide(moderator, session, talk.comment.content_id, "restore")
    assert resident.post(appeal_path(session), data={"reasons": BUT}).status_code == 409


def test_others_decisions_are_absent(author: Browser, moderator: Browser, session: Session, talk: Talk) -> None:
    decide(moderator, session, talk.comment.content_id, "hide")
    assert author.get(f"/me/decisions/{newest_decision(session).id}").status_code == 404
    assert author.post(appeal_path(session), data={"reasons": BUT}).status_code == 404


def test_a_reversal_does_not_undo_what_was_decided_since(
    resident: Browser, moderator: Browser, second: Browser, session: Session, talk: Talk
) -> None:
    decide(moderator, session, talk.comment.content_id, "hide")
    resident.post(appeal_path(session), data={"reasons": BUT})
    decide(moderator, session, talk.comment.content_id, "restore")
    decide(
        moderator, session, talk.comment.content_id, "hide", ground="insult", facts="Nu om een andere reden dan toen."
    )
    assert answer(second, session, "reversed") == 303
    assert session.get_one(Content, talk.comment.content_id).visibility is Visibility.HIDDEN
    assert session.exec(select(func.count()).select_from(Decision)).one() == 3


def test_a_warning_that_was_wrong_is_undone_in_words(
    resident: Browser, moderator: Browser, second: Browser, session: Session, talk: Talk
) -> None:
    decide(moderator, session, talk.comment.content_id, "keep", measure="warn")
    resident.post(appeal_path(session), data={"reasons": BUT})
    assert answer(second, session, "reversed") == 303
    assert "ongedaan gemaakt" in text_of(resident.get(f"/me/decisions/{newest_decision(session).id}").text)


def test_the_answer_must_have_words(
    resident: Browser, moderator: Browser, second: Browser, session: Session, talk: Talk
) -> None:
    decide(moderator, session, talk.comment.content_id, "hide", facts=WHY)
    resident.post(appeal_path(session), data={"reasons": BUT})
    assert answer(second, session, "upheld", answer="nee") == 422
    assert answer(second, session, "perhaps") == 422
    assert newest_appeal(session).outcome is None
