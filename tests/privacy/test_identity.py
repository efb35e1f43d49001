"""Showing that it is you, another address, and the objection to matching."""

import re
from datetime import timedelta

import time_machine
from fastapi import FastAPI
from sqlmodel import Session, select

from app.accounts.models import Person
from app.activity.models import OutgoingMail
from app.core.clock import now
from app.core.mail import folder_of, newest_mails
from app.discussions.models import Comment
from app.issues.models import Issue
from app.matching.models import PilotMatch, SimilarMatch, ThemeMatch
from app.settings import Settings
from tests.browsing import Browser
from tests.conftest import Cast
from tests.factories import make_comment, make_issue
from tests.filing.test_file_issue import sign_in
from tests.privacy.leaving import EMAIL, Leaver


def mailed_code(settings: Settings) -> str:
    return re.findall(r"\b\d{6}\b", newest_mails(folder_of(settings.mail_url), 1)[0].read_text())[0]


def test_a_mailed_code_shows_that_it_is_you(leaving: Browser, leaver: Leaver, settings: Settings) -> None:
    with time_machine.travel(now() + timedelta(minutes=11)):
        assert leaving.get("/me/data/erasure").headers["location"] == "/me/confirm?next=/me/data/erasure"
        assert leaving.post("/me/confirm?next=/me/data/erasure").headers["location"] == "/me/confirm"
        code = mailed_code(settings)
        wrong = leaving.post("/me/confirm/code", data={"code": f"{(int(code) + 1) % 10**6:06d}"})
        assert (wrong.status_code, "That code is not right." in wrong.text) == (422, True)
        assert leaving.post("/me/confirm/code", data={"code": code}).headers["location"] == "/me/data/erasure"
        assert leaving.get("/me/data/erasure").status_code == 200
    with time_machine.travel(now() + timedelta(minutes=22)):
        assert leaving.get("/me/data/erasure").status_code == 303


def test_the_code_of_another_mailbox_shows_nothing(
    leaving: Browser, resident: Browser, leaver: Leaver, settings: Settings
) -> None:
    with time_machine.travel(now() + timedelta(minutes=11)):
        resident.post("/me/confirm")
        leaving.cookies.set("confirm", resident.cookies["confirm"])
        assert leaving.post("/me/confirm/code", data={"code": mailed_code(settings)}).status_code == 422
        assert leaving.get("/me/data/erasure").status_code == 303


def test_another_address(leaving: Browser, leaver: Leaver, settings: Settings, session: Session) -> None:
    leaving.post("/me/data/address", data={"email": "Nieuw@Voorbeeldpost.example"})
    code = mailed_code(settings)
    assert leaving.post("/me/data/address/code", data={"code": code}).headers["location"] == "/me/data"
    session.expire_all()
    assert session.get_one(Person, leaver.person.id).email == "nieuw@voorbeeldpost.example"
    told = session.exec(select(OutgoingMail.address).where(OutgoingMail.template == "address_changed")).all()
    assert told == [EMAIL]
    assert leaving.post("/me/data/address/code", data={"code": code}).status_code == 422


def test_an_address_that_belongs_to_somebody_else(leaving: Browser, settings: Settings, cast: Cast) -> None:
    assert leaving.post("/me/data/address", data={"email": cast.author.email or ""}).status_code == 303
    answer = leaving.post("/me/data/address/code", data={"code": mailed_code(settings)})
    assert answer.status_code == 409
    assert leaving.post("/me/data/address", data={"email": "geen adres"}).status_code == 422


def links_of(session: Session, issue: Issue) -> int:
    asked = (
        select(ThemeMatch).where(ThemeMatch.issue_id == issue.id),
        select(PilotMatch).where(PilotMatch.issue_id == issue.id),
        select(SimilarMatch).where((SimilarMatch.issue_id == issue.id) | (SimilarMatch.other_id == issue.id)),
    )
    return sum(len(session.exec(each).all()) for each in asked)  # type: ignore[call-overload]


def test_who_objects_is_not_matched(author: Browser, session: Session, cast: Cast) -> None:
    first = make_issue(session, cast.author)
    assert links_of(session, first)
    assert author.post("/me/data/matching/objection").headers["location"] == "/me/data"
    session.expire_all()
    assert links_of(session, first) == 0
    session.refresh(cast.author)
    second = make_issue(session, cast.author, "Donker fietspad langs de duinen, ook verderop")
    make_issue(session, cast.resident, "Donker fietspad langs de duinen, zegt de buurman")
    assert (links_of(session, first), links_of(session, second)) == (0, 0)
    author.post("/me/data/matching/objection/withdrawal")
    session.expire_all()
    words = "Geen licht op het fietspad langs de duinen."
    form = {"title": "Donker fietspad", "description": words, "address": "Duinweg"}
    author.post(f"/issues/{first.id}/edit", data=form)
    session.expire_all()
    assert links_of(session, first)


def test_one_issue_is_taken_away_from_its_page(
    author: Browser, resident: Browser, session: Session, cast: Cast
) -> None:
    issue = make_issue(session, cast.author, "Een zwirrelpaal")
    assert f"/issues/{issue.id}/deletion" in author.get(f"/issues/{issue.id}-een-zwirrelpaal").text
    assert f"/issues/{issue.id}/deletion" not in resident.get(f"/issues/{issue.id}-een-zwirrelpaal").text
    assert author.get(f"/issues/{issue.id}/deletion").status_code == 200
    answer = author.post(f"/issues/{issue.id}/deletion", data={"choice": "take-away"})
    assert answer.headers["location"] == f"/issues/{issue.id}"
    assert "zwirrelpaal" not in author.get(f"/issues/{issue.id}").text.replace("een-zwirrelpaal", "")
    assert author.post(f"/issues/{issue.id}/deletion", data={"choice": "keep"}).status_code == 404
    assert "zwirrelpaal" not in author.get("/me").text


def test_nobody_comments_below_what_was_taken_away(
    author: Browser, resident: Browser, visitor: Browser, session: Session, cast: Cast
) -> None:
    issue = make_issue(session, cast.author)
    make_comment(session, cast.resident, issue, "Dit merk ik ook.")
    comments = f"/issues/{issue.id}/comments"
    assert f'action="{comments}"' in resident.get(f"/issues/{issue.id}").text
    author.post(f"/issues/{issue.id}/deletion", data={"choice": "take-away"})
    page = resident.get(f"/issues/{issue.id}").text
    assert "Dit merk ik ook." in page
    assert "Reageren kan hier niet meer." in page
    assert f'action="{comments}"' not in page
    for browser, said in ((resident, "Reageren kan hier niet meer"), (visitor, "This discussion is closed")):
        answer = browser.post(comments, data={"body": "Toch nog iets."})
        assert (answer.status_code, said in answer.text) == (409, True)
    assert len(session.exec(select(Comment)).all()) == 1
    assert session.exec(select(Issue.comment_count)).one() == 1


def test_what_was_written_before_signing_in_is_dropped_when_the_issue_was_taken_away_meanwhile(
    author: Browser, visitor: Browser, app: FastAPI, session: Session, cast: Cast, settings: Settings
) -> None:
    issue = make_issue(session, cast.author)
    visitor.post(f"/issues/{issue.id}/comments", data={"body": "Dit merk ik ook."})
    author.post(f"/issues/{issue.id}/deletion", data={"choice": "take-away"})
    sign_in(visitor, app, settings)
    assert session.exec(select(Comment)).first() is None
    assert session.exec(select(Issue.comment_count)).one() == 0
