"""Everybody sees only their own notices and alerts."""

from typing import Annotated

from fastapi import Depends

from app.accounts.access import Resident
from app.core.db import SessionDep
from app.core.errors import NotFound
from app.core.web import RowId
from app.notifications.queries import Told, own_notice


def load_own_notice(session: SessionDep, resident: Resident, notice_id: RowId) -> Told:
    told = own_notice(session, resident.id, notice_id)
    if told is None:
        raise NotFound
    return told


OwnNotice = Annotated[Told, Depends(load_own_notice)]
