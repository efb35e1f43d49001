"""One issue at the desk: what it is, what the city says, notes, and who else is looking."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.accounts.access import Team
from app.core.db import SessionDep
from app.core.forms import Submission, form_of
from app.core.rooms import rooms_of
from app.core.web import done, go, render
from app.core.writes import too_late_for
from app.filing.entering import phone_of
from app.issues.access import BareIssue, VisibleIssue
from app.triage import actions, queries
from app.triage.access import ChosenQueue, Member, NotesReader, OwnNote
from app.triage.desk_page import desk_path, others_among, room_of, show_after, show_desk
from app.triage.forms import AnswerForm, NoteForm

router = APIRouter()

Answer = Annotated[Submission[AnswerForm], Depends(form_of(AnswerForm))]
Note = Annotated[Submission[NoteForm], Depends(form_of(NoteForm))]


@router.get("/team/issues/{issue_id}")
def show_issue(request: Request, session: SessionDep, team: Team, issue: BareIssue, queue: ChosenQueue) -> Response:
    """Looking at it counts as being there, also without JavaScript."""
    rooms_of(request).enter(room_of(issue.id), team.id)
    return show_desk(request, session, team, issue.id, queue)


@router.post("/team/issues/{issue_id}/presence")
def stay(request: Request, session: SessionDep, team: Team, issue: BareIssue) -> Response:
    rooms_of(request).stay(room_of(issue.id), team.id)
    here = rooms_of(request).who_is_in([room_of(issue.id)]).get(room_of(issue.id), [])
    others = others_among(here, queries.names_of(session, here), team)
    return done(request, f"/team/issues/{issue.id}", "triage/_presence.html", issue=issue, others=others)


@router.post("/team/issues/{issue_id}/answer")
def answer_issue(
    request: Request, session: SessionDep, member: Member, issue: VisibleIssue, queue: ChosenQueue, submission: Answer
) -> Response:
    actions.check_answer(submission)
    if not submission.ok:
        return show_desk(
            request, session, member, issue.id, queue, status=422, typed=submission.typed, errors=submission.errors
        )
    too_late = too_late_for(session, lambda: actions.answer_issue(session, member, issue, submission.data))
    if too_late:
        words = {name: typed for name, typed in submission.typed.items() if name not in ("seen", "spoken")}
        return show_desk(request, session, member, issue.id, queue, status=409, typed=words, too_late=too_late)
    return show_after(request, session, member, issue.id, queue, touched="answer")


@router.post("/team/issues/{issue_id}/notes")
def write_note(
    request: Request, session: SessionDep, member: Member, issue: BareIssue, queue: ChosenQueue, submission: Note
) -> Response:
    if not submission.ok:
        errors = {"note": submission.errors["text"]}
        typed = {"note": submission.typed.get("text", "")}
        return show_desk(request, session, member, issue.id, queue, status=422, typed=typed, errors=errors)
    actions.write_note(session, member, issue, submission.data)
    return show_after(request, session, member, issue.id, queue, touched="notes")


@router.get("/team/issues/{issue_id}/notes")
def show_notes(request: Request, session: SessionDep, reader: NotesReader, issue: BareIssue) -> Response:
    """For administrators, who have no desk here."""
    return render(request, "triage/notes.html", issue=issue, notes=queries.notes_on(session, issue.id))


@router.post("/team/notes/{note_id}/deletion")
def delete_note(request: Request, session: SessionDep, member: Member, note: OwnNote, queue: ChosenQueue) -> Response:
    issue_id = note.issue_id
    actions.delete_note(session, member, note)
    return go(request, desk_path(issue_id, queue), "deleted")


@router.post("/team/issues/{issue_id}/contact")
def show_phone(request: Request, session: SessionDep, member: Member, issue: BareIssue) -> Response:
    """Personal data: only when somebody asks for it, and that is written down."""
    phone = phone_of(session, issue.id)
    if phone:
        actions.look_up_phone(session, member, issue)
    return render(request, "triage/contact.html", "triage/_contact.html", issue=issue, phone=phone)
