"""City themes and their goals."""

from fastapi import APIRouter, Request

from app.accounts.access import Caller
from app.api import schemas
from app.api.lists import base_url_of
from app.core.db import SessionDep
from app.core.web import locale_of
from app.themes.models import Goal, Theme
from app.themes.queries import themes_with_goals

router = APIRouter(tags=["Themes"])


@router.get("/themes")
def list_themes(request: Request, session: SessionDep, caller: Caller) -> schemas.ThemeList:
    """The themes that a new issue may have, in the city's order."""
    locale, base = locale_of(request), base_url_of(request)
    items = [describe_theme(theme, locale, base) for theme in themes_with_goals(session) if not theme.retired_at]
    return schemas.ThemeList(items=items, links=schemas.Links(next=None))


def describe_theme(theme: Theme, locale: str, base: str) -> schemas.Theme:
    return schemas.Theme(
        slug=theme.slug,
        name=theme.name(locale),
        description=theme.description(locale),
        url=f"{base}/themes/{theme.slug}",
        goals=[describe_goal(goal, locale) for goal in theme.goals if not goal.retired_at],
    )


def describe_goal(goal: Goal, locale: str) -> schemas.Goal:
    return schemas.Goal(
        text=goal.say("text", locale),
        indicator=goal.say("indicator", locale),
        target=goal.say("target", locale),
        source=goal.source,
    )
