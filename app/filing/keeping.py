"""What a browser has typed and uploaded so far, kept in its draft while the form is not right yet."""

from collections.abc import Sequence
from typing import TypeVar

from fastapi import Request
from pydantic import BaseModel
from sqlmodel import Session

from app.accounts.keys import new_id
from app.core.forms import Submission
from app.filing import drafts
from app.filing.access import network_key_of, owner_key_or_new
from app.filing.models import DraftKind, DraftPhoto
from app.filing.uploads import MOST_PHOTOS, Uploads

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
