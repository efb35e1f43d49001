"""A valid row in one line."""

from typing import Any

from sqlmodel import Session, select

from app.accounts.models import Person
from app.approaches.models import Approach, ApproachPart
from app.cards.document import Card
from app.cards.importing import columns_of
from app.cards.models import CardFeed, ImportedCard
from app.content.actions import publish
from app.content.models import Content, Kind, Visibility
from app.core.clock import now
from app.core.forms import submission_of
from app.core.language import search_document
from app.discussions.actions import post_comment
from app.discussions.forms import CommentForm
from app.discussions.models import Comment, Thread
from app.filing.actions import file_issue
from app.filing.forms import IssueForm
from app.issues.actions import count_comment
from app.issues.models import Issue
from app.lessons.models import Lesson
from app.pilots.models import PartKind, Pilot, PilotIssue
from app.places.actions import import_neighbourhoods
from app.places.models import City

INSIDE = (52.105, 4.275)
ELSEWHERE = (51.0, 5.0)


def square(code: str, name: str, west: float, south: float) -> dict[str, Any]:
    east, north = west + 0.01, south + 0.01
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"code": code, "name": name}, "geometry": geometry}


def add_test_city(session: Session) -> None:
    """Two square neighbourhoods beside each other."""
    session.add(City(name="Proefstad", district="Testwijk"))
    features = [square("BU00000001", "Westhoek", 4.27, 52.10), square("BU00000002", "Oosthoek", 4.28, 52.10)]
    import_neighbourhoods(session, {"type": "FeatureCollection", "features": features})


def make_person(session: Session, name: str, suspended: bool = False, locale: str = "nl") -> Person:
    person = Person(email=f"{name}@example.nl", display_name=name.title(), locale=locale, rules_version=1)
    person.welcomed_at = now()
    if suspended:
        person.suspended_until = now().replace(year=now().year + 1)
    session.add(person)
    session.commit()
    return person


def make_issue(session: Session, author: Person, title: str = "Donker fietspad langs de duinen", **typed: Any) -> Issue:
    """An issue as filed by its author; `typed` overrides what they typed."""
    fields = {
        "title": title,
        "description": "Na zonsondergang zie je hier niets. Mijn dochter durft er niet meer te fietsen.",
        "lat": str(INSIDE[0]),
        "lon": str(INSIDE[1]),
    }
    submission = submission_of(IssueForm, {**fields, **{name: str(value) for name, value in typed.items()}})
    issue = file_issue(session, author, submission)
    assert issue is not None, submission.errors
    session.commit()
    return issue


def make_comment(
    session: Session,
    author: Person,
    issue: Issue,
    body: str = "Dit merk ik ook.",
    parent: Comment | None = None,
) -> Comment:
    form = CommentForm(body=body, parent=parent.id if parent else None)
    comment, _is_new = post_comment(session, author.id, issue.thread_id, form)
    count_comment(session, issue.thread_id, +1)
    session.commit()
    return comment


def make_pilot(session: Session, issues: list[Issue], title: str = "Veilig naar huis in het donker") -> Pilot:
    content = publish(session, Kind.PILOT, None, "nl")
    thread = Thread()
    session.add(thread)
    session.flush()
    problem = "Bewoners mijden na zonsondergang het fietspad langs de duinen, omdat ze er niets zien."
    pilot = Pilot(
        content_id=content.id,
        thread_id=thread.id,
        title=title,
        problem=problem,
        language="nl",
        search_stems=search_document(title, problem, "nl"),
    )
    session.add(pilot)
    session.flush()
    session.add_all(PilotIssue(pilot_id=pilot.id, issue_id=issue.id) for issue in issues)
    session.commit()
    return pilot


def make_approach(
    session: Session, pilot: Pilot, author: Person | None, title: str = "Samen naar huis", kind: str = "social"
) -> Approach:
    """With one part; of the city team without an author."""
    content = publish(session, Kind.APPROACH, author.id if author else None, "nl")
    approach = Approach(
        pilot_id=pilot.id, content_id=content.id, title=title, summary="Buren fietsen na de training samen naar huis.",
        language="nl", by_city=author is None, parts=[ApproachPart(kind=PartKind(kind), text="Buren fietsen samen")],
    )  # fmt: skip
    session.add(approach)
    session.commit()
    return approach


def make_lesson(session: Session, pilot: Pilot, title: str = "Begin klein en vraag wie er al loopt") -> Lesson:
    text = "Eén straat was genoeg om te zien dat het werkt. We hadden eerst de hele wijk willen doen."
    lesson = Lesson(
        pilot_id=pilot.id,
        content_id=publish(session, Kind.LESSON, None, "nl").id,
        stage=pilot.stage,
        title=title,
        text=text,
        language="nl",
        search_stems=search_document(title, text, "nl"),
    )
    session.add(lesson)
    session.commit()
    return lesson


def card_document(number: int = 1, at: str = "https://elders.example", **said: Any) -> dict[str, Any]:
    """A card as another city publishes it; `said` overrides what it says."""
    return {
        "version": 1,
        "id": f"{at}/pilots/{number}.card.json",
        "url": f"{at}/pilots/{number}",
        "city": {"name": "Elders", "url": at},
        "invented": True,
        "language": "nl",
        "licence": "CC0-1.0",
        "title": f"Licht dat meebeweegt op het fietspad {number}",
        "problem": "Fietsers mijden na zonsondergang het donkere fietspad, omdat ze er niets zien.",
        "stage": "scaling-up",
        "themes": [{"slug": "mobility", "name": "Mobiliteit"}],
        "approach": {
            "title": "Lampen die aangaan als er iemand komt",
            "summary": "Licht waar het nodig is, donker waar het kan.",
            "language": "nl",
            "parts": [{"kind": "physical", "text": "Lage lampen langs het pad"}],
        },
        "verdict": {"asked": 120, "solved": 62, "partly": 10, "notSolved": 8, "askedOn": "2026-05-01"},
        "createdOn": "2025-09-01",
        "updatedAt": "2026-06-01T12:00:00Z",
        **said,
    }


def make_card(
    session: Session, number: int = 1, url: str = "https://elders.example/pilots/cards.json", **said: Any
) -> ImportedCard:
    """Imported already, with its feed."""
    feed = session.exec(select(CardFeed).where(CardFeed.url == url)).first() or CardFeed(url=url, city="Elders")
    session.add(feed)
    session.flush()
    card = Card.model_validate(card_document(number, **said))
    imported = ImportedCard(feed_id=feed.id, key=card.id, **columns_of(card))
    session.add(imported)
    session.commit()
    return imported


def hide(session: Session, issue: Issue) -> None:
    """As a moderator's decision leaves it."""
    content = session.get(Content, issue.content_id)
    assert content is not None
    content.visibility = Visibility.HIDDEN
    issue.visible = False
    session.add_all([content, issue])
    session.commit()
