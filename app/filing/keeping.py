"""What a browser has typed and uploaded so far, kept in its draft while the form is not right yet."""

from collections.abc import Sequence
from typing import TypeVar

from fastapi import Request
from pydantic import BaseModel
from sqlmodel import Session

from app.accounts.keys import new_id
from app.core.forms import Submission
from app.core.limits import limiter_of, network_of
from app.core.web import locale_of
from app.filing import drafts
from app.filing.access import network_key_of, owner_key_of, owner_key_or_new
from app.filing.forms import ProblemSoFar
from app.filing.limits import SUGGESTIONS_PER_NETWORK
from app.filing.models import DraftKind, DraftPhoto
from app.filing.uploads import MOST_PHOTOS, Uploads
from app.matching.engine.problem import Problem
from app.matching.shown import Hints, suggest_while_typing

Form = TypeVar("Form", bound=BaseModel)


def draft_id_of(submission: Submission[Form]) -> str:
    """The nonce of the form, or a new one for a form without."""
    typed = submission.typed.get("draft", "")
    return typed if drafts.is_nonce(typed) else new_id()


def check_photos(submission: Submission[Form], photos: Sequence[DraftPhoto], uploads: Uploads) -> None:
    for error in uploads.errors:
        submission.refuse("photos", error)
    if len(photos) > MOST_PHOTOS:
        submission.refuse("photos", drafts.TOO_MANY_PHOTOS)


def keep(
    request: Request,
    session: Session,
    draft_id: str,
    typed: dict[str, str],
    photos: Sequence[DraftPhoto],
    waits: bool,
) -> str:
    owner_key = owner_key_or_new(request)
    fields = drafts.fields_to_keep(typed)
    draft = drafts.keep_draft(session, draft_id, DraftKind.ISSUE, owner_key, network_key_of(request), fields, waits)
    drafts.keep_photos(session, draft.id, photos)
    return draft.id


def hints_for(request: Request, session: Session, submission: Submission[ProblemSoFar]) -> Hints | None:
    """What a problem that is still being written seems to belong to; None while too little is typed."""
    limiter_of(request).count(SUGGESTIONS_PER_NETWORK, network_of(request))
    if not submission.ok:
        return None
    form = submission.data
    problem = Problem(title=form.title[:120], text=form.description[:5000], lat=form.lat, lon=form.lon)
    return suggest_while_typing(session, problem, locale_of(request))


def keep_uploaded(request: Request, session: Session, submission: Submission[ProblemSoFar], uploads: Uploads) -> str:
    """Photos that came with a form that is not sent yet wait in its draft; the draft's id."""
    draft_id = draft_id_of(submission)
    if not uploads.photos:
        return draft_id
    photos = drafts.photos_for(session, draft_id, owner_key_of(request), uploads.photos, submission.typed)
    return keep(request, session, draft_id, submission.typed, photos[:MOST_PHOTOS], waits=False)
