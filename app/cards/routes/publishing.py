"""Our pilots as cards, for whoever wants them: scripts, other cities, browsers on other sites."""

from email.utils import format_datetime
from hashlib import sha256

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from app.cards.describing import Publisher, describe, pilots_to_publish
from app.cards.document import VERSION, Card, Feed, Links, as_json, schema
from app.core.db import SessionDep
from app.core.web import After, settings_of
from app.pilots.access import VisiblePilot

router = APIRouter()

KEPT_SECONDS = 300
FOR_EVERYBODY = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag, Last-Modified",
    "Cache-Control": f"public, max-age={KEPT_SECONDS}",
}
SCHEMA = f"/schemas/pilot-card/{VERSION}"


@router.get("/pilots/cards.json")
def list_cards(request: Request, session: SessionDep, after: After = "") -> Response:
    publisher = publisher_of(request)
    page = pilots_to_publish(session, after)
    cards = describe(session, page.items, publisher)
    links = Links(next=f"{publisher.base}/pilots/cards.json?after={page.next}" if page.next else None)
    feed = Feed(version=VERSION, city=publisher.in_words(), licence=publisher.licence, cards=cards, links=links)
    return answer(request, as_json(feed), cards)


@router.get("/pilots/{pilot_id:int}.card.json")
def show_card_of_pilot(request: Request, session: SessionDep, pilot: VisiblePilot) -> Response:
    (card,) = describe(session, [pilot], publisher_of(request))
    return answer(request, as_json(card), [card])


@router.get(SCHEMA)
def show_schema(request: Request) -> Response:
    """For programs that read cards or write them."""
    address = f"{settings_of(request).base_url.rstrip('/')}{SCHEMA}"
    return JSONResponse(schema(address), media_type="application/schema+json", headers=FOR_EVERYBODY)


def publisher_of(request: Request) -> Publisher:
    settings, city = settings_of(request), request.app.state.city(request)
    return Publisher(settings.base_url.rstrip("/"), city.name, city.district, city.is_invented, settings.card_licence)


def answer(request: Request, body: bytes, cards: list[Card]) -> Response:
    """304 for whoever has it already. Dates tell too little: a verdict changes with every answer."""
    headers = {**FOR_EVERYBODY, "ETag": f'W/"{sha256(body).hexdigest()[:24]}"'}
    headers["Link"] = f'<{SCHEMA}>; rel="describedby"'
    if cards:
        newest = max(card.updated_at for card in cards)
        headers["Last-Modified"] = format_datetime(newest.replace(microsecond=0), usegmt=True)
    known = [tag.strip() for tag in request.headers.get("if-none-match", "").split(",")]
    if headers["ETag"] in known or known == ["*"]:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)
