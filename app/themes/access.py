"""The only way to get at a theme from a request."""

from typing import Annotated

from fastapi import Depends

from app.core.db import SessionDep
from app.core.errors import NotFound
from app.themes.models import Theme
from app.themes.queries import theme_with_slug


def load_theme(session: SessionDep, slug: str) -> Theme:
    theme = theme_with_slug(session, slug[:60])
    if theme is None:
        raise NotFound
    return theme


SomeTheme = Annotated[Theme, Depends(load_theme)]
