"""What pilots learned."""

from datetime import datetime

from pydantic import Field

from app.api.schemas.shared import Links, Shape
from app.pilots.models import PartKind, Stage


class Lesson(Shape):
    """What a pilot learned, written when it went on or stopped."""

    id: int
    title: str
    text: str
    language: str
    pilot: int
    stage: Stage = Field(description="How far the pilot was.")
    part: PartKind | None = Field(description="What kind of part of an approach it is about; null for the whole.")
    themes: list[str] = Field(description="Slugs of the themes of the pilot.")
    written_at: datetime
    changed_at: datetime | None = Field(description="When it was last put right; null when it never was.")
    url: str


class LessonList(Shape):
    items: list[Lesson]
    links: Links
