"""The only way to get at a partner from a request: by its pilot, while they take part."""

from typing import Annotated

from fastapi import Depends

from app.accounts.access import Team
from app.coalition.models import Partner
from app.coalition.queries import partner_of
from app.core.db import SessionDep
from app.core.errors import NotFound
from app.core.web import RowId
from app.pilots.access import VisiblePilot


def load_partner(session: SessionDep, team: Team, pilot: VisiblePilot, partner_id: RowId) -> Partner:
    partner = partner_of(session, pilot.id, partner_id)
    if partner is None:
        raise NotFound
    return partner


OnePartner = Annotated[Partner, Depends(load_partner)]
