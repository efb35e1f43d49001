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
from app.core.db import SessionDep
from app.core.i18n import Text, today
from app.core.web import render
from app.discussions.models import Comment
from app.issues.feed import Feed
from app.issues.models import Status
from app.matching.engine.suggestion import Likelihood
from app.matching.models import LinkKind, State
from app.matching.shown import Hint
from app.measures.models import Direction, Indicator, Measurement
from app.measures.shown import Shown, as_shown
from app.pilots.models import Stage
from app.pilots.road import Road
from app.places.drawing import draw_city
from app.verdicts.models import VerdictQuestion

router = APIRouter(prefix="/dev")

TITLE, TEXT = "No light on the cycle path through the dunes", "After sunset you see nothing here, so we go round."
PROBLEM = Text("Write at least three characters.")
NO_ERRORS: dict[str, Text] = {}
ROADS = [
    (Stage.IDEA, False, now()), (Stage.PILOT, False, now()), (Stage.EMBEDDED, False, now()),
    (Stage.PROOF_OF_CONCEPT, True, now()),
]  # fmt: skip
SAID: list[dict[str, Any]] = [
    {"asked": 0}, {"asked": 80}, {"asked": 80, "solved": 3, "partly": 1},
    {"asked": 1284, "solved": 812, "partly": 240, "not_solved": 96, "moved": 31},
]  # fmt: skip
MEASURED = {
    "Below the target": ([23.0, 14.0, 9.0, 7.0, 8.0], 10.0), "Far from it": ([21.0, 30.0, 47.0], 60.0),
    "Without a target": ([1284.0, 1300.0, 1190.0], None), "Measured once": ([12.5], 10.0),
}  # fmt: skip


@router.get("/components")
def show_components(request: Request, session: SessionDep, viewer: Viewer) -> Response:
    city = draw_city(session)
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
        roads=[Road(*said, {}) for said in ROADS],
        charts=charts(),
        questions=[VerdictQuestion(pilot_id=1, **said) for said in SAID],
        drawing=city.with_pin(52.105, 4.275) if city else None,
        nothing_found=Feed(q="unicorns"),
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


def charts() -> list[Shown]:
    indicators = [
        Indicator(
            id=number, pilot_id=1, name=name, unit="a week", source="counted", better=Direction.LOWER, target=target,
            measurements=[
                Measurement(
                    id=number * 10 + at, indicator_id=number, value=value, is_baseline=at == 0,
                    taken_on=today() - timedelta(days=30 * (len(values) - at)),
                )
                for at, value in enumerate(values)
            ],
        )
        for number, (name, (values, target)) in enumerate(MEASURED.items(), 1)
    ]  # fmt: skip
    return [as_shown(indicator) for indicator in indicators]


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
