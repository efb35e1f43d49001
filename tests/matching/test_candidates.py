"""Both databases come up with the same candidates, from their indexes."""

from datetime import timedelta
from functools import partial

from sqlmodel import Session, select, update

from app.core.clock import now
from app.core.db import Database
from app.issues.models import Issue
from app.matching import actions, deciding
from app.matching.engine.problem import Point, Problem
from app.matching.jobs import count_new_words
from app.matching.knowledge import corpus
from tests.conftest import Cast
from tests.crowd import at_once
from tests.factories import INSIDE, hide, make_issue, make_pilot

HERE = Point(*INSIDE)
THERE = {"lat": "52.1085", "lon": "4.2885"}


def candidates(session: Session, stems: dict[str, float], point: Point | None = None) -> set[int]:
    return {each.issue_id for each in actions.corpus_of(session).candidates(stems, point)}


def test_by_words_anywhere_and_by_place_without_words(session: Session, cast: Cast) -> None:
    lamp = make_issue(session, cast.author, "Lantaarn kapot", **THERE)
    dog = make_issue(session, cast.author, "Hondenpoep", description="Overal op de stoep.")
    assert candidates(session, {"lantaarn": 1.0}) == {lamp.id}
    assert candidates(session, {"lantaarn": 1.0}, HERE) == {lamp.id, dog.id}
    assert candidates(session, {"poep": 0.7}) == {dog.id}
    assert candidates(session, {}, HERE) == {dog.id}
    assert candidates(session, {}) == set()


def test_hidden_issues_are_no_candidates(session: Session, cast: Cast) -> None:
    issue = make_issue(session, cast.author, "Lantaarn kapot")
    hide(session, issue)
    assert candidates(session, {"lantaarn": 1.0}, HERE) == set()


def test_what_the_team_decided_comes_with_them(session: Session, cast: Cast) -> None:
    issue = make_issue(session, cast.author, "Lantaarn kapot")
    linked, refused = make_pilot(session, [issue]), make_pilot(session, [])
    deciding.confirm_theme(session, issue, 2, cast.team.id or 0)
    deciding.reject_pilot(session, issue, refused.id or 0, cast.team.id or 0)
    session.commit()
    (found,) = actions.corpus_of(session).candidates({"lantaarn": 1.0}, None)
    assert (found.theme_id, found.pilot_ids, found.rejected_pilot_ids) == (2, (linked.id,), (refused.id,))


def test_the_heaviest_words_are_searched_and_the_newest_kept(session: Session, cast: Cast, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(corpus, "WORDS_SEARCHED", 1)
    monkeypatch.setattr(corpus, "ISSUES_PER_WORD", 2)
    ids = [make_issue(session, cast.author, f"Lantaarn {n} kapot").id for n in range(3)]
    make_issue(session, cast.author, "Fietsen op de stoep", description="Er is geen ruimte meer.")
    assert candidates(session, {"lantaarn": 1.0, "stoep": 0.5}) == set(ids[1:])


def test_words_are_counted_once_in_the_background(session: Session, cast: Cast, database: Database) -> None:
    for title in ("Lantaarn kapot", "Lantaarn uit", "Lantaarn scheef"):
        make_issue(session, cast.author, title, description="Bij het bankje.")
    session.exec(update(Issue).values(created_at=now() - timedelta(hours=1)))
    session.commit()
    at_once([partial(count_new_words, database)] * 8)
    count_new_words(database)
    total, counts = actions.corpus_of(session).word_counts(["lantaarn", "uit", "bankj", "nergens"])
    assert total == 3
    assert counts["lantaarn"] == 3
    assert "nergens" not in counts


def test_an_issue_of_this_minute_is_counted_later(session: Session, cast: Cast, database: Database) -> None:
    make_issue(session, cast.author, "Lantaarn kapot")
    count_new_words(database)
    assert actions.corpus_of(session).word_counts(["lantaarn"]) == (0, {})


def test_nothing_that_is_typed_breaks_the_search(session: Session, cast: Cast) -> None:
    make_issue(session, cast.author)
    for text in (
        "'; DROP TABLE issue; --",
        '" OR NEAR(a b)',
        "a* ^b {c} -d",
        "🙂 噪音 ضوضاء",
        "x" * 5_000,
        "1 2 3",
    ):
        actions.rank(session, Problem(text, text, None, *INSIDE))
    assert len(session.exec(select(Issue)).all()) == 1
