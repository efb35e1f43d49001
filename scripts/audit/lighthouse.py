"""Lighthouse as on a phone: the median of three visits."""

import json
import os
import subprocess
from collections.abc import Sequence
from statistics import median

from scripts.audit.html import TOOLS
from scripts.audit.table import Table
from tests.browser.find_chromium import system_chromium

LEAST = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 90}
ROUNDS = 3
FLAGS = ["--no-sandbox", "--headless=new", "--disable-gpu", "--disable-background-networking"]


def ask_lighthouse(url: str, pages: Sequence[str]) -> list[str]:
    table, lost = Table("Lighthouse", *LEAST, "largest paint, s"), list[str]()
    for page in pages:
        rounds = [visit(url + page) for _round in range(ROUNDS)]
        scores = {name: round(median(scores[name] for scores, _paint, _lost in rounds)) for name in LEAST}
        paint = median(paint for _scores, paint, _lost in rounds)
        table.add(page, *((scores[name], scores[name] >= LEAST[name], "d") for name in LEAST), (paint, True, ".1f"))
        lost += [f"Lighthouse {page} {audit}" for audit in rounds[0][2]]
    faults = table.say()
    return [*faults, *lost] if faults else []


def visit(address: str) -> tuple[dict[str, float], float, list[str]]:
    """The scores, when the largest thing was painted, and the audits that took points."""
    command = [
        str(TOOLS / "node_modules" / ".bin" / "lighthouse"), address, "--output=json", "--quiet",
        f"--chrome-flags={' '.join(FLAGS)}",
    ]  # fmt: skip
    environment = {**os.environ, "CHROME_PATH": system_chromium() or ""}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    report = json.loads(done.stdout)
    audits = report["audits"]
    scores = {name: 100 * (report["categories"][name]["score"] or 0) for name in LEAST}
    lost = [
        f"({name}): {audits[ref['id']]['title']} {audits[ref['id']].get('displayValue', '')}"
        for name in LEAST
        for ref in report["categories"][name]["auditRefs"]
        if ref["weight"] and (audits[ref["id"]]["score"] or 0) < 0.9 and audits[ref["id"]]["score"] is not None
    ]
    return scores, audits["largest-contentful-paint"]["numericValue"] / 1000, lost
