"""Issues: read them, file one."""

import re
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from sqlmodel import Session
from starlette.responses import Response

from app.accounts.access import ApiWriter, Caller
from app.accounts.actions import carry_out_once
from app.api import schemas
from app.api.lists import PageQuery, base_url_of, links_of
from app.api.sent import IdempotencyKey, Sent, SentDep, nonce_for, takes
from app.core.db import SessionDep
from app.core.errors import Invalid, NotFound
from app.core.forms import Submission, must
from app.core.i18n import Text, _
from app.core.limits import limiter_of, network_of
from app.filing import actions as filing
from app.filing.forms import IssueForm
from app.filing.limits import ISSUES_PER_PERSON
from app.issues.access import VisibleIssue
from app.issues.feed import Feed, Sort, read_feed
from app.issues.limits import SEARCHES_PER_NETWORK
from app.issues.models import Issue, Photo, Status
from app.issues.queries import visible_issue, whole_issues
from app.themes.queries import theme_to_choose

router = APIRouter(tags=["Issues"])

PLACE = {"lat", "lon", "precision", "address"}
NO_NUL = r"^[^\x00]*$"
LON = r"-?(180(\.0{1,15})?|(1[0-7][0-9]|[0-9]{1,2})(\.[0-9]{1,15})?)"
LAT = r"-?(90(\.0{1,15})?|[0-8]?[0-9](\.[0-9]{1,15})?)"
BOX_PATTERN = rf"^({LON},{LAT},{LON},{LAT})?$"


def box_of(typed: str) -> tuple[float, float, float, float]:
    """West, south, east, north, whichever two corners were given."""
    lon, lat, other_lon, other_lat = (float(edge) for edge in typed.split(","))
    return min(lon, other_lon), min(lat, other_lat), max(lon, other_lon), max(lat, other_lat)


Box = Annotated[
    str,
    Field(json_schema_extra={"pattern": BOX_PATTERN}),
    must(
        lambda typed: bool(re.fullmatch(BOX_PATTERN, typed)),
        _("A map section is four numbers: west, south, east, north."),
    ),
]


class IssueQuery(PageQuery):
    theme: str = Field("", max_length=60, pattern=r"^[a-z0-9-]*$", description="The slug of a theme.")
    neighbourhood: str = Field("", max_length=20, pattern=NO_NUL, description="A neighbourhood's code.")
    status: Status | None = Field(default=None, description="Without it all but the merged ones.")
    q: str = Field("", max_length=200, pattern=NO_NUL, description="Words, in Dutch or English.")
    bbox: Box = Field("", description="`minLon,minLat,maxLon,maxLat` in degrees.")
    sort: Sort = Field("new", description="`near` needs `lat` and `lon`; without them it is `new`.")
    lat: float | None = Field(default=None, ge=-90, le=90, allow_inf_nan=False)
    lon: float | None = Field(default=None, ge=-180, le=180, allow_inf_nan=False)


@router.get("/issues")
def list_issues(
    request: Request,
    response: Response,
    session: SessionDep,
    caller: Caller,
    query: Annotated[IssueQuery, Query()],
) -> schemas.IssueList:
    """Issues by theme, neighbourhood, status, words or map section. Pages stay stable as new ones arrive."""
    if query.q:
        limiter_of(request).count(SEARCHES_PER_NETWORK, network_of(request))
    page = read_feed(session, feed_of(query), query.after, query.page_size)
    issues = whole_issues(session, [row.id for row in page.items])
    base = base_url_of(request)
    links = links_of(request, response, page.next)
    return schemas.IssueList(items=[describe_issue(issue, base) for issue in issues], links=links)


def feed_of(query: IssueQuery) -> Feed:
    return Feed(
        q=query.q.strip(),
        theme=query.theme,
        neighbourhood=query.neighbourhood,
        status=query.status or "",
        sort=query.sort,
        lat=query.lat,
        lon=query.lon,
        bbox=box_of(query.bbox) if query.bbox else None,
    )


@router.get("/issues/{issue_id}")
def get_issue(request: Request, session: SessionDep, caller: Caller, issue: VisibleIssue) -> schemas.Issue:
    """One issue."""
    return describe_issue(issue, base_url_of(request))


@router.post("/issues", status_code=201, openapi_extra=takes(schemas.NewIssue))
def file_issue(
    request: Request,
    response: Response,
    sent: SentDep,
    session: SessionDep,
    writer: ApiWriter,
    key: IdempotencyKey = None,
) -> schemas.Issue:
    """File an issue in the name of whose token it is; it is matched at once."""
    limiter_of(request).count(ISSUES_PER_PERSON, str(writer.id))
    submission = read_new_issue(session, sent)
    submission.data.draft = nonce = nonce_for(request, writer, "issue", key)
    content = submission.data.model_dump_json(exclude={"draft"})
    filed = filing.file_issue(session, writer, submission)
    if filed is None:
        raise Invalid(submission.errors)
    if nonce:
        carry_out_once(session, nonce, content)
    issue = visible_issue(session, filed.id)
    if issue is None:
        raise NotFound
    response.headers["Location"] = f"/api/v1/issues/{issue.id}"
    return describe_issue(issue, base_url_of(request))


def read_new_issue(session: Session, sent: Sent) -> Submission[IssueForm]:
    """Everything that is wrong is said at once: the place is judged also when the text is not right."""
    errors: dict[str, Text] = {}
    try:
        new: schemas.IssueDetails = sent.read_as(schemas.NewIssue)
    except Invalid as invalid:
        errors = invalid.errors
        new = _details_in(sent)
    fields = {name: value for name, value in new.model_dump().items() if value is not None}
    form = IssueForm.model_construct(**{"title": "", "description": "", **fields})
    submission = Submission(form, {}, {}, [])
    if not errors.keys() & PLACE:
        filing.check_place(session, submission)
    if fields.get("theme") and theme_to_choose(session, fields["theme"]) is None:
        submission.refuse("theme", _("There is no such theme."))
    if errors or not submission.ok:
        raise Invalid({**errors, **submission.errors})
    return submission


def _details_in(sent: Sent) -> schemas.IssueDetails:
    try:
        return sent.read_as(schemas.IssueDetails)
    except Invalid:
        return schemas.IssueDetails()


def describe_issue(issue: Issue, base: str) -> schemas.Issue:
    return schemas.Issue(
        id=issue.id,
        title=issue.title,
        description=issue.description,
        language=issue.language,
        status=issue.status,
        lat=issue.lat,
        lon=issue.lon,
        address=issue.address or None,
        neighbourhood=issue.neighbourhood.code if issue.neighbourhood else None,
        theme=issue.theme.slug if issue.theme else None,
        votes=issue.vote_count,
        comments=issue.comment_count,
        merged_into=issue.merged_into,
        created_at=issue.created_at,
        updated_at=issue.updated_at,
        url=f"{base}/issues/{issue.id}",
        photos=[describe_photo(photo, base) for photo in issue.shown_photos],
        author=schemas.Author.named(issue.content.author),
    )


def describe_photo(photo: Photo, base: str) -> schemas.Photo:
    return schemas.Photo(
        url=f"{base}/photos/{photo.key}-large.jpg",
        thumbnail_url=f"{base}/photos/{photo.key}-small.jpg",
        alt=photo.alt,
        width=photo.width,
        height=photo.height,
    )
