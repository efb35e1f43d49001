"""What the residents behind a pilot were asked, and what they said."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from sqlalchemy import insert, union
from sqlmodel import col, select

from app.content.models import Content, Kind
from app.demo.pilots.scene import Event, Scene, at_time
from app.discussions.models import Comment
from app.issues.models import Issue, Vote
from app.verdicts.models import Answer, Verdict, VerdictQuestion

ANSWERED_WITHIN_HOURS = 240


def tell_verdict(scene: Scene) -> Iterator[Event]:
    if told := scene.story.get("verdict"):
        yield at_time(told, "09:00"), partial(_ask, scene, told)


def _ask(scene: Scene, told: dict[str, Any]) -> None:
    """The answers come with the question; each says when it was given."""
    at, asked = at_time(told, "09:00"), _people_behind(scene, at_time(told, "09:00"))
    rows = _answers(scene, told, asked, at)
    answered = {row["person_id"] for row in rows}
    silent = [{**_unanswered(scene, person, at)} for person in asked if person not in answered]
    scene.session.execute(insert(Verdict), [*rows, *silent])
    scene.session.add(
        VerdictQuestion(
            pilot_id=scene.pilot.id, asked_by=scene.team if told["asked_by_team"] else None, asked_at=at,
            asked=len(asked), **told["counts"],
        )
    )  # fmt: skip
    scene.tell("verdict.asked", at, by=None if told["asked_by_team"] else 0, facts={"asked": len(asked)})


def _people_behind(scene: Scene, at: datetime) -> Sequence[int]:
    """Who filed an issue of this pilot, voted for it, or follows it because they wrote about it."""
    these = col(Issue.id).in_(scene.issue_ids)
    filed = select(Content.author_id).join(Issue, col(Issue.content_id) == Content.id).where(these)
    voted = select(Vote.person_id).where(col(Vote.issue_id).in_(scene.issue_ids), col(Vote.created_at) <= at)
    wrote = (
        select(Content.author_id)
        .join(Comment, col(Comment.content_id) == Content.id)
        .join(Issue, col(Issue.thread_id) == Comment.thread_id)
        .where(these, col(Comment.created_at) <= at)
    )
    return sorted(scene.session.execute(union(filed, voted, wrote)).scalars())


def _answers(scene: Scene, told: dict[str, Any], asked: Collection[int], at: datetime) -> list[dict[str, Any]]:
    """Those with a reason are named in the story; the others are drawn from the people who only vote."""
    rows, chance = [], Random(scene.story["key"])
    left = dict(told["counts"])
    for reason in told["reasons"]:
        left[reason["answer"].replace("-", "_")] -= 1
        rows.append(_with_reason(scene, reason, at))
    quiet = chance.sample([person for person in scene.people.quiet if person in asked], sum(left.values()))
    for name, count in left.items():
        for _voice in range(count):
            hours = chance.uniform(1, ANSWERED_WITHIN_HOURS)
            answered = {"answer": Answer(name.replace("_", "-")), "answered_at": at + timedelta(hours=hours)}
            rows.append({**_unanswered(scene, quiet.pop(), at), **answered})
    return rows


def _with_reason(scene: Scene, reason: dict[str, Any], asked_at: datetime) -> dict[str, Any]:
    person, at = scene.people.named[reason["author"]], at_time(reason, "19:30")
    content_id = scene.publish(Kind.VERDICT, person, scene.people.language_of(reason), at)
    answered = {"answer": Answer(reason["answer"]), "reason": reason["text"], "answered_at": at}
    return {**_unanswered(scene, person, asked_at), **answered, "content_id": content_id}


def _unanswered(scene: Scene, person: int, at: datetime) -> dict[str, Any]:
    return {
        "pilot_id": scene.pilot.id, "person_id": person, "asked_at": at, "answer": None, "reason": "",
        "content_id": None, "visible": True, "answered_at": None,
    }  # fmt: skip
