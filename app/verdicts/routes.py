"""Did it solve your problem? On the site, and by the link in a mail, which works without signing in."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import Admin, Team, Viewer, Writer, require_active
from app.accounts.models import Person
from app.core.db import SessionDep
from app.core.errors import NotFound
from app.core.forms import Submission, form_of
from app.core.i18n import Text
from app.core.limits import limiter_of
from app.core.web import After, RowId, go, render, settings_of
from app.core.writes import too_late_for
from app.issues.limits import VOTES_PER_PERSON
from app.notifications.links import read_verdict
from app.pilots.access import VisiblePilot
from app.pilots.models import Pilot
from app.pilots.queries import visible_pilot
from app.pilots.timeline import last_claim
from app.verdicts import actions, queries
from app.verdicts.forms import RuleForm, VerdictForm

router = APIRouter()

Said = Annotated[Submission[VerdictForm], Depends(form_of(VerdictForm))]
RuleSet = Annotated[Submission[RuleForm], Depends(form_of(RuleForm))]


@dataclass(frozen=True)
class Asked:
    """Whom a link in a mail asked, and about which pilot."""

    person: Person
    pilot: Pilot


def read_link(request: Request, session: SessionDep, pilot_id: RowId, token: str) -> Asked:
    signed = read_verdict(settings_of(request), token)
    person = session.get(Person, signed[0]) if signed else None
    pilot = visible_pilot(session, pilot_id)
    if signed is None or person is None or pilot is None or signed[1] != pilot_id:
        raise NotFound
    return Asked(person, pilot)


ByLink = Annotated[Asked, Depends(read_link)]


@router.get("/pilots/{pilot_id}/verdict")
def list_reasons(
    request: Request, session: SessionDep, viewer: Viewer, pilot: VisiblePilot,
    after: After = "",
) -> Response:  # fmt: skip
    return render(
        request,
        "verdicts/reasons.html",
        pilot=pilot,
        question=queries.verdict_of(session, pilot.id),
        rule=queries.rule_of(session),
        claim=last_claim(session, pilot.id),
        page=queries.read_reasons(session, pilot.id, after),
        is_first=not after,
    )


@router.post("/pilots/{pilot_id}/verdict")
def give_verdict(
    request: Request, session: SessionDep, writer: Writer, pilot: VisiblePilot, submission: Said
) -> Response:
    return keep_answer(request, session, Asked(writer, pilot), submission, f"/pilots/{pilot.id}/verdict")


@router.post("/pilots/{pilot_id}/verdict/asking")
def ask_residents(request: Request, session: SessionDep, team: Team, pilot: VisiblePilot) -> Response:
    actions.ask_residents(session, pilot, require_active(team).id)
    return go(request, f"/pilots/{pilot.id}#verdict", "asked-verdict")


@router.get("/pilots/{pilot_id}/verdict/{token}")
def show_question(
    request: Request, session: SessionDep, viewer: Viewer, token: str, asked: ByLink, answer: str = ""
) -> Response:
    """Mail scanners open links; nothing happens before somebody presses the button."""
    mine = queries.own_verdict(session, asked.pilot.id, asked.person.id)
    if mine is None:
        raise NotFound
    typed = {"answer": answer or mine.answer or "", "reason": mine.reason}
    return render_question(request, asked.pilot, f"/pilots/{asked.pilot.id}/verdict/{token}", typed, {})


@router.post("/pilots/{pilot_id}/verdict/{token}")
def give_verdict_by_link(
    request: Request, session: SessionDep, viewer: Viewer, token: str, asked: ByLink, submission: Said
) -> Response:
    return keep_answer(request, session, asked, submission, f"/pilots/{asked.pilot.id}/verdict/{token}")


def keep_answer(
    request: Request, session: Session, asked: Asked, submission: Submission[VerdictForm], address: str
) -> Response:
    limiter_of(request).count(VOTES_PER_PERSON, str(asked.person.id))
    if not submission.ok:
        return render_question(request, asked.pilot, address, submission.typed, submission.errors, 422)
    actions.give_verdict(session, require_active(asked.person), asked.pilot, submission.data)
    return go(request, f"/pilots/{asked.pilot.id}#verdict", "gave-verdict")


def render_question(
    request: Request, pilot: Pilot, address: str, typed: dict[str, str], errors: dict[str, Text], status: int = 200
) -> Response:
    return render(
        request, "verdicts/question.html", status=status, pilot=pilot, address=address, typed=typed, errors=errors
    )


@router.get("/admin/verdicts")
def show_rule(request: Request, session: SessionDep, admin: Admin) -> Response:
    rule = queries.rule_of(session)
    typed = {"least_answers": str(rule.least_answers), "least_share": str(rule.least_share)}
    return render_rule(request, session, typed, {})


@router.post("/admin/verdicts")
def set_rule(request: Request, session: SessionDep, admin: Admin, submission: RuleSet) -> Response:
    if not submission.ok:
        return render_rule(request, session, submission.typed, submission.errors, 422)
    late = too_late_for(session, lambda: actions.set_rule(session, require_active(admin).id, submission.data))
    if late is not None:
        typed = {name: said for name, said in submission.typed.items() if not name.startswith("seen_")}
        return render_rule(request, session, typed, {"form": late.message}, 409)
    return go(request, "/admin/verdicts", "saved")


def render_rule(
    request: Request, session: Session, typed: dict[str, str], errors: dict[str, Text], status: int = 200
) -> Response:
    return render(
        request, "verdicts/rule.html", status=status, rule=queries.rule_of(session), overtaken=status == 409,
        typed=typed, errors=errors,
    )  # fmt: skip
