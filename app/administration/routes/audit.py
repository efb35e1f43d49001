"""The audit: read, filtered by its address, and exported."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import Admin, FreshAdmin
from app.accounts.queries import person_with_email
from app.activity.actions import write_down
from app.administration import audit, kinds
from app.administration.actions import AS_ADMIN
from app.administration.audit import Entries
from app.administration.forms import AuditFilter
from app.core.clock import now
from app.core.db import SessionDep
from app.core.forms import Submission, clean_text, submission_of
from app.core.i18n import Text, _
from app.core.paging import Page
from app.core.spreadsheets import csv_file
from app.core.web import After, go, locale_of, render

router = APIRouter()

NOTHING = Entries(Page([], None), {}, {})


def read_filter(request: Request) -> Submission[AuditFilter]:
    given = {name: clean_text(request.query_params.get(name, "")) for name in AuditFilter.model_fields}
    return submission_of(AuditFilter, {name: value for name, value in given.items() if value})


Filter = Annotated[Submission[AuditFilter], Depends(read_filter)]


@router.get("/admin/audit")
def show_audit(request: Request, session: SessionDep, admin: Admin, asked: Filter, after: After = "") -> Response:
    if not asked.ok:
        return audit_page(request, NOTHING, asked.typed, asked.errors)
    if asked.data.person and asked.data.person_id is None:
        return find_person(request, session, asked)
    if not after:
        write_down(session, "audit.read", "audit", "all", actor_id=admin.id, role=AS_ADMIN, facts=asked.typed)
    return audit_page(request, audit.entries(session, asked.data, after, locale_of(request)), asked.typed, {})


def find_person(request: Request, session: Session, asked: Submission[AuditFilter]) -> Response:
    """To the address with their number, so that no e-mail address stays in it."""
    person = person_with_email(session, asked.data.person.lower())
    if person is None:
        return audit_page(request, NOTHING, asked.typed, {"person": _("Nobody here has this e-mail address.")})
    return go(request, "/admin/audit?" + urlencode({**asked.typed, "person": person.id}))


@router.get("/admin/audit.csv")
def export_audit(request: Request, session: SessionDep, admin: FreshAdmin, asked: Filter) -> Response:
    if not asked.ok or (asked.data.person and asked.data.person_id is None):
        return go(request, "/admin/audit?" + urlencode(asked.typed))
    sheet, count = audit.export(session, asked.data, locale_of(request))
    facts = {**asked.typed, "entries": count}
    write_down(session, "audit.exported", "audit", "all", actor_id=admin.id, role=AS_ADMIN, facts=facts)
    return csv_file(sheet, f"audit-{now():%Y-%m-%d}.csv", {"Cache-Control": "no-store"})


def audit_page(request: Request, found: Entries, typed: dict[str, str], errors: dict[str, Text]) -> Response:
    return render(
        request,
        "administration/audit.html",
        status=422 if errors else 200,
        found=found,
        typed=typed,
        errors=errors,
        query=urlencode(typed),
        kinds=kinds.KINDS,
        subjects=kinds.SUBJECTS,
        roles=kinds.ROLES,
    )
