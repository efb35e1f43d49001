"""What the team measures: indicators, and what was measured. Every change can be followed by everybody."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session, col

from app.activity.actions import tell, write_down
from app.core.clock import now
from app.core.errors import Conflict
from app.core.i18n import Text, _
from app.core.language import guess_language
from app.core.writes import count_changed
from app.measures import queries
from app.measures.forms import (
    CorrectionForm,
    IndicatorEditForm,
    IndicatorForm,
    MeasurementForm,
    ReasonForm,
)
from app.measures.models import MOST_INDICATORS, MOST_MEASUREMENTS, Indicator, Measurement
from app.measures.sheet import Line, on_line
from app.pilots.models import Pilot

AS_TEAM = "team"
OVERTAKEN = _(
    "Somebody else changed this in the meantime. Below is what it says now; save again if yours should stand."
)


def add_indicator(session: Session, actor_id: int, pilot: Pilot, form: IndicatorForm) -> Indicator:
    """Perhaps with the value at the start. Raises Conflict for one that is there already, and for too many."""
    _lock(session, pilot)
    if queries.count_indicators(session, pilot.id) >= MOST_INDICATORS:
        raise Conflict(_("A pilot can have %(most)s indicators at most.", most=MOST_INDICATORS))
    _refuse_twice(session, pilot.id, form.name, 0)
    about = form.model_dump(exclude={"baseline", "baseline_on"})
    indicator = Indicator(pilot_id=pilot.id, added_by=actor_id, **about)
    session.add(indicator)
    session.flush()
    if form.baseline is not None and form.baseline_on is not None:
        _add(session, actor_id, indicator, taken_on=form.baseline_on, value=form.baseline, is_baseline=True)
    _tell(session, actor_id, indicator, "indicator.added", "added")
    return indicator


def change_indicator(session: Session, actor_id: int, indicator: Indicator, form: IndicatorEditForm) -> None:
    """Raises Conflict when it is another version by now than the person saw."""
    about = form.model_dump(exclude={"version", "reason"})
    changed = [name for name, value in about.items() if getattr(indicator, name) != value]
    _change(session, indicator, form.version, **about)
    _refuse_twice(session, indicator.pilot_id, form.name, indicator.id)
    _tell(session, actor_id, indicator, "indicator.changed", "changed", {"changed": changed}, form.reason)


def retire_indicator(session: Session, actor_id: int, indicator: Indicator, form: ReasonForm) -> None:
    """It is no longer measured; what was measured stays readable."""
    _change(session, indicator, form.version, retired_at=now())
    _tell(session, actor_id, indicator, "indicator.retired", "retired", {}, form.reason)


def record(session: Session, actor_id: int, indicator: Indicator, form: MeasurementForm) -> None:
    """Raises Conflict when there is one of that day, or a baseline, already."""
    _lock_while_measured(session, indicator)
    if queries.measured_on(session, indicator.id, [form.taken_on]):
        raise Conflict(_("There is a measurement of this day already. Correct that one instead."))
    if form.is_baseline and queries.has_baseline(session, indicator.id):
        raise Conflict(_("There is a value at the start already. Correct that one instead."))
    if queries.count_measurements(session, indicator.id) >= MOST_MEASUREMENTS:
        raise Conflict(_too_many())
    _add(session, actor_id, indicator, **form.model_dump())
    facts = {"on": form.taken_on.isoformat(), "value": form.value}
    _tell(session, actor_id, indicator, "measurement.recorded", "recorded", facts)


def correct(session: Session, actor_id: int, indicator: Indicator, measured: Measurement, form: CorrectionForm) -> None:
    """Raises Conflict when somebody else changed it meanwhile, and when there is another one of that day."""
    _lock_while_measured(session, indicator)
    if form.taken_on != measured.taken_on and queries.measured_on(session, indicator.id, [form.taken_on]):
        raise Conflict(_("There is a measurement of this day already. Correct that one instead."))
    before = {"on": measured.taken_on.isoformat(), "value": measured.value}
    _change(session, measured, form.version, **form.model_dump(exclude={"version", "reason"}))
    facts = {**before, "now": form.value, "now_on": form.taken_on.isoformat()}
    _tell(session, actor_id, indicator, "measurement.corrected", "corrected", facts, form.reason)


def take_back(session: Session, actor_id: int, indicator: Indicator, measured: Measurement, form: ReasonForm) -> None:
    """The row goes; that it was there, with its value and why it went, stays on the timeline."""
    _lock_while_measured(session, indicator)
    as_seen = delete(Measurement).where(col(Measurement.id) == measured.id, col(Measurement.version) == form.version)
    if not count_changed(session, as_seen):
        raise Conflict(OVERTAKEN)
    facts = {"on": measured.taken_on.isoformat(), "value": measured.value}
    _tell(session, actor_id, indicator, "measurement.taken-back", "taken-back", facts, form.reason)


def take_over(
    session: Session, actor_id: int, indicator: Indicator, lines: Sequence[Line], first_is_baseline: bool
) -> list[Text]:
    """All lines of a table or none: then what is wrong with them."""
    _lock_while_measured(session, indicator)
    if problems := _what_clashes(session, indicator, lines, first_is_baseline):
        return problems
    first = min(lines, key=lambda line: line.taken_on)
    for line in lines:
        is_baseline = first_is_baseline and line is first
        _add(
            session, actor_id, indicator, taken_on=line.taken_on, value=line.value, note=line.note,
            is_baseline=is_baseline,
        )  # fmt: skip
    _tell(session, actor_id, indicator, "measurements.taken-over", "taken-over", {"lines": len(lines)})
    return []


def _add(session: Session, actor_id: int, indicator: Indicator, **measured: Any) -> None:
    session.add(Measurement(indicator_id=indicator.id, recorded_by=actor_id, **measured))


def _what_clashes(session: Session, indicator: Indicator, lines: Sequence[Line], first_is_baseline: bool) -> list[Text]:
    known = queries.measured_on(session, indicator.id, [line.taken_on for line in lines])
    there = _("there is a measurement of this day already.")
    problems = [on_line(line.number, there) for line in lines if line.taken_on in known]
    if first_is_baseline and queries.has_baseline(session, indicator.id):
        problems.append(_("There is a value at the start already. Take the tick away."))
    if queries.count_measurements(session, indicator.id) + len(lines) > MOST_MEASUREMENTS:
        problems.append(_too_many())
    return problems


def _too_many() -> Text:
    return _("An indicator can have %(most)s measurements at most.", most=MOST_MEASUREMENTS)


def _refuse_twice(session: Session, pilot_id: int, name: str, itself: int) -> None:
    others = (each for each in queries.indicators_of(session, pilot_id) if each.id != itself)
    if any(each.name.casefold() == name.casefold() for each in others):
        raise Conflict(_("“%(name)s” is measured already. Change that indicator instead.", name=name))


def _lock(session: Session, pilot: Pilot) -> None:
    """Who adds another indicator at the same time waits, and then sees this one."""
    count_changed(session, update(Pilot).where(col(Pilot.id) == pilot.id).values(stage=Pilot.stage))


def _lock_while_measured(session: Session, indicator: Indicator) -> None:
    measured = update(Indicator).where(col(Indicator.id) == indicator.id, col(Indicator.retired_at).is_(None))
    if not count_changed(session, measured.values(version=Indicator.version)):
        raise Conflict(_("This is no longer measured."))


def _change(session: Session, row: Indicator | Measurement, seen: int, **values: Any) -> None:
    table: Any = Indicator if isinstance(row, Indicator) else Measurement
    as_seen = update(table).where(table.id == row.id, table.version == seen)
    if isinstance(row, Indicator):
        as_seen = as_seen.where(col(Indicator.retired_at).is_(None))
    if not count_changed(session, as_seen.values(version=seen + 1, **values)):
        raise Conflict(OVERTAKEN)


def _tell(
    session: Session,
    actor_id: int,
    indicator: Indicator,
    kind: str,
    what: str,
    facts: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    """On the public timeline with the reason, and in the audit without."""
    facts = {"indicator": indicator.id, **(facts or {})}
    tell(
        session, "pilot", indicator.pilot_id, "measured", actor_id=actor_id, by_city=True, text=reason,
        language=guess_language(reason) if reason else "", facts={"what": what, "name": indicator.name, **facts},
    )  # fmt: skip
    write_down(session, kind, "pilot", indicator.pilot_id, actor_id=actor_id, role=AS_TEAM, facts=facts)
