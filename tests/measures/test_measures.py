"""How a pilot knows whether it works: the team measures in the open, and everybody can take the numbers along."""

import csv
import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from io import StringIO
from typing import Any

import pytest
from sqlmodel import Session, col, func, select

from app.accounts.models import Person
from app.activity.models import AuditEntry, TimelineEntry
from app.core.i18n import today
from app.measures.comparing import change_in_words
from app.measures.models import MOST_INDICATORS, Direction, Indicator, Measurement
from app.pilots.models import Pilot
from tests.browsing import Browser
from tests.conftest import Cast, Counting
from tests.crowd import at_once
from tests.factories import make_issue, make_pilot

BrowserOf = Callable[[Person | None], Browser]
FORM = {"name": "Meldingen over donker", "unit": "per maand", "source": "Meldpunt van de gemeente", "better": "lower"}
MEASURED = {"value": "18", "taken_on": "2026-06-30"}


@pytest.fixture
def pilot(session: Session, cast: Cast) -> Pilot:
    return make_pilot(session, [make_issue(session, cast.author)])


@pytest.fixture
def team(browser_of: BrowserOf, cast: Cast) -> Browser:
    return browser_of(cast.team)


@pytest.fixture
def page(pilot: Pilot) -> str:
    return f"/pilots/{pilot.id}/measures"


def put(session: Session, pilot: Pilot, *values: tuple[date, float], baseline: bool = True, **about: Any) -> Indicator:
    indicator = Indicator(pilot_id=pilot.id, **{**FORM, "better": Direction.LOWER, **about})
    session.add(indicator)
    session.flush()
    session.add_all(
        Measurement(indicator_id=indicator.id, taken_on=day, value=value, is_baseline=baseline and number == 0)
        for number, (day, value) in enumerate(values)
    )
    session.commit()
    return indicator


@pytest.fixture
def indicator(session: Session, pilot: Pilot) -> Indicator:
    return put(session, pilot, (date(2026, 1, 31), 43), (date(2026, 5, 31), 18))


@pytest.fixture
def own(page: str, indicator: Indicator) -> str:
    return f"{page}/{indicator.id}"


def told(session: Session) -> list[tuple[str, str]]:
    session.expire_all()
    entries = session.exec(
        select(TimelineEntry).where(TimelineEntry.kind == "measured").order_by(col(TimelineEntry.id))
    )
    return [(entry.facts["what"], entry.text) for entry in entries]


def kinds(session: Session) -> list[str]:
    return list(session.exec(select(AuditEntry.kind).order_by(col(AuditEntry.id))))


def test_the_team_says_what_it_measures_and_how_it_is_now(
    team: Browser, visitor: Browser, session: Session, pilot: Pilot, page: str
) -> None:
    added = team.post(page, data={**FORM, "target": "10", "baseline": "1.234,5", "baseline_on": "2026-01-31"})
    assert added.headers["location"] == page
    shown = visitor.get(page).text
    assert "At the start: 1,234.5 per maand (31 Jan 2026)" in shown
    assert "Not measured again yet" in visitor.get(f"/pilots/{pilot.id}").text
    own = f"{page}/{session.exec(select(Indicator.id)).one()}"
    assert team.post(f"{own}/measurements", data=MEASURED).headers["location"] == own
    assert "From 1,234.5 to 18 per maand: 99% less; better." in visitor.get(f"/pilots/{pilot.id}").text
    drawing = re.search(r"<svg class=\"chart\".*?</svg>", visitor.get(own).text, re.S)
    assert drawing
    assert 'role="img" aria-labelledby="chart-' in drawing.group()
    assert told(session) == [("added", ""), ("recorded", "")]
    assert kinds(session)[-2:] == ["indicator.added", "measurement.recorded"]
    assert "Measured: Meldingen over donker" in visitor.get(f"/pilots/{pilot.id}").text


@pytest.mark.parametrize(
    ("wrong", "beside"),
    [
        ({"name": ""}, "name"),
        ({"unit": ""}, "unit"),
        ({"source": "x"}, "source"),
        ({"better": "blue"}, "better"),
        ({"target": "1.234"}, "target"),
        ({"baseline": "12"}, "baseline_on"),
        ({"baseline_on": "2026-01-01"}, "baseline"),
        ({"baseline": "12", "baseline_on": (today() + timedelta(days=1)).isoformat()}, "baseline_on"),
    ],
)
def test_an_indicator_that_cannot_be_kept_comes_back_with_what_was_typed(
    team: Browser, session: Session, page: str, wrong: dict[str, str], beside: str
) -> None:
    refused = team.post(page, data={**FORM, **wrong})
    assert refused.status_code == 422
    assert f'id="{beside}-error"' in refused.text
    assert all(value in refused.text for name, value in {**FORM, **wrong}.items() if name != "better")
    assert session.exec(select(Indicator)).first() is None


def test_an_indicator_is_there_once_and_there_are_not_too_many(
    team: Browser, session: Session, pilot: Pilot, page: str
) -> None:
    answers = at_once([partial(team.post, page, data=FORM)] * 3)
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409]
    for number in range(MOST_INDICATORS - 1):
        put(session, pilot, name=f"Nummer {number}")
    assert team.post(page, data={**FORM, "name": "Nog een"}).status_code == 409


@pytest.mark.parametrize(
    "wrong",
    [
        {"value": ""},
        {"value": "veel"},
        {"value": "1.234"},
        {"taken_on": ""},
        {"taken_on": "2099-01-01"},
        {"note": "x" * 301},
    ],
    ids=str,
)
def test_a_measurement_that_cannot_be_read_comes_back(
    team: Browser, session: Session, own: str, wrong: dict[str, str]
) -> None:
    refused = team.post(f"{own}/measurements", data={**MEASURED, "note": "Na de storm", **wrong})
    assert refused.status_code == 422
    assert f'id="{next(iter(wrong))}-error"' in refused.text
    assert "note" in wrong or "Na de storm" in refused.text
    assert session.exec(select(func.count()).select_from(Measurement)).one() == 2


def test_a_day_is_measured_once_and_there_is_one_baseline(team: Browser, session: Session, own: str) -> None:
    answers = at_once([partial(team.post, f"{own}/measurements", data={**MEASURED, "value": str(n)}) for n in range(4)])
    assert sorted(answer.status_code for answer in answers) == [303, 409, 409, 409]
    second = {**MEASURED, "taken_on": "2026-02-01", "is_baseline": "true", "note": "Van voor de proef"}
    refused = team.post(f"{own}/measurements", data=second)
    assert refused.status_code == 409
    assert "Van voor de proef" in refused.text
    assert session.exec(select(func.count()).select_from(Measurement)).one() == 3


def test_what_was_measured_is_corrected_and_taken_back_in_the_open(
    team: Browser, visitor: Browser, session: Session, pilot: Pilot, own: str, indicator: Indicator
) -> None:
    latest = session.exec(select(Measurement).order_by(col(Measurement.taken_on).desc())).first()
    assert latest
    address = f"{own}/measurements/{latest.id}"
    assert 'value="18"' in team.get(address).text
    corrected = {"value": "20,5", "taken_on": "2026-05-30", "version": "1", "reason": "Dubbel geteld."}
    refused = team.post(address, data={**corrected, "reason": ""})
    assert refused.status_code == 422
    assert 'id="reason-error"' in refused.text
    assert 'value="20,5"' in refused.text
    assert team.post(address, data=corrected).headers["location"] == own
    shown = visitor.get(f"/pilots/{pilot.id}").text
    assert "Dubbel geteld." in shown
    assert "31 May 2026: 18 → 30 May 2026: 20.5" in " ".join(shown.split())
    assert team.post(f"{address}/removal", data={"version": "2", "reason": ""}).status_code == 422
    assert team.post(f"{address}/removal", data={"version": "1", "reason": "Fout."}).status_code == 409
    assert team.post(f"{address}/removal", data={"version": "2", "reason": "De teller was stuk."}).status_code == 303
    assert told(session) == [("corrected", "Dubbel geteld."), ("taken-back", "De teller was stuk.")]
    assert kinds(session)[-2:] == ["measurement.corrected", "measurement.taken-back"]
    assert session.exec(select(Measurement.value)).all() == [43]
    assert team.get(address).status_code == 404


def test_a_corrected_measurement_does_not_take_the_day_of_another(team: Browser, session: Session, own: str) -> None:
    latest = session.exec(select(Measurement.id).where(Measurement.value == 18)).one()
    form = {"value": "18", "taken_on": "2026-01-31", "version": "1", "reason": "Andere dag."}
    refused = team.post(f"{own}/measurements/{latest}", data=form)
    assert refused.status_code == 409
    assert "Andere dag." in refused.text


def test_two_who_correct_at_once_never_overwrite_each_other(team: Browser, session: Session, own: str) -> None:
    number = session.exec(select(Measurement.id).where(Measurement.value == 18)).one()
    tries = {
        f"{own}/edit": [{**FORM, "unit": f"eenheid {n}", "version": "1", "reason": f"Reden {n}."} for n in range(3)],
        f"{own}/measurements/{number}": [
            {"value": f"{n}", "taken_on": "2026-05-31", "version": "1", "reason": f"Reden {n}."} for n in range(3)
        ],
    }
    for address, forms in tries.items():
        answers = at_once([partial(team.post, address, data=form) for form in forms])
        assert sorted(answer.status_code for answer in answers) == [303, 409, 409]
        for form, answer in zip(forms, answers, strict=True):
            if answer.status_code == 409:
                assert form["reason"] in answer.text
                assert 'id="overtaken"' in answer.text
                assert 'name="version" value="2"' in answer.text
    gone = at_once(
        [partial(team.post, f"{own}/measurements/{number}/removal", data={"version": "2", "reason": "Weg."})] * 2
    )
    assert sorted(answer.status_code for answer in gone)[0] == 303
    assert sorted(answer.status_code for answer in gone)[1] in (404, 409)


def test_what_is_no_longer_measured_stays_readable(
    team: Browser, visitor: Browser, session: Session, page: str, own: str
) -> None:
    assert team.post(f"{own}/retirement", data={"version": "1", "reason": ""}).status_code == 422
    assert team.post(f"{own}/retirement", data={"version": "2", "reason": "Te duur."}).status_code == 409
    assert team.post(f"{own}/retirement", data={"version": "1", "reason": "Te duur."}).status_code == 303
    assert "No longer measured" in visitor.get(page).text
    assert "<td>43</td>" in visitor.get(own).text
    assert team.post(f"{own}/measurements", data=MEASURED).status_code == 404
    assert visitor.get(f"{page}.json").json()["indicators"][0]["retiredAt"]
    assert told(session) == [("retired", "Te duur.")]


def test_a_table_is_taken_over_from_a_file(team: Browser, visitor: Browser, session: Session, own: str) -> None:
    table = "\ufeffdatum;waarde;opmerking\r\n30-6-2026;1.017,5;markt\r\n31-7-2026;12,5;\r\n"
    sent = team.post(f"{own}/import", files={"file": ("meting.csv", table.encode(), "text/csv")})
    assert sent.headers["location"] == own
    assert session.exec(select(Measurement.value).order_by(col(Measurement.taken_on))).all() == [43, 18, 1017.5, 12.5]
    assert "1,017.5" in visitor.get(own).text
    assert told(session) == [("taken-over", "")]


def test_a_table_with_a_wrong_line_changes_nothing_and_can_be_put_right_in_place(
    team: Browser, session: Session, page: str, own: str
) -> None:
    table = "2026-05-31;3;\n2026-06-30;<b>veel</b>;\n2026-07-31;4;"
    refused = team.post(f"{own}/import", files={"file": ("meting.csv", table.encode(), "text/csv")})
    assert refused.status_code == 422
    assert "Regel 2: Dit getal" in refused.text
    assert "2026-06-30;&lt;b&gt;veel" in refused.text
    again = team.post(f"{own}/import", data={"lines": table.replace("<b>veel</b>", "5")})
    assert again.status_code == 422
    assert "Regel 1: er is al een meting" in again.text
    assert session.exec(select(func.count()).select_from(Measurement)).one() == 2
    assert team.post(f"{own}/import", data={"lines": table[14:].replace("<b>veel</b>", "5")}).status_code == 303
    large = team.post(f"{own}/import", files={"file": ("groot.csv", b"2026-06-30;3\n" * 9000, "text/csv")})
    assert large.status_code == 422
    assert "100 kB" in large.text
    assert team.post(f"{own}/import", data={"lines": ""}).status_code == 422


def test_the_earliest_line_of_a_table_can_be_how_it_was_before(
    team: Browser, session: Session, pilot: Pilot, page: str
) -> None:
    own = f"{page}/{put(session, pilot).id}"
    lines = {"lines": "2026-06-30;5\n2026-01-31;40", "first_is_baseline": "true"}
    answers = at_once([partial(team.post, f"{own}/import", data=lines)] * 2)
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    assert session.exec(select(Measurement.value).where(col(Measurement.is_baseline))).all() == [40]


def test_everybody_can_take_the_numbers_along_and_no_spreadsheet_runs_them(
    visitor: Browser, session: Session, pilot: Pilot, page: str
) -> None:
    put(session, pilot, (date(2026, 1, 31), 1234567.125), name='=HYPERLINK("x")', unit="+3", source="@bron", target=-2)
    table = visitor.get(f"{page}.csv")
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'rel="license"' in table.headers["link"]
    (row,) = csv.DictReader(StringIO(table.text.removeprefix("\ufeff")))
    assert (row["name"], row["unit"], row["source"]) == ('\'=HYPERLINK("x")', "'+3", "'@bron")
    assert (row["value"], row["target"], row["is_baseline"]) == ("1234567.125", "-2", "yes")
    data = visitor.get(f"{page}.json").json()
    assert data["licence"] == row["licence"]
    assert data["indicators"][0]["measurements"] == [
        {"date": "2026-01-31", "value": 1234567.125, "isBaseline": True, "note": ""}
    ]


def test_a_hidden_pilot_gives_no_numbers(visitor: Browser, session: Session, pilot: Pilot, page: str, own: str) -> None:
    pilot.visible = False
    session.add(pilot)
    session.commit()
    assert {visitor.get(each).status_code for each in (page, own, f"{page}.csv", f"{page}.json")} == {404}


def test_many_measurements_come_in_pages_with_the_same_number_of_statements(
    visitor: Browser, session: Session, pilot: Pilot, page: str, counting: Counting
) -> None:
    with counting() as few:
        visitor.get(page)
    days = [(date(2025, 1, 1) + timedelta(days=number), float(number)) for number in range(70)]
    own = f"{page}/{put(session, pilot, *days).id}"
    put(session, pilot, (date(2026, 1, 1), 3), name="Nog iets")
    with counting() as many:
        assert visitor.get(page).text.count("<tr>") < 20
    assert many.count <= few.count + 1
    seen, address = [], own
    while address:
        shown = visitor.get(address).text
        seen += re.findall(r"<td>(\d+)</td>", shown)
        further = re.search(r'href="(/pilots/\d+/measures/\d+\?after=[^"]+)"', shown)
        address = further.group(1) if further else ""
    assert seen == [str(number) for number in reversed(range(70))]
    for nonsense in ("x", "WzFd", "Wy0xXQ", "Wzk5OTk5OTk5OTld"):
        assert visitor.get(f"{own}?after={nonsense}").status_code in (200, 400)


def change(first: float, now: float, better: Direction = Direction.LOWER, target: float | None = None) -> str:
    measured = [
        Measurement(indicator_id=1, taken_on=date(2026, 1, 1), value=float(first), is_baseline=True),
        Measurement(indicator_id=1, taken_on=date(2026, 2, 1), value=float(now)),
    ]
    indicator = Indicator(pilot_id=1, name="x", unit="per month", source="x", better=better, target=target)
    indicator.measurements = measured
    return str(change_in_words(indicator))


@pytest.mark.parametrize(
    ("said", "numbers"),
    [
        ("From 43 to 18 per month: 58% less; better.", (43, 18)),
        ("From 43 to 18 per month: 58% less; worse.", (43, 18, Direction.HIGHER)),
        ("From 43 to 18 per month: 58% less; better, and the target is reached.", (43, 18, Direction.LOWER, 18)),
        ("From 0 to 5 per month: worse.", (0, 5)),
        ("From 5 to 0 per month: 100% less; better.", (5, 0)),
        ("From -5 to 5 per month: worse.", (-5, 5)),
        ("From -5 to -10 per month: better.", (-5, -10)),
        ("From 1 to 40 per month: worse.", (1, 40)),
        ("From 1,000 to 1,001 per month: less than 1% difference; worse.", (1000, 1001)),
        ("7.5 per month, the same as at the start.", (7.5, 7.5)),
    ],
)
def test_how_it_was_and_how_it_is_in_words(said: str, numbers: tuple[Any, ...]) -> None:
    assert change(*numbers) == said


def test_without_a_baseline_nothing_is_compared(visitor: Browser, session: Session, pilot: Pilot, page: str) -> None:
    put(session, pilot, (date(2026, 1, 1), 3), (date(2026, 2, 1), 4), baseline=False)
    assert "There is no value from before the pilot" in visitor.get(page).text
