"""What a phone loads at its first visit, before photos and map tiles."""

import re
import zlib
from urllib.parse import urljoin
from urllib.request import Request, urlopen

from bench.city import Server
from bench.figures import Figure

BUDGET_KB = 100
REFERRED = re.compile(r"""(?:src|href)=["'](/static/[^"'#]+)""")
IMPORTED = re.compile(r"""(?:from|import)\s*["']([^"']+\.js[^"']*)["']""")


def fetch(url: str) -> tuple[int, str]:
    """The bytes that travel, and the text that they are."""
    with urlopen(Request(url, headers={"Accept-Encoding": "gzip", "Accept-Language": "nl"})) as answer:
        body = answer.read()
        if answer.headers.get("Content-Encoding") == "gzip":
            return len(body), zlib.decompress(body, zlib.MAX_WBITS | 16).decode(errors="replace")
        return len(body), body.decode(errors="replace")


def weigh(server: Server) -> dict[str, int]:
    """Bytes by address: the page, and everything of ours that it and its modules refer to."""
    weights: dict[str, int] = {}
    weights["/"], html = fetch(server.url + "/")
    waiting = list(dict.fromkeys(REFERRED.findall(html)))
    while waiting:
        path = waiting.pop(0)
        if path in weights or "/photos/" in path:
            continue
        weights[path], text = fetch(server.url + path)
        if path.partition("?")[0].endswith(".js"):
            waiting += [urljoin(path, found) for found in IMPORTED.findall(text)]
    return weights


def measure_first_visit(server: Server) -> list[Figure]:
    weights = weigh(server)
    heaviest = sorted(weights, key=lambda path: -weights[path])[:3]
    note = ", ".join(f"{path.partition('?')[0]} {weights[path] / 1024:.0f}" for path in heaviest)
    whole = sum(weights.values()) / 1024
    return [Figure(f"first phone visit, {len(weights)} files", whole, "kB", BUDGET_KB, note=note)]
