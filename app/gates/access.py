"""The only way to get at a gate from a request."""

from typing import Annotated

from fastapi import Depends

from app.accounts.models import Person, Role
from app.core.errors import NotFound
from app.gates.questions import QUESTIONS
from app.pilots.models import Stage


def load_gate(gate: str) -> Stage:
    """Called after the stage that it leads to; whether the pilot stands before it is another question."""
    if gate not in QUESTIONS:
        raise NotFound
    return Stage(gate)


Gate = Annotated[Stage, Depends(load_gate)]


def sees_internal_answers(viewer: Person | None) -> bool:
    return viewer is not None and viewer.has_role(Role.TEAM)
