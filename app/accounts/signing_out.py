"""What a browser gets when somebody leaves it."""

from fastapi import Request
from starlette.responses import Response

from app.accounts.access import SESSION_COOKIE
from app.core.web import forget_cookie, go


def leave(request: Request, notice: str = "signed-out") -> Response:
    """Clear-Site-Data also empties what the browser kept of drafts and pages."""
    response = go(request, "/", notice)
    forget_cookie(request, response, SESSION_COOKIE)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
