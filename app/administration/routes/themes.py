"""Themes and goals of the city."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import Admin, require_active
from app.administration import themes
from app.administration.city_forms import GoalForm, RetirementForm, ThemeForm
from app.core.db import SessionDep
from app.core.errors import Conflict, NotFound
from app.core.forms import Submission, form_of
from app.core.i18n import Text
from app.core.web import RowId, go, render
from app.themes.access import SomeTheme
from app.themes.models import Goal, Theme
from app.themes.queries import goal_with_id, themes_with_goals

router = APIRouter(prefix="/admin")

ThemeSent = Annotated[Submission[ThemeForm], Depends(form_of(ThemeForm))]
GoalSent = Annotated[Submission[GoalForm], Depends(form_of(GoalForm))]
Retirement = Annotated[Submission[RetirementForm], Depends(form_of(RetirementForm))]
Errors = dict[str, Text]


def load_goal(session: SessionDep, goal_id: RowId) -> Goal:
    goal = goal_with_id(session, goal_id)
    if goal is None:
        raise NotFound
    return goal


KnownGoal = Annotated[Goal, Depends(load_goal)]


@router.get("/themes")
def list_themes(request: Request, session: SessionDep, admin: Admin) -> Response:
    return render(request, "administration/themes.html", themes=themes_with_goals(session))


@router.get("/themes/new")
def show_new_theme(request: Request, admin: Admin) -> Response:
    return render_theme(request, None, {}, {})


@router.post("/themes")
def add_theme(request: Request, session: SessionDep, admin: Admin, submission: ThemeSent) -> Response:
    if not submission.ok:
        return render_theme(request, None, submission.typed, submission.errors, 422)
    try:
        theme = themes.add_theme(session, require_active(admin).id, submission.data.fields())
    except Conflict as taken:
        return render_theme(request, None, submission.typed, {"name_en": taken.message}, 409)
    return go(request, f"/admin/themes/{theme.slug}", "saved")


@router.get("/themes/{slug}")
def show_theme(request: Request, admin: Admin, theme: SomeTheme) -> Response:
    return render_theme(request, theme, typed_of(theme), {})


@router.post("/themes/{slug}")
def change_theme(
    request: Request, session: SessionDep, admin: Admin, theme: SomeTheme, submission: ThemeSent
) -> Response:
    if not submission.ok:
        return render_theme(request, theme, submission.typed, submission.errors, 422)
    form = submission.data
    try:
        themes.change_theme(session, require_active(admin).id, theme, form.fields(), form.seen or theme.updated_at)
    except Conflict as overtaken:
        return render_overtaken(request, session, theme, submission.typed, overtaken.message)
    return go(request, "/admin/themes", "saved")


def render_overtaken(
    request: Request, session: Session, theme: Theme, typed: dict[str, str], message: Text
) -> Response:
    """What was typed stays; beside it what it says now, which the next save replaces knowingly."""
    session.refresh(theme)
    typed = {**typed, "seen": theme.updated_at.isoformat()}
    return render_theme(request, theme, typed, {"form": message}, 409)


def typed_of(theme: Theme) -> dict[str, str]:
    plain = ("name_nl", "name_en", "description_nl", "description_en", "icon")
    keywords = {name: "\n".join(getattr(theme, name)) for name in ("keywords_nl", "keywords_en")}
    return {name: getattr(theme, name) for name in plain} | keywords | {"position": str(theme.position)}


def render_theme(
    request: Request, theme: Theme | None, typed: dict[str, str], errors: Errors, status: int = 200, **goal: Any
) -> Response:
    shown = {"goal_typed": {}, "goal_errors": {}, **goal}
    return render(
        request,
        "administration/theme.html",
        status=status,
        theme=theme,
        typed=typed,
        errors=errors,
        now_says=typed_of(theme) if theme and status == 409 else {},
        icons=themes.ICONS,
        **shown,
    )


@router.post("/themes/{slug}/retirement")
def retire_theme(
    request: Request, session: SessionDep, admin: Admin, theme: SomeTheme, submission: Retirement
) -> Response:
    if not submission.ok:
        return render_theme(request, theme, typed_of(theme), submission.errors, 422)
    form, actor = submission.data, require_active(admin)
    change = themes.retire_theme if form.retired == "yes" else themes.bring_theme_back
    change(session, actor.id, theme, form.seen or theme.updated_at)
    return go(request, "/admin/themes", "saved")


@router.post("/themes/{slug}/goals")
def add_goal(request: Request, session: SessionDep, admin: Admin, theme: SomeTheme, submission: GoalSent) -> Response:
    if not submission.ok:
        return render_theme(
            request, theme, typed_of(theme), submission.errors, 422,
            goal_typed=submission.typed, goal_errors=submission.errors,
        )  # fmt: skip
    themes.add_goal(session, require_active(admin).id, theme, submission.data.model_dump())
    return go(request, f"/admin/themes/{theme.slug}", "saved")


@router.get("/goals/{goal_id}")
def show_goal(request: Request, session: SessionDep, admin: Admin, goal: KnownGoal) -> Response:
    return render_goal(request, session, goal, fields_of(goal), {})


@router.post("/goals/{goal_id}")
def change_goal(request: Request, session: SessionDep, admin: Admin, goal: KnownGoal, submission: GoalSent) -> Response:
    if not submission.ok:
        return render_goal(request, session, goal, submission.typed, submission.errors, 422)
    seen = {name: submission.typed.get(f"seen_{name}", value) for name, value in fields_of(goal).items()}
    try:
        themes.change_goal(session, require_active(admin).id, goal, submission.data.model_dump(), seen)
    except Conflict as overtaken:
        session.refresh(goal)
        typed = submission.typed | {f"seen_{name}": value for name, value in fields_of(goal).items()}
        return render_goal(request, session, goal, typed, {"form": overtaken.message}, 409)
    return go(request, f"/admin/goals/{goal.id}", "saved")


@router.post("/goals/{goal_id}/retirement")
def retire_goal(
    request: Request, session: SessionDep, admin: Admin, goal: KnownGoal, submission: Retirement
) -> Response:
    if not submission.ok:
        return render_goal(request, session, goal, fields_of(goal), submission.errors, 422)
    change = themes.retire_goal if submission.data.retired == "yes" else themes.bring_goal_back
    change(session, require_active(admin).id, goal)
    return go(request, f"/admin/goals/{goal.id}", "saved")


def fields_of(goal: Goal) -> dict[str, str]:
    return {name: getattr(goal, name) for name in GoalForm.model_fields}


def render_goal(
    request: Request, session: Session, goal: Goal, typed: dict[str, str], errors: Errors, status: int = 200
) -> Response:
    return render(
        request,
        "administration/goal.html",
        status=status,
        goal=goal,
        theme=session.get(Theme, goal.theme_id),
        says=fields_of(goal),
        overtaken=status == 409,
        typed=typed,
        errors=errors,
    )
