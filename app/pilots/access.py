"""The only ways to get at a pilot from a request."""

from typing import Annotated

from fastapi import Depends

from app.accounts.models import Person, Role
from app.core.db import SessionDep
from app.core.errors import NotFound
from app.core.web import RowId
from app.pilots.models import Pilot
from app.pilots.queries import visible_pilot


def may_start_pilot(viewer: Person | None) -> bool:
    return viewer is not None and viewer.has_role(Role.TEAM)


def load_visible_pilot(session: SessionDep, pilot_id: RowId) -> Pilot:
    pilot = visible_pilot(session, pilot_id)
    if pilot is None:
        raise NotFound
    return pilot


VisiblePilot = Annotated[Pilot, Depends(load_visible_pilot)]
