"""What can be followed."""

from typing import Annotated

from fastapi import Depends

from app.core.db import SessionDep
from app.core.errors import NotFound
from app.core.web import RowId
from app.pilots.models import Pilot
from app.pilots.queries import visible_pilot
from app.places.models import Neighbourhood
from app.places.queries import neighbourhood_with_code
from app.themes.models import Theme
from app.themes.queries import theme_with_slug


def load_pilot(session: SessionDep, pilot_id: RowId) -> Pilot:
    pilot = visible_pilot(session, pilot_id)
    if pilot is None:
        raise NotFound
    return pilot


def load_theme(session: SessionDep, slug: str) -> Theme:
    theme = theme_with_slug(session, slug[:60])
    if theme is None:
        raise NotFound
    return theme


def load_area(session: SessionDep, code: str) -> Neighbourhood:
    area = neighbourhood_with_code(session, code[:20])
    if area is None:
        raise NotFound
    return area


SomePilot = Annotated[Pilot, Depends(load_pilot)]
SomeTheme = Annotated[Theme, Depends(load_theme)]
Area = Annotated[Neighbourhood, Depends(load_area)]
