"""The drawn map of the city on a page: drawn once for many requests, with a pin where the page is about one place."""

from fastapi import Request
from markupsafe import Markup
from sqlmodel import Session

from app.core.memory import memory_of
from app.places.drawing import DrawnMap, draw_city

DRAWN_EVERY_SECONDS = 600.0


def drawn_city(request: Request, session: Session) -> DrawnMap | None:
    """None for a city without neighbourhoods."""
    return memory_of(request).recall("drawn city", DRAWN_EVERY_SECONDS, lambda: draw_city(session))


def drawn_place(request: Request, session: Session, lat: float | None, lon: float | None) -> Markup | None:
    """The city with a pin; None also for a place that is only described."""
    drawn = drawn_city(request, session)
    if drawn is None or lat is None or lon is None:
        return None
    return drawn.with_pin(lat, lon)
