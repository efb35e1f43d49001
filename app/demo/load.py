"""Loads the invented district of Duinwijk, with all that was said and done, where there is no city yet."""

import json

from sqlmodel import Session, col, select

from app.core.errors import Conflict
from app.core.i18n import _
from app.core.storage import Storage
from app.demo.load_audit import load_audit
from app.demo.load_cards import load_cards
from app.demo.load_comments import load_comments
from app.demo.load_desk import load_desk
from app.demo.load_issues import load_issues
from app.demo.load_matches import load_matches
from app.demo.load_merges import load_merges
from app.demo.load_moderation import load_moderation
from app.demo.load_news import load_news
from app.demo.load_people import load_people
from app.demo.load_pictures import draw_pictures
from app.demo.pilots.load import load_pilots
from app.demo.progress import Progress, silently
from app.demo.stories import read_issues, read_story
from app.foundations import THEMES, add_themes
from app.places.actions import import_neighbourhoods
from app.places.models import City
from app.places.queries import the_city
from app.themes.models import Theme


def load_demo(session: Session, storage: Storage, progress: Progress = silently) -> bool:
    """False when the demo is there already. Raises Conflict when the database belongs to a real city."""
    city = the_city(session)
    if city is not None and not city.is_invented:
        raise Conflict(_("This database belongs to a real city, so the demo was not loaded."))
    if city is not None:
        return False
    issues = read_issues()
    pictures = draw_pictures(storage, issues, progress)
    found_district(session)
    people = load_people(session)
    numbered = load_issues(session, issues, people, pictures)
    load_comments(session, issues, numbered, people)
    load_moderation(session, numbered, people)
    cards = load_cards(session, people.named["admin"])
    load_pilots(session, numbered, people, cards)
    load_matches(session, list(numbered.values()), people.staff, progress)
    load_audit(session)
    load_desk(session, numbered, people)
    load_merges(session, issues, numbered, people.staff)
    load_news(session, people)
    return True


def found_district(session: Session) -> None:
    """The city with its neighbourhoods and landmarks, and the default themes if there are none."""
    if session.exec(select(col(Theme.id)).limit(1)).first() is None:
        add_themes(session, json.loads(THEMES.read_text("utf-8"))["themes"])
    landmarks = read_story("landmarks.geojson")
    session.add(City(name="Zeehoven", district="Duinwijk", is_invented=True, landmarks=landmarks))
    import_neighbourhoods(session, read_story("neighbourhoods.geojson"))
