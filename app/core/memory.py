"""What a process remembers for a little while, so that figures over the whole city are not counted for every page."""

import time
from collections.abc import Callable, Hashable
from typing import TypeVar

from fastapi import Request

Answer = TypeVar("Answer")


class Memory:
    def __init__(self) -> None:
        self._known: dict[Hashable, tuple[float, Hashable, object]] = {}

    def recall(self, question: Hashable, seconds: float, ask: Callable[[], Answer], version: Hashable = None) -> Answer:
        """The answer of at most `seconds` ago and of the same `version`, or a new one from `ask`."""
        known = self._known.get(question)
        if known is not None and time.monotonic() - known[0] < seconds and known[1] == version:
            return known[2]  # type: ignore[return-value]
        answer = ask()
        self._known[question] = (time.monotonic(), version, answer)
        return answer


def memory_of(request: Request) -> Memory:
    memory: Memory = request.app.state.memory
    return memory
