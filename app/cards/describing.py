"""Our own pilots as cards: only what everybody may read, in a fixed number of statements for any number of pilots."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeVar

from sqlalchemy.orm import joinedload, selectinload
from sqlmodel import Session, col, select

from app.approaches.models import Approach, ApproachChoice
from app.cards import document as said
from app.cards.document import VERSION
from app.coalition.models import Partner
from app.core.i18n import TIME_ZONE
from app.core.paging import Page, decode_after, encode_after
from app.gates.models import GateDecision
from app.lessons.models import Lesson
from app.measures.models import Indicator, Measurement
from app.pilots.models import Pilot
from app.verdicts.models import VerdictQuestion

CARDS_PER_PAGE = 50
MOST_LESSONS, MOST_PARTNERS, MOST_INDICATORS, MOST_MEASUREMENTS = 50, 50, 30, 200
COSTS = ("running_budget", "budget")
"""The questions of gates whose public answer says what a pilot costs; the running budget of daily work comes first."""

Row = TypeVar("Row")
Licence = Literal["CC0-1.0", "CC-BY-4.0"]


@dataclass(frozen=True)
class Publisher:
    """Who publishes: `base` is the address of the site."""

    base: str
    city: str
    district: str
    is_invented: bool
    licence: Licence

    def in_words(self) -> said.City:
        return said.City(name=self.city or "?", district=self.district, url=self.base)


@dataclass(frozen=True)
class Facts:
    """What was read about some pilots, by their number."""

    choices: Mapping[int, Sequence[ApproachChoice]]
    decisions: Mapping[int, Sequence[GateDecision]]
    indicators: Mapping[int, Sequence[Indicator]]
    questions: Mapping[int, Sequence[VerdictQuestion]]
    partners: Mapping[int, Sequence[Partner]]
    lessons: Mapping[int, Sequence[Lesson]]


def pilots_to_publish(session: Session, after: str = "", size: int = CARDS_PER_PAGE) -> Page[Pilot]:
    """The newest first, so that a page never shifts while somebody reads the next ones."""
    visible = select(Pilot).where(col(Pilot.visible)).options(selectinload(Pilot.themes))  # type: ignore[arg-type]
    if after:
        visible = visible.where(col(Pilot.id) < decode_after(after, (int,))[0])
    pilots = session.exec(visible.order_by(col(Pilot.id).desc()).limit(size + 1)).all()
    return Page(pilots[:size], encode_after(pilots[size - 1].id) if len(pilots) > size else None)


def describe(session: Session, pilots: Sequence[Pilot], publisher: Publisher) -> list[said.Card]:
    """With their themes loaded."""
    facts = read_facts(session, [pilot.id for pilot in pilots])
    return [describe_one(pilot, facts, publisher) for pilot in pilots]


def read_facts(session: Session, pilot_ids: Collection[int]) -> Facts:
    def of_these(table: Any, *which: Any, order: Any, **also: Any) -> dict[int, list[Any]]:
        found = select(table).where(col(table.pilot_id).in_(pilot_ids), *which).order_by(order)
        return _by_pilot(session.exec(found.options(*also.values())))

    parts: Any = joinedload(ApproachChoice.approach).selectinload(Approach.parts)  # type: ignore[arg-type]
    series: Any = selectinload(Indicator.measurements)  # type: ignore[arg-type]
    return Facts(
        of_these(ApproachChoice, order=ApproachChoice.pilot_id, parts=parts),
        of_these(GateDecision, order=GateDecision.number),
        of_these(Indicator, col(Indicator.retired_at).is_(None), order=Indicator.id, series=series),
        of_these(VerdictQuestion, order=VerdictQuestion.pilot_id),
        of_these(Partner, col(Partner.left_at).is_(None), order=Partner.id),
        of_these(Lesson, col(Lesson.visible), order=Lesson.id),
    )


def _by_pilot(rows: Iterable[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.pilot_id].append(row)  # type: ignore[attr-defined]
    return dict(found)


def describe_one(pilot: Pilot, facts: Facts, publisher: Publisher) -> said.Card:
    decisions = facts.decisions.get(pilot.id, ())
    return said.Card(
        version=VERSION,
        id=f"{publisher.base}/pilots/{pilot.id}.card.json",
        url=f"{publisher.base}/pilots/{pilot.id}",
        city=publisher.in_words(),
        invented=publisher.is_invented,
        language=pilot.language,
        licence=publisher.licence,
        title=pilot.title,
        problem=pilot.problem,
        stage=pilot.stage,
        themes=[said.Theme(slug=theme.slug, name=theme.name(pilot.language)) for theme in pilot.themes],
        area=_area(pilot),
        approach=_approach(facts.choices.get(pilot.id, ())),
        history=[_decision(each) for each in decisions],
        indicators=[_indicator(each) for each in facts.indicators.get(pilot.id, ())[:MOST_INDICATORS]],
        verdict=_verdict(facts.questions.get(pilot.id, ())),
        costs=_costs(decisions),
        partners=[_partner(each) for each in facts.partners.get(pilot.id, ())[:MOST_PARTNERS]],
        lessons=[_lesson(each) for each in facts.lessons.get(pilot.id, ())[-MOST_LESSONS:]],
        created_on=_day(pilot.created_at),
        updated_at=_last_change(pilot, facts),
    )


def _area(pilot: Pilot) -> said.Area | None:
    if pilot.lat is None or pilot.lon is None:
        return None
    return said.Area(lat=pilot.lat, lon=pilot.lon, radius=pilot.radius_m)


def _approach(choices: Sequence[ApproachChoice]) -> said.Approach | None:
    """None as well when a moderator has hidden it since."""
    if not choices or not choices[0].approach.visible:
        return None
    choice, approach = choices[0], choices[0].approach
    return said.Approach(
        title=approach.title,
        summary=approach.summary,
        language=approach.language,
        reason=choice.reason,
        parts=[said.Part(kind=part.kind, text=part.text) for part in approach.parts],
    )


def _decision(decision: GateDecision) -> said.Decision:
    return said.Decision(
        from_stage=decision.from_stage,
        to_stage=decision.gate,
        outcome=decision.outcome.value,
        reason=decision.reason,
        language=decision.language,
        decided_on=_day(decision.decided_at),
        answers=[said.Answer(question=code, text=text) for code, text in public_answers(decision)],
    )


def public_answers(decision: GateDecision) -> list[tuple[str, str]]:
    """What is marked internal stays here, and so does whatever does not say clearly that it is public."""
    return [
        (code, answer["text"])
        for code, answer in decision.answers.items()
        if isinstance(answer, dict) and answer.get("internal") is False and isinstance(answer.get("text"), str)
    ]


def _costs(decisions: Sequence[GateDecision]) -> str:
    """As the last gate that asked had it."""
    for code in COSTS:
        for decision in reversed(decisions):
            if found := dict(public_answers(decision)).get(code):
                return f"€ {found}" if found[0].isdigit() else found
    return ""


def _indicator(indicator: Indicator) -> said.Indicator:
    later = [each for each in indicator.measurements if not each.is_baseline][-MOST_MEASUREMENTS:]
    baseline = next((each for each in indicator.measurements if each.is_baseline), None)
    return said.Indicator(
        name=indicator.name,
        unit=indicator.unit,
        source=indicator.source,
        better=indicator.better,
        target=indicator.target,
        baseline=_measured(baseline) if baseline else None,
        measurements=[_measured(each) for each in later],
    )


def _measured(measurement: Measurement) -> said.Measured:
    return said.Measured(on=measurement.taken_on, value=measurement.value, note=measurement.note)


def _verdict(questions: Sequence[VerdictQuestion]) -> said.Verdict | None:
    if not questions:
        return None
    asked = questions[0]
    return said.Verdict(
        asked=max(asked.asked, asked.answers + asked.moved),
        solved=asked.solved,
        partly=asked.partly,
        not_solved=asked.not_solved,
        moved=asked.moved,
        asked_on=_day(asked.asked_at),
    )


def _partner(partner: Partner) -> said.Partner:
    return said.Partner(name=partner.name, kind=partner.kind.value, role=partner.role, website=partner.website)


def _lesson(lesson: Lesson) -> said.Lesson:
    return said.Lesson(
        title=lesson.title,
        text=lesson.text,
        language=lesson.language,
        stage=lesson.stage,
        part=lesson.part,
        written_on=_day(lesson.written_at),
    )


def _last_change(pilot: Pilot, facts: Facts) -> datetime:
    """Answers to a verdict, and what was taken away, move it not: for those there is the ETag."""
    moments = [pilot.updated_at]
    moments += [each.chosen_at for each in facts.choices.get(pilot.id, ())]
    moments += [each.decided_at for each in facts.decisions.get(pilot.id, ())]
    moments += [each.asked_at for each in facts.questions.get(pilot.id, ())]
    moments += [each.added_at for each in facts.partners.get(pilot.id, ())]
    moments += [each.changed_at or each.written_at for each in facts.lessons.get(pilot.id, ())]
    for indicator in facts.indicators.get(pilot.id, ()):
        moments += [indicator.added_at, *(each.recorded_at for each in indicator.measurements)]
    return max(moments)


def _day(moment: datetime) -> Any:
    return moment.astimezone(TIME_ZONE).date()
