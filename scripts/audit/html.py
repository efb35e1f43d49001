"""The W3C validator (vnu) over every page, and pa11y with axe and HTML CodeSniffer."""

import json
import subprocess
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx2

from scripts.audit.city import City
from scripts.audit.pages import Page
from tests.browser.find_chromium import system_chromium

TOOLS = Path(__file__).parent.parent / "audit_tools"
VALIDATOR = TOOLS / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
LOCALES = ("nl", "en")


def find_invalid_html(city: City, pages: Sequence[Page]) -> list[str]:
    """Errors only: it warns of `role="list"`, which Safari needs where a list has no bullets."""
    with TemporaryDirectory() as name:
        written = [(page, locale) for locale in LOCALES for page in write_pages(city, pages, locale, Path(name))]
        command = ["java", "-jar", str(VALIDATOR), "--format", "json", "--skip-non-html", name]
        report = subprocess.run(command, capture_output=True, text=True, check=False).stderr
    messages = [each for each in json.loads(report)["messages"] if each["type"] == "error"]
    print(f"W3C validator: {len(messages)} errors on {len(written)} pages", flush=True)
    faults = []
    for each in messages:
        page, locale = written[int(Path(each["url"]).stem)]
        faults.append(f"vnu {page} {locale}: {each['message']} {each.get('extract', '')[:120]!r}")
    return faults


def write_pages(city: City, pages: Sequence[Page], locale: str, folder: Path) -> Sequence[Page]:
    city.speak(locale)
    begun = LOCALES.index(locale) * len(pages)
    with httpx2.Client(base_url=city.server.url, timeout=60, follow_redirects=True) as client:
        for number, page in enumerate(pages, begun):
            answer = client.request(
                "POST" if page.posted else "GET", page.address, headers=headers_of(city, page, locale)
            )
            (folder / f"{number:04}.html").write_text(answer.text)
    return pages


def headers_of(city: City, page: Page, locale: str) -> dict[str, str]:
    cookies = "; ".join(f"{name}={value}" for name, value in city.people[page.who].items())
    headers = {"Accept-Language": locale, "Cookie": cookies}
    return {**headers, "Origin": city.server.url} if page.posted else headers


def find_with_pa11y(city: City, pages: Sequence[Page]) -> list[str]:
    """By reading only: pa11y cannot send a form empty, and the sweep does."""
    read = [page for page in pages if not page.posted]
    faults = [fault for locale in LOCALES for fault in ask_pa11y(city, read, locale)]
    print(f"pa11y: {len(faults)} faults on {2 * len(read)} pages", flush=True)
    return faults


def ask_pa11y(city: City, pages: Sequence[Page], locale: str) -> list[str]:
    city.speak(locale)
    asked = [{"address": city.server.url + page.address, "headers": headers_of(city, page, locale)} for page in pages]
    question = json.dumps({"chromium": system_chromium(), "pages": asked})
    done = subprocess.run(
        ["node", str(TOOLS / "ask_pa11y.mjs")], input=question, capture_output=True, text=True, check=False, cwd=TOOLS
    )
    if done.returncode:
        return [f"pa11y {locale}: {done.stderr.strip()[:500]}"]
    return [
        f"pa11y {pages[number]} {locale}: {fault}"
        for number, found in enumerate(json.loads(done.stdout))
        for fault in found
    ]
