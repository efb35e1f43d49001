"""The files of a matching evaluation, checked line by line; anything wrong is one clear sentence."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, BaseModel, Field, ValidationError

Key = Annotated[str, Field(min_length=1)]
Degrees = Annotated[float, Field(ge=-180, le=180)]


def _in_utc(moment: datetime) -> datetime:
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class ThemeLine(BaseModel):
    slug: Key
    name: str
    description: str = ""
    keywords: list[str] = []


class City(BaseModel):
    languages: list[str] = []
    themes: list[ThemeLine] = []


class PilotLine(BaseModel):
    id: Key
    title: str = ""
    problem: str
    approach: str = ""
    language: str = ""
    themes: list[str] = []
    lat: Degrees | None = None
    lon: Degrees | None = None
    radius_m: float | None = None


class IssueLine(BaseModel):
    id: Key
    title: str = ""
    text: str
    language: str = ""
    lat: Degrees | None = None
    lon: Degrees | None = None
    created: Annotated[datetime, AfterValidator(_in_utc)] | None = None
    theme: str | None = None
    pilots: list[str] = []


Line = TypeVar("Line", bound=BaseModel)


def read_city(directory: Path) -> City:
    path = directory / "city.json"
    if not path.is_file():
        raise ValueError(f"{path} is not there.")
    return _checked(City, path.read_text(encoding="utf-8"), str(path))


def read_lines(kind: type[Line], path: Path) -> list[Line]:
    """[] when the file is not there."""
    if not path.is_file():
        return []
    with path.open(encoding="utf-8") as lines:
        return list(_numbered(kind, path, lines))


def _numbered(kind: type[Line], path: Path, lines: Any) -> Iterator[Line]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield _checked(kind, line, f"{path}, line {number}")


def _checked(kind: type[Line], text: str, where: str) -> Line:
    try:
        return kind.model_validate(json.loads(text))
    except json.JSONDecodeError as error:
        raise ValueError(f"{where}: this is not JSON ({error.msg}).") from None
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise ValueError(f"{where}: {field or 'the line'}: {first['msg']}.") from None
