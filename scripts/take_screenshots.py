"""Takes the pictures in docs/screenshots from a fresh demo city, so that they stay true.

Run it with `make screenshots`.
"""

from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from scripts.demo_site import most_supported, serving_demo
from tests.browser.find_chromium import system_chromium

PICTURES = Path(__file__).parent.parent / "docs" / "screenshots"
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
GAP = 24
ON_THE_DESK = {"feed": "/issues", "pilot": "/pilots/1", "map": "/issues/map"}


def main() -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    with serving_demo() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=system_chromium(), args=["--no-sandbox"])
        take_pictures(browser, server.url)
        browser.close()


def take_pictures(browser: Browser, url: str) -> None:
    on_the_phone = ["/", most_supported(url), "/issues/new"]
    phone = [picture(browser, url + path, PHONE, "nl-NL") for path in on_the_phone]
    beside_each_other(phone).save(PICTURES / "phone.png", optimize=True)
    for name, path in ON_THE_DESK.items():
        picture(browser, url + path, DESK, "en-GB").save(PICTURES / f"{name}.png", optimize=True)


def picture(browser: Browser, address: str, size: dict[str, int], locale: str) -> Image.Image:
    context = browser.new_context(viewport=size, locale=locale, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    data = page.screenshot()
    context.close()
    return Image.open(BytesIO(data)).convert("RGB").quantize(128)


def beside_each_other(pictures: list[Image.Image]) -> Image.Image:
    width = sum(each.width for each in pictures) + GAP * (len(pictures) + 1)
    sheet = Image.new("RGB", (width, pictures[0].height + 2 * GAP), "#e7e5df")
    left = GAP
    for each in pictures:
        sheet.paste(each.convert("RGB"), (left, GAP))
        left += each.width + GAP
    return sheet.quantize(128)


if __name__ == "__main__":
    main()
