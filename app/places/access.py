"""The only way to get at a neighbourhood from a request."""

from typing import Annotated

from fastapi import Depends

from app.core.db import SessionDep
from app.core.errors import NotFound
from app.places.models import Neighbourhood
from app.places.queries import neighbourhood_with_code


def load_area(session: SessionDep, code: str) -> Neighbourhood:
    area = neighbourhood_with_code(session, code[:20])
    if area is None:
        raise NotFound
    return area


Area = Annotated[Neighbourhood, Depends(load_area)]
