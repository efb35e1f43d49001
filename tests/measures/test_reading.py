"""Numbers, days and tables as people type them: read as they are meant, asked when they can mean two things."""

from datetime import date, timedelta

import pytest
from babel.numbers import format_decimal
from hypothesis import example, given
from hypothesis import strategies as st

from app.core.forms import Refused
from app.core.i18n import today, translate
from app.measures.models import MOST_MEASUREMENTS
from app.measures.numbers import as_typed, decimal_in, read_day, read_number, readings
from app.measures.sheet import LARGEST_FILE, read_sheet, text_of

THOUSANDTHS = st.integers(-(10**14), 10**14).map(lambda thousandths: thousandths / 1000)
PAST_DAYS = st.dates(date(1900, 1, 1), today())


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1.234.567", 1234567),
        ("1 234,5", 1234.5),
        ("1\u202f234", 1234),
        ("1'234.5", 1234.5),
        ("0,125", 0.125),
        ("0.125", 0.125),
        ("1234.567", 1234.567),
        ("1,2340", 1.234),
        (",5", 0.5),
        ("−3,5", -3.5),
        ("+4", 4),
        ("-0", 0),
        ("007", 7),
    ],
)
def test_a_number_is_read_as_it_is_meant(typed: str, value: float) -> None:
    assert read_number(typed) == value
    assert str(read_number(typed))[0] != "-" or value < 0


@pytest.mark.parametrize("typed", ["1.234", "1,234", "-1.234", "12,345"])
def test_a_number_that_can_mean_two_things_is_asked(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        read_number(typed)
    large, small = (str(refused.value.message.params[name]) for name in ("large", "small"))
    assert read_number(large) == pytest.approx(read_number(small) * 1000)
    assert {read_number(typed, ","), read_number(typed, ".")} == {read_number(large), read_number(small)}


@pytest.mark.parametrize(
    "typed", ["", "5%", "1e5", "12.34.567", "1,", "1.234 567", "--3", "٣", "1,2,3", "1,23.4", "nan"]
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        read_number(typed)


@given(THOUSANDTHS.filter(lambda value: abs(value) <= 1e9), st.sampled_from(["nl", "en"]))
@example(1.234, "nl")
def test_a_number_written_in_dutch_or_english_is_that_number_or_asked(value: float, locale: str) -> None:
    typed = format_decimal(value, locale=locale)
    assert value in readings(typed)
    assert read_number(typed, "," if locale == "nl" else ".") == value


@given(THOUSANDTHS)
def test_a_number_comes_back_from_a_field_as_it_was(value: float) -> None:
    assert abs(value) > 1e12 or read_number(as_typed(value)) == value


@given(st.text(st.sampled_from("0123456789.,- '\u00a0e%x"), max_size=20))
def test_any_typing_is_a_number_or_refused(typed: str) -> None:
    assert decimal_in(typed) in ("", ",", ".")
    try:
        value = read_number(typed)
    except Refused:
        return
    assert abs(value) <= 1e12


@pytest.mark.parametrize("typed", ["2026-03-31", "2026-3-31", "31-3-2026", "31.03.2026", "31/3/2026"])
def test_a_day_is_read_as_it_is_meant(typed: str) -> None:
    assert read_day(typed) == date(2026, 3, 31)


@pytest.mark.parametrize("typed", ["3/4/2026", "31-02-2026", "03/31/2026", "1899-12-31", "26-3-31", "gisteren", ""])
def test_a_day_that_cannot_be_read_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        read_day(typed)


def test_tomorrow_has_not_been_measured_yet() -> None:
    assert read_day(today().isoformat()) == today()
    with pytest.raises(Refused, match="yet to come"):
        read_day((today() + timedelta(days=1)).isoformat())


def test_tables_as_spreadsheets_save_them() -> None:
    wanted = [(date(2026, 1, 31), 1234.0, "na de vakantie"), (date(2026, 2, 28), 12.5, "")]
    for text in (
        "datum;waarde;opmerking\r\n2026-01-31;1.234;na de  vakantie\r\n\r\n28-2-2026;12,5;\r\n",
        "\ufeffdate,value,note\n2026-01-31,1234,na de vakantie\n2026-02-28,12.5",
        '2026-01-31,"1.234","na de\nvakantie"\n2026-02-28,"12,5",""\n',
        "waarde\topmerking\tdatum\n1234\tna de vakantie\t31-1-2026\n12,50\t\t28-2-2026",
    ):
        sheet = read_sheet(text)
        assert [(line.taken_on, line.value, line.note) for line in sheet.lines] == wanted, sheet.problems


def test_every_line_that_is_wrong_is_named_and_then_none_counts() -> None:
    text = "\n".join(
        [
            "datum;waarde;opmerking",
            "2026-01-01;12;goed",
            "2026-01-02;veel;",
            "32-1-2026;4;",
            "",
            "2026-01-03;1.234;",
            "2026-01-01;13;weer",
            f"2026-01-04;4;{'x' * 301}",
            f"{today() + timedelta(days=2)};4;",
            "2026-01-05;4;een;vier",
            "2026-01-06",
        ]
    )
    sheet = read_sheet(text)
    said = [translate(problem, "nl") for problem in sheet.problems]
    assert not sheet.lines
    assert [line.partition(":")[0] for line in said] == [f"Regel {n}" for n in (3, 4, 6, 7, 8, 9, 10, 11)]
    assert "dezelfde dag als regel 2" in said[3]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no measurement"),
        ("datum;waarde\n", "no measurement"),
        ("datum;prijs\n2026-01-01;3", "Line 1: the columns"),
        ("datum;datum;waarde\n2026-01-01;3;4", "Line 1: the columns"),
        ('2026-01-01;3;"open\n2026-01-02;4', "Line 1: the quotation marks"),
        ("2026-01-01,3,5,\n", "too many columns"),
        ("2026-01-01,3,5\n", "too many columns"),
        ("2026-01-01;3\n" * (MOST_MEASUREMENTS + 1), "more than"),
    ],
)
def test_a_table_that_is_none_says_why(text: str, said: str) -> None:
    (problem,) = read_sheet(text).problems
    assert said in str(problem)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_letters_arrive_however_the_file_was_saved(encoding: str) -> None:
    assert text_of("2026-01-01;3;één café".encode(encoding)) == "2026-01-01;3;één café"


NOTES = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), max_size=40).filter(
    lambda note: not note.isdigit()
)
ROWS = st.lists(st.tuples(PAST_DAYS, THOUSANDTHS.filter(lambda v: abs(v) <= 1e9), NOTES), min_size=1, max_size=20)


@given(ROWS, st.sampled_from(";\t,"), st.booleans())
def test_a_table_comes_back_as_it_was_written(rows: list[tuple[date, float, str]], by: str, named: bool) -> None:
    days = {day: (value, note) for day, value, note in rows}

    def cell(text: str) -> str:
        return '"' + text.replace('"', '""') + '"'

    lines = [by.join(("date", "value", "note"))] if named else []
    lines += [by.join((cell(str(day)), cell(as_typed(value)), cell(note))) for day, (value, note) in days.items()]
    sheet = read_sheet("\r\n".join(lines))
    assert {line.taken_on: line.value for line in sheet.lines} == {day: value for day, (value, _note) in days.items()}


@given(st.text(st.sampled_from('0123456789-;,."\n\r\tdatewrnoi xé€='), max_size=200))
def test_any_text_is_a_table_or_refused(text: str) -> None:
    sheet = read_sheet(text)
    assert bool(sheet.lines) != bool(sheet.problems)


@given(st.binary(max_size=300))
def test_any_file_can_be_read_or_refused(content: bytes) -> None:
    assert len(content) < LARGEST_FILE
    sheet = read_sheet(text_of(content))
    assert bool(sheet.lines) != bool(sheet.problems)
