"""What the city works along: themes with their goals, and neighbourhoods."""

from pydantic import Field

from app.api.schemas.shared import Links, Shape


class Goal(Shape):
    text: str
    indicator: str
    target: str
    source: str


class Theme(Shape):
    """A city theme, in the language asked for with Accept-Language."""

    slug: str
    name: str
    description: str
    url: str
    goals: list[Goal]


class ThemeList(Shape):
    items: list[Theme]
    links: Links


class Neighbourhood(Shape):
    code: str
    name: str
    url: str
    bbox: list[float] = Field(min_length=4, max_length=4, description="West, south, east, north, in degrees.")


class NeighbourhoodList(Shape):
    items: list[Neighbourhood]
    links: Links
