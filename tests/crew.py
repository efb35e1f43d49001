"""Background workers that may be killed at any moment: each in a process of its own, there as soon as it is hired.

`python -m tests.crew` has everything in memory already and becomes a worker for every line that it reads.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from time import sleep
from typing import IO

import app.tables  # noqa: F401
from app import jobs, mailing
from app.core.clock import now
from app.core.db import Database
from app.core.limits import Limiter
from app.core.storage import storage_from_url
from app.notifications import letters, telling
from app.settings import Settings
from tests.live import is_there

ROOT = Path(__file__).parent.parent
NEXT_TRY = timedelta(seconds=6)
"""Long enough that a mail is handed over meanwhile on a machine that is busy with other things, too."""


class Crew:
    """Hires workers and kills them; `killed` are the names of those who died so."""

    def __init__(self, orders: IO[str], names: IO[str]) -> None:
        self._orders, self._names = orders, names
        self.alive: list[int] = []
        self.killed: list[str] = []

    def hire(self) -> None:
        self._orders.write("one more\n")
        self._orders.flush()
        self.alive.append(int(self._names.readline()))

    def kill(self, pid: int) -> None:
        os.kill(pid, signal.SIGKILL)
        self.alive.remove(pid)
        self.killed.append(name_of(pid))
        while is_there(pid):
            sleep(0.001)

    def dismiss(self) -> None:
        while self.alive:
            self.kill(self.alive[0])


def name_of(pid: int) -> str:
    """By which a worker introduces itself to the mail server."""
    return f"worker-{pid}.example"


@contextmanager
def crew_for(settings: Settings) -> Iterator[Crew]:
    environment = {
        **os.environ,
        "BUURTLAB_DATABASE_URL": settings.database_url,
        "BUURTLAB_MAIL_URL": settings.mail_url,
        "BUURTLAB_STORAGE_URL": settings.storage_url,
    }
    command = [sys.executable, "-m", "tests.crew"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as office:
        assert office.stdin
        assert office.stdout
        crew = Crew(office.stdin, office.stdout)
        try:
            yield crew
        finally:
            crew.dismiss()
            office.stdin.close()


def hurry() -> None:
    """Seconds where a city takes minutes. What a mail says is not cut short, so that every fact can be looked for."""
    jobs.PAUSE_SECONDS = 0.02
    jobs.LEASE_LASTS = timedelta(seconds=0.15)
    mailing.next_try = lambda tries: now() + NEXT_TRY
    mailing.SENDING_TAKES = NEXT_TRY.total_seconds() * 0.9
    telling.SECONDS_AT_ONCE = 0.2
    mailing.SECONDS_AT_ONCE = 1.0
    letters.SHOWN = 10_000


def be_a_worker(settings: Settings) -> None:
    socket.getfqdn = lambda name="": name_of(os.getpid())
    database = Database(settings.database_url)
    place = jobs.Workplace(database, storage_from_url(settings.storage_url), Limiter(database, settings), settings)
    jobs.work(place, threading.Event())


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for who was killed
    hurry()
    names = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what workers log is no name
    settings = Settings(_env_file=None)
    for _order in sys.stdin:
        if (pid := os.fork()) == 0:
            try:
                be_a_worker(settings)
            finally:
                os._exit(1)
        print(pid, file=names, flush=True)


if __name__ == "__main__":
    main()
