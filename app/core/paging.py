"""Lists page by an opaque `after`, never by number, so that pages stay stable while rows arrive."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.core.errors import BadRequest
from app.core.i18n import _

PAGE_SIZE = 20
LARGEST = 2**53
"""SQLite refuses numbers of more than 64 bits; ours never come near."""

T = TypeVar("T")


class NoSuchPage(BadRequest):
    def __init__(self) -> None:
        super().__init__(_("This page of the list does not exist. Start again at the top of the list."))


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows of a list, and where the next ones start (None at the end)."""

    items: Sequence[T]
    next: str | None


def encode_after(*position: float | int | str) -> str:
    return urlsafe_b64encode(json.dumps(position, separators=(",", ":")).encode()).decode().rstrip("=")


def decode_after(after: str, kinds: tuple[type, ...]) -> tuple[float, ...]:
    """The position in a list; raises NoSuchPage for anything we did not hand out."""
    try:
        position = json.loads(urlsafe_b64decode(after + "=" * (-len(after) % 4)))
        if len(position) != len(kinds):
            raise ValueError(after)
        numbers = tuple(kind(value) for kind, value in zip(kinds, position, strict=True))
        if any(isinstance(number, int) and abs(number) > LARGEST for number in numbers):
            raise ValueError(after)
        return numbers
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise NoSuchPage from None
