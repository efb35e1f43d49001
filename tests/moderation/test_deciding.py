"""Moderators decide on what they saw; everybody concerned hears what and why."""

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from sqlmodel import Session, func, select

from app.accounts.models import Person, Role
from app.activity.models import AuditEntry
from app.content.models import Content, Visibility
from app.core.clock import now
from app.core.db import Database
from app.issues.models import EarlierText
from app.mailing import send_what_is_due
from app.moderation.jobs import end_what_was_temporary
from app.moderation.models import Case, Decision, Flag, FoundBy, Measure, Verdict
from app.settings import Settings
from tests.browsing import Browser, text_of
from tests.busy import BusySite, new_name
from tests.conftest import Cast
from tests.crowd import at_once
from tests.factories import make_comment, make_issue, make_person
from tests.moderation.conftest import Talk
from tests.moderation.helpers import (
    WHY,
    BrowserOf,
    decide,
    flag,
    mails,
    name_content,
    newest_decision,
    newest_flag,
    seen,
)

BECAUSE = "Dit nummer is van iemand die er niet om gevraagd heeft."


def test_the_queue_groups_reports_and_shows_the_longest_waiting_first(
    resident: Browser, author: Browser, visitor: Browser, moderator: Browser, session: Session, cast: Cast, talk: Talk
) -> None:
    later = make_issue(session, cast.author, "Losse stoeptegel bij de bakker")
    flag(author, talk.comment.content_id, ground="insult")
    flag(resident, later.content_id, ground="advertising")
    flag(visitor, talk.comment.content_id, ground="personal-data")
    page = text_of(moderator.get("/moderation").text)
    assert page.index("06-99887766") < page.index("Losse stoeptegel")
    assert "2 meldingen" in page
    assert "Losse" not in moderator.get("/moderation?kind=comment").text
    assert "Losse" in moderator.get("/moderation?ground=advertising").text
    assert "06-99887766" not in moderator.get("/moderation?ground=advertising").text
    decide(moderator, session, talk.comment.content_id, "hide")
    assert "06-99887766" not in moderator.get("/moderation").text
    assert "06-99887766" in moderator.get("/moderation?state=done").text


def test_the_queue_pages_without_losing_or_repeating_anything(
    resident: Browser, moderator: Browser, session: Session, cast: Cast
) -> None:
    for number in range(23):
        flag(resident, make_issue(session, cast.author, f"Bankje nummer {number:03d} is stuk").content_id)
    first = moderator.get("/moderation").text
    address = first.partition('href="/moderation?kind=')[2].partition('"')[0].replace("&amp;", "&")
    second = moderator.get(f"/moderation?kind={address}").text
    shown = [{n for n in range(23) if f"nummer {n:03d}" in page} for page in (first, second)]
    assert (len(shown[0]), len(shown[1]), shown[0] & shown[1]) == (20, 3, set())


def test_the_item_stands_in_its_context(moderator: Browser, author: Browser, session: Session, talk: Talk) -> None:
    session.add(EarlierText(issue_id=talk.issue.id, title="Eerst anders", description="Bel 070-1234567"))
    session.commit()
    answer = moderator.get(f"/moderation/items/{talk.answer.content_id}").text
    assert "06-99887766" in answer, "the comment above"
    assert talk.issue.title in answer
    assert "070-1234567" in moderator.get(f"/moderation/items/{talk.issue.content_id}").text
    assert f"/moderation/items/{talk.comment.content_id}" in moderator.get(f"/issues/{talk.issue.id}").text
    assert "/moderation/items" not in author.get(f"/issues/{talk.issue.id}").text


def test_hiding_tells_the_author_and_everybody_who_reported(
    author: Browser, visitor: Browser, resident: Browser, moderator: Browser, session: Session, cast: Cast, talk: Talk,
    database: Database, settings: Settings,
) -> None:  # fmt: skip
    flag(author, talk.comment.content_id)
    flag(visitor, talk.comment.content_id, email="getuige@example.nl")
    assert (
        decide(moderator, session, talk.comment.content_id, "hide", facts=BECAUSE).headers["location"] == "/moderation"
    )
    decision = newest_decision(session)
    assert (decision.found_by, decision.flags, decision.author_id) == (FoundBy.FLAG, 2, cast.resident.id)
    assert decision.waited_seconds is not None
    statement = text_of(resident.get(f"/me/decisions/{decision.id}").text)
    for part in ("hebben het verborgen", "Privégegevens", BECAUSE, "Iemand heeft het gemeld", "bezwaar", "06-99887766"):
        assert part in statement
    assert f"/me/decisions/{decision.id}" in resident.get("/me/decisions").text
    (letter,) = mails(session, "decision")
    assert letter.person_id == cast.resident.id
    assert "06-99887766" not in str(letter.context), "a letter quotes nothing"
    told = mails(session, "flag_decided")
    assert [each.person_id or each.address for each in told] == [cast.author.id, "getuige@example.nl"]
    link = told[1].context["path"]
    assert "/flags/by-link/" in link
    outcome = visitor.get(link)
    assert outcome.status_code == 200
    assert BECAUSE not in outcome.text, "what was hidden and why is between us and its author"
    assert "Privégegevens" in author.get(f"/flags/{told[0].context['path'].rpartition('/')[2]}").text
    assert send_what_is_due(database, settings) == 5


def test_fine_tells_those_who_reported_why_and_nobody_else(
    author: Browser, moderator: Browser, session: Session, talk: Talk
) -> None:
    flag(author, talk.comment.content_id)
    decide(moderator, session, talk.comment.content_id, "fine", facts="Het is het nummer van de gemeente zelf.")
    assert mails(session, "decision") == []
    assert "nummer van de gemeente" in author.get(f"/flags/{newest_flag(session).id}").text
    assert session.get_one(Content, talk.comment.content_id).visibility is Visibility.VISIBLE


def test_a_report_on_what_is_hidden_already_is_answered_as_it_is(
    author: Browser, visitor: Browser, moderator: Browser, session: Session, talk: Talk
) -> None:
    """It came in while a moderator hid it: nobody spoke to the author, and nothing stays that one could object to."""
    flag(author, talk.comment.content_id)
    before = seen(session, talk.comment.content_id)
    flag(visitor, talk.comment.content_id, email="getuige@example.nl")
    decide(moderator, session, talk.comment.content_id, "hide", **before)
    decide(moderator, session, talk.comment.content_id, "keep", ground="")
    page = visitor.get(mails(session, "flag_decided")[-1].context["path"]).text
    assert "It was hidden already" in page
    assert "spoke to the author" not in page
    assert 'id="objection"' not in page


def test_a_moderator_acts_without_a_report(resident: Browser, moderator: Browser, session: Session, talk: Talk) -> None:
    decide(moderator, session, talk.comment.content_id, "hide")
    decision = newest_decision(session)
    assert (decision.found_by, decision.flags, decision.waited_seconds) == (FoundBy.MODERATOR, 0, None)
    assert "Een moderator heeft het gevonden" in text_of(resident.get(f"/me/decisions/{decision.id}").text)


def test_who_is_suspended_reads_why_and_cannot_write(
    resident: Browser, moderator: Browser, session: Session, cast: Cast, talk: Talk
) -> None:
    decide(moderator, session, talk.comment.content_id, "hide", measure="suspend", suspension="7")
    session.refresh(cast.resident)
    until = cast.resident.suspended_until
    assert until is not None
    assert timedelta(days=6, hours=23) < until - now() < timedelta(days=7)
    assert resident.post(f"/issues/{talk.issue.id}/vote").status_code == 403
    decision = newest_decision(session)
    assert "niet schrijven" in text_of(resident.get(f"/me/decisions/{decision.id}").text)
    assert 'href="/me/decisions"' in resident.get(f"/issues/{talk.issue.id}").text
    assert resident.get("/me/decisions").status_code == 200
    decide(moderator, session, talk.comment.content_id, "keep", measure="lift", facts="We hebben elkaar gesproken.")
    assert resident.post(f"/issues/{talk.issue.id}/vote").status_code == 303
    assert "weer schrijven" in text_of(resident.get(f"/me/decisions/{newest_decision(session).id}").text)


def test_a_warning_and_a_suspension_until_a_day(moderator: Browser, session: Session, cast: Cast, talk: Talk) -> None:
    decide(moderator, session, talk.comment.content_id, "keep", measure="warn")
    assert newest_decision(session).measure is Measure.WARN
    day = (now() + timedelta(days=20)).date().isoformat()
    more = {"measure": "suspend", "suspension": "other", "suspended_until": day}
    decide(moderator, session, talk.comment.content_id, "keep", **more)
    session.refresh(cast.resident)
    assert cast.resident.is_suspended
    assert len(mails(session, "decision")) == 2


@pytest.mark.parametrize(
    ("verdict", "typed", "field"),
    [
        ("hide", {"ground": ""}, "ground"),
        ("hide", {"facts": "kort"}, "facts"),
        ("hide", {"hidden_until": "2020-01-01"}, "hidden_until"),
        ("hide", {"hidden_until": "morgen"}, "hidden_until"),
        ("hide", {"measure": "suspend", "suspension": "other"}, "suspended_until"),
        ("hide", {"measure": "lift"}, "measure"),
        ("restore", {}, "verdict"),
        ("fine", {}, "verdict"),
        ("keep", {}, "measure"),
        ("away", {}, "verdict"),
    ],
)
def test_what_does_not_fit_is_said_beside_the_field(
    moderator: Browser, session: Session, talk: Talk, verdict: str, typed: dict[str, str], field: str
) -> None:
    refused = decide(moderator, session, talk.comment.content_id, verdict, **typed)
    assert refused.status_code == 422
    assert f'id="{field}-error"' in refused.text
    assert newest_decision(session) is None


def test_nobody_decides_about_their_own(moderator: Browser, session: Session, cast: Cast, talk: Talk) -> None:
    own = make_comment(session, cast.moderator, talk.issue, "Ook een moderator woont hier.")
    page = moderator.get(f"/moderation/items/{own.content_id}").text
    assert f"/moderation/items/{own.content_id}/decision" not in page
    assert decide(moderator, session, own.content_id, "hide").status_code == 403
    assert newest_decision(session) is None


def test_the_second_of_two_moderators_hears_what_happened_and_keeps_what_they_typed(
    author: Browser, moderator: Browser, browser_of: BrowserOf, second_moderator: Person, session: Session, talk: Talk
) -> None:
    other = browser_of(second_moderator)
    flag(author, talk.comment.content_id)
    what_both_saw = seen(session, talk.comment.content_id)
    assert decide(moderator, session, talk.comment.content_id, "hide").status_code == 303
    late = decide(other, session, talk.comment.content_id, "fine", facts="Volgens mij kan dit wel.", **what_both_saw)
    assert late.status_code == 409
    assert "verborgen" in late.text
    assert "Volgens mij kan dit wel." in late.text
    assert session.exec(select(func.count()).select_from(Decision)).one() == 1


def test_a_report_that_came_in_meanwhile_stays_in_the_queue(
    author: Browser, visitor: Browser, moderator: Browser, session: Session, talk: Talk
) -> None:
    flag(author, talk.comment.content_id)
    page_of_moderator = seen(session, talk.comment.content_id)
    flag(visitor, talk.comment.content_id)
    decide(moderator, session, talk.comment.content_id, "fine", **page_of_moderator)
    session.expire_all()
    case = session.get_one(Case, talk.comment.content_id)
    assert (case.open_flags, case.first_flag_id) == (1, newest_flag(session).id)


def test_a_hidden_name_is_replaced_and_comes_back_unless_another_was_chosen(
    resident: Browser, moderator: Browser, session: Session, cast: Cast, talk: Talk
) -> None:
    name = name_content(session, cast.resident)
    cast.resident.display_name = "Stinkende Harrie"
    session.add(cast.resident)
    session.commit()
    decide(moderator, session, name.id, "hide", ground="insult")
    session.refresh(cast.resident)
    assert cast.resident.display_name != "Stinkende Harrie"
    assert "Stinkende" not in resident.get(f"/issues/{talk.issue.id}").text
    statement = resident.get(f"/me/decisions/{newest_decision(session).id}").text
    assert cast.resident.display_name in statement
    again = resident.post("/welcome", data={"display_name": "stinkende  harrie", "locale": "nl"})
    assert again.status_code == 422
    assert "display_name-error" in again.text
    decide(moderator, session, name.id, "restore")
    session.refresh(cast.resident)
    assert cast.resident.display_name == "Stinkende Harrie"
    decide(moderator, session, name.id, "hide", ground="insult")
    resident.post("/welcome", data={"display_name": "Harrie", "locale": "nl"})
    decide(moderator, session, name.id, "restore")
    session.refresh(cast.resident)
    assert cast.resident.display_name == "Harrie"


def test_what_was_hidden_for_a_time_comes_back_by_itself(
    moderator: Browser, visitor: Browser, session: Session, talk: Talk, database: Database
) -> None:
    day = now() + timedelta(days=3)
    decide(moderator, session, talk.comment.content_id, "hide", hidden_until=day.date().isoformat())
    assert end_what_was_temporary(database) == 0
    assert "06-99887766" not in visitor.get(f"/issues/{talk.issue.id}").text
    with time_machine.travel(now() + timedelta(days=5)):
        assert end_what_was_temporary(database) == 1
        assert end_what_was_temporary(database) == 0
    assert "06-99887766" in visitor.get(f"/issues/{talk.issue.id}").text


def test_what_was_hidden_again_for_good_does_not_come_back(
    moderator: Browser, session: Session, talk: Talk, database: Database
) -> None:
    day = (now() + timedelta(days=3)).date().isoformat()
    decide(moderator, session, talk.comment.content_id, "hide", hidden_until=day)
    decide(moderator, session, talk.comment.content_id, "restore")
    decide(moderator, session, talk.comment.content_id, "hide")
    with time_machine.travel(now() + timedelta(days=5)):
        assert end_what_was_temporary(database) == 0


def test_every_decision_is_in_the_audit_without_personal_data(
    moderator: Browser, session: Session, cast: Cast, talk: Talk
) -> None:
    decide(moderator, session, talk.comment.content_id, "hide", facts=BECAUSE, measure="warn")
    entry = session.exec(select(AuditEntry).where(AuditEntry.kind == "moderation.hide")).one()
    assert (entry.actor_id, entry.actor_role) == (cast.moderator.id, "moderator")
    assert BECAUSE not in str(entry.facts)


def test_notes_stay_among_moderators(moderator: Browser, resident: Browser, session: Session, talk: Talk) -> None:
    path = f"/moderation/items/{talk.comment.content_id}"
    assert moderator.post(f"{path}/notes", data={"body": "Dit is de derde keer."}).status_code == 303
    assert "derde keer" in moderator.get(path).text
    assert moderator.post(f"{path}/notes", data={"body": ""}).status_code == 422


def test_how_moderation_works_says_the_numbers(
    author: Browser, visitor: Browser, moderator: Browser, session: Session, talk: Talk
) -> None:
    flag(author, talk.comment.content_id)
    decide(moderator, session, talk.comment.content_id, "hide")
    page = text_of(visitor.get("/about/moderation").text)
    assert "1 report" in page
    assert "Hidden 1" in page
    assert "Private details of people 1" in page
    assert "/about/moderation" in visitor.get("/").text


def test_of_moderators_who_decide_at_once_one_does(busy: BusySite) -> None:
    with busy.database.session() as session:
        issue = make_issue(session, make_person(session, new_name()))
    phones = busy.colleagues(*[Role.MODERATOR] * 4)
    form = {"verdict": "hide", "ground": "insult", "facts": WHY, "seen_decision": 0, "seen_flag": 0}
    path = f"/moderation/items/{issue.content_id}/decision"
    answers = at_once([partial(phone.post, path, form) for phone in phones])
    assert sorted(answer.status for answer in answers) == [303, 409, 409, 409]
    of_it = select(Decision.verdict).where(Decision.content_id == issue.content_id)
    assert list(busy.ask(lambda session: session.exec(of_it).all())) == [Verdict.HIDE]
    flags = select(func.count()).where(Flag.content_id == issue.content_id)
    assert busy.ask(lambda session: session.exec(flags).one()) == 0
