"""Saying how far long work is."""

import sys
from collections.abc import Callable
from time import monotonic

Progress = Callable[[str, int, int], None]
"""Takes what is being done, how many are done, and of how many."""

BAR = 30


def silently(_what: str, _done: int, _of: int) -> None:
    """No progress shown."""


def bar_on_stderr() -> Progress:
    """One line per step that fills up; on anything but a terminal only the end of each step."""
    began: dict[str, float] = {}

    def show(what: str, done: int, of: int) -> None:
        began.setdefault(what, monotonic())
        filled, seconds = BAR * done // max(1, of), monotonic() - began[what]
        bar = "█" * filled + "·" * (BAR - filled)
        line = f"{what:<12} [{bar}] {done:>9,} of {of:,}  {seconds:5.0f} s"
        if done >= of:
            print(f"\r{line}" if sys.stderr.isatty() else line, file=sys.stderr, flush=True)
        elif sys.stderr.isatty():
            print(f"\r{line}", end="", file=sys.stderr, flush=True)

    return show
