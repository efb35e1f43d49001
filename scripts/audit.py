"""`make audit`: what independent tools say about the pages of the demo city.

The W3C validator (vnu) and pa11y (axe and HTML CodeSniffer) on every public page in both languages; Lighthouse as on a
phone, the median of three; and the first visit over a slow line with a slow processor. Needs Node, Java and Chromium.
"""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import httpx
from playwright.sync_api import sync_playwright

from scripts.demo_site import most_supported, serving_demo
from tests.browser.find_chromium import system_chromium

TOOLS = Path(__file__).parent / "audit_tools"
BIN = TOOLS / "node_modules" / ".bin"
VALIDATOR = TOOLS / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
PAGES = (
    "/", "/issues", "/issues?sort=top", "/issues?q=niets-gevonden", "/issues/map", "/issues/new", "/pilots",
    "/pilots/1", "/pilots/1/approaches", "/pilots/1/gates", "/pilots/1/measures", "/pilots/1/coalition",
    "/pilots/1/verdict", "/pilots/1/summary", "/pilots/2", "/lessons", "/cards", "/cards/1", "/themes/mobility",
    "/sign-in", "/about/rules", "/about/matching", "/about/moderation", "/about/privacy", "/about/accessibility",
    "/no-such-page", "/dev/components",
)  # fmt: skip
MEASURED = ("/", "/issues", "/issues/new")
LEAST = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 90}
ROUNDS = 3
SLOW_LINE = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
SLOWER_PROCESSOR = 6
LATEST_PAINT_S, MOST_KB = 3.0, 100
FLAGS = ["--no-sandbox", "--headless=new", "--disable-gpu", "--disable-background-networking"]


def main() -> None:
    with serving_demo() as server:
        issue = most_supported(server.url)
        faults = [
            *valid_html(server.url, (*PAGES, issue)),
            *accessible(server.url, (*PAGES, issue)),
            *good_on_a_slow_phone(server.url, (*MEASURED, issue)),
            *good_in_lighthouse(server.url, (*MEASURED, issue)),
        ]
    print("\n".join(faults) or "nothing to mend")
    sys.exit(bool(faults))


def valid_html(url: str, pages: Sequence[str]) -> list[str]:
    """Errors of the W3C validator. It warns of `role="list"`, which Safari needs where a list has no bullets."""
    with TemporaryDirectory() as name:
        for language in ("nl", "en"):
            for number, page in enumerate(pages):
                html = httpx.get(url + page, headers={"Accept-Language": language}).text
                Path(name, f"{number:02}-{language}.html").write_text(html)
        command = ["java", "-jar", str(VALIDATOR), "--format", "json", "--skip-non-html", name]
        report = subprocess.run(command, capture_output=True, text=True, check=False).stderr
    messages = [each for each in json.loads(report)["messages"] if each["type"] == "error"]
    print(f"W3C validator: {len(messages)} errors on {2 * len(pages)} pages", flush=True)
    return [f"vnu {page_of(each, pages)}: {each['message']} {each.get('extract', '')[:120]!r}" for each in messages]


def page_of(message: dict[str, Any], pages: Sequence[str]) -> str:
    name = message["url"].rpartition("/")[2]
    return f"{pages[int(name[:2])]} ({name[3:5]})"


def accessible(url: str, pages: Sequence[str]) -> list[str]:
    faults = []
    with TemporaryDirectory() as name:
        for language in ("nl", "en"):
            settings = Path(name, f"{language}.json")
            chrome = {"executablePath": system_chromium(), "args": FLAGS}
            headers = {"Accept-Language": language}
            settings.write_text(json.dumps({"chromeLaunchConfig": chrome, "headers": headers, "timeout": 60_000}))
            for page in pages:
                command = [str(BIN / "pa11y"), "--runner", "axe", "--runner", "htmlcs", "--reporter", "json"]
                done = subprocess.run(
                    [*command, "--config", str(settings), url + page], capture_output=True, text=True, check=False
                )
                found = json.loads(done.stdout or "[]")
                faults += [f"pa11y {page} ({language}): {each['message']} {each['selector']}" for each in found]
                if done.returncode not in (0, 2):
                    faults.append(f"pa11y {page} ({language}): {done.stderr.strip()[:300]}")
    print(f"pa11y: {len(faults)} faults on {2 * len(pages)} pages", flush=True)
    return faults


def good_in_lighthouse(url: str, pages: Sequence[str]) -> list[str]:
    faults = []
    for page in pages:
        rounds = [lighthouse(url + page) for _round in range(ROUNDS)]
        scores = {name: round(median(each[name] for each in rounds)) for name in LEAST}
        paint = median(each["paint"] for each in rounds)
        said = ", ".join(f"{name} {score}" for name, score in scores.items())
        print(f"Lighthouse {page}: {said}, largest paint after {paint:.1f} s", flush=True)
        faults += [
            f"Lighthouse {page}: {name} {scores[name]} < {LEAST[name]}" for name in LEAST if scores[name] < LEAST[name]
        ]
    return faults


def lighthouse(address: str) -> dict[str, float]:
    command = [str(BIN / "lighthouse"), address, "--output=json", "--quiet", f"--chrome-flags={' '.join(FLAGS)}"]
    environment = {**os.environ, "CHROME_PATH": system_chromium()}
    report = json.loads(subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout)
    scores = {name: 100 * report["categories"][name]["score"] for name in LEAST}
    return {**scores, "paint": report["audits"]["largest-contentful-paint"]["numericValue"] / 1000}


def good_on_a_slow_phone(url: str, pages: Sequence[str]) -> list[str]:
    """The first visit at 400 kbit/s and 400 ms, with a processor six times slower."""
    faults = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system_chromium(), args=["--no-sandbox"])
        for page in pages:
            paint, kilobytes = first_visit(browser, url + page)
            print(
                f"slow phone {page}: largest paint after {paint:.1f} s, {kilobytes:.0f} kB without photos", flush=True
            )
            if paint > LATEST_PAINT_S or kilobytes > MOST_KB:
                faults.append(f"slow phone {page}: {paint:.1f} s, {kilobytes:.0f} kB")
        browser.close()
    return faults


def first_visit(browser: Any, address: str) -> tuple[float, float]:
    """When the largest thing was painted, in seconds, and what came over the line before photos, in kilobytes."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="nl-NL")
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", SLOW_LINE)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER_PROCESSOR})
    photos, received = set(), dict[str, float]()
    wire.on(
        "Network.responseReceived", lambda got: "/photos/" in got["response"]["url"] and photos.add(got["requestId"])
    )
    wire.on("Network.loadingFinished", lambda got: received.update({got["requestId"]: got["encodedDataLength"]}))
    page.goto(address, wait_until="load", timeout=60_000)
    page.wait_for_timeout(1_000)
    paint = page.evaluate(
        """() => new Promise((tell) => new PerformanceObserver((list) => tell(list.getEntries().at(-1).startTime))
        .observe({ type: "largest-contentful-paint", buffered: true }))"""
    )
    context.close()
    return paint / 1000, sum(size for request, size in received.items() if request not in photos) / 1024


if __name__ == "__main__":
    main()
