"""The city and its neighbourhoods."""

from typing import Any

from sqlmodel import Field, SQLModel

from app.core.db import Json


class City(SQLModel, table=True):
    """The one city that this instance serves."""

    id: int = Field(default=1, primary_key=True)
    name: str = Field(max_length=80)
    district: str = Field(default="", max_length=80)
    is_invented: bool = False
    landmarks: dict[str, Any] = Field(default_factory=dict, sa_type=Json)


class Neighbourhood(SQLModel, table=True):
    """An area with its national code; `outline` is a GeoJSON geometry (RFC 7946, longitude first)."""

    id: int = Field(default=None, primary_key=True)
    code: str = Field(max_length=20, unique=True)
    name: str = Field(max_length=80)
    outline: dict[str, Any] = Field(sa_type=Json)
    south: float
    west: float
    north: float
    east: float
