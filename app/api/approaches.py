"""Approaches of a pilot, as the API describes them."""

from app.api import schemas
from app.approaches.models import Approach, ApproachChoice


def describe_approach(approach: Approach, base: str) -> schemas.Approach:
    return schemas.Approach(
        id=approach.id,
        title=approach.title,
        summary=approach.summary,
        language=approach.language,
        parts=[schemas.Part(kind=part.kind, text=part.text) for part in approach.parts],
        without_technology=approach.does_without_technology,
        preferences=approach.preferences,
        by_city=approach.by_city,
        author=None if approach.by_city else schemas.Author.named(approach.content.author),
        tried_in=_describe_trial(approach),
        version=approach.version,
        created_at=approach.created_at,
        url=f"{base}/pilots/{approach.pilot_id}/approaches/{approach.id}",
    )


def _describe_trial(approach: Approach) -> schemas.TriedIn | None:
    told = approach.tried_in
    if told is None:
        return None
    said = told.get("verdict") or {}
    return schemas.TriedIn(
        city=told["city"],
        title=told["title"],
        url=told["url"],
        asked=said.get("asked"),
        solved=said.get("solved"),
        partly=said.get("partly"),
        not_solved=said.get("notSolved"),
    )


def describe_choice(choice: ApproachChoice) -> schemas.Choice:
    return schemas.Choice(
        approach=choice.approach_id, reason=choice.reason, language=choice.language, chosen_at=choice.chosen_at
    )
