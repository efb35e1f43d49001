"""Has read the code of the site once, and makes a serving process from that for whoever asks.

Reading the code takes a server two seconds. Orders come as lines of JSON, answers are the numbers of processes that do
what `python -m app serve` does.
"""

import json
import os
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass, replace
from tempfile import TemporaryDirectory

from jinja2 import FileSystemBytecodeCache

from app import jobs


@dataclass(frozen=True)
class Order:
    """To run `buurtlab` with these arguments; `hurried` lets the background work not wait for its turn."""

    arguments: list[str]
    environment: dict[str, str]
    log: str
    hurried: bool


def hurry() -> None:
    jobs.PAUSE_SECONDS = 0.2
    jobs.CHORES = tuple(replace(chore, every_seconds=min(chore.every_seconds, 1)) for chore in jobs.CHORES)


def read_the_code(notes: str) -> None:
    """Templates are compiled by whoever needs one first; the others find it in the notes."""
    import app.main  # noqa: F401
    from app.core.i18n import LOCALES
    from app.core.templates import environment

    for locale in LOCALES:
        environment(locale).bytecode_cache = FileSystemBytecodeCache(notes, f"%s-{locale}")


def become(order: Order) -> None:
    from app.commands import run

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.clear()
    os.environ.update(order.environment)
    if order.log:
        log = os.open(order.log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(log, 1)
        os.dup2(log, 2)
    if order.hurried:
        hurry()
    sys.argv = ["buurtlab", *order.arguments]
    run()


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for who was stopped
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what servers print is no answer
    made = []
    with TemporaryDirectory(prefix="buurtlab-templates-") as notes:
        read_the_code(notes)
        for line in sys.stdin:
            if (pid := os.fork()) == 0:
                try:
                    become(Order(**json.loads(line)))
                finally:
                    os._exit(0)
            made.append(pid)
            print(pid, file=answers, flush=True)
    for pid in made:  # whoever asked for them is gone
        with suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
            os.kill(pid, signal.SIGTERM)


if __name__ == "__main__":
    main()
