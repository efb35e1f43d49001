"""What people say below an issue, and who supports it, speaks for pilots and themes; what is hidden does not."""

from datetime import timedelta

from sqlmodel import Session, select

from app.accounts.models import Person
from app.core.clock import now
from app.core.db import Database
from app.discussions.models import Comment
from app.issues.actions import cast_vote
from app.issues.models import Issue
from app.matching import actions
from app.matching.engine.ranking import match
from app.matching.engine.suggestion import Reason, ReasonCode
from app.matching.engine.talk import Talk, said_about
from app.matching.models import PilotMatch, TalkHeard
from app.matching.reasons import in_words
from app.matching.refreshing import hear_some, refresh_some
from tests.browsing import Browser
from tests.conftest import Cast
from tests.factories import make_comment, make_issue, make_person, make_pilot
from tests.matching.memory import LIGHT_PILOT, NATURE, RAIN_PILOT, MemoryCorpus, problem, shipped_thesaurus
from tests.moderation.helpers import BrowserOf, decide

VAGUE = "Elke keer hetzelfde hier"


def heard(*texts: str) -> Talk:
    return Talk(*said_about([("nl", text) for text in texts], shipped_thesaurus()))


def reasons(corpus: MemoryCorpus, key: int) -> dict[ReasonCode, Reason]:
    asked = problem(VAGUE)
    stored = type(asked)(asked.title, asked.text, "nl", issue_id=7)
    found = next(each for each in match(stored, corpus).pilots.suggestions if each.key == key)
    return {reason.code: reason for reason in found.reasons}


class TestTheEngine:
    def test_comments_speak_by_what_they_are_about_and_more_voices_say_more(self) -> None:
        corpus = MemoryCorpus()
        stored = type(problem(""))(VAGUE, "", "nl", issue_id=7)
        scores = []
        for talk in ((), ("Bij ons ook, als het plenst",), ("Als het plenst", "Kelder blank", "Na elke hoosbui")):
            corpus.talk = heard(*talk)
            matches = match(stored, corpus)
            scores.append({each.key: each.score for each in matches.pilots.suggestions}.get(RAIN_PILOT, 0.0))
        assert scores == sorted(set(scores))
        assert matches.themes.suggestions[0].key == NATURE

    def test_the_reason_names_the_concept_and_how_many_said_so_and_never_their_words(self) -> None:
        corpus = MemoryCorpus()
        corpus.talk = heard("Als het plenst", "Kelder blank", "Na elke hoosbui", "Het plenst", "Dweilen")
        stored = type(problem(""))("Regen", "Kelder", "nl", issue_id=7)
        best = match(stored, corpus).pilots.suggestions[0]
        (reason,) = [each for each in best.reasons if each.code is ReasonCode.TALK]
        assert reason.params == {"nl": "water na regen", "en": "water after rain", "people": 5}
        assert "plenst" not in str(reason.stored())

    def test_supporters_count_when_they_are_more_than_one_would_expect(self) -> None:
        many = Talk(supporters=20, supported={LIGHT_PILOT: 12, RAIN_PILOT: 12}, usual={RAIN_PILOT: 0.7})
        few = Talk(supporters=6, supported={LIGHT_PILOT: 4})
        assert many.shares()[LIGHT_PILOT] > 0.4
        assert many.shares()[RAIN_PILOT] == 0.0
        assert few.shares() == {}
        corpus = MemoryCorpus()
        corpus.talk = many
        asked = type(problem(""))("Onverlicht fietspad", "", "nl", issue_id=7)
        best = match(asked, corpus).pilots.suggestions[0]
        assert {each.code: each.params for each in best.reasons}[ReasonCode.CO_VOTES] == {"people": 12}

    def test_support_alone_brings_no_pilot(self) -> None:
        corpus = MemoryCorpus()
        corpus.talk = Talk(supporters=50, supported={LIGHT_PILOT: 50})
        stored = type(problem(""))("Iets anders", "", "nl", issue_id=7)
        assert match(stored, corpus).pilots.shown == ()


def test_both_reasons_are_told() -> None:
    talk = {"code": "talk", "nl": "water na regen", "en": "water after rain", "people": 3}
    assert str(in_words(talk)) == "3 people write about water after rain in the comments"
    assert "12 people" in str(in_words({"code": "co_votes", "people": 12}))


def talk_of(session: Session, issue: Issue) -> list[str]:
    """The codes of the reasons of its suggested pilots that come from comments and votes."""
    session.rollback()
    rows = session.exec(select(PilotMatch).where(PilotMatch.issue_id == issue.id))
    codes = [reason["code"] for row in rows for reason in row.reasons]
    return [code for code in codes if code in ("talk", "co_votes")]


def test_comments_count_soon_and_hidden_or_deleted_ones_never(
    database: Database, session: Session, cast: Cast, browser_of: BrowserOf, resident: Browser
) -> None:
    make_pilot(session, [make_issue(session, cast.author, "Bibliotheek", description="Te klein.")], "Wateroverlast")
    issue = make_issue(session, cast.author, "Wateroverlast", description="Hier.")
    while refresh_some(database):
        pass
    assert (hear_some(database), talk_of(session, issue)) == (0, [])
    first = make_comment(session, cast.resident, issue, "Als het plenst staat alles blank.")
    assert hear_some(database) == 1
    assert talk_of(session, issue) == ["talk"]
    assert decide(browser_of(cast.moderator), session, first.content_id, "hide").status_code < 400
    assert hear_some(database) == 1
    assert talk_of(session, issue) == []
    make_comment(session, cast.moderator, issue, "Het plenst en alles staat blank.")
    assert hear_some(database) == 0, "it waits for those that follow it"
    long_ago(session, issue)
    assert (hear_some(database), talk_of(session, issue)) == (1, ["talk"])
    mine = make_comment(session, cast.resident, issue, "Zelfde hier.")
    resident.post(f"/comments/{mine.id}/edit", data={"body": "Zelfde hier, dus."})
    resident.post(f"/comments/{mine.id}/deletion")
    assert hear_some(database) == 1
    session.expire_all()
    assert session.get_one(Comment, mine.id).deleted_at


def long_ago(session: Session, issue: Issue) -> None:
    session.rollback()
    row = session.get_one(TalkHeard, issue.id)
    row.heard_at = now() - timedelta(hours=1)
    session.add(row)
    session.commit()


def test_votes_count_when_there_are_twice_as_many(database: Database, session: Session, cast: Cast) -> None:
    linked = make_issue(session, cast.author, "Fietspad zonder licht")
    pilot = make_pilot(session, [linked])
    issue = make_issue(session, cast.author, "Fietspad", description="Hier.")
    people = [make_person(session, f"buur{number}") for number in range(20)]
    while refresh_some(database):
        pass
    for person in people[:4]:
        vote(session, person, issue, linked)
    assert hear_some(database) == 0
    vote(session, people[4], issue, linked)
    before = score_of(session, issue)
    assert hear_some(database) == 2
    assert score_of(session, issue) > before
    talk = actions.corpus_of(session).talk_about(issue.id)
    assert (talk.supporters, dict(talk.supported)) == (5, {pilot.id: 5})
    objector = session.get_one(Person, people[0].id)
    objector.unmatched_since = now()
    session.add(objector)
    session.flush()
    assert actions.corpus_of(session).talk_about(issue.id).supporters == 4
    session.rollback()
    for person in people[5:9]:
        vote(session, person, issue)
    assert hear_some(database) == 0
    vote(session, people[9], issue)
    assert hear_some(database) == 1


def score_of(session: Session, issue: Issue) -> float:
    session.rollback()
    return session.exec(select(PilotMatch.score).where(PilotMatch.issue_id == issue.id)).one()


def vote(session: Session, person: Person, *issues: Issue) -> None:
    for issue in issues:
        cast_vote(session, person.id, session.get_one(Issue, issue.id))
    session.commit()
