"""What a matcher takes, and what it weighs: plain data, no database."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class Point(NamedTuple):
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Problem:
    """A text to find matches for. `created` is its moment: nothing else in the engine knows the time.

    `theme_id` is the author's own choice; with `issue_id`, of one that is stored, it does not match itself.
    """

    title: str
    text: str
    language: str | None = None
    lat: float | None = None
    lon: float | None = None
    neighbourhood_id: int | None = None
    created: datetime | None = None
    theme_id: int | None = None
    issue_id: int | None = None

    @property
    def point(self) -> Point | None:
        return None if self.lat is None or self.lon is None else Point(self.lat, self.lon)


class Candidate(NamedTuple):
    """An earlier issue that an index came up with, and what the team decided about it.

    Among the pilots, a card of another city goes by its number with a minus.
    `is_open`: it, or the one it was merged into, can still be supported.
    """

    issue_id: int
    stems: frozenset[str]
    created: datetime
    point: Point | None = None
    neighbourhood_id: int | None = None
    is_open: bool = True
    theme_id: int | None = None
    pilot_ids: tuple[int, ...] = ()
    rejected_pilot_ids: tuple[int, ...] = ()
    merged_into: int | None = None

    @property
    def stands_for(self) -> int:
        """The issue that people are sent to: of merged ones, the one that stays."""
        return self.merged_into or self.issue_id


@dataclass(frozen=True, slots=True)
class Profile:
    """A theme or pilot as the engine reads it; texts and keywords with their language, "" when unknown."""

    key: int
    texts: tuple[tuple[str, str], ...]
    keywords: tuple[tuple[str, str], ...] = ()
    point: Point | None = None
    radius_m: float | None = None
    theme_ids: tuple[int, ...] = ()
    slug: str = ""
