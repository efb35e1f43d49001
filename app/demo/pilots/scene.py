"""What the tellers of a pilot's life share: the pilot, who speaks, and what stands on its timeline."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlmodel import Session

from app.activity.models import TimelineEntry
from app.content.models import Content, Kind
from app.demo.load_people import People
from app.demo.stories import moment_of
from app.pilots.models import Pilot, Stage

Event = tuple[datetime, Callable[[], None]]
"""Something that happened, and what writes it down."""


@dataclass
class Scene:
    """One pilot while its life is told, in order of time, so that a gate sees what there was. `made` keeps numbers of
    approaches, lessons and cards by the keys of the files.
    """

    session: Session
    pilot: Pilot
    story: dict[str, Any]
    people: People
    issue_ids: list[int]
    made: dict[str, int] = field(default_factory=dict)
    stage: Stage = Stage.IDEA

    @property
    def team(self) -> int:
        return self.people.staff

    def language_of(self, told: dict[str, Any]) -> str:
        return str(told.get("language", self.pilot.language))

    def publish(self, kind: Kind, author_id: int, language: str, at: datetime) -> int:
        content = Content(kind=kind, author_id=author_id, language=language, created_at=at)
        self.session.add(content)
        self.session.flush()
        return content.id

    def tell(
        self, kind: str, at: datetime, text: str = "", by: int | None = None, facts: dict[str, Any] | None = None
    ) -> None:
        """By the team, unless somebody else is named; nobody did (0) what the last day of a trial does by itself."""
        self.session.add(
            TimelineEntry(
                subject_kind="pilot", subject_id=self.pilot.id, kind=kind, text=text, at=at, facts=facts or {},
                language=self.pilot.language if text else "", actor_id=self.team if by is None else by or None,
                by_city=by in (None, 0, self.team),
            )
        )  # fmt: skip


def at_time(told: dict[str, Any], clock: str) -> datetime:
    return moment_of({"time": clock, **told})
