"""The team's view of the matching: how often it agrees, its keywords, and a place to try a text."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from app.accounts.access import Team, require_active
from app.core.db import SessionDep
from app.core.errors import Conflict
from app.core.forms import Submission, form_of
from app.core.i18n import Text
from app.core.memory import memory_of
from app.core.web import After, go, locale_of, render
from app.matching.agreement import agreement, confusion, in_words, overrides
from app.matching.engine.problem import Problem
from app.matching.forms import PilotKeywordsForm, ThemeKeywordsForm, TryForm
from app.matching.groups import groups_without_pilot
from app.matching.keywords import set_pilot_keywords, set_theme_keywords
from app.matching.knowledge.profile_memory import stamp_of_profiles
from app.matching.trying import try_text
from app.pilots.access import VisiblePilot
from app.pilots.models import Pilot
from app.pilots.queries import read_pilots
from app.themes.access import SomeTheme
from app.themes.models import Theme
from app.themes.queries import all_themes

router = APIRouter(prefix="/team/matching")

GROUPED_EVERY_SECONDS = 120.0

ThemeKeywords = Annotated[Submission[ThemeKeywordsForm], Depends(form_of(ThemeKeywordsForm))]
PilotKeywords = Annotated[Submission[PilotKeywordsForm], Depends(form_of(PilotKeywordsForm))]
Tried = Annotated[Submission[TryForm], Depends(form_of(TryForm))]


@router.get("")
def show_matching_desk(request: Request, session: SessionDep, team: Team, after: After = "") -> Response:
    measured, themes = agreement(session), all_themes(session)
    return render(
        request,
        "matching/desk.html",
        lines={"themes": in_words(measured.themes), "pilots": in_words(measured.pilots),
               "similar": in_words(measured.similar)},
        months=measured.months,
        confusion=confusion(session),
        overrides=overrides(session),
        theme_names={theme.id: theme.name(locale_of(request)) for theme in themes},
        themes=themes,
        pilots=read_pilots(session, after=after),
    )  # fmt: skip


@router.get("/groups")
def show_groups(request: Request, session: SessionDep, team: Team) -> Response:
    groups = memory_of(request).recall(
        "groups without pilot", GROUPED_EVERY_SECONDS, lambda: groups_without_pilot(session), stamp_of_profiles(session)
    )
    return render(request, "matching/groups.html", groups=groups)


@router.get("/try")
def show_try_form(request: Request, team: Team) -> Response:
    return render(request, "matching/try.html", "matching/_tried.html", tried=None, typed={}, errors={})


@router.post("/try")
def try_out(request: Request, session: SessionDep, team: Team, submission: Tried) -> Response:
    """Nothing is stored: the page shows what the engine would suggest, and how much each reason weighs."""
    tried = None
    if submission.ok:
        problem = Problem(title=submission.data.title, text=submission.data.description)
        tried = try_text(session, problem, locale_of(request))
    return render(
        request,
        "matching/try.html",
        "matching/_tried.html",
        status=200 if submission.ok else 422,
        tried=tried,
        typed=submission.typed,
        errors=submission.errors,
    )


@router.get("/themes/{slug}")
def show_theme_keywords(request: Request, team: Team, theme: SomeTheme) -> Response:
    return render_theme(request, theme, {}, words_of_theme(theme))


@router.post("/themes/{slug}")
def keep_theme_keywords(
    request: Request, session: SessionDep, team: Team, theme: SomeTheme, submission: ThemeKeywords
) -> Response:
    if not submission.ok:
        return render_theme(request, theme, submission.errors, submission.typed, 422)
    form = submission.data
    try:
        set_theme_keywords(session, require_active(team).id, theme, form.keywords_nl, form.keywords_en, form.seen)
    except Conflict as overtaken:
        session.refresh(theme)
        return render_theme(request, theme, {"form": overtaken.message}, typed_over(theme, submission.typed), 409)
    return go(request, "/team/matching#keywords", "saved")


def words_of_theme(theme: Theme) -> dict[str, str]:
    return {"keywords_nl": "\n".join(theme.keywords_nl), "keywords_en": "\n".join(theme.keywords_en)}


def typed_over(row: Theme | Pilot, typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed stays, and replaces what it says now when it is sent again."""
    return {**typed, "seen": row.updated_at.isoformat()}


def render_theme(
    request: Request, theme: Theme, errors: Mapping[str, Text], typed: Mapping[str, str], status: int = 200
) -> Response:
    name, path = theme.name(locale_of(request)), f"/team/matching/themes/{theme.slug}"
    return render_keywords(request, name, path, theme, words_of_theme(theme), errors, typed, status)


@router.get("/pilots/{pilot_id}")
def show_pilot_keywords(request: Request, team: Team, pilot: VisiblePilot) -> Response:
    return render_pilot(request, pilot, {}, words_of_pilot(pilot))


@router.post("/pilots/{pilot_id}")
def keep_pilot_keywords(
    request: Request, session: SessionDep, team: Team, pilot: VisiblePilot, submission: PilotKeywords
) -> Response:
    if not submission.ok:
        return render_pilot(request, pilot, submission.errors, submission.typed, 422)
    try:
        set_pilot_keywords(session, require_active(team).id, pilot, submission.data.keywords, submission.data.seen)
    except Conflict as overtaken:
        session.refresh(pilot, ["keywords", "updated_at"])
        return render_pilot(request, pilot, {"form": overtaken.message}, typed_over(pilot, submission.typed), 409)
    return go(request, "/team/matching#keywords", "saved")


def words_of_pilot(pilot: Pilot) -> dict[str, str]:
    return {"keywords": "\n".join(pilot.keywords)}


def render_pilot(
    request: Request, pilot: Pilot, errors: Mapping[str, Text], typed: Mapping[str, str], status: int = 200
) -> Response:
    path = f"/team/matching/pilots/{pilot.id}"
    return render_keywords(request, pilot.title, path, pilot, words_of_pilot(pilot), errors, typed, status)


def render_keywords(
    request: Request, name: str, path: str, row: Theme | Pilot, now_says: Mapping[str, str],
    errors: Mapping[str, Text], typed: Mapping[str, str], status: int,
) -> Response:  # fmt: skip
    """After a conflict what it says now stands above the form, which keeps what was typed."""
    return render(
        request, "matching/keywords.html", status=status,
        name=name, path=path, fields=list(now_says), now_says=now_says, overtaken=status == 409,
        seen=row.updated_at.isoformat(), errors=errors, typed=typed,
    )  # fmt: skip
