"""A table of measurements as spreadsheets save it: date, value, note. Every line that is not right is named."""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO

from app.core.forms import Refused, clean_text
from app.core.i18n import Text, _
from app.measures.models import MOST_MEASUREMENTS, NOTE_LENGTH
from app.measures.numbers import decimal_in, read_day, read_number

LARGEST_FILE = 100_000
"""Bytes: far more than a thousand lines with notes."""
DELIMITERS = ";\t,"
COLUMNS = {
    "date": "date", "datum": "date", "dag": "date", "day": "date",
    "value": "value", "waarde": "value", "meting": "value",
    "note": "note", "opmerking": "note", "toelichting": "note",
}  # fmt: skip
AS_EXPECTED = ("date", "value", "note")
Cells = list[str]


@dataclass(frozen=True)
class Line:
    number: int
    taken_on: date
    value: float
    note: str


@dataclass(frozen=True)
class Sheet:
    """Either there are problems, or all lines are right."""

    lines: Sequence[Line]
    problems: Sequence[Text]


def text_of(content: bytes) -> str:
    """UTF-8 with or without a mark, UTF-16 with one, else as Windows writes it."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return clean_text(content.decode("utf-16", errors="replace"))
    try:
        return clean_text(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return clean_text(content.decode("cp1252", errors="replace"))


def read_sheet(text: str) -> Sheet:
    try:
        order, rows = _take_header(list(_rows(text.removeprefix("\ufeff"))))
    except Refused as refused:
        return Sheet([], [refused.message])
    if not rows:
        return Sheet([], [_("There is no measurement in it.")])
    if len(rows) > MOST_MEASUREMENTS:
        return Sheet([], [_("These are more than %(most)s lines.", most=MOST_MEASUREMENTS)])
    return _read_rows(order, rows, commas=_delimiter_of(text) == ",")


def _rows(text: str) -> Iterator[tuple[int, Cells]]:
    """The lines that say something, with the number that an editor shows."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=_delimiter_of(text), strict=True)
    begins = 1
    try:
        for row in reader:
            cells = [" ".join(cell.split()) for cell in row]
            if any(cells):
                yield begins, cells
            begins = reader.line_num + 1
    except csv.Error:
        raise Refused(on_line(begins, _("the quotation marks do not fit."))) from None


def _delimiter_of(text: str) -> str:
    """What stands after the first cell, which is a day or the name of a column."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    return next((character for character in re.sub('"[^"]*"', "", first) if character in DELIMITERS), ",")


def _take_header(rows: Sequence[tuple[int, Cells]]) -> tuple[Sequence[str], Sequence[tuple[int, Cells]]]:
    """Which column says what, and the lines below; without a first line with names, as we ask for it."""
    if not rows or any(character.isdigit() for character in rows[0][1][0]):
        return AS_EXPECTED, rows
    number, names = rows[0]
    order = [COLUMNS.get(name.lower(), "") for name in names if name]
    if "" in order or not {"date", "value"} <= set(order) or len(set(order)) != len(order):
        reason = _("the columns must be called date, value and note; or datum, waarde and opmerking.")
        raise Refused(on_line(number, reason))
    return order, rows[1:]


def _read_rows(order: Sequence[str], rows: Sequence[tuple[int, Cells]], commas: bool) -> Sheet:
    """What one number leaves open, others in the same table may settle. `commas` stand between the columns."""
    named = [(number, dict(zip(order, cells, strict=False)), cells[len(order) :]) for number, cells in rows]
    marks = {decimal_in(cells.get("value", "")) for _number, cells, _rest in named} - {""}
    decimal = marks.pop() if len(marks) == 1 else ""
    lines: dict[date, Line] = {}
    problems: list[Text] = []
    for number, cells, rest in named:
        try:
            line = _read_row(number, cells, rest, decimal, commas)
            if twin := lines.get(line.taken_on):
                raise Refused(_("the same day as line %(other)s.", other=twin.number))
            lines[line.taken_on] = line
        except Refused as refused:
            problems.append(on_line(number, refused.message))
    return Sheet([] if problems else list(lines.values()), problems)


def _read_row(number: int, cells: dict[str, str], rest: Cells, decimal: str, commas: bool) -> Line:
    note = cells.get("note", "")
    if any(rest) or (commas and note.isdigit()):
        raise Refused(_("there are too many columns. Is the comma in a number taken for one? Use semicolons."))
    if len(note) > NOTE_LENGTH:
        raise Refused(_("the note is longer than %(most)s characters.", most=NOTE_LENGTH))
    return Line(number, read_day(cells.get("date", "")), read_number(cells.get("value", ""), decimal), note)


def on_line(number: int, reason: Text) -> Text:
    return _("Line %(number)s: %(reason)s", number=number, reason=reason)
