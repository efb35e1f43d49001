"""Who leaves is nowhere to be found: not in a table, not in a file, not on a page."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from sqlmodel import Session, col, select

from app.accounts.actions import grant_roles
from app.accounts.models import Person, Role
from app.activity.models import AuditEntry, OutgoingMail, TimelineEntry
from app.content.models import Content
from app.core.clock import now
from app.core.db import Database
from app.core.language import search_document
from app.discussions.models import Comment
from app.following.models import Pace
from app.issues.merging import Seen, merge_issues, undo_merge
from app.issues.models import Issue, Vote
from app.mailing import send_what_is_due
from app.matching.jobs import count_new_words
from app.matching.models import WordCount
from app.notifications.actions import choose_paces
from app.notifications.gathering import gather_mail
from app.notifications.models import NoticeKind
from app.notifications.telling import tell_what_happened
from app.settings import Settings
from tests.browsing import Browser, text_of
from tests.conftest import Cast
from tests.factories import make_issue, make_pilot
from tests.privacy.crawling import in_files, in_mails, in_pages, in_search, in_tables
from tests.privacy.leaving import EMAIL, NAME, PHONE, PHOTO_KEY, WORDS, Leaver

FEEDS = ("issues", "pilots", "themes/mobility", "neighbourhoods/BU00000001", "issues/2", "pilots/1")
EVERYTHING = [*WORDS, NAME, "Qwastra", EMAIL, PHONE, PHOTO_KEY]


def count_all_words(database: Database) -> None:
    with time_machine.travel(now() + timedelta(minutes=2)):
        count_new_words(database)


def erase(browser: Browser, choice: str) -> None:
    assert 'action="/me/data/erasure"' in browser.get("/me/data/erasure").text
    answer = browser.post("/me/data/erasure", data={"choice": choice})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert answer.headers["clear-site-data"] == '"cache", "storage"'


def test_not_a_word_is_left(
    leaving: Browser,
    leaver: Leaver,
    visitor: Browser,
    browser_of: Callable[[Person | None], Browser],
    database: Database,
    session: Session,
    settings: Settings,
    worker: Callable[[], None],
    cast: Cast,
) -> None:
    """Not in tables, search, files, pages, feeds, mails or what the process remembers; for nobody who looks."""
    typed = {"title": "Een zwirrelpaal staat scheef", "description": "De knoetsbrug maakt een flarpgeluid."}
    choose_paces(session, cast.resident.id, {NoticeKind.REPLY: Pace.AT_ONCE})
    session.commit()
    count_all_words(database)
    assert tell_what_happened(database)
    leaving.post("/me/data/copies")
    worker()
    looked_for = [*in_tables(database, EVERYTHING), *in_files(settings, ["zwirrelpaal"])]
    assert {word for word in EVERYTHING if any(found.endswith(word) for found in looked_for)} == {*EVERYTHING}
    assert in_search(database, WORDS[:3]) == [f"search: {word}" for word in WORDS[:3]]
    assert in_pages(visitor, WORDS[:3], [f"/issues/{leaver.mine.id}"], at_most=20)
    assert "zwirrelpaal" in visitor.post("/issues/suggestions", data=typed | {"title": "Scheef"}).text
    erase(leaving, "take-away")
    work_round(database, settings)
    worker()
    assert in_tables(database, EVERYTHING) == []
    assert in_search(database, WORDS) == []
    number = leaver.mine.id
    feeds = [f"/{at}.{form}" for at in FEEDS for form in ("atom", "json")]
    more = [f"/issues/{number}", f"/api/v1/issues/{number}", f"/issues/{number}.atom", f"/issues/{number}.json", *feeds]
    assert in_pages(visitor, EVERYTHING, more) == []
    for person, pages in ((cast.resident, ["/me"]), (cast.team, ["/team"]), (cast.admin, ["/admin/audit"])):
        assert in_pages(browser_of(person), EVERYTHING, pages, at_most=25) == []
    assert "zwirrelpaal" not in visitor.post("/issues/suggestions", data=typed | {"title": "Scheef"}).text
    assert "Buurtlab" in mails_in(settings)
    assert in_mails(settings, EVERYTHING) == []
    assert "Scheve paal" in visitor.get("/issues.atom").text
    assert f"/issues/{number}" not in visitor.get("/issues.atom").text
    assert visitor.get(f"/photos/{PHOTO_KEY}-large.jpg").status_code == 404
    assert in_files(settings, EVERYTHING) == []
    assert not storage_files(settings)


def work_round(database: Database, settings: Settings) -> None:
    """Whatever was still to be told or mailed."""
    tell_what_happened(database)
    gather_mail(database)
    send_what_is_due(database, settings)


def mails_in(settings: Settings) -> str:
    return "".join(path.read_text() for path in Path(settings.mail_url.removeprefix("file://")).glob("*.eml"))


def storage_files(settings: Settings) -> list[str]:
    return [path.name for path in Path(settings.storage_url.removeprefix("file://")).glob("*.jpg")]


def test_others_keep_what_is_theirs(
    leaving: Browser, leaver: Leaver, visitor: Browser, resident: Browser, session: Session
) -> None:
    erase(leaving, "take-away")
    session.expire_all()
    page = visitor.get(f"/issues/{leaver.mine.id}").text
    said = text_of(page)
    assert "took the words and photos away" in said
    assert "Dat merk ik ook." in said
    assert "1 person has this problem too" in said
    assert "noindex" in page
    thread = text_of(visitor.get(f"/issues/{leaver.other.id}").text)
    assert "This comment was deleted by its author." in thread
    assert "Dat klopt." in thread
    assert "Scheve paal" in visitor.get("/issues").text
    assert "Taken away" not in visitor.get("/issues").text
    assert resident.post(f"/issues/{leaver.mine.id}/vote").status_code == 409


def test_counts_are_those_of_the_people_who_are_there(
    leaving: Browser, leaver: Leaver, session: Session, visitor: Browser
) -> None:
    erase(leaving, "take-away")
    session.expire_all()
    for issue_id, comments in ((leaver.mine.id, 1), (leaver.other.id, 1)):
        issue = session.get_one(Issue, issue_id)
        votes = session.exec(select(Vote).where(Vote.issue_id == issue_id)).all()
        assert (issue.vote_count, len(votes), issue.comment_count) == (1, 1, comments)
    answer = session.get_one(Comment, leaver.answer.id)
    assert answer.support_count == 0


def test_kept_without_a_name(
    leaving: Browser,
    leaver: Leaver,
    visitor: Browser,
    database: Database,
    settings: Settings,
    worker: Callable[[], None],
) -> None:
    erase(leaving, "keep")
    send_what_is_due(database, settings)
    worker()
    page = text_of(visitor.get(f"/issues/{leaver.mine.id}").text)
    assert "zwirrelpaal" in page
    assert "Someone who has left" in page
    assert "dwarrelsteeg" in visitor.get(f"/issues/{leaver.other.id}").text
    assert visitor.get(f"/photos/{PHOTO_KEY}-large.jpg").status_code == 200
    about = [found for found in in_tables(database, [NAME, EMAIL, PHONE]) if not found.startswith("internal_note")]
    assert about == []
    assert in_files(settings, [EMAIL, PHONE]) == []


def test_nothing_opens_any_more(
    leaving: Browser, leaver: Leaver, browser_of: Callable[[Person | None], Browser], session: Session
) -> None:
    other_browser = browser_of(leaver.person)
    erase(leaving, "keep")
    for browser in (leaving, other_browser):
        assert browser.get("/me").headers["location"].startswith("/sign-in")
    call = leaving.post(
        "/api/v1/issues", json={}, headers={"Authorization": f"Bearer {leaver.token}", "Accept": "application/json"}
    )
    assert call.status_code == 401


def test_what_the_number_still_stands_in(leaving: Browser, leaver: Leaver, session: Session) -> None:
    erase(leaving, "take-away")
    session.expire_all()
    bare = session.get_one(Person, leaver.person.id)
    assert (bare.email, bare.display_name, bare.welcomed_at) == (None, "", None)
    assert bare.erased_at is not None
    assert not session.exec(select(TimelineEntry).where(TimelineEntry.actor_id == bare.id)).all()
    assert not session.exec(select(Content).where(Content.author_id == bare.id)).all()
    audit = session.exec(select(AuditEntry.kind).where(AuditEntry.actor_id == bare.id)).all()
    assert sorted(audit) == ["person.erased", "person.tried"]


def test_a_mail_to_the_old_address_is_the_last_one(leaving: Browser, leaver: Leaver, session: Session) -> None:
    erase(leaving, "take-away")
    mails = session.exec(select(OutgoingMail).where(col(OutgoingMail.due_at).is_not(None))).all()
    assert [(mail.template, mail.address) for mail in mails] == [("account_erased", EMAIL)]


def stem_of(word: str) -> str:
    return search_document(word, "", "nl").split()[0]


def test_words_that_others_use_stay_known(
    leaving: Browser, leaver: Leaver, database: Database, session: Session
) -> None:
    count_all_words(database)
    before = session.exec(select(WordCount.issues).where(WordCount.word == stem_of("paal"))).one()
    assert session.get(WordCount, stem_of("knoetsbrug"))
    erase(leaving, "take-away")
    session.expire_all()
    assert session.get(WordCount, stem_of("knoetsbrug")) is None
    assert session.exec(select(WordCount.issues).where(WordCount.word == stem_of("paal"))).one() == before


def test_what_was_merged_or_taken_up_stays_together(
    leaving: Browser, leaver: Leaver, session: Session, cast: Cast, visitor: Browser
) -> None:
    """Taken away from the middle: others are merged into it, and it is merged into a third, which a pilot took up."""
    third = make_issue(session, cast.author, "Palen en bruggen")
    make_pilot(session, [third])
    merge_issues(session, cast.team.id, leaver.other.id, leaver.mine.id, Seen("new", "new"), "")
    merge_issues(session, cast.team.id, leaver.mine.id, third.id, Seen("new", "new"), "")
    session.commit()
    erase(leaving, "take-away")
    session.expire_all()
    assert session.get_one(Issue, third.id).vote_count == 1
    undo_merge(session, cast.team.id, leaver.mine.id)
    session.commit()
    session.expire_all()
    assert session.get_one(Issue, leaver.mine.id).vote_count == 1
    assert session.get_one(Issue, third.id).vote_count == 0
    assert visitor.get(f"/issues/{leaver.mine.id}").status_code == 200


@pytest.mark.parametrize("typed", [{}, {"choice": "perhaps"}])
def test_without_a_choice_nothing_happens(leaving: Browser, leaver: Leaver, typed: dict[str, str]) -> None:
    answer = leaving.post("/me/data/erasure", data=typed)
    assert answer.status_code == 422
    assert "Choose what happens to what you wrote." in answer.text
    assert leaving.get("/me").status_code == 200


def test_the_last_administrator_stays(
    browser_of: Callable[[Person | None], Browser], cast: Cast, session: Session
) -> None:
    admin = browser_of(cast.admin)
    answer = admin.post("/me/data/erasure", data={"choice": "keep"})
    assert answer.status_code == 409
    assert "Je bent de laatste beheerder." in answer.text
    grant_roles(session, "nog-een@example.nl", [Role.ADMIN], "nl")
    session.commit()
    assert admin.post("/me/data/erasure", data={"choice": "keep"}).status_code == 303
    session.expire_all()
    assert session.get_one(Person, cast.admin.id).email is None


def test_only_who_has_just_shown_that_it_is_they(leaving: Browser, leaver: Leaver, session: Session) -> None:
    with time_machine.travel(now() + timedelta(minutes=11)):
        for method, path in (("GET", "/me/data/erasure"), ("POST", "/me/data/erasure")):
            answer = leaving.request(method, path, data={"choice": "keep"} if method == "POST" else None)
            assert answer.headers["location"].startswith("/me/confirm?next=")
    session.expire_all()
    assert session.get_one(Person, leaver.person.id).erased_at is None


def test_who_is_suspended_may_go_but_does_not_come_back_clean(
    browser_of: Callable[[Person | None], Browser], cast: Cast, session: Session, worker: Callable[[], None]
) -> None:
    browser = browser_of(cast.suspended)
    erase(browser, "take-away")
    session.expire_all()
    left = session.get_one(Person, cast.suspended.id)
    assert (left.email, left.display_name) == ("sem@example.nl", "")
    assert left.is_suspended
    with time_machine.travel(now() + timedelta(days=800)):
        worker()
    session.expire_all()
    assert session.get_one(Person, cast.suspended.id).email is None
