"""Mail about what happened: whom, when, what it says, and how it stops. Against a real mail server."""

import re
from datetime import datetime, timedelta
from email.message import EmailMessage

import pytest
import time_machine
from sqlmodel import Session, select

from app import mailing
from app.activity.actions import tell
from app.activity.models import AuditEntry, MailOutcome, OutgoingMail
from app.core.clock import now
from app.core.db import Database
from app.core.mail import AS_SENT, compose
from app.discussions.forms import CommentForm
from app.following.models import Pace
from app.following.pace import next_mail
from app.issues.actions import cast_vote, change_status, comment_on
from app.issues.following import follow
from app.issues.models import Issue, Status
from app.notifications.actions import choose_paces
from app.notifications.gathering import gather_mail
from app.notifications.links import unsubscribe_path
from app.notifications.models import MailChoice, Notice, NoticeKind
from app.notifications.telling import tell_what_happened
from app.settings import Settings
from tests.browsing import Browser
from tests.conftest import Cast
from tests.crowd import at_once
from tests.factories import hide, make_issue, make_person
from tests.notifications.conftest import Round
from tests.site.test_mailing import PostOffice

CITY_DAILY = {NoticeKind.CITY: Pace.DAILY}


def speaks(session: Session, issue: Issue, cast: Cast, text: str = "Er komt <b>licht</b> & een bank.") -> None:
    tell(session, "issue", issue.id, "answer", actor_id=cast.team.id, by_city=True, text=text, language="nl")
    session.commit()


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def test_author_and_follower_get_one_mail_in_their_language_with_the_way_there(
    session: Session, cast: Cast, work_round: Round
) -> None:
    english = make_person(session, "eve", locale="en")
    issue = make_issue(session, cast.author)
    follow(session, english.id, issue.id)
    speaks(session, issue, cast)
    work_round()
    mails = {mail["To"]: mail for mail in work_round()}
    assert sorted(mails) == ["anna@example.nl", "eve@example.nl"]
    assert mails["anna@example.nl"]["Subject"] == "De gemeente zegt er iets over: Donker fietspad langs de duinen"
    assert mails["eve@example.nl"]["Content-Language"] == "en"
    plain, html = part(mails["eve@example.nl"], "plain"), part(mails["eve@example.nl"], "html")
    address = f"http://127.0.0.1:8000/issues/{issue.id}-donker-fietspad-langs-de-duinen"
    assert "Er komt <b>licht</b> & een bank." in plain
    assert "Er komt &lt;b&gt;licht&lt;/b&gt; &amp; een bank." in html
    assert address in plain
    assert f'href="{address}"' in html
    assert mails["eve@example.nl"].get_content_type() == "multipart/alternative"


def test_a_reply_leads_to_the_very_comment(session: Session, cast: Cast, work_round: Round) -> None:
    choose_paces(session, cast.author.id, {NoticeKind.REPLY: Pace.AT_ONCE})
    issue = make_issue(session, cast.author)
    comment = comment_on(session, cast.resident, issue, CommentForm(body="Bij mij ook."))
    (mail,) = work_round()
    assert f"/issues/{issue.id}?comment={comment.id}#comment-{comment.id}" in part(mail, "plain")
    assert "Bram:" in part(mail, "plain")


def test_a_day_of_news_is_one_mail_in_the_morning(session: Session, cast: Cast, work_round: Round) -> None:
    choose_paces(session, cast.author.id, CITY_DAILY)
    issue = make_issue(session, cast.author)
    for number in range(3):
        speaks(session, issue, cast, f"Bericht {number}.")
    assert work_round() == []
    with time_machine.travel(now() + timedelta(days=1, hours=1)):
        (mail,) = work_round()
        assert all(f"Bericht {number}." in part(mail, "plain") for number in range(3))
        assert mail["Subject"] == "3 berichten van Buurtlab"
        assert len(work_round()) == 1


def test_never_means_never_also_for_what_waits_and_what_is_on_its_way(
    session: Session, database: Database, cast: Cast, work_round: Round, office: tuple[PostOffice, int]
) -> None:
    issue = make_issue(session, cast.author)
    speaks(session, issue, cast)
    office[0].answer = "451 later"
    assert work_round() == []
    choose_paces(session, cast.author.id, {NoticeKind.CITY: Pace.NEVER})
    session.commit()
    office[0].answer = "250 OK"
    speaks(session, issue, cast)
    with time_machine.travel(now() + timedelta(hours=1)):
        assert work_round() == []
    assert session.exec(select(OutgoingMail.outcome)).all() == [MailOutcome.WITHDRAWN]
    assert len(session.exec(select(Notice)).all()) == 2, "on the site it stands nevertheless"


@pytest.mark.parametrize(
    ("moment", "pace", "expected"),
    [
        ("2026-11-22T04:00:00+00:00", Pace.DAILY, "2026-11-22T07:30:00+01:00"),
        ("2026-11-22T08:00:00+00:00", Pace.DAILY, "2026-11-23T07:30:00+01:00"),
        ("2026-11-22T08:00:00+00:00", Pace.WEEKLY, "2026-11-23T07:30:00+01:00"),
        ("2026-11-23T08:00:00+00:00", Pace.WEEKLY, "2026-11-30T07:30:00+01:00"),
        ("2027-03-27T12:00:00+00:00", Pace.DAILY, "2027-03-28T07:30:00+02:00"),
    ],
)
def test_when_the_next_mail_goes(moment: str, pace: Pace, expected: str) -> None:
    with time_machine.travel(datetime.fromisoformat(moment), tick=False):
        assert next_mail(pace) == datetime.fromisoformat(expected)


def test_hidden_between_the_fact_and_the_mail(session: Session, cast: Cast, work_round: Round) -> None:
    choose_paces(session, cast.author.id, CITY_DAILY)
    issue, other = make_issue(session, cast.author), make_issue(session, cast.author, "Overvolle prullenbak")
    speaks(session, issue, cast, "Over het verborgene.")
    speaks(session, other, cast, "Over de prullenbak.")
    work_round()
    hide(session, issue)
    with time_machine.travel(now() + timedelta(days=2)):
        (mail,) = work_round()
    assert "Over de prullenbak." in part(mail, "plain")
    assert "Over het verborgene." not in mail.as_string()
    assert "Donker fietspad" not in mail.as_string()


def test_nothing_of_a_suspended_account_leaves_nor_to_one(session: Session, cast: Cast, work_round: Round) -> None:
    choose_paces(session, cast.author.id, {NoticeKind.REPLY: Pace.DAILY})
    issue = make_issue(session, cast.author)
    follow(session, cast.suspended.id, issue.id)
    comment_on(session, cast.resident, issue, CommentForm(body="Scheldwoorden."))
    work_round()
    cast.resident.suspended_until = now() + timedelta(days=30)
    session.add(cast.resident)
    speaks(session, issue, cast)
    with time_machine.travel(now() + timedelta(days=2)):
        mails = work_round()
    assert [mail["To"] for mail in mails] == ["anna@example.nl"]
    assert "Scheldwoorden." not in mails[0].as_string()


def test_a_worker_that_dies_after_the_servers_yes_repeats_with_the_same_number(
    session: Session, database: Database, cast: Cast, by_smtp: Settings, office: tuple[PostOffice, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    speaks(session, make_issue(session, cast.author), cast)
    tell_what_happened(database)
    gather_mail(database)

    def dies(*_anything: object) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr(mailing, "end", dies)
        with pytest.raises(SystemExit):
            mailing.send_what_is_due(database, by_smtp)
    assert len(office[0].mails) == 1
    for _again in range(2):
        with time_machine.travel(now() + timedelta(minutes=5)):
            tell_what_happened(database)
            gather_mail(database)
            mailing.send_what_is_due(database, by_smtp)
    first, second = office[0].mails
    assert first["Message-ID"] == second["Message-ID"]


def test_many_workers_at_once_mail_nobody_twice(
    session: Session, database: Database, cast: Cast, by_smtp: Settings, office: tuple[PostOffice, int]
) -> None:
    issue = make_issue(session, cast.author)
    for number in range(8):
        follow(session, make_person(session, f"volger{number}").id, issue.id)
    speaks(session, issue, cast)

    def work() -> None:
        tell_what_happened(database)
        gather_mail(database)
        mailing.send_what_is_due(database, by_smtp)

    for _round in range(3):
        at_once([work] * 4)
    assert sorted(mail["To"] for mail in office[0].mails) == sorted(
        ["anna@example.nl", *(f"volger{number}@example.nl" for number in range(8))]
    )


def test_one_click_stops_it_without_signing_in(
    visitor: Browser, session: Session, cast: Cast, by_smtp: Settings, work_round: Round
) -> None:
    issue = make_issue(session, cast.author)
    speaks(session, issue, cast)
    (mail,) = work_round()
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = re.fullmatch(r"<(http://127\.0\.0\.1:8000/unsubscribe/[\w.-]+)>", mail["List-Unsubscribe"])
    assert address
    path = address[1].removeprefix("http://127.0.0.1:8000")
    assert visitor.get(path).status_code == 200
    assert session.exec(select(MailChoice)).first() is None, "looking changes nothing"
    del visitor.headers["Origin"]
    for _twice in range(2):
        assert visitor.post(path, data={"List-Unsubscribe": "One-Click"}).status_code == 200
    speaks(session, issue, cast)
    assert len(work_round()) == 1


def test_a_forged_link_stops_nothing(visitor: Browser, session: Session, cast: Cast, settings: Settings) -> None:
    genuine = unsubscribe_path(settings, cast.author.id, "city")
    for forged in (
        genuine[:-1] + "_",
        genuine.replace(f"/{cast.author.id}.", f"/{cast.resident.id}."),
        "/unsubscribe/x",
    ):
        assert visitor.post(forged).status_code == 404
    assert session.exec(select(MailChoice)).first() is None


def test_the_header_stays_whole_with_a_long_address(session: Session, cast: Cast, settings: Settings) -> None:
    long = settings.model_copy(update={"base_url": "https://" + "buurtlab.gemeente-zeehoven." * 3 + "example"})
    path = unsubscribe_path(long, 1_234_567, "moderation")
    mail = compose(long, "role", "a@example.nl", "nl", unsubscribe_at=path, role="team", given=True)
    assert f"List-Unsubscribe: <{long.base_url}{path}>\r\n" in mail.as_bytes(policy=AS_SENT).decode()


def test_dead_letters_are_seen_by_an_administrator_and_tried_again(
    browser_of, session: Session, database: Database, cast: Cast, office: tuple[PostOffice, int], work_round: Round
) -> None:  # type: ignore[no-untyped-def]
    admin = browser_of(cast.admin)
    office[0].answer_to_address = "550 no such user anna@example.nl"
    speaks(session, make_issue(session, cast.author), cast)
    assert work_round() == []
    page = admin.get("/admin/mail").text
    number = session.exec(select(OutgoingMail.id)).one()
    assert f"/admin/mail/{number}/again" in page
    assert "SMTPRecipientsRefused 550" in page
    assert "anna@example.nl" not in page
    assert "anna@example.nl" in admin.post(f"/admin/mail/{number}/address").text
    assert (
        session.exec(select(AuditEntry).where(AuditEntry.kind == "mail.address-seen")).one().actor_id == cast.admin.id
    )
    office[0].answer_to_address = "250 OK"
    assert admin.post(f"/admin/mail/{number}/again").status_code == 303
    assert admin.post(f"/admin/mail/{number}/again").status_code == 409
    assert [mail["To"] for mail in work_round()] == ["anna@example.nl"]


def test_the_choices_are_kept_and_wrong_ones_refused(resident: Browser, session: Session, cast: Cast) -> None:
    assert resident.post("/me/notifications", data={"city": "weekly", "reply": "never"}).status_code == 303
    page = resident.get("/me/notifications").text
    assert page.count('value="weekly" selected') == 1
    assert resident.post("/me/notifications", data={"city": "hourly"}).status_code == 422
    chosen = {row.kind: row.pace for row in session.exec(select(MailChoice))}
    assert chosen == {NoticeKind.CITY: Pace.WEEKLY, NoticeKind.REPLY: Pace.NEVER}


def test_a_person_without_an_address_reads_it_on_the_site(session: Session, cast: Cast, work_round: Round) -> None:
    cast.author.email = None
    session.add(cast.author)
    speaks(session, make_issue(session, cast.author), cast)
    assert work_round() == []
    assert session.exec(select(OutgoingMail)).first() is None


def test_voters_are_asked_once_also_when_they_follow(session: Session, cast: Cast, work_round: Round) -> None:
    issue = make_issue(session, cast.author)
    cast_vote(session, cast.resident.id, issue)
    follow(session, cast.resident.id, issue.id)
    cast_vote(session, cast.moderator.id, issue)
    change_status(session, issue, Status.RESOLVED, actor_id=cast.team.id, text="De lamp brandt weer.")
    work_round()
    with time_machine.travel(now() + timedelta(days=2)):
        mails = work_round()
    assert sorted(mail["To"] for mail in mails) == ["anna@example.nl", "bram@example.nl", "moderator@example.nl"]
    assert all(len(set(re.findall(r"/issues/\d+/solved/[\w.-]+", part(mail, "plain")))) == 1 for mail in mails)
