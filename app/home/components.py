"""Only in development: every component in every state, made of the very fragments that the pages use."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.accounts.access import Viewer
from app.activity.models import TimelineEntry
from app.content.models import Content, Kind
from app.core.clock import now
from app.core.i18n import Text
from app.core.web import render
from app.discussions.models import Comment
from app.issues.models import Status
from app.matching.models import Likelihood, LinkKind, State
from app.matching.shown import Hint
from app.pilots.models import Stage

router = APIRouter(prefix="/dev")

TITLE, TEXT = "No light on the cycle path through the dunes", "After sunset you see nothing here, so we go round."
PROBLEM = Text("Write at least three characters.")
NO_ERRORS: dict[str, Text] = {}


@router.get("/components")
def show_components(request: Request, viewer: Viewer) -> Response:
    return render(
        request,
        "dev/components.html",
        cards=[card(1, Status.NEW, 0), card(2, Status.IN_PILOT, 41), card(3, Status.CONFIRMED, 1284)],
        voted={2},
        votes=[votes(11, 0), votes(12, 1, mine=True), votes(13, 1284), votes(14, 7, status=Status.DECLINED)],
        comments=[comment(1), comment(2, edited=True, support=3), comment(3, deleted=True)],
        timeline=timeline(),
        hints=hints(),
        statuses=list(Status),
        stages=list(Stage),
        errors={"title": PROBLEM, "lat": Text("Choose a place.")},
        no_errors=NO_ERRORS,
    )


def card(number: int, status: Status, vote_count: int) -> Any:
    """As the feed reads it from the database."""
    return SimpleNamespace(
        id=number, title=TITLE, beginning=TEXT, language="en", status=status, photo_key="", address="",
        theme_slug="mobility", theme_icon="mobility", theme_nl="Mobiliteit", theme_en="Mobility",
        neighbourhood_name="Helmduin", created_at=now() - timedelta(days=number), comment_count=number,
        vote_count=vote_count, merged_count=0,
    )  # fmt: skip


def votes(number: int, count: int, *, mine: bool = False, status: Status = Status.NEW) -> Any:
    issue = SimpleNamespace(id=number, status=status, merged_count=0, taken_away_at=None)
    return SimpleNamespace(issue=issue, tally={"count": count, "mine": mine})


def comment(number: int, *, edited: bool = False, deleted: bool = False, support: int = 0) -> Comment:
    at = now() - timedelta(hours=number)
    return Comment(
        id=number, thread_id=0, content_id=0, body=TEXT, support_count=support, created_at=at,
        edited_at=at if edited else None, deleted_at=at if deleted else None,
        content=Content(id=0, kind=Kind.COMMENT, language="en"),
    )  # fmt: skip


def timeline() -> list[TimelineEntry]:
    kinds = [("filed", "", False), ("answer", "We have ordered three lamps.", True), ("status.resolved", TEXT, True)]
    return [
        TimelineEntry(
            id=number, subject_kind="issue", subject_id=0, kind=kind, text=text, language="en", by_city=by_city,
            at=now() - timedelta(days=9 - number),
        )
        for number, (kind, text, by_city) in enumerate(kinds)
    ]  # fmt: skip


def hints() -> list[Hint]:
    reasons = [Text("The same theme"), Text("180 m away")]
    said = [
        (State.SUGGESTED, Likelihood.LIKELY), (State.SUGGESTED, Likelihood.POSSIBLE),
        (State.CONFIRMED, Likelihood.UNSURE),
    ]  # fmt: skip
    return [
        Hint(TITLE, "en", f"/issues/{key}", likelihood, state, reasons, LinkKind.SIMILAR, key, votes=key)
        for key, (state, likelihood) in enumerate(said, 1)
    ]
