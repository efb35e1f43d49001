"""How long a vote takes while twenty people file with photos."""

import random
import threading
from collections.abc import Iterator
from io import BytesIO
from secrets import token_hex

from PIL import Image

from bench.city import City, Server
from bench.figures import Figure, percentile
from bench.load import run
from bench.writing import vote_requests

SECONDS = 12.0
WRITERS = 20
VOTERS = 4
PAUSE = 0.05


def photo_of_a_phone() -> bytes:
    """What a browser that could not shrink it would send: twelve million pixels, a few megabytes."""
    rng = random.Random(1)
    small = Image.frombytes("RGB", (400, 300), rng.randbytes(400 * 300 * 3))
    file = BytesIO()
    small.resize((4000, 3000), Image.Resampling.BICUBIC).save(file, "JPEG", quality=80)
    return file.getvalue()


def filings_with_photo(city: City, server: Server, photo: bytes) -> Iterator[bytes]:
    while True:
        for key in city.keys:
            yield filing_with_photo(server.url, key, photo)


def filing_with_photo(url: str, key: str, photo: bytes) -> bytes:
    fields = {
        "title": "Losse stoeptegel bij de speeltuin",
        "description": "Na elke bui staat hier een plas.",
        "address": "Bij de speeltuin",
        "draft": token_hex(16),
    }
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    parts.append(b'name="photos"; filename="photo.jpg"\r\nContent-Type: image/jpeg\r\n\r\n' + photo)
    body = b"".join(b"--b\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts) + b"--b--\r\n"
    head = (
        f"POST /issues HTTP/1.1\r\nHost: {url.removeprefix('http://')}\r\nOrigin: {url}\r\nCookie: session={key}\r\n"
        f"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def measure_votes_while_filing(city: City, server: Server) -> list[Figure]:
    photo = photo_of_a_phone()
    filed = []
    writers = threading.Thread(
        target=lambda: filed.append(run(server.url, filings_with_photo(city, server, photo), SECONDS, WRITERS)[0])
    )
    votes = vote_requests(city, server)
    alone, _elapsed = run(server.url, votes, 2.0, VOTERS, PAUSE)
    writers.start()
    busy, _elapsed = run(server.url, votes, SECONDS, VOTERS, PAUSE)
    writers.join()
    if busy.failures:
        raise RuntimeError(f"{busy.failures} votes failed")
    done = len(filed[0].seconds) - filed[0].failures
    undisturbed = percentile(alone.seconds, 0.95) * 1000
    note = f"{undisturbed:.0f} ms when nobody files; {done} filed, {filed[0].failures} asked to wait"
    p95 = percentile(busy.seconds, 0.95) * 1000
    return [Figure(f"vote, 95th percentile while {WRITERS} file with photos", p95, "ms", 300, note=note)]
