"""The first visit of a slow phone: 400 kbit/s, 400 ms, and a processor six times slower than this one."""

from collections.abc import Sequence
from typing import Any

from playwright.sync_api import sync_playwright

from scripts.audit.table import Table
from tests.browser.find_chromium import system_chromium

SLOW_LINE = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
SLOWER_PROCESSOR = 6
LATEST_PAINT_S, MOST_KB = 3.0, 100


def measure_first_visits(url: str, pages: Sequence[str]) -> list[str]:
    table = Table("slow phone", "largest paint, s", "without photos, kB")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system_chromium(), args=["--no-sandbox"])
        for page in pages:
            paint, kilobytes = first_visit(browser, url + page)
            table.add(page, (paint, paint <= LATEST_PAINT_S, ".1f"), (kilobytes, kilobytes <= MOST_KB, ".0f"))
        browser.close()
    return table.say()


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
