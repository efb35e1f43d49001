"""A client that costs little: connections that stay open and send the next request when an answer is complete."""

import asyncio
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import repeat
from urllib.parse import urlencode, urlsplit


@dataclass
class Outcome:
    """Seconds of each request, and how many were not answered with 2xx or 3xx."""

    seconds: list[float] = field(default_factory=list)
    failures: int = 0
    bytes: int = 0


def request(url: str, method: str, path: str, form: Mapping[str, object] | None = None, **headers: str) -> bytes:
    """The bytes of one request, as a page of ours would send it."""
    body = urlencode(form or {}).encode()
    lines = {"Host": urlsplit(url).netloc, "Accept": "text/html", "Accept-Language": "nl", **headers}
    if method == "POST":
        lines |= {"Origin": url, "Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
    head = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return head.encode() + b"\r\n" + body


def per_second(url: str, requests: Iterator[bytes] | bytes, seconds: float, connections: int = 4) -> float:
    """Answers per second; raises when one of them is a failure."""
    outcome, elapsed = run(url, requests, seconds, connections)
    if outcome.failures:
        raise RuntimeError(f"{outcome.failures} of {len(outcome.seconds)} requests failed at {url}")
    return len(outcome.seconds) / elapsed


def run(
    url: str, requests: Iterator[bytes] | bytes, seconds: float, connections: int = 4, pause: float = 0.0
) -> tuple[Outcome, float]:
    """What came of it, and how long it took; ends early when there is nothing more to send."""
    source = repeat(requests) if isinstance(requests, bytes) else requests
    outcome = Outcome()
    began = time.perf_counter()
    asyncio.run(_all_connections(url, source, began + seconds, connections, pause, outcome))
    return outcome, time.perf_counter() - began


async def _all_connections(
    url: str, source: Iterator[bytes], until: float, connections: int, pause: float, outcome: Outcome
) -> None:
    await asyncio.gather(*(_one_connection(url, source, until, pause, outcome) for _connection in range(connections)))


async def _one_connection(url: str, source: Iterator[bytes], until: float, pause: float, outcome: Outcome) -> None:
    place = urlsplit(url)
    reader, writer = await asyncio.open_connection(place.hostname, place.port, limit=2**20)
    for data in source:
        began = time.perf_counter()
        if began > until:
            break
        writer.write(data)
        status, size = await _read_answer(reader)
        outcome.seconds.append(time.perf_counter() - began)
        outcome.bytes += size
        outcome.failures += not 200 <= status < 400
        if pause:
            await asyncio.sleep(pause)
    writer.close()


async def _read_answer(reader: asyncio.StreamReader) -> tuple[int, int]:
    """The status, and how many bytes of body came with it."""
    head = await reader.readuntil(b"\r\n\r\n")
    status = int(head[9:12])
    found = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
    if not found.strip():
        return status, await _read_chunks(reader) if b"chunked" in head.lower() else 0
    size = int(found)
    await reader.readexactly(size)
    return status, size


async def _read_chunks(reader: asyncio.StreamReader) -> int:
    whole = 0
    while size := int(await reader.readline(), 16):
        await reader.readexactly(size + 2)
        whole += size
    await reader.readline()
    return whole
