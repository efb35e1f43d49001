"""How many issues pages say there are: counted at most once a minute, and anew when a moderator decided something."""

from collections.abc import Callable
from typing import TypeVar

from fastapi import Request
from sqlmodel import Session

from app.core.memory import memory_of
from app.moderation.queries import newest_decision_id

COUNTED_EVERY_SECONDS = 60.0

Counts = TypeVar("Counts")


def remembered(request: Request, session: Session, count: Callable[[Session], Counts]) -> Counts:
    """What `count` answers, or answered."""
    decided = newest_decision_id(session)
    return memory_of(request).recall(count, COUNTED_EVERY_SECONDS, lambda: count(session), decided)
