"""The desk of moderators: the queue, one item in its context, and the decision."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import Moderator, require_active
from app.content.models import Kind
from app.core.db import SessionDep
from app.core.errors import NotFound
from app.core.forms import Submission, form_of
from app.core.i18n import Text
from app.core.web import After, RowId, go, render
from app.moderation import deciding, queries
from app.moderation.access import FileOf
from app.moderation.forms import DecisionForm, NoteForm, check_decision
from app.moderation.models import Ground
from app.moderation.noting import look_at_contact, write_note
from app.moderation.queue import Queue, count_waiting, read_queue
from app.moderation.subjects import around, earlier_texts, forget, photos_around

router = APIRouter(prefix="/moderation")

Decided = Annotated[Submission[DecisionForm], Depends(form_of(DecisionForm))]
Noted = Annotated[Submission[NoteForm], Depends(form_of(NoteForm))]
Word = Annotated[str, Query(max_length=20)]


@router.get("")
def show_queue(
    request: Request,
    session: SessionDep,
    moderator: Moderator,
    kind: Word = "",
    ground: Word = "",
    state: Word = "",
    after: After = "",
) -> Response:
    queue = Queue(
        kind if kind in set(Kind) else "",
        ground if ground in set(Ground) else "",
        "done" if state == "done" else "open",
    )
    return render(
        request,
        "moderation/queue.html",
        queue=queue,
        page=read_queue(session, queue, after),
        waiting=count_waiting(session),
        kinds=list(Kind),
        grounds=list(Ground),
        is_first=not after,
    )


@router.get("/items/{content_id}")
def show_item(request: Request, session: SessionDep, moderator: Moderator, file: FileOf) -> Response:
    return render_item(request, session, file, {}, {}, 200)


def render_item(
    request: Request,
    session: Session,
    file: queries.File,
    typed: dict[str, str],
    errors: dict[str, Text],
    status: int,
    problem: Text | None = None,
) -> Response:
    return render(
        request,
        "moderation/item.html",
        status=status,
        file=file,
        subject=file.subject,
        appeals=queries.appeals_on(session, file.decisions),
        around=around(session, file.subject),
        earlier=earlier_texts(session, file.subject),
        photos=photos_around(session, file.subject),
        grounds=list(Ground),
        typed=typed,
        errors=errors,
        problem=problem,
    )


@router.post("/items/{content_id}/decision")
def decide(request: Request, session: SessionDep, moderator: Moderator, file: FileOf, submission: Decided) -> Response:
    check_decision(submission, file.subject, len(file.open_flags))
    if not submission.ok and not is_stale(submission, file):
        return render_item(request, session, file, submission.typed, submission.errors, 422)
    content_id = file.subject.content.id
    try:
        if is_stale(submission, file):
            raise deciding.DecidedMeanwhile(deciding.what_happened(session, file.subject))
        deciding.decide(session, require_active(moderator), file.subject, submission.data)
    except deciding.DecidedMeanwhile as meanwhile:
        forget(session, file.subject)
        now_there = queries.file_of(session, content_id)
        if now_there is None:
            raise NotFound from None
        return render_item(request, session, now_there, submission.typed, {}, 409, meanwhile.message)
    return go(request, "/moderation", "decided")


def is_stale(submission: Submission[DecisionForm], file: queries.File) -> bool:
    """The form was filled in on a page from before the last decision, so its mistakes may be none."""
    return submission.typed.get("seen_decision", "0") != str(file.last_decision_id)


@router.post("/items/{content_id}/notes")
def add_note(request: Request, session: SessionDep, moderator: Moderator, file: FileOf, submission: Noted) -> Response:
    if not submission.ok:
        return render_item(request, session, file, submission.typed, submission.errors, 422)
    write_note(session, moderator, file.subject.content.id, submission.data.body)
    return go(request, f"/moderation/items/{file.subject.content.id}#notes", "saved")


@router.post("/flags/{flag_id}/contact")
def show_contact(request: Request, session: SessionDep, moderator: Moderator, flag_id: RowId) -> Response:
    """Who reported it is personal: looking is a button, and it is written down who pressed it."""
    contact = look_at_contact(session, moderator, flag_id)
    if contact is None:
        raise NotFound
    return render(request, "moderation/contact.html", "moderation/_contact.html", contact=contact)


@router.get("/photos/{content_id}")
def show_photo(request: Request, session: SessionDep, moderator: Moderator, file: FileOf) -> Response:
    """Also one that is hidden, or whose issue is; moderators have to see what they decide about."""
    if file.subject.photo is None:
        raise NotFound
    data = request.app.state.storage.get(f"{file.subject.photo.key}-large.jpg")
    return Response(data, media_type="image/jpeg", headers={"Cache-Control": "no-store"})
