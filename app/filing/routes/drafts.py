"""Photos: uploaded one by one while somebody types, and shown on every page."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.accounts.access import Viewer
from app.core.db import SessionDep
from app.core.errors import BadRequest, NotFound
from app.core.forms import Submission, form_of
from app.core.web import done
from app.filing import drafts
from app.filing.access import (
    OwnDraft,
    hand_over_owner_key,
    network_key_of,
    owner_key_of,
    owner_key_or_new,
)
from app.filing.forms import NonceForm
from app.filing.models import DraftKind
from app.filing.uploads import MOST_PHOTOS, TakenIn

router = APIRouter()

Nonce = Annotated[Submission[NonceForm], Depends(form_of(NonceForm))]


@router.post("/drafts/photos")
def add_photo(request: Request, uploads: TakenIn, session: SessionDep, viewer: Viewer, submission: Nonce) -> Response:
    if not submission.ok:
        raise BadRequest(submission.errors["draft"])
    draft_id = submission.data.draft
    owner_key = owner_key_or_new(request)
    draft = drafts.own_draft(session, draft_id, owner_key_of(request)) or drafts.keep_draft(
        session, draft_id, DraftKind.ISSUE, owner_key, network_key_of(request), {}, waits=False
    )
    photos = drafts.photos_for(session, draft.id, owner_key, uploads.photos, submission.typed)
    errors = uploads.errors + ([drafts.TOO_MANY_PHOTOS] if len(photos) > MOST_PHOTOS else [])
    drafts.keep_photos(session, draft.id, photos[:MOST_PHOTOS])
    response = done(
        request,
        drafts.page_of_draft(draft),
        "filing/_photos.html",
        draft=draft.id,
        photos=photos[:MOST_PHOTOS],
        errors={"photos": errors[0]} if errors else {},
        most_photos=MOST_PHOTOS,
    )
    hand_over_owner_key(request, response)
    return response


@router.get("/drafts/{draft_id}/photos")
def show_photos(request: Request, session: SessionDep, viewer: Viewer, draft: OwnDraft) -> Response:
    return _photos(request, session, draft)


@router.post("/drafts/{draft_id}/photos/{key}/removal")
def remove_photo(
    request: Request, session: SessionDep, viewer: Viewer, draft: OwnDraft, key: str, submission: Nonce
) -> Response:
    """The button stands in the form of the issue: what was typed in the rest of it is kept."""
    drafts.remember_typed(session, draft, submission.typed)
    drafts.remove_photo(session, draft, key)
    return _photos(request, session, draft)


def _photos(request: Request, session: SessionDep, draft: OwnDraft) -> Response:
    return done(
        request,
        drafts.page_of_draft(draft),
        "filing/_photos.html",
        draft=draft.id,
        photos=drafts.photos_of_draft(session, draft.id),
        errors={},
        most_photos=MOST_PHOTOS,
    )


@router.get("/photos/{name}")
def show_photo(request: Request, session: SessionDep, viewer: Viewer, name: str) -> Response:
    """A photo of a visible issue, or of this browser's own draft; hidden and absent look the same."""
    key, _dash, size = name.partition("-")
    if size not in ("large.jpg", "small.jpg") or not drafts.may_see_photo(session, key, owner_key_of(request)):
        raise NotFound
    data = request.app.state.storage.get(f"{key}-{size}")
    return Response(data, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=3600"})
