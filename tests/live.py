"""The site in a process of its own."""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from functools import cache
from http.client import HTTPConnection
from pathlib import Path

from app.settings import Settings
from tests.serving import Order

ROOT = Path(__file__).parent.parent
PATIENCE_SECONDS = 60.0


@dataclass(frozen=True)
class LiveServer:
    url: str
    settings: Settings
    pid: int


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serve_live(
    settings: Settings, workers: int = 1, log: Path | None = None, hurried: bool = False
) -> Iterator[LiveServer]:
    """`log` takes what the server prints.

    Several workers are started by the command itself; a single one by `tests.serving`, which has read the code already.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    arguments = ["serve", "--port", str(port), "--workers", str(workers)]
    order = Order(arguments, environment_of(settings, url), str(log or ""), hurried)
    with by_the_command(order) if workers > 1 else by_the_office(order) as pid:
        wait_until_ready(port, pid)
        yield LiveServer(url, settings, pid)


def environment_of(settings: Settings, url: str) -> dict[str, str]:
    return {
        **os.environ,
        "BUURTLAB_ENVIRONMENT": settings.environment,
        "BUURTLAB_DATABASE_URL": settings.database_url,
        "BUURTLAB_MAIL_URL": settings.mail_url,
        "BUURTLAB_STORAGE_URL": settings.storage_url,
        "BUURTLAB_RATE_LIMITS": settings.rate_limits,
        "BUURTLAB_SECRET_KEY": settings.secret_key,
        "BUURTLAB_TRUSTED_PROXIES": settings.trusted_proxies,
        "BUURTLAB_BASE_URL": url,
        "BUURTLAB_SECOND_FACTOR": settings.second_factor,
    }


@contextmanager
def by_the_command(order: Order) -> Iterator[int]:
    command = [sys.executable, "-m", "app", *order.arguments]
    with open(order.log or os.devnull, "wb") as output:
        process = subprocess.Popen(command, cwd=ROOT, env=order.environment, stdout=output, stderr=output)
        try:
            yield process.pid
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)


@contextmanager
def by_the_office(order: Order) -> Iterator[int]:
    office = serving_office()
    assert office.stdin
    assert office.stdout
    print(json.dumps(asdict(order)), file=office.stdin, flush=True)
    pid = int(office.stdout.readline())
    try:
        yield pid
    finally:
        stop(pid)


def stop(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while is_there(pid):
        assert time.monotonic() < deadline, "the server does not stop"
        time.sleep(0.01)


@cache
def serving_office() -> "subprocess.Popen[str]":
    """One per process of tests, for as long as that runs."""
    command = [sys.executable, "-m", "tests.serving"]
    office = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    atexit.register(office.communicate)
    return office


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until_ready(port: int, pid: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        if not is_there(pid):
            raise RuntimeError("the server stopped")
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
            connection.request("GET", "/health/ready")
            if connection.getresponse().status == 200:
                return
        except OSError:
            pass
        finally:
            connection.close()
        time.sleep(0.02)
    raise TimeoutError("the server did not become ready")
