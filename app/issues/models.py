"""Issues: local problems that residents filed, with their photos, votes and followers."""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import BigInteger, Index, Text, text, true
from sqlmodel import Field, Relationship, SQLModel

from app.content.models import Content
from app.core.clock import now
from app.core.db import Moment, one_of
from app.places.models import Neighbourhood
from app.themes.models import Theme

TIME_TO_EDIT = timedelta(minutes=30)
TIME_TO_UNDO = timedelta(days=30)


class Status(StrEnum):
    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    IN_PILOT = "in-pilot"
    WITH_SERVICE = "with-service"
    ANSWERED = "answered"
    DECLINED = "declined"
    RESOLVED = "resolved"
    CONFIRMED = "confirmed"
    REOPENED = "reopened"
    MERGED = "merged"


class Precision(StrEnum):
    EXACT = "exact"
    AREA = "area"


class Source(StrEnum):
    """Where a problem comes from; only residents' votes count."""

    RESIDENT = "resident"
    BUSINESS = "business"
    DEPARTMENT = "department"


class Channel(StrEnum):
    """How an issue reached the city team, when they entered it for somebody."""

    DESK = "desk"
    PHONE = "phone"
    PAPER = "paper"


class ThemeBy(StrEnum):
    """Who gave an issue its main theme; what a person chose is not changed by the matcher."""

    AUTHOR = "author"
    MATCHER = "matcher"
    TEAM = "team"


_DECIDED = {
    Status.IN_PILOT,
    Status.WITH_SERVICE,
    Status.ANSWERED,
    Status.DECLINED,
    Status.RESOLVED,
    Status.MERGED,
}
TRANSITIONS: dict[Status, set[Status]] = {
    Status.NEW: {Status.ACKNOWLEDGED, *_DECIDED},
    Status.ACKNOWLEDGED: _DECIDED,
    Status.IN_PILOT: {
        Status.ACKNOWLEDGED,
        Status.WITH_SERVICE,
        Status.ANSWERED,
        Status.DECLINED,
        Status.RESOLVED,
        Status.MERGED,
    },
    Status.WITH_SERVICE: {Status.IN_PILOT, Status.ANSWERED, Status.DECLINED, Status.RESOLVED, Status.MERGED},
    Status.ANSWERED: {Status.IN_PILOT, Status.WITH_SERVICE, Status.RESOLVED, Status.REOPENED, Status.MERGED},
    Status.DECLINED: {Status.REOPENED},
    Status.RESOLVED: {Status.CONFIRMED, Status.REOPENED},
    Status.CONFIRMED: {Status.REOPENED},
    Status.REOPENED: {Status.ACKNOWLEDGED, *_DECIDED},
    # Undoing a merge brings back what was; nothing else leads out of it.
    Status.MERGED: {
        Status.NEW,
        Status.ACKNOWLEDGED,
        Status.IN_PILOT,
        Status.WITH_SERVICE,
        Status.ANSWERED,
        Status.REOPENED,
    },
}
NEEDS_PUBLIC_TEXT = {Status.ANSWERED, Status.DECLINED, Status.RESOLVED}
WAITING = (Status.NEW, Status.REOPENED)
"""What waits for a first word of the city team."""
CLOSED = {Status.DECLINED, Status.CONFIRMED, Status.MERGED}


class Issue(SQLModel, table=True):
    """`visible` repeats the visibility of its content row: lists filter on it.

    `lat`/`lon` are WGS 84 degrees, already rounded when the precision is `area`; both are empty when the place is
    known in words only. `cell` is the grid square (`app.places.grid`). `heat` orders by rising (`app.issues.heat`).
    `merged_into` is the issue that stays, `merged_count` how many were merged into this one (`app.issues.merging`).
    `taken_away_at`: the author took the words and photos away; votes, comments and what the city said stay.
    `is_matched`: False when the author objects to automatic matching.
    """

    __table_args__ = (
        Index(None, "visible", "id"),
        Index(None, "visible", "vote_count", "id"),
        Index(None, "visible", "heat", "id"),
        Index(None, "visible", "theme_id", "id"),
        Index(None, "visible", "neighbourhood_id", "id"),
        Index(None, "visible", "status", "id"),
        Index(None, "cell", "created_at"),
        Index(None, "created_at"),
        Index(None, "lat", "lon"),
    )

    id: int = Field(default=None, primary_key=True)
    content_id: int = Field(foreign_key="content.id", unique=True)
    thread_id: int = Field(foreign_key="thread.id", unique=True)
    nonce: str | None = Field(default=None, max_length=64, unique=True)
    title: str = Field(max_length=120)
    description: str = Field(max_length=5000)
    language: str = Field(max_length=2)
    source: Source = Field(default=Source.RESIDENT, sa_type=one_of(Source))
    channel: Channel | None = Field(default=None, sa_type=one_of(Channel))
    status: Status = Field(default=Status.NEW, sa_type=one_of(Status))
    lat: float | None = None
    lon: float | None = None
    precision: Precision = Field(default=Precision.EXACT, sa_type=one_of(Precision))
    address: str = Field(default="", max_length=200)
    cell: int | None = Field(default=None, sa_type=BigInteger)
    neighbourhood_id: int | None = Field(default=None, foreign_key="neighbourhood.id", index=True)
    theme_id: int | None = Field(default=None, foreign_key="theme.id", index=True)
    theme_by: ThemeBy | None = Field(default=None, sa_type=one_of(ThemeBy))
    search_stems: str = Field(default="", sa_type=Text)
    visible: bool = True
    vote_count: int = 0
    comment_count: int = 0
    heat: float = 0.0
    merged_into: int | None = Field(default=None, foreign_key="issue.id", index=True)
    merged_count: int = 0
    created_at: datetime = Field(default_factory=now, sa_type=Moment)
    updated_at: datetime = Field(default_factory=now, sa_type=Moment)
    edited_at: datetime | None = Field(default=None, sa_type=Moment)
    city_spoke_at: datetime | None = Field(default=None, sa_type=Moment)
    taken_away_at: datetime | None = Field(default=None, sa_type=Moment)
    is_matched: bool = Field(default=True, sa_column_kwargs={"server_default": true()})

    content: Content = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    theme: Theme | None = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    neighbourhood: Neighbourhood | None = Relationship(sa_relationship_kwargs={"lazy": "raise"})
    photos: list["Photo"] = Relationship(sa_relationship_kwargs={"lazy": "raise", "order_by": "Photo.position"})

    @property
    def may_be_corrected(self) -> bool:
        """In the first half hour a change counts as a correction; later ones show."""
        return now() < self.created_at + TIME_TO_EDIT

    @property
    def has_point(self) -> bool:
        return self.lat is not None and self.lon is not None

    @property
    def shown_photos(self) -> list["Photo"]:
        return [photo for photo in self.photos if photo.visible]


class Photo(SQLModel, table=True):
    """`key` is the random name of the stored files `<key>-large.jpg` and `<key>-small.jpg`; sizes in pixels."""

    id: int = Field(default=None, primary_key=True)
    issue_id: int = Field(foreign_key="issue.id", index=True)
    content_id: int = Field(foreign_key="content.id", unique=True)
    key: str = Field(max_length=40, unique=True)
    width: int
    height: int
    alt: str = Field(default="", max_length=300)
    position: int = 0
    visible: bool = True


class Vote(SQLModel, table=True):
    """One per person and issue."""

    issue_id: int = Field(foreign_key="issue.id", primary_key=True, ondelete="CASCADE")
    person_id: int = Field(foreign_key="person.id", primary_key=True, index=True, ondelete="CASCADE")
    created_at: datetime = Field(default_factory=now, sa_type=Moment)


class Follow(SQLModel, table=True):
    """Who files or comments follows by themselves, until they stop: then the row stays, so that it is not undone."""

    issue_id: int = Field(foreign_key="issue.id", primary_key=True, ondelete="CASCADE")
    person_id: int = Field(foreign_key="person.id", primary_key=True, index=True, ondelete="CASCADE")
    created_at: datetime = Field(default_factory=now, sa_type=Moment)
    ended_at: datetime | None = Field(default=None, sa_type=Moment)


class EarlierText(SQLModel, table=True):
    """What an issue said before an edit; for moderators only, and purged on request."""

    __tablename__ = "earlier_text"

    id: int = Field(default=None, primary_key=True)
    issue_id: int = Field(foreign_key="issue.id", index=True, ondelete="CASCADE")
    title: str = Field(max_length=120)
    description: str = Field(max_length=5000)
    replaced_at: datetime = Field(default_factory=now, sa_type=Moment)


class IssueMerge(SQLModel, table=True):
    """That an issue was merged, into which one, by whom and why; kept when it is undone.

    `into_id` was chosen. When that one is merged further, `Issue.merged_into` of all of them points at the last one.
    """

    __tablename__ = "issue_merge"
    __table_args__ = (
        Index(
            "uq_issue_merge_standing",
            "issue_id",
            unique=True,
            sqlite_where=text("undone_at IS NULL"),
            postgresql_where=text("undone_at IS NULL"),
        ),
        Index(None, "objected_at"),
    )

    id: int = Field(default=None, primary_key=True)
    issue_id: int = Field(foreign_key="issue.id", index=True, ondelete="CASCADE")
    into_id: int = Field(foreign_key="issue.id", index=True, ondelete="CASCADE")
    reason: str = Field(default="", max_length=1000)
    earlier_status: Status = Field(sa_type=one_of(Status))
    merged_by: int | None = Field(default=None, foreign_key="person.id")
    merged_at: datetime = Field(default_factory=now, sa_type=Moment)
    undone_by: int | None = Field(default=None, foreign_key="person.id")
    undone_at: datetime | None = Field(default=None, sa_type=Moment)
    objection: str = Field(default="", max_length=1000)
    objected_at: datetime | None = Field(default=None, sa_type=Moment)
    answered_at: datetime | None = Field(default=None, sa_type=Moment)

    @property
    def can_be_undone_until(self) -> datetime:
        return self.merged_at + TIME_TO_UNDO

    @property
    def may_be_undone(self) -> bool:
        return self.undone_at is None and now() < self.can_be_undone_until
