"""Tables for spreadsheets: as CSV in which the letters stay right, and no text is taken for a formula."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO

from starlette.responses import Response

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")


def harmless(text: str) -> str:
    """A spreadsheet takes a text that begins like a formula for one; a quotation mark keeps it a text."""
    return f"'{text}" if text.startswith(FORMULAS) else text


def table_of(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    sheet = StringIO()
    writer = csv.writer(sheet, quoting=csv.QUOTE_ALL)
    writer.writerow(columns)
    writer.writerows(rows)
    return sheet.getvalue()


def csv_file(sheet: str, name: str, headers: Mapping[str, str]) -> Response:
    """With a byte order mark, without which spreadsheets mistake the letters."""
    named = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response("\ufeff" + sheet, media_type="text/csv; charset=utf-8", headers={**headers, **named})
