"""The start page of the administration, and who has which roles."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import Admin, FreshAdmin, presence_in
from app.accounts.models import Person
from app.accounts.presence import is_fresh
from app.activity.actions import write_down
from app.administration import actions, queries
from app.administration.forms import RoleForm, WithdrawalForm
from app.administration.kinds import ROLES
from app.core.db import SessionDep
from app.core.forms import Submission, clean_text, form_of
from app.core.i18n import Text, _
from app.core.web import RowId, go, render

router = APIRouter()

RoleSubmission = Annotated[Submission[RoleForm], Depends(form_of(RoleForm))]
Withdrawal = Annotated[Submission[WithdrawalForm], Depends(form_of(WithdrawalForm))]
Search = Annotated[str, Query(max_length=100)]


@router.get("/admin")
def show_administration(request: Request, admin: Admin) -> Response:
    return render(request, "administration/start.html")


@router.get("/admin/roles")
def show_roles(request: Request, session: SessionDep, admin: Admin, q: Search = "", after: Search = "") -> Response:
    return roles_page(request, session, admin, clean_text(q), after)


@router.post("/admin/roles")
def give_role(request: Request, session: SessionDep, admin: FreshAdmin, submission: RoleSubmission) -> Response:
    if not submission.ok:
        return roles_page(request, session, admin, typed=submission.typed, errors=submission.errors)
    if not actions.give_role(session, admin, submission.data.email, submission.data.role):
        errors = {"role": _("This person has that role already.")}
        return roles_page(request, session, admin, typed=submission.typed, errors=errors)
    return go(request, "/admin/roles", "role-given")


@router.post("/admin/roles/{person_id}/withdrawal")
def withdraw_role(
    request: Request, session: SessionDep, admin: FreshAdmin, person_id: RowId, submission: Withdrawal
) -> Response:
    if not submission.ok:
        return roles_page(request, session, admin, errors=submission.errors)
    actions.withdraw_role(session, admin, person_id, submission.data.role)
    return go(request, page_after(admin, person_id), "role-withdrawn")


@router.post("/admin/roles/{person_id}/second-factor/reset")
def reset_second_factor(request: Request, session: SessionDep, admin: FreshAdmin, person_id: RowId) -> Response:
    actions.reset_for(session, admin, person_id)
    return go(request, page_after(admin, person_id), "second-factor-reset")


def page_after(admin: Person, person_id: int) -> str:
    """Whoever changed their own rights may not see the list any more."""
    return "/me" if person_id == admin.id else "/admin/roles"


def roles_page(
    request: Request,
    session: Session,
    admin: Person,
    q: str = "",
    after: str = "",
    typed: dict[str, str] | None = None,
    errors: dict[str, Text] | None = None,
) -> Response:
    """Shows e-mail addresses, so that somebody looked is written down."""
    found = queries.holders(session, q, after)
    shown = {"people": [person.id for person in found.page.items]}
    write_down(session, "roles.read", "roles", "all", actor_id=admin.id, role=actions.AS_ADMIN, facts=shown)
    return render(
        request,
        "administration/roles.html",
        status=422 if errors else 200,
        found=found,
        q=q,
        is_fresh=is_fresh(presence_in(request)),
        typed=typed or {},
        errors=errors or {},
        roles=ROLES,
    )
