"""The pilots of another invented town, as if its cards had been imported. Its feed is off: there is no such address."""

from typing import Any

from sqlmodel import Session, select

from app.cards.document import Card
from app.cards.importing import columns_of
from app.cards.models import CardFeed, ImportedCard
from app.demo.stories import day_of, moment_of, read_story
from app.themes.models import Theme

LICENCE = "CC0-1.0"


def load_cards(session: Session, added_by: int) -> dict[str, int]:
    """Their numbers by the keys that the file gives them."""
    story = read_story("cards.json")
    at = moment_of(story["feed"])
    feed = CardFeed(
        url=story["feed"]["url"], city=story["city"]["name"], is_on=False, added_by=added_by, added_at=at,
        tried_at=at, fetched_at=at,
    )  # fmt: skip
    session.add(feed)
    session.flush()
    names = {theme.slug: theme.name_nl for theme in session.exec(select(Theme))}
    written = {told["key"]: _card(told, story["city"], names) for told in story["cards"]}
    session.add_all(
        [
            ImportedCard(feed_id=feed.id, key=card.id, imported_at=at, updated_at=at, **columns_of(card))
            for card in written.values()
        ]
    )
    session.flush()
    numbers = {card.key: card.id for card in session.exec(select(ImportedCard).where(ImportedCard.feed_id == feed.id))}
    return {key: numbers[card.id] for key, card in written.items()}


def _card(told: dict[str, Any], city: dict[str, str], themes: dict[str, str]) -> Card:
    page, language = f"{city['url']}pilots/{told['key']}", told["language"]
    said = {"language": language}
    copied = {part: told[part] for part in ("language", "title", "problem", "stage", "partners")}
    return Card.model_validate(
        {
            "version": 1, "id": f"{page}.card.json", "url": page, "city": city, "invented": True, "licence": LICENCE,
            **copied, "themes": [{"slug": slug, "name": themes[slug]} for slug in told["themes"]],
            "approach": {**told["approach"], **said},
            "history": [{**_on(step, "decidedOn"), **said} for step in told["decisions"]],
            "indicators": [_indicator(indicator) for indicator in told["indicators"]],
            "verdict": _on(told["verdict"], "askedOn"),
            "lessons": [{**_on(lesson, "writtenOn"), **said} for lesson in told["lessons"]],
            "created_on": day_of(told["days_ago"]),
            "updated_at": moment_of({"days_ago": told["updated_days_ago"]}),
        }
    )  # fmt: skip


def _indicator(told: dict[str, Any]) -> dict[str, Any]:
    values = [_on(value, "on") for value in told["measurements"]]
    return {**told, "baseline": _on(told["baseline"], "on"), "measurements": values}


def _on(told: dict[str, Any], field: str) -> dict[str, Any]:
    """With the day itself, where the file counts back from today."""
    rest = {key: value for key, value in told.items() if key != "days_ago"}
    return {**rest, field: day_of(told["days_ago"])}
