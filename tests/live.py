"""The site in a process of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from app.settings import Settings

ROOT = Path(__file__).parent.parent


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
def serve_live(settings: Settings, workers: int = 1, log: Path | None = None) -> Iterator[LiveServer]:
    """`log` takes what the server prints, which is otherwise printed here."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {
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
    command = [sys.executable, "-m", "app", "serve", "--port", str(port), "--workers", str(workers)]
    output = log.open("wb") if log else None
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=output, stderr=output)
    try:
        wait_until_ready(url, process)
        yield LiveServer(url, settings, process.pid)
    finally:
        process.terminate()
        process.wait(20)
        if output:
            output.close()


def wait_until_ready(url: str, process: subprocess.Popen[bytes]) -> None:
    for _attempt in range(200):
        if process.poll() is not None:
            raise RuntimeError(f"the server stopped with {process.returncode}")
        try:
            if httpx2.get(f"{url}/health/ready").status_code == 200:
                return
        except httpx2.TransportError:
            pass
        time.sleep(0.1)
    raise TimeoutError("the server did not become ready")
