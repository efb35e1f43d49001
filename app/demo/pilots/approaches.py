"""Approaches that compete, who prefers which and why, and the choice."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from sqlalchemy import insert
from sqlmodel import func, select

from app.approaches.models import Approach, ApproachChoice, ApproachPart, Preference
from app.cards.models import ImportedCard
from app.cards.seeding import tried_in
from app.content.models import Kind
from app.core.clock import now
from app.demo.pilots.scene import Event, Scene, at_time
from app.pilots.models import PartKind

SPOKE_WITHIN = timedelta(days=25)


def tell_approaches(scene: Scene) -> Iterator[Event]:
    silent = list(scene.people.quiet)
    Random(scene.story["key"]).shuffle(silent)
    for told in scene.story["approaches"]:
        voices = [silent.pop() for _ in range(told["quiet_preferences"])]
        at = at_time(told, "10:00")
        yield at, partial(_propose, scene, told, at, voices)
        for reason in told["reasons"]:
            yield at_time(reason, "12:30"), partial(_prefer, scene, told, reason)
    if choice := scene.story.get("choice"):
        yield at_time(choice, "14:00"), partial(_choose, scene, choice)


def _propose(scene: Scene, told: dict[str, Any], at: datetime, voices: list[int]) -> None:
    author, language = scene.people.named[told["author"]], scene.language_of(told)
    approach = Approach(
        pilot_id=scene.pilot.id, content_id=scene.publish(Kind.APPROACH, author, language, at), title=told["title"],
        summary=told["summary"], language=language, by_city=author == scene.team, created_at=at, updated_at=at,
        preferences=len(voices), tried_in=_tried_in(scene, told.get("tried_in")),
    )  # fmt: skip
    scene.session.add(approach)
    scene.session.flush()
    scene.made[told["key"]] = approach.id
    for position, part in enumerate(told["parts"]):
        kind = PartKind(part["kind"])
        scene.session.add(ApproachPart(approach_id=approach.id, kind=kind, text=part["text"], position=position))
    _prefer_silently(scene, approach, voices)
    scene.tell("approach.proposed", at, by=author, facts={"approach": approach.id})


def _tried_in(scene: Scene, card: str | None) -> dict[str, Any] | None:
    return tried_in(scene.session.get_one(ImportedCard, scene.made[card])) if card else None


def _prefer_silently(scene: Scene, approach: Approach, voices: list[int]) -> None:
    """One after the other, and never after the choice."""
    choice = scene.story.get("choice")
    ends = at_time(choice, "09:00") if choice else now()
    step = min(SPOKE_WITHIN, ends - approach.created_at) / (len(voices) + 1)
    rows = [
        {"pilot_id": scene.pilot.id, "approach_id": approach.id, "person_id": person, "reason": "", "visible": True,
         "given_at": approach.created_at + step * place}
        for place, person in enumerate(voices, start=1)
    ]  # fmt: skip
    scene.session.execute(insert(Preference), rows)


def _prefer(scene: Scene, told: dict[str, Any], reason: dict[str, Any]) -> None:
    person, at = scene.people.named[reason["author"]], at_time(reason, "12:30")
    content_id = scene.publish(Kind.PREFERENCE, person, scene.people.language_of(reason), at)
    approach = scene.session.get_one(Approach, scene.made[told["key"]])
    approach.preferences += 1
    scene.session.add(
        Preference(
            pilot_id=scene.pilot.id, approach_id=approach.id, person_id=person, reason=reason["text"],
            content_id=content_id, given_at=at,
        )
    )  # fmt: skip


def _choose(scene: Scene, choice: dict[str, Any]) -> None:
    """From then on the problem stands."""
    at, approach = at_time(choice, "14:00"), scene.session.get_one(Approach, scene.made[choice["approach"]])
    scene.session.add(
        ApproachChoice(
            pilot_id=scene.pilot.id, approach_id=approach.id, reason=choice["reason"],
            language=scene.pilot.language, chosen_by=scene.team, chosen_at=at,
        )
    )  # fmt: skip
    scene.pilot.frozen_at = at
    scene.session.flush()
    every = select(func.sum(Approach.preferences)).where(Approach.pilot_id == scene.pilot.id)
    facts = {"approach": approach.id, "voices": approach.preferences, "of": scene.session.exec(every).one()}
    scene.tell("approach.chosen", at, choice["reason"], facts=facts)
