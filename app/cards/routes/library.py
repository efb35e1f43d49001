"""Pilots of other cities: a library, a page for each, and the way to an approach here."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Query, Request
from sqlmodel import Session
from starlette.responses import RedirectResponse, Response

from app.accounts.access import Admin, Viewer, require_active
from app.cards import actions, queries
from app.cards.access import AnyCard, VisibleCard
from app.cards.document import Card
from app.cards.forms import ShownForm
from app.cards.models import ImportedCard
from app.core.db import SessionDep
from app.core.errors import BadRequest, NotFound
from app.core.forms import Submission, form_of
from app.core.i18n import _
from app.core.web import After, go, locale_of, render
from app.pilots.models import Stage
from app.pilots.queries import visible_pilot
from app.themes.queries import all_themes

router = APIRouter()

Shown = Annotated[Submission[ShownForm], Depends(form_of(ShownForm))]


@router.get("/cards")
def list_cards(
    request: Request,
    session: SessionDep,
    viewer: Viewer,
    theme: Annotated[str, Query(max_length=60)] = "",
    stage: Annotated[str, Query(max_length=32)] = "",
    after: After = "",
) -> Response:
    themes = {each.slug: each.name(locale_of(request)) for each in all_themes(session)}
    chosen = {"theme": theme if theme in themes else "", "stage": stage if stage in set(Stage) else ""}
    return render(
        request,
        "cards/index.html",
        "cards/_results.html",
        page=queries.read_cards(session, chosen["theme"], chosen["stage"], after),
        chosen=chosen,
        themes=themes,
        stages=list(Stage),
    )


@router.get("/cards/{card_id}")
def show_card(request: Request, session: SessionDep, viewer: Viewer, card: VisibleCard) -> Response:
    return render_card(request, session, card)


def render_card(request: Request, session: Session, card: ImportedCard, status: int = 200) -> Response:
    document = Card.model_validate(card.document)
    return render(
        request,
        "cards/show.html",
        status=status,
        card=card,
        document=document,
        site=urlsplit(document.url).hostname,
        themes={each.slug: each.name(locale_of(request)) for each in all_themes(session)},
        pilots=queries.pilots_without_a_choice(session) if document.approach else [],
    )


@router.get("/cards/{card_id}/approach")
def take_to_a_pilot(
    session: SessionDep, card: VisibleCard, pilot: Annotated[int, Query(ge=1, le=2**31 - 1)]
) -> Response:
    """To the form for an approach of that pilot, with what the card says typed in."""
    if visible_pilot(session, pilot) is None:
        raise NotFound
    return RedirectResponse(f"/pilots/{pilot}/approaches/new?card={card.id}", status_code=303)


@router.post("/cards/{card_id}/visibility")
def hide_or_show(request: Request, session: SessionDep, admin: Admin, card: AnyCard, submission: Shown) -> Response:
    if not submission.ok:
        raise BadRequest(_("Say whether the card is shown. Open the page again and try once more."))
    form = submission.data
    shown = form.shown == "yes"
    actions.show_card(session, require_active(admin).id, card, shown=shown, seen=form.seen)
    return go(request, f"/cards/{card.id}" if shown else "/admin/cards#hidden", "saved")
