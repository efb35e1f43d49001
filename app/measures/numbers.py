"""Numbers and days as people type them, in Dutch and in English. What can be read in two ways is asked, not guessed."""

import re
from datetime import date

from app.core.forms import Refused
from app.core.i18n import _, today

LARGEST = 1e12
LONGEST = 30
DECIMALS = 3
MARKS = (",", ".")
BLANKS = re.compile(r"[\s\u00a0\u2009\u202f'’]")
FIRST_DAY = date(1900, 1, 1)
NO_NUMBER = _("This is not a number that we can read. Leave the unit out, and write it like 1234,5.")
NO_DAY = _("This is not a day that we can read. Write it like 2026-03-31.")


def read_number(typed: str, decimal: str = "") -> float:
    """`decimal` is what stands before the fraction, where the rest of a table makes that clear. Raises Refused."""
    values = readings(typed)
    if len(values) > 1 and decimal:
        values = {value: marks for value, marks in values.items() if decimal in marks}
    if not values:
        raise Refused(NO_NUMBER)
    if len(values) > 1:
        large, small = max(values, key=abs), min(values, key=abs)
        raise Refused(
            _(
                "“%(typed)s” can mean two things. Type %(large)s for the large number, or %(small)s for the small one.",
                typed=typed.strip(), large=f"{large:.0f}", small=f"{small:.4f}".replace(".", ","),
            )
        )  # fmt: skip
    return _within_reason(next(iter(values)))


def _within_reason(value: float) -> float:
    if abs(value) > LARGEST:
        raise Refused(_("This number is too large."))
    if round(value, DECIMALS) != value:
        raise Refused(_("Use at most %(n)s digits after the comma.", n=DECIMALS))
    return value + 0.0  # no minus before a zero


def readings(typed: str) -> dict[float, set[str]]:
    """What it can mean, each with the marks that may stand before the fraction for that."""
    text = BLANKS.sub(" ", typed.strip()).replace("−", "-")
    found: dict[float, set[str]] = {}
    if len(text) > LONGEST:
        return found
    for decimal, group in (MARKS, MARKS[::-1]):
        if (value := _read_with(text, decimal, group)) is not None:
            found.setdefault(value, set()).add(decimal)
    return found


def _read_with(text: str, decimal: str, group: str) -> float | None:
    """Thousands in groups of three, or not at all; a group does not begin with a zero."""
    whole = rf"[1-9][0-9]{{0,2}}(?:(?P<group>[{group} ])[0-9]{{3}})(?:(?P=group)[0-9]{{3}})*|[0-9]+"
    fits = re.fullmatch(rf"(?P<sign>[+-]?) ?(?P<whole>{whole})?(?:[{decimal}](?P<rest>[0-9]+))?", text)
    if fits is None or not (fits["whole"] or fits["rest"]):
        return None
    digits = re.sub("[^0-9]", "", fits["whole"] or "0")
    return float(f"{fits['sign']}{digits}.{fits['rest'] or 0}")


def as_typed(value: float | None) -> str:
    """How it stands in a field, so that it is read as the same number again."""
    if value is None:
        return ""
    text = f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".").replace(".", ",")
    return text if len(readings(text)) == 1 else text + "0"


def decimal_in(typed: str) -> str:
    """What stands before the fraction, when this number leaves no doubt about it."""
    values = readings(typed)
    marks = next(iter(values.values())) if len(values) == 1 else set()
    return next(iter(marks)) if len(marks) == 1 else ""


def read_day(typed: str) -> date:
    """2026-03-31 and 31-3-2026; with slashes only where it cannot be the American order. Raises Refused."""
    text = typed.strip()
    if fits := re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", text):
        return _a_day(*map(int, fits.groups()))
    fits = re.fullmatch(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})", text)
    if fits is None:
        raise Refused(NO_DAY)
    day, month, year = int(fits[1]), int(fits[3]), int(fits[4])
    if fits[2] == "/" and day != month and day <= 12 and month <= 12:
        raise Refused(_("“%(typed)s” can be two days. Write it like 2026-03-31: year, month, day.", typed=text))
    return _a_day(year, month, day)


def _a_day(year: int, month: int, day: int) -> date:
    try:
        chosen = date(year, month, day)
    except ValueError:
        raise Refused(NO_DAY) from None
    if chosen > today():
        raise Refused(_("This day has yet to come. Choose today or an earlier day."))
    if chosen < FIRST_DAY:
        raise Refused(NO_DAY)
    return chosen
