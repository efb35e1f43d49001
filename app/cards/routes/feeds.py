"""The feeds of other cities: which ones are asked, and what became of it."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import Admin, require_active
from app.cards import actions, queries
from app.cards.access import SomeFeed
from app.cards.forms import FeedForm, RemovalForm, SwitchForm
from app.cards.words import bad_card_in_words, problem_in_words
from app.core.db import SessionDep
from app.core.errors import BadRequest, Conflict
from app.core.forms import Submission, form_of
from app.core.i18n import Text, _
from app.core.web import go, render, settings_of
from app.core.writes import too_late_for
from app.matching.opinions import forget_opinions_about_cards
from app.settings import Settings

router = APIRouter(prefix="/admin/cards")

Added = Annotated[Submission[FeedForm], Depends(form_of(FeedForm))]
Switched = Annotated[Submission[SwitchForm], Depends(form_of(SwitchForm))]
Removed = Annotated[Submission[RemovalForm], Depends(form_of(RemovalForm))]
OURS = _("This is our own feed. Give the address of another city’s.")
NOT_SAFE = _("Give an address that begins with https://.")


@router.get("")
def list_feeds(request: Request, session: SessionDep, admin: Admin) -> Response:
    return render_feeds(request, session, {}, {})


@router.post("")
def add_feed(request: Request, session: SessionDep, admin: Admin, submission: Added) -> Response:
    if submission.ok and (wrong := what_is_wrong_with(submission.data.url, settings_of(request))):
        submission.refuse("url", wrong)
    if submission.ok:
        late = too_late_for(session, lambda: actions.add_feed(session, require_active(admin).id, submission.data.url))
        if late is None:
            return go(request, "/admin/cards", "saved")
        submission.refuse("url", late.message)
    return render_feeds(request, session, submission.typed, submission.errors, 422)


def what_is_wrong_with(url: str, settings: Settings) -> Text | None:
    """The rest is seen when it is asked: where a name leads can change."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not settings.in_development:
        return NOT_SAFE
    return OURS if parts.netloc == urlsplit(settings.base_url).netloc else None


@router.post("/{feed_id}/switch")
def switch_feed(request: Request, session: SessionDep, admin: Admin, feed: SomeFeed, submission: Switched) -> Response:
    if not submission.ok:
        raise BadRequest(_("Say whether the feed was on or off. Open the page again and try once more."))
    was_on, admin_id = submission.data.seen == "on", require_active(admin).id
    if late := too_late_for(session, lambda: actions.switch_feed(session, admin_id, feed, was_on=was_on)):
        return render_feeds(request, session, {}, {}, 409, too_late=late)
    return go(request, f"/admin/cards#feed-{feed.id}", "saved")


@router.post("/{feed_id}/fetch")
def ask_feed_now(request: Request, session: SessionDep, admin: Admin, feed: SomeFeed) -> Response:
    actions.ask_feed_now(session, require_active(admin).id, feed)
    return go(request, f"/admin/cards#feed-{feed.id}", "asked-soon")


@router.post("/{feed_id}/removal")
def remove_feed(request: Request, session: SessionDep, admin: Admin, feed: SomeFeed, submission: Removed) -> Response:
    if not submission.ok:
        errors = {f"sure-{feed.id}": message for message in submission.errors.values()}
        return render_feeds(request, session, submission.typed, errors, 422)
    forget_opinions_about_cards(session, feed.id)
    actions.remove_feed(session, require_active(admin).id, feed)
    return go(request, "/admin/cards", "deleted")


def render_feeds(
    request: Request,
    session: Session,
    typed: dict[str, str],
    errors: dict[str, Text],
    status: int = 200,
    too_late: Conflict | None = None,
) -> Response:
    feeds = queries.all_feeds(session)
    return render(
        request,
        "cards/feeds.html",
        status=status,
        feeds=feeds,
        problems={feed.id: problem_in_words(feed.problem) for feed in feeds if feed.problem},
        bad={feed.id: [bad_card_in_words(each) for each in feed.brought.get("named", ())] for feed in feeds},
        counts=queries.cards_per_feed(session),
        hidden=queries.hidden_cards(session),
        too_late=too_late.message if too_late else None,
        typed=typed,
        errors=errors,
    )
