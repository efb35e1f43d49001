"""The discussion below an issue: what cannot be read any more, and forms that are sent again."""

import re
from html import unescape

import pytest
from sqlmodel import Session, select

from app.content.actions import publish
from app.content.models import Content, Kind, Visibility
from app.discussions.models import Comment
from app.discussions.queries import MOST_REPLIES
from app.issues.models import Issue
from tests.browsing import Browser
from tests.conftest import Cast
from tests.factories import make_comment, make_issue


@pytest.fixture
def issue(session: Session, cast: Cast) -> Issue:
    return make_issue(session, cast.author)


def hide_comment(session: Session, comment: Comment) -> None:
    """As a moderator's decision leaves it."""
    content = session.get(Content, comment.content_id)
    assert content is not None
    content.visibility = Visibility.HIDDEN
    comment.visible = False
    session.add_all([content, comment])
    session.commit()


def test_answers_to_a_hidden_comment_are_hidden_with_it_at_every_address(
    author: Browser, session: Session, cast: Cast, issue: Issue
) -> None:
    comment = make_comment(session, cast.resident, issue, "Iets lelijks.")
    answer = make_comment(session, cast.author, issue, "Je schreef: iets lelijks.", parent=comment)
    hide_comment(session, comment)
    for number in (comment.id, answer.id):
        assert author.get(f"/comments/{number}/replies").status_code == 404
    assert author.get(f"/comments/{answer.id}/edit").status_code == 404
    assert author.post(f"/comments/{answer.id}/support").status_code == 404
    assert "lelijks" not in author.get(f"/issues/{issue.id}").text


def test_the_same_form_is_one_comment_and_another_text_or_place_under_its_number_is_another(
    resident: Browser, session: Session, cast: Cast, issue: Issue
) -> None:
    """Who goes back in the browser sends the old number again."""
    comment = make_comment(session, cast.author, issue)
    first = {"body": "Hier ook.", "nonce": "nonce-of-this-form-0001"}
    for form in (first, first, {**first, "body": "En gisteren weer."}, {**first, "parent": str(comment.id)}):
        assert resident.post(f"/issues/{issue.id}/comments", data=form).status_code == 303
    session.rollback()
    bodies = session.exec(select(Comment.body).where(Comment.id != comment.id)).all()
    assert sorted(bodies) == ["En gisteren weer.", "Hier ook.", "Hier ook."]


def test_what_was_just_written_is_on_the_page_however_long_the_discussion_is(
    resident: Browser, session: Session, cast: Cast, issue: Issue
) -> None:
    first = make_comment(session, cast.author, issue, "Ik begon.")
    for number in range(8):
        make_comment(session, cast.author, issue, f"Antwoord {number}", parent=first)
    for number in range(25):
        make_comment(session, cast.author, issue, f"Reactie {number}")
    for form in ({"body": "Mijn antwoord.", "parent": str(first.id)}, {"body": "Mijn reactie."}):
        page = resident.post(f"/issues/{issue.id}/comments", data=form, follow_redirects=True)
        thread = resident.htmx("POST", f"/issues/{issue.id}/comments", data={**form, "body": form["body"] + "!"})
        written = session.exec(select(Comment).where(Comment.body == form["body"])).one()
        assert f'id="comment-{written.id}" tabindex="-1" data-focus' in page.text
        assert form["body"] + "!" in thread.text
    more = re.search(r'href="([^"]*after=[^"]*)#thread"', page.text)
    assert more
    shown = re.findall(r'id="comment-([0-9]+)"', page.text + resident.get(unescape(more[1])).text)
    assert len(shown) == len(set(shown))


def test_every_answer_can_be_reached(visitor: Browser, session: Session, cast: Cast, issue: Issue) -> None:
    first = make_comment(session, cast.author, issue, "Ik begon.")
    for number in range(MOST_REPLIES + 7):
        session.add(Comment(thread_id=issue.thread_id, parent_id=first.id, body=f"Antwoord {number:03}",
                            content_id=publish(session, Kind.COMMENT, cast.author.id, "nl").id))  # fmt: skip
    first.reply_count = MOST_REPLIES + 7
    session.add(first)
    session.commit()
    seen, address = set(), f"/issues/{issue.id}"
    while address:
        page = visitor.get(address, follow_redirects=True).text
        seen |= set(re.findall("Antwoord [0-9]{3}", page))
        more = re.search(r'hx-get="(/comments/[0-9]+/replies[^"]*)"', page)
        address = unescape(more[1]) if more else ""
    assert len(seen) == MOST_REPLIES + 7
