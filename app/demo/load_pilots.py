"""The pilots of Duinwijk, the issues they grew from and the decisions at their gates."""

import json
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, select

from app.activity.models import TimelineEntry
from app.content.models import Content, Kind
from app.core.language import search_document
from app.demo.load_people import People
from app.demo.stories import moment_of, read_story
from app.discussions.models import Thread
from app.foundations import THEMES
from app.issues.models import Issue
from app.pilots.models import Pilot, PilotGoal, PilotIssue, PilotTheme, Stage
from app.themes.models import Goal, Theme


def load_pilots(session: Session, issues: dict[str, Issue], people: People) -> None:
    themes = {theme.slug: theme.id for theme in session.exec(select(Theme))}
    goals = _goals_by_key(session)
    for story in read_story("pilots.json")["pilots"]:
        pilot = _add_pilot(session, story, people.staff)
        served = [{"theme_id": themes[slug]} for slug in story["themes"]]
        aims = [{"goal_id": goals[key]} for key in story["goals"]]
        session.execute(insert(PilotTheme), [{"pilot_id": pilot.id, **row} for row in served])
        session.execute(insert(PilotGoal), [{"pilot_id": pilot.id, **row} for row in aims])
        for key in story["issues"]:
            _link_issue(session, pilot, issues[key], people.staff)
        _tell_history(session, pilot, story, people.staff)


def _goals_by_key(session: Session) -> dict[str, int | None]:
    """The files name a goal by a key, the database knows its text."""
    numbers = {goal.text_nl: goal.id for goal in session.exec(select(Goal))}
    described = [goal for theme in json.loads(THEMES.read_text("utf-8"))["themes"] for goal in theme["goals"]]
    return {goal["key"]: numbers[goal["text_nl"]] for goal in described}


def _add_pilot(session: Session, story: dict[str, Any], author_id: int) -> Pilot:
    began, latest = moment_of(story["history"][0]), story["history"][-1]
    content = Content(kind=Kind.PILOT, author_id=author_id, language=story["language"], created_at=began)
    thread = Thread()
    session.add_all([content, thread])
    session.flush()
    copied = ("title", "problem", "language", "lat", "lon", "radius_m", "keywords")
    pilot = Pilot(
        **{field: story[field] for field in copied}, content_id=content.id, thread_id=thread.id,
        stage=_stage_reached(story["history"]), created_at=began, updated_at=moment_of(latest),
        search_stems=search_document(story["title"], story["problem"], story["language"]),
    )  # fmt: skip
    session.add(pilot)
    session.flush()
    return pilot


def _stage_reached(history: list[dict[str, Any]]) -> Stage:
    return Stage([step["stage"] for step in history if step["decision"] != "hold"][-1])


def _link_issue(session: Session, pilot: Pilot, issue: Issue, by: int) -> None:
    linked = max(pilot.created_at, issue.created_at)
    session.add(PilotIssue(pilot_id=pilot.id, issue_id=issue.id, linked_by=by, linked_at=linked))


def _tell_history(session: Session, pilot: Pilot, story: dict[str, Any], by: int) -> None:
    for step in story["history"]:
        kind = f"stage.{step['stage']}" if step["decision"] != "hold" else "gate.hold"
        session.add(
            TimelineEntry(
                subject_kind="pilot", subject_id=pilot.id, kind=kind, text=step["reason"],
                language=pilot.language, actor_id=by, by_city=True, at=moment_of(step),
                facts={"stage": step["stage"], "decision": step["decision"]},
            )
        )  # fmt: skip
