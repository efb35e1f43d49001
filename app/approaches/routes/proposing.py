"""Proposing an approach, changing it, taking it back."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import Resident, Writer, require_active
from app.accounts.keys import new_id
from app.approaches import actions, queries
from app.approaches.access import ChangeableApproach, WithdrawableApproach
from app.approaches.forms import ApproachEditForm, ApproachForm, rows_in, settle_proposal, typed_parts
from app.approaches.limits import APPROACHES_PER_PERSON
from app.approaches.models import Approach
from app.cards.seeding import Seed, seed_of
from app.core.db import SessionDep
from app.core.errors import Conflict
from app.core.forms import Submission, form_of
from app.core.i18n import Text, _
from app.core.limits import limiter_of
from app.core.web import go, render
from app.core.writes import too_late_for
from app.pilots.access import VisiblePilot
from app.pilots.models import PartKind, Pilot

router = APIRouter(prefix="/pilots/{pilot_id}/approaches")

Proposed = Annotated[Submission[ApproachForm], Depends(form_of(ApproachForm))]
Edited = Annotated[Submission[ApproachEditForm], Depends(form_of(ApproachEditForm))]
CardNumber = Annotated[int | None, Query(ge=1, le=2**31 - 1)]


@router.get("/new")
def show_form(
    request: Request, session: SessionDep, writer: Writer, pilot: VisiblePilot, card: CardNumber = None
) -> Response:
    seed = seed_of(session, card) if card else None
    return render_form(request, session, pilot, typed_from(seed, card), {}, seed=seed)


@router.post("")
def propose(
    request: Request, session: SessionDep, writer: Writer, pilot: VisiblePilot, submission: Proposed
) -> Response:
    seed = seed_in(session, submission)
    if submission.typed.get("more"):
        return render_form(request, session, pilot, submission.typed, {}, seed=seed, more=True)
    said = settle_proposal(submission)
    if said is None:
        return render_form(request, session, pilot, submission.typed, submission.errors, 422, seed=seed)
    limiter_of(request).count(APPROACHES_PER_PERSON, str(writer.id))
    made: list[Approach] = []
    tried_in = seed.tried_in if seed else None
    if late := too_late_for(
        session, lambda: made.append(actions.propose_approach(session, writer, pilot, said, tried_in))
    ):
        return render_form(request, session, pilot, submission.typed, {"form": late.message}, 409, seed=seed)
    return go(request, f"/pilots/{pilot.id}/approaches/{made[0].id}", "approach-proposed")


def typed_from(seed: Seed | None, card: int | None) -> dict[str, str]:
    if seed is None:
        return {}
    kinds = {f"kind-{number}": str(kind) for number, (kind, _text) in enumerate(seed.parts, 1)}
    texts = {f"part-{number}": text for number, (_kind, text) in enumerate(seed.parts, 1)}
    return {"title": seed.title, "summary": seed.summary, "card": str(card), **kinds, **texts}


def seed_in(session: Session, submission: Submission[ApproachForm]) -> Seed | None:
    """What the card says is looked up anew, so that nobody can make up where something was tried."""
    card = submission.typed.get("card", "")
    seed = seed_of(session, int(card)) if card.isdecimal() and len(card) < 10 else None
    if card and seed is None:
        submission.typed.pop("card")
        submission.refuse("form", _("The card of the other city is no longer there. Your approach can do without it."))
    return seed


def render_form(
    request: Request,
    session: Session,
    pilot: Pilot,
    typed: dict[str, str],
    errors: dict[str, Text],
    status: int = 200,
    *,
    seed: Seed | None = None,
    more: bool = False,
    approach: Approach | None = None,
) -> Response:
    """With `approach` that one is changed. htmx asks for the rows only, with one more of them."""
    context: dict[str, Any] = {
        "pilot": pilot,
        "approach": approach,
        "address": f"/pilots/{pilot.id}/approaches" + (f"/{approach.id}/edit" if approach else ""),
        "typed": {"nonce": new_id(), **typed},
        "errors": errors,
        "rows": rows_in(typed, more),
        "kinds": list(PartKind),
        "tried_in": seed.tried_in if seed else None,
        "is_open": pilot.stage in queries.OPEN,
        "overtaken": status == 409 and approach is not None,
    }
    return render(request, "approaches/form.html", "approaches/_part_rows.html" if more else None, status, **context)


@router.get("/{approach_id}/edit")
def show_edit_form(
    request: Request, session: SessionDep, pilot: VisiblePilot, approach: ChangeableApproach
) -> Response:
    return render_form(request, session, pilot, typed_of(approach), {}, approach=approach)


@router.post("/{approach_id}/edit")
def change(
    request: Request,
    session: SessionDep,
    resident: Resident,
    pilot: VisiblePilot,
    approach: ChangeableApproach,
    submission: Edited,
) -> Response:
    if submission.typed.get("more"):
        return render_form(request, session, pilot, submission.typed, {}, more=True, approach=approach)
    said = settle_proposal(submission)
    if said is None:
        return render_form(request, session, pilot, submission.typed, submission.errors, 422, approach=approach)
    limiter_of(request).count(APPROACHES_PER_PERSON, str(resident.id))
    seen = submission.data.version
    if late := too_late_for(session, lambda: actions.change_approach(session, resident, approach, said, seen)):
        return show_overtaken(request, session, pilot, approach, submission, late)
    return go(request, f"/pilots/{pilot.id}/approaches/{approach.id}", "saved")


def show_overtaken(
    request: Request,
    session: Session,
    pilot: Pilot,
    approach: Approach,
    submission: Submission[ApproachEditForm],
    late: Conflict,
) -> Response:
    session.refresh(pilot, ["stage"])
    session.refresh(approach, ["title", "summary", "language", "version", "parts"])
    typed = {**submission.typed, "version": str(approach.version)}
    return render_form(request, session, pilot, typed, {"form": late.message}, 409, approach=approach)


def typed_of(approach: Approach) -> dict[str, str]:
    return {
        "title": approach.title,
        "summary": approach.summary,
        "version": str(approach.version),
        **typed_parts(approach.parts),
    }


@router.post("/{approach_id}/withdrawal")
def withdraw(
    request: Request, session: SessionDep, resident: Resident, pilot: VisiblePilot, approach: WithdrawableApproach
) -> Response:
    actions.withdraw_approach(session, require_active(resident), approach)
    return go(request, f"/pilots/{pilot.id}/approaches", "approach-withdrawn")
