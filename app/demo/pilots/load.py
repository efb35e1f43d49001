"""The pilots of Duinwijk: the issues they grew from, and all that happened since."""

import json
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, select

from app.content.models import Content, Kind
from app.core.language import search_document
from app.demo.load_people import People
from app.demo.pilots.approaches import tell_approaches
from app.demo.pilots.coalition import tell_coalition, tell_measures
from app.demo.pilots.gates import tell_gates, tell_lessons_and_news
from app.demo.pilots.scene import Event, Scene, at_time
from app.demo.pilots.verdicts import tell_verdict
from app.demo.stories import day_of, read_stories
from app.discussions.models import Thread
from app.foundations import THEMES
from app.issues.models import Issue
from app.pilots.models import EarlierPilot, Pilot, PilotGoal, PilotIssue, PilotTheme, Stage
from app.themes.models import Goal, Theme

TELLERS = (
    tell_approaches, tell_coalition, tell_measures, tell_verdict, tell_lessons_and_news, tell_gates,
)  # fmt: skip
BEGINS_AT = "09:30"


def load_pilots(session: Session, issues: Mapping[str, Issue], people: People, cards: Mapping[str, int]) -> None:
    """Oldest first; `cards` are those of other cities, by their keys."""
    themes = {theme.slug: theme.id for theme in session.exec(select(Theme))}
    goals = _goals_by_key(session)
    for story in sorted(read_stories("pilots"), key=lambda told: -told["days_ago"]):
        pilot = _add_pilot(session, story, people.staff)
        served = [{"theme_id": themes[slug]} for slug in story["themes"]]
        aims = [{"goal_id": goals[key]} for key in story["goals"]]
        session.execute(insert(PilotTheme), [{"pilot_id": pilot.id, **row} for row in served])
        session.execute(insert(PilotGoal), [{"pilot_id": pilot.id, **row} for row in aims])
        for key in story["issues"]:
            _link_issue(session, pilot, issues[key], people.staff)
        session.flush()
        numbers = [issues[key].id for key in story["issues"]]
        _tell_life(Scene(session, pilot, story, people, numbers, dict(cards)))


def _goals_by_key(session: Session) -> dict[str, int | None]:
    """The files name a goal by a key, the database knows its text."""
    numbers = {goal.text_nl: goal.id for goal in session.exec(select(Goal))}
    described = [goal for theme in json.loads(THEMES.read_text("utf-8"))["themes"] for goal in theme["goals"]]
    return {goal["key"]: numbers[goal["text_nl"]] for goal in described}


def _add_pilot(session: Session, story: dict[str, Any], author_id: int) -> Pilot:
    began = at_time(story, BEGINS_AT)
    content = Content(kind=Kind.PILOT, author_id=author_id, language=story["language"], created_at=began)
    thread = Thread()
    session.add_all([content, thread])
    session.flush()
    copied = ("title", "problem", "language", "lat", "lon", "radius_m", "keywords")
    pilot = Pilot(
        **{field: story[field] for field in copied}, content_id=content.id, thread_id=thread.id,
        stage=Stage.IDEA, created_at=began, updated_at=began,
        search_stems=search_document(story["title"], story["problem"], story["language"]),
    )  # fmt: skip
    session.add(pilot)
    session.flush()
    return pilot


def _link_issue(session: Session, pilot: Pilot, issue: Issue, by: int) -> None:
    linked = max(pilot.created_at, issue.created_at)
    session.add(PilotIssue(pilot_id=pilot.id, issue_id=issue.id, linked_by=by, linked_at=linked))


def _tell_life(scene: Scene) -> None:
    """In order of time, so that each gate finds what there was by then."""
    scene.tell(f"stage.{Stage.IDEA}", scene.pilot.created_at, scene.story["why"])
    events = [event for teller in (*TELLERS, _tell_rewriting) for event in teller(scene)]
    for _moment, happens in sorted(events, key=lambda event: event[0]):
        happens()
        scene.session.flush()
    if coming := scene.story.get("next"):
        scene.pilot.next_step, scene.pilot.next_on = coming["step"], day_of(-coming["in_days"])
    scene.session.add(scene.pilot)
    scene.session.flush()


def _tell_rewriting(scene: Scene) -> Iterator[Event]:
    if earlier := scene.story.get("earlier"):
        yield at_time(earlier, "13:00"), partial(_keep_earlier_version, scene, earlier)


def _keep_earlier_version(scene: Scene, earlier: dict[str, Any]) -> None:
    """The problem was written anew after it was frozen, with a reason that everybody can read."""
    pilot, at = scene.pilot, at_time(earlier, "13:00")
    themes = select(PilotTheme.theme_id).where(PilotTheme.pilot_id == pilot.id)
    goals = select(PilotGoal.goal_id).where(PilotGoal.pilot_id == pilot.id)
    scene.session.add(
        EarlierPilot(
            pilot_id=pilot.id, version=1, title=pilot.title, problem=earlier["problem"], reason=earlier["reason"],
            theme_ids=list(scene.session.exec(themes)), goal_ids=list(scene.session.exec(goals)),
            lat=pilot.lat, lon=pilot.lon, radius_m=pilot.radius_m, replaced_by=scene.team, replaced_at=at,
        )
    )  # fmt: skip
    pilot.version = 2
    scene.tell("changed", at, facts={"version": 2, "changed": ["problem"]})
