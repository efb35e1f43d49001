"""What htmx swaps in: every button, filter and form that asks for a part of a page is pressed once, and then seen."""

import re
from collections.abc import Sequence
from functools import partial

from playwright.sync_api import ElementHandle, Error

from scripts.audit.city import City
from scripts.audit.pages import Page
from scripts.audit.sweep import CORES, DESK, PHONE, Looker, Sweep, in_browsers, look_at

ASKS = "[data-hx-get], [data-hx-post]"
BY_ITSELF = re.compile(r"every|still-here")
NUMBERS = re.compile(r"\d+|after=[^&]+")
TYPE = """([field, typed]) => {
  const box = document.querySelector(field);
  if (!box || box.type === "hidden") return;
  box.value = typed;
  box.dispatchEvent(new Event("input", {bubbles: true}));
}"""
CHOOSE_LAST = """(form) => {
  const list = form.querySelector("select");
  list.selectedIndex = list.options.length - 1;
  list.dispatchEvent(new Event("change", {bubbles: true}));
}"""
SEND = """(form, typed) => {
  const boxes = form.querySelectorAll("textarea, input[type=text], input:not([type])");
  if (typed) boxes.forEach((box) => { box.value = typed; });
  form.requestSubmit(form.querySelector("button, input[type=submit]"));
}"""
SIGNS = """asks => [...document.querySelectorAll(asks)].map((each) => [
  each.localName, each.dataset.hxGet || each.dataset.hxPost, each.dataset.hxTrigger,
  each.querySelector("[name=decision], [name=which]")?.value, each.querySelector("[aria-pressed]")?.ariaPressed,
].join(" "))"""
OPEN_AND_WAIT = """() => {
  look.openEverything();
  document.querySelectorAll("form").forEach((form) => { form.noValidate = true; });
  window.swapped = false;
  document.addEventListener("htmx:after:settle", () => { window.swapped = true; });
}"""
TYPED = "Het is hier 's avonds veel te donker op het fietspad naar school."


def press_everything(city: City, pages: Sequence[Page], locale: str) -> Sweep:
    """On the phone in Dutch, on the desk in English. Each browser has people of its own, who press everything once."""
    everybody = list(dict.fromkeys(page.who for page in pages))
    shares = [[page for page in pages if page.who in everybody[start::CORES]] for start in range(CORES)]
    return in_browsers(partial(look_at, city, locale=locale, look=partial(press_all_on, pressed=set())), shares)


def press_all_on(looker: Looker, page: Page, pressed: set[str]) -> None:
    looker.go(page)
    for number, sign in enumerate(signs_on(looker)):
        key = f"{page.who} {sign}"
        if key in pressed or BY_ITSELF.search(sign):
            continue
        pressed.add(key)
        for filled in (False, True) if "form" in sign.split()[0] else (True,):
            try:
                press(looker, page, number, filled)
            except Error as error:
                looker.note(page, f"pressing {sign}", [str(error)[:300]])


def signs_on(looker: Looker) -> list[str]:
    """What each asks for, with numbers left out: the same button beside each row is pressed once."""
    found = looker.tab.evaluate(SIGNS, ASKS)
    return [NUMBERS.sub("#", sign) for sign in found]


def press(looker: Looker, page: Page, number: int, filled: bool) -> None:
    looker.go(page)
    looker.resize(PHONE if looker.locale == "nl" else DESK)
    looker.tab.evaluate(OPEN_AND_WAIT)
    elements = looker.tab.query_selector_all(ASKS)
    if number >= len(elements):
        return  # what was there is gone by now: something pressed before changed the page
    element = elements[number]
    sign = f"pressed {element.evaluate('each => each.dataset.hxGet || each.dataset.hxPost')}"
    start(looker, element, filled)
    wait_for_the_answer(looker)
    looker.tab.wait_for_load_state()
    if looker.tab.evaluate("!window.look"):
        looker.prepare()
    looker.axe(page, sign)
    looker.look(page, sign, "sideways()")
    looker.note(page, sign, [each for each in looker.said if not is_expected(page, each)])


def is_expected(page: Page, said: str) -> bool:
    """What the browser says of answers that refuse, which each have a page or a sentence of their own."""
    return bool(re.search(r"\b(403|404|409|422)\b" if page.who == "suspended" else r"\b(404|409|422)\b", said))


def wait_for_the_answer(looker: Looker) -> None:
    """Some answers lead to another page, and some questions are only asked when there is something to say."""
    for _turn in range(40):
        looker.tab.wait_for_timeout(100)
        try:
            if looker.tab.evaluate("window.swapped !== false && !document.querySelector('.htmx-request')"):
                return
        except Error:
            looker.tab.wait_for_load_state()


def start(looker: Looker, element: ElementHandle, filled: bool) -> None:
    kind, trigger = element.evaluate("each => [each.localName, each.dataset.hxTrigger || '']")
    if "input from:" in trigger:
        for field in re.findall(r"from:(#\w+)", trigger):
            looker.tab.evaluate(TYPE, [field, TYPED])
    elif "change" in trigger:
        element.evaluate(CHOOSE_LAST)
    elif kind == "input":
        element.fill("12")
    elif kind == "form":
        element.evaluate(SEND, TYPED if filled else None)
    else:
        element.evaluate("each => each.click()")
