from fastapi import APIRouter, Request
from starlette.responses import Response

from app.accounts.access import Viewer
from app.core.db import SessionDep
from app.core.web import After, render
from app.following.queries import watches
from app.home.counts import remembered
from app.issues.feed import Feed, read_feed
from app.issues.queries import counts_per_theme, voted_among
from app.lessons.queries import lessons_about
from app.pilots.queries import pilots_per_theme, pilots_with_theme
from app.themes.access import SomeTheme
from app.themes.queries import current_themes

router = APIRouter()


@router.get("/themes")
def list_themes(request: Request, session: SessionDep, viewer: Viewer) -> Response:
    return render(
        request,
        "themes/index.html",
        themes=current_themes(session),
        counts=remembered(request, session, counts_per_theme),
        pilots=pilots_per_theme(session),
    )


@router.get("/themes/{slug}")
def show_theme(request: Request, session: SessionDep, viewer: Viewer, theme: SomeTheme, after: After = "") -> Response:
    page = read_feed(session, Feed(theme=theme.slug), after)
    return render(
        request,
        "themes/show.html",
        "issues/_results.html",
        kept=True,
        theme=theme,
        feed=Feed(theme=theme.slug),
        page=page,
        voted=voted_among(session, [row.id for row in page.items], viewer.id) if viewer else set(),
        pilots=pilots_with_theme(session, theme.id),
        learned=lessons_about(session, [theme.id]) if not after else [],
        follow_at=f"/themes/{theme.slug}",
        follows=viewer is not None and watches(session, viewer.id, theme_id=theme.id),
        is_first=not after,
    )
