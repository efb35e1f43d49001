import json
from collections.abc import Callable

from fastapi import FastAPI
from sqlmodel import Session, func, select

from app.accounts.models import Person
from app.content.models import Content, Visibility
from app.discussions.actions import delete_comment
from app.discussions.models import Comment
from app.issues.models import Issue
from tests.api.checking import Caller
from tests.conftest import Cast
from tests.crowd import Phone, at_once
from tests.factories import hide, make_comment, make_issue
from tests.live import LiveServer


def path_of(issue: Issue) -> str:
    return f"/issues/{issue.id}/comments"


def count(session: Session, issue: Issue) -> tuple[int, int]:
    """The counter and the truth."""
    session.rollback()
    session.expire_all()
    counted = session.exec(select(Issue.comment_count).where(Issue.id == issue.id)).one()
    return counted, session.exec(select(func.count()).select_from(Comment)).one()


def test_a_comment_and_an_answer(bram: Caller, session: Session, issue: Issue) -> None:
    posted = bram.post(path_of(issue), json={"body": " Ik zie dit ook.\r\nElke avond. ", "other": 1})
    assert posted.status_code == 201
    first = posted.json()
    assert first == {
        "id": first["id"],
        "body": "Ik zie dit ook.\nElke avond.",
        "author": {"displayName": "Bram"},
        "parent": None,
        "createdAt": first["createdAt"],
    }
    answer = bram.post(path_of(issue), json={"body": "Nog steeds.", "parent": first["id"]}).json()
    deeper = bram.post(path_of(issue), json={"body": "En nu?", "parent": answer["id"]}).json()
    assert answer["parent"] == deeper["parent"] == first["id"]
    assert bram.get(path_of(issue)).json()["items"] == [first, answer, deeper]
    assert count(session, issue) == (3, 3)


def test_what_is_wrong_with_a_comment(bram: Caller, session: Session, issue: Issue, cast: Cast) -> None:
    for body in ({}, {"body": None}, {"body": " "}, {"body": "x" * 3001}, {"body": 5, "parent": "1"}):
        refused = bram.post(path_of(issue), json=body)
        assert refused.status_code == 400
        assert "body" in {error["field"] for error in refused.json()["errors"]}
    elsewhere = make_comment(session, cast.author, make_issue(session, cast.author))
    for parent in (999_999, elsewhere.id):
        assert bram.post(path_of(issue), json={"body": "Een antwoord", "parent": parent}).status_code == 404
    assert bram.post(path_of(issue), json={"body": "Een antwoord", "parent": 10**30}).status_code == 400
    assert count(session, issue) == (0, 1)


def test_who_may_not_comment(
    anybody: Caller,
    app: FastAPI,
    cast: Cast,
    token_of: Callable[[Person], str],
    session: Session,
    issue: Issue,
) -> None:
    new = {"body": "Een reactie"}
    assert anybody.post(path_of(issue), json=new).status_code == 401
    assert anybody.post(path_of(issue), json=new, headers={"Authorization": "Bearer no"}).status_code == 401
    assert Caller(app, token_of(cast.suspended)).post(path_of(issue), json=new).status_code == 403
    assert count(session, issue) == (0, 0)


def test_there_is_no_discussion_under_a_hidden_issue(bram: Caller, session: Session, issue: Issue, cast: Cast) -> None:
    make_comment(session, cast.author, issue)
    hide(session, issue)
    for method in ("GET", "POST"):
        hidden = bram.request(method, path_of(issue), json={"body": "Een reactie"})
        never = bram.request(method, "/issues/999999/comments", json={"body": "Een reactie"})
        assert (hidden.status_code, hidden.json()) == (never.status_code, never.json())
        assert hidden.status_code == 404


def test_hidden_comments_are_gone_and_deleted_ones_leave_their_place(
    anybody: Caller, session: Session, issue: Issue, cast: Cast
) -> None:
    gone, kept = make_comment(session, cast.author, issue), make_comment(session, cast.author, issue)
    make_comment(session, cast.resident, issue, "antwoord op wat weg is", gone)
    answer = make_comment(session, cast.resident, issue, "antwoord op wat leeg is", kept)
    gone.visible = False
    content = session.get(Content, gone.content_id)
    assert content is not None
    content.visibility = Visibility.HIDDEN
    delete_comment(session, kept)
    session.add_all([gone, content])
    session.commit()
    tombstone, reply = anybody.get(path_of(issue)).json()["items"]
    assert (tombstone["id"], tombstone["body"], tombstone["author"]) == (kept.id, "", None)
    assert (reply["id"], reply["parent"]) == (answer.id, kept.id)


def test_pages_of_comments_stay_stable(anybody: Caller, session: Session, issue: Issue, cast: Cast) -> None:
    made = [make_comment(session, cast.author, issue, f"Reactie {n}").id for n in range(5)]
    seen: list[int] = []
    address: str | None = path_of(issue) + "?pageSize=2"
    while address and len(seen) < 20:
        page = anybody.get(address).json()
        seen += [item["id"] for item in page["items"]]
        address = page["links"]["next"]
        if len(seen) == 2:
            made.append(make_comment(session, cast.resident, issue, "Er tussendoor").id)
    assert seen == made


def test_twice_with_the_same_key_is_once(bram: Caller, session: Session, issue: Issue, cast: Cast) -> None:
    key, new = {"Idempotency-Key": "1"}, {"body": "Een reactie"}
    first = bram.post(path_of(issue), json=new, headers=key)
    again = bram.post(path_of(issue), json=new, headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert bram.post(path_of(issue), json={"body": "Iets anders"}, headers=key).status_code == 409
    other = make_issue(session, cast.author, "Een ander vraagstuk")
    assert bram.post(path_of(other), json=new, headers=key).status_code == 409
    assert count(session, issue) == (1, 1)


def test_the_same_comment_many_times_at_once_is_one(
    live: LiveServer, session: Session, cast: Cast, token_of: Callable[[Person], str], issue: Issue
) -> None:
    phone = Phone(live.url, headers={"Authorization": f"Bearer {token_of(cast.resident)}", "Accept": "*/*"})
    headers = {"Content-Type": "application/json", "Idempotency-Key": "same"}
    body = json.dumps({"body": "Een reactie"}).encode()
    path = f"/api/v1{path_of(issue)}"
    answers = at_once([lambda: phone.send("POST", path, body, headers)] * 12)
    assert {answer.status for answer in answers} == {201}
    assert len({answer.body for answer in answers}) == 1
    assert count(session, issue) == (1, 1)
