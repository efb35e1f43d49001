"""The only ways to get at an approach from a request."""

from typing import Annotated

from fastapi import Depends

from app.accounts.access import Resident, require_active
from app.accounts.models import Person, Role
from app.approaches.models import Approach
from app.approaches.queries import visible_approach
from app.core.db import SessionDep
from app.core.errors import NotFound
from app.core.web import RowId
from app.pilots.access import VisiblePilot


def load_visible_approach(session: SessionDep, pilot: VisiblePilot, approach_id: RowId) -> Approach:
    approach = visible_approach(session, pilot.id, approach_id)
    if approach is None:
        raise NotFound
    return approach


VisibleApproach = Annotated[Approach, Depends(load_visible_approach)]


def may_change(viewer: Person | None, approach: Approach) -> bool:
    """Their own, and the team any; whether it still goes is for the action to say."""
    return viewer is not None and (viewer.id == approach.content.author_id or viewer.has_role(Role.TEAM))


def may_withdraw(viewer: Person | None, approach: Approach) -> bool:
    """Their own, and the team what the team proposed."""
    return may_change(viewer, approach) and (
        approach.by_city or (viewer is not None and viewer.id == approach.content.author_id)
    )


def load_changeable(resident: Resident, approach: VisibleApproach) -> Approach:
    if not may_change(resident, approach):
        raise NotFound
    require_active(resident)
    return approach


def load_withdrawable(resident: Resident, approach: VisibleApproach) -> Approach:
    if not may_withdraw(resident, approach):
        raise NotFound
    require_active(resident)
    return approach


ChangeableApproach = Annotated[Approach, Depends(load_changeable)]
WithdrawableApproach = Annotated[Approach, Depends(load_withdrawable)]
