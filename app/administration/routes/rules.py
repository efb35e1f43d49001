"""House rules, in versions."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import Admin, require_active
from app.accounts.queries import newest_rules_version, rules_versions
from app.administration.city_forms import RulesForm
from app.administration.rules import write_rules
from app.core.db import SessionDep
from app.core.errors import Conflict
from app.core.forms import Submission, form_of
from app.core.i18n import Text
from app.core.web import go, render

router = APIRouter(prefix="/admin/rules")

Written = Annotated[Submission[RulesForm], Depends(form_of(RulesForm))]
SHOWN = 10


@router.get("")
def show_rules(
    request: Request,
    session: SessionDep,
    admin: Admin,
    before: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> Response:
    newest = rules_versions(session, at_most=1)
    typed = {"text_nl": newest[0].text_nl, "text_en": newest[0].text_en} if newest else {}
    return render_rules(request, session, typed, {}, before=before)


@router.post("")
def write_new_rules(request: Request, session: SessionDep, admin: Admin, submission: Written) -> Response:
    if not submission.ok:
        return render_rules(request, session, submission.typed, submission.errors, 422)
    form = submission.data
    try:
        write_rules(session, require_active(admin).id, form.text_nl, form.text_en, form.since, form.seen)
    except Conflict as overtaken:
        typed = {**submission.typed, "seen": str(rules_versions(session, at_most=1)[0].version)}
        return render_rules(request, session, typed, {"form": overtaken.message}, 409)
    return go(request, "/admin/rules", "saved")


def render_rules(
    request: Request,
    session: Session,
    typed: dict[str, str],
    errors: dict[str, Text],
    status: int = 200,
    before: int = 0,
) -> Response:
    found = rules_versions(session, before, SHOWN + 1)
    return render(
        request,
        "administration/rules.html",
        status=status,
        versions=found[:SHOWN],
        earlier=found[SHOWN - 1].version if len(found) > SHOWN else 0,
        newest=rules_versions(session, at_most=1)[0].version if found or before else 0,
        holds=newest_rules_version(session),
        is_first=not before,
        typed=typed,
        errors=errors,
    )
