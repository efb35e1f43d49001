"""Who may come to the team's desk, and to what lies on it."""

from typing import Annotated

from fastapi import Depends, Query

from app.accounts.access import Team, require_active, require_role
from app.accounts.models import Person, Role
from app.core.db import SessionDep
from app.core.errors import NotFound
from app.core.web import RowId
from app.issues.models import Status
from app.triage.models import InternalNote
from app.triage.queue import LONGEST_WAIT_DAYS, Queue

NotesReader = Annotated[Person, Depends(require_role(Role.TEAM, Role.ADMIN))]


def require_member(team: Team) -> Person:
    return require_active(team)


Member = Annotated[Person, Depends(require_member)]
"""Somebody of the team who may write."""


def load_own_note(session: SessionDep, team: Member, note_id: RowId) -> InternalNote:
    note = session.get(InternalNote, note_id)
    if note is None or note.author_id != team.id:
        raise NotFound
    return note


OwnNote = Annotated[InternalNote, Depends(load_own_note)]


def read_choice(
    q: Annotated[str, Query(max_length=200)] = "",
    status: Annotated[str, Query(max_length=20)] = "",
    theme: Annotated[str, Query(max_length=60)] = "",
    neighbourhood: Annotated[str, Query(max_length=20)] = "",
    unsure: Annotated[str, Query(max_length=5)] = "",
    pilot: Annotated[str, Query(max_length=5)] = "",
    days: Annotated[str, Query(max_length=10)] = "",
) -> Queue:
    """From an address that people may have edited; what cannot be read counts as absent."""
    return Queue(
        q=q.strip(),
        status=status if status in set(Status) else "",
        theme=theme,
        neighbourhood=neighbourhood,
        unsure=unsure == "1",
        pilot=pilot == "1",
        days=min(int(days), LONGEST_WAIT_DAYS) if days.isascii() and days.isdigit() else 0,
    )


ChosenQueue = Annotated[Queue, Depends(read_choice)]
