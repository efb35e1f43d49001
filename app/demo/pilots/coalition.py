"""Who makes a pilot together, and what is measured of it."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from app.coalition.models import CoCreator, Partner, PartnerKind
from app.demo.pilots.scene import Event, Scene, at_time
from app.demo.stories import day_of
from app.following.models import PilotFollow
from app.measures.models import Direction, Indicator, Measurement

FIRST_THAT_FOLLOWS = "09:45"


def tell_coalition(scene: Scene) -> Iterator[Event]:
    for told in scene.story.get("partners", []):
        yield at_time(told, "11:30"), partial(_join_as_partner, scene, told)
        if "left" in told:
            leaves = {"days_ago": told["left"]}
            yield at_time(leaves, "16:30"), partial(_leave, scene, told)
    for place, name in enumerate(scene.story.get("co_creators", []), start=1):
        joined = {"days_ago": max(1, scene.story["days_ago"] - 4 * place)}
        yield at_time(joined, FIRST_THAT_FOLLOWS), partial(_join, scene, name, joined)


def _join_as_partner(scene: Scene, told: dict[str, Any]) -> None:
    at = at_time(told, "11:30")
    partner = Partner(
        pilot_id=scene.pilot.id, name=told["name"], kind=PartnerKind(told["kind"]), role=told["role"],
        added_by=scene.team, added_at=at,
    )  # fmt: skip
    scene.session.add(partner)
    scene.session.flush()
    scene.made[told["name"]] = partner.id
    scene.tell("partner.joined", at, told["name"], facts={"partner": partner.id})


def _leave(scene: Scene, told: dict[str, Any]) -> None:
    partner = scene.session.get_one(Partner, scene.made[told["name"]])
    partner.left_at = at_time({"days_ago": told["left"]}, "16:30")
    scene.tell("partner.left", partner.left_at, partner.name, facts={"partner": partner.id})


def _join(scene: Scene, name: str, joined: dict[str, Any]) -> None:
    person, at = scene.people.named[name], at_time(joined, FIRST_THAT_FOLLOWS)
    scene.session.add(CoCreator(pilot_id=scene.pilot.id, person_id=person, joined_at=at))
    scene.session.add(PilotFollow(pilot_id=scene.pilot.id, person_id=person, created_at=at))


def tell_measures(scene: Scene) -> Iterator[Event]:
    """The first value is the baseline."""
    for told in scene.story.get("indicators", []):
        yield at_time(told, "10:30"), partial(_add_indicator, scene, told)
        for place, value in enumerate(told["measurements"]):
            yield at_time(value, "11:00"), partial(_measure, scene, told, value, place == 0)


def _add_indicator(scene: Scene, told: dict[str, Any]) -> None:
    indicator = Indicator(
        pilot_id=scene.pilot.id, name=told["name"], unit=told["unit"], source=told["source"],
        better=Direction(told["better"]), target=told["target"], added_by=scene.team,
        added_at=at_time(told, "10:30"),
    )  # fmt: skip
    scene.session.add(indicator)
    scene.session.flush()
    scene.made[told["name"]] = indicator.id


def _measure(scene: Scene, told: dict[str, Any], value: dict[str, Any], is_baseline: bool) -> None:
    """What was measured on one day is told once."""
    at, indicator_id = at_time(value, "11:00"), scene.made[told["name"]]
    scene.session.add(
        Measurement(
            indicator_id=indicator_id, taken_on=day_of(value["days_ago"]), value=value["value"],
            is_baseline=is_baseline, note=value.get("note", ""), recorded_by=scene.team, recorded_at=at,
        )
    )  # fmt: skip
    scene.session.flush()
    told_already = scene.made.setdefault(f"measured {value['days_ago']}", indicator_id)
    if not is_baseline and told_already == indicator_id:
        facts = {"name": told["name"], "on": day_of(value["days_ago"]).isoformat(), "value": float(value["value"])}
        scene.tell("measured", at, facts={"what": "recorded", "indicator": indicator_id, **facts})
