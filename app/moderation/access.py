"""The only ways to get at flags, decisions and cases from a request."""

from typing import Annotated

from fastapi import Depends

from app.accounts.access import Moderator, Resident
from app.core.db import SessionDep
from app.core.errors import NotFound
from app.core.web import RowId
from app.moderation import queries
from app.moderation.appealing import Review
from app.moderation.models import Decision, Flag
from app.moderation.subjects import subject_of


def load_file(session: SessionDep, moderator: Moderator, content_id: RowId) -> queries.File:
    file = queries.file_of(session, content_id)
    if file is None:
        raise NotFound
    return file


FileOf = Annotated[queries.File, Depends(load_file)]


def load_review(session: SessionDep, moderator: Moderator, appeal_id: RowId) -> Review:
    appeal = queries.appeal_with_decision(session, appeal_id)
    subject = subject_of(session, appeal.decision.content_id) if appeal else None
    if appeal is None or subject is None:
        raise NotFound
    return Review(appeal, subject)


ReviewOf = Annotated[Review, Depends(load_review)]


def load_own_decision(session: SessionDep, resident: Resident, decision_id: RowId) -> Decision:
    """Also for who is suspended: they most of all must be able to read why, and object."""
    decision = queries.decision_for(session, resident.id, decision_id)
    if decision is None:
        raise NotFound
    return decision


OwnDecision = Annotated[Decision, Depends(load_own_decision)]


def load_own_flag(session: SessionDep, resident: Resident, flag_id: RowId) -> Flag:
    flag = queries.flag_of(session, resident.id, flag_id)
    if flag is None:
        raise NotFound
    return flag


OwnFlag = Annotated[Flag, Depends(load_own_flag)]


def load_flag_behind_key(session: SessionDep, key: str) -> Flag:
    flag = queries.flag_behind_key(session, key)
    if flag is None:
        raise NotFound
    return flag


FlagBehindKey = Annotated[Flag, Depends(load_flag_behind_key)]
