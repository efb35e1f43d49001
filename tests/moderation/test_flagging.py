"""Everybody can report what they see, once, and hears what came of it."""

import re
from functools import partial

import pytest
from sqlmodel import Session, func, select

from app.activity.models import AuditEntry
from app.main import create_app
from app.moderation.models import Case, Flag, Ground
from app.settings import Settings
from tests.browsing import Browser, text_of
from tests.busy import BusySite, new_name
from tests.conftest import Cast
from tests.crowd import at_once
from tests.factories import hide, make_comment, make_issue, make_person, make_pilot
from tests.moderation.conftest import Talk
from tests.moderation.helpers import (
    WHY,
    BrowserOf,
    decide,
    flag,
    hidden_field,
    mails,
    name_content,
    newest_flag,
)


def test_a_resident_reports_a_comment_and_gets_a_receipt(author: Browser, session: Session, talk: Talk) -> None:
    page = author.get(f"/issues/{talk.issue.id}").text
    assert page.count(f"/flags/new?content={talk.comment.content_id}") == 1
    assert f"/flags/new?content={talk.issue.content_id}" not in page, "nobody reports their own"
    form = author.get(f"/flags/new?content={talk.comment.content_id}")
    assert "06-99887766" in form.text
    sent = flag(author, talk.comment.content_id)
    assert sent.status_code == 303
    written = newest_flag(session)
    assert sent.headers["location"] == f"/flags/{written.id}"
    receipt = author.get(sent.headers["location"]).text
    assert written.reference in receipt
    assert WHY in receipt
    assert written.reference in author.get("/flags").text
    (mail,) = mails(session, "flag_received")
    assert (mail.context["reference"], mail.context["path"]) == (written.reference, f"/flags/{written.id}")


def test_every_kind_of_content_can_be_reported(resident: Browser, session: Session, cast: Cast, talk: Talk) -> None:
    pilot = make_pilot(session, [talk.issue])
    name = name_content(session, cast.author)
    page = resident.get(f"/flags/new?content={talk.answer.content_id}").text
    assert f'value="{name.id}"' in page, "the name of the author can be chosen instead"
    assert f"/flags/new?content={pilot.content_id}" in resident.get(f"/pilots/{pilot.id}").text
    for content_id in (talk.issue.content_id, talk.answer.content_id, pilot.content_id, name.id):
        assert flag(resident, content_id).status_code == 303
    assert {case.kind for case in session.exec(select(Case))} == {"issue", "comment", "pilot", "display-name"}


def test_a_suspended_person_can_report_too(browser_of: BrowserOf, cast: Cast, talk: Talk) -> None:
    assert flag(browser_of(cast.suspended), talk.comment.content_id).status_code == 303


def test_a_second_report_of_the_same_is_the_first(resident: Browser, session: Session, talk: Talk) -> None:
    first, second = (flag(resident, talk.issue.content_id) for _time in range(2))
    assert first.headers["location"] == second.headers["location"]
    assert session.get_one(Case, talk.issue.content_id).open_flags == 1
    assert len(mails(session, "flag_received")) == 1


def test_after_a_decision_the_same_person_can_report_it_again(
    resident: Browser, moderator: Browser, session: Session, talk: Talk
) -> None:
    flag(resident, talk.issue.content_id)
    assert decide(moderator, session, talk.issue.content_id, "fine").status_code == 303
    flag(resident, talk.issue.content_id, facts="Er is nu iets anders mis mee.")
    session.expire_all()
    assert session.get_one(Case, talk.issue.content_id).open_flags == 1
    assert session.exec(select(func.count()).select_from(Flag)).one() == 2


def test_a_visitor_types_an_address_and_comes_back_by_a_secret_link(
    visitor: Browser, session: Session, talk: Talk
) -> None:
    page = visitor.get("/flags/new")
    assert page.headers["cache-control"] == "no-store"
    typed = {
        "address": f"http://127.0.0.1:8000/issues/{talk.issue.id}-iets?comment={talk.comment.id}#comment-{talk.comment.id}",
        "ground": "insult", "facts": WHY, "email": "Getuige@Example.nl", "key": hidden_field(page.text, "key"),
    }  # fmt: skip
    sent = [visitor.post("/flags", data=typed) for _twice in range(2)]
    assert {answer.headers["location"] for answer in sent} == {f"/flags/by-link/{typed['key']}"}
    written = session.exec(select(Flag)).one()
    assert (written.content_id, written.address) == (talk.comment.content_id, "getuige@example.nl")
    assert typed["key"] not in str(written.model_dump())
    receipt = visitor.get(sent[0].headers["location"])
    assert written.reference in receipt.text
    assert receipt.headers["cache-control"] == "no-store"
    assert visitor.get(f"/flags/{written.id}").status_code == 303, "the number alone opens nothing"
    (mail,) = mails(session, "flag_received")
    assert (mail.address, mail.context["path"]) == ("getuige@example.nl", sent[0].headers["location"])
    assert WHY not in str(mail.context), "the address may be somebody else's"


@pytest.mark.parametrize("address", ["/issues/{issue}", "http://elsewhere.example/comments/{comment}/replies",
                                     "/pilots/{pilot}-veilig", "/issues/{issue}-x#comment-{comment}"])  # fmt: skip
def test_addresses_as_people_copy_them(visitor: Browser, session: Session, talk: Talk, address: str) -> None:
    pilot = make_pilot(session, [talk.issue])
    typed = address.format(issue=talk.issue.id, comment=talk.comment.id, pilot=pilot.id)
    assert visitor.post("/flags", data={"address": typed, "ground": "other", "facts": WHY}).status_code == 303


def test_what_is_missing_is_said_beside_the_field_and_what_was_typed_stays(visitor: Browser, talk: Talk) -> None:
    refused = visitor.post("/flags", data={"address": "/themes/mobility", "facts": "kort", "email": "geen"})
    assert refused.status_code == 422
    assert all(f'id="{field}-error"' in refused.text for field in ("address", "ground", "facts", "email"))
    assert 'value="/themes/mobility"' in refused.text
    again = flag(visitor, talk.comment.content_id, ground="")
    assert again.status_code == 422
    assert WHY in again.text


def test_what_is_hidden_or_never_was_cannot_be_told_apart(
    resident: Browser, visitor: Browser, session: Session, cast: Cast, talk: Talk
) -> None:
    deleted = make_comment(session, cast.author, talk.issue, "Weg ermee.")
    deleted.deleted_at = deleted.created_at
    session.add(deleted)
    hide(session, talk.issue)
    content_ids = (talk.issue.content_id, talk.comment.content_id, deleted.content_id, 999_999)
    for browser in (resident, visitor):
        for ask in (lambda browser, number: browser.get(f"/flags/new?content={number}"), flag):
            answers = [ask(browser, content_id) for content_id in content_ids]
            assert {answer.status_code for answer in answers} == {404}
            said = {re.sub(r"content(=|%3D)\d+", "content", answer.text) for answer in answers}
            assert len(said) == 1
        typed = [f"/issues/{talk.issue.id}", f"/issues/{talk.issue.id}#comment-{talk.comment.id}", "/issues/999999"]
        pages = [browser.post("/flags", data={"address": where, "ground": "other", "facts": WHY}) for where in typed]
        assert {page.status_code for page in pages} == {422}
        shown = {text_of(page.text).replace(where, "…") for page, where in zip(pages, typed, strict=True)}
        assert len(shown) == 1
    assert session.exec(select(Flag)).first() is None


def test_others_reports_are_absent(resident: Browser, author: Browser, session: Session, talk: Talk) -> None:
    flag(author, talk.comment.content_id)
    own = newest_flag(session)
    assert resident.get(f"/flags/{own.id}").status_code == 404
    assert resident.post(f"/flags/{own.id}/appeal", data={"reasons": WHY}).status_code == 404


def test_the_number_of_reports_is_limited_per_person_network_and_address(
    settings: Settings, session: Session, cast: Cast, talk: Talk
) -> None:
    site = create_app(settings.model_copy(update={"rate_limits": "on"}))
    with Browser(site) as visitor:
        form = {"content": talk.issue.content_id, "ground": "other", "facts": WHY}
        mailed = [visitor.post("/flags", data={**form, "email": "a@example.nl"}).status_code for _time in range(6)]
        more = [visitor.post("/flags", data=form).status_code for _time in range(25)]
    site.state.database.close()
    assert mailed == [303] * 5 + [429]
    assert (more.count(303), more[-1]) == (24, 429)


def test_a_moderator_sees_who_reported_only_when_they_ask_and_that_is_written_down(
    author: Browser, moderator: Browser, session: Session, cast: Cast, talk: Talk
) -> None:
    flag(author, talk.comment.content_id)
    item = moderator.get(f"/moderation/items/{talk.comment.content_id}").text
    assert "anna@example.nl" not in item
    own = newest_flag(session)
    shown = moderator.post(f"/moderation/flags/{own.id}/contact")
    assert "anna@example.nl" in shown.text
    assert "anna@example.nl" in moderator.htmx("POST", f"/moderation/flags/{own.id}/contact").text
    looks = session.exec(select(AuditEntry).where(AuditEntry.kind == "moderation.contact-seen")).all()
    assert [(look.actor_id, look.subject_id) for look in looks] == [(cast.moderator.id, str(own.id))] * 2


def test_32_parallel_reports_by_one_person_are_one(busy: BusySite) -> None:
    with busy.database.session() as session:
        issue = make_issue(session, make_person(session, new_name()))
    phones = busy.residents(new_name(), new_name())
    form = {"content": issue.content_id, "ground": Ground.INSULT, "facts": WHY}
    answers = at_once([partial(phone.post, "/flags", form) for phone in phones for _press in range(32)])
    assert {answer.status for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 2

    def counted(session: Session) -> tuple[int, int]:
        flags = session.exec(select(func.count()).where(Flag.content_id == issue.content_id)).one()
        return flags, session.get_one(Case, issue.content_id).open_flags

    assert busy.ask(counted) == (2, 2)
