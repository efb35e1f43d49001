"""For machines that ask politely: security researchers' tools and search engines."""

from datetime import timedelta

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse

from app.core.clock import now
from app.core.errors import NotFound
from app.core.templates import iso
from app.core.web import settings_of

router = APIRouter()

VALID_FOR = timedelta(days=180)
NOT_FOR_SEARCH_ENGINES = (
    "/issues/new?",
    "/issues/suggestions",
    "/sign-in",
    "/drafts",
    "/me",
    "/unsubscribe",
    "/welcome",
    "/api",
)


@router.get("/.well-known/security.txt")
async def security_txt(request: Request) -> PlainTextResponse:
    """Where to report a weakness (RFC 9116); absent until the city has named a contact."""
    settings = settings_of(request)
    if not settings.security_contact:
        raise NotFound
    lines = [
        f"Contact: {settings.security_contact}",
        f"Expires: {iso(now() + VALID_FOR)}",
        "Preferred-Languages: nl, en",
        f"Canonical: {settings.base_url.rstrip('/')}/.well-known/security.txt",
    ]
    return PlainTextResponse("\n".join(lines) + "\n")


@router.get("/robots.txt")
async def robots_txt() -> PlainTextResponse:
    rules = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_SEARCH_ENGINES)]
    return PlainTextResponse("\n".join(rules) + "\n")
