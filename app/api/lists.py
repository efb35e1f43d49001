"""Lists: how long a page is, and where the next one starts."""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import Query, Request
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel
from starlette.responses import Response

from app.api.schemas import Links
from app.core.paging import PAGE_SIZE
from app.core.web import settings_of

LONGEST_PAGE = 100


class PageQuery(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, validate_by_name=True, validate_by_alias=True)

    page_size: int = Field(PAGE_SIZE, ge=1, le=LONGEST_PAGE)
    after: str = Field("", max_length=300, pattern=r"^[\w=-]*$", description="As given in `links.next`.")


PageAsked = Annotated[PageQuery, Query()]


def links_of(request: Request, response: Response, after: str | None) -> Links:
    """The way to the next page with the same filters, in the body and as a Link header (RFC 8288)."""
    if after is None:
        return Links(next=None)
    kept = [(name, value) for name, value in request.query_params.multi_items() if name != "after"]
    path = f"{request.url.path}?{urlencode([*kept, ('after', after)])}"
    response.headers["Link"] = f'<{path}>; rel="next"'
    return Links(next=path)


def base_url_of(request: Request) -> str:
    return settings_of(request).base_url.rstrip("/")
