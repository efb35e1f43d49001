"""Rewriting a pilot in the open: what it said before stays readable, with who changed it and when."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import zip_longest

from sqlalchemy import update
from sqlmodel import Session, col, select

from app.accounts.models import Person
from app.activity.actions import tell, write_down
from app.core.clock import now
from app.core.errors import Conflict
from app.core.i18n import _
from app.core.language import guess_language, search_document
from app.core.paging import Page, decode_after, encode_after
from app.core.writes import count_changed
from app.pilots.actions import PilotArea, PilotText, put_themes_and_goals
from app.pilots.models import EarlierPilot, Pilot

SHOWN = 10
OVERTAKEN = _(
    "Somebody else changed this pilot in the meantime. Below is what it says now; save again if yours should stand."
)
FROZEN_PARTS = {"title", "problem"}
FROZEN_MEANWHILE = _(
    "An approach was chosen in the meantime, so the problem is frozen. Say why you change it, and save again."
)


@dataclass(frozen=True)
class Version:
    """What a pilot said, who changed it into this, when and why, and which parts were changed by that."""

    number: int
    title: str
    problem: str
    theme_ids: Sequence[int]
    goal_ids: Sequence[int]
    area: PilotArea
    changed_by: str | None = None
    changed_at: datetime | None = None
    changed: Sequence[str] = ()
    reason: str = ""


def needs_reason(pilot: Pilot, about: PilotText) -> bool:
    """The problem is frozen when an approach is chosen for it; then name and problem change only with a reason."""
    return pilot.frozen_at is not None and (pilot.title, pilot.problem) != (about.title, about.problem)


def rewrite_pilot(
    session: Session, actor_id: int, pilot: Pilot, about: PilotText, area: PilotArea, seen: int, reason: str = ""
) -> bool:
    """False when nothing changed; raises Conflict when it is another version by now than the person saw, or when an
    approach was chosen meanwhile and no reason is given."""
    before = version_now(pilot)
    parts = _parts_changed(before, about, area)
    if not parts and pilot.version == seen:
        return False
    rewritten = update(Pilot).where(col(Pilot.id) == pilot.id, col(Pilot.version) == seen)
    if not reason and FROZEN_PARTS.intersection(parts):
        rewritten = rewritten.where(col(Pilot.frozen_at).is_(None))
    columns = {
        "title": about.title, "problem": about.problem, "language": about.language,
        "lat": area.lat, "lon": area.lon, "radius_m": area.radius_m,
        "search_stems": search_document(about.title, about.problem, about.language),
    }  # fmt: skip
    if pilot.version != seen or not count_changed(
        session, rewritten.values(version=seen + 1, updated_at=now(), **columns)
    ):
        session.refresh(pilot, ["version"])
        raise Conflict(FROZEN_MEANWHILE if pilot.version == seen else OVERTAKEN)
    session.add(_kept(pilot.id, before, actor_id, reason))
    put_themes_and_goals(session, pilot.id, about.theme_ids, about.goal_ids)
    facts = {"version": seen + 1, "changed": parts}
    language = guess_language(reason) if reason else ""
    tell(
        session, "pilot", pilot.id, "changed", actor_id=actor_id, by_city=True, text=reason, language=language,
        facts=facts,
    )  # fmt: skip
    write_down(session, "pilot.changed", "pilot", pilot.id, actor_id=actor_id, role="team", facts=facts)
    return True


def version_now(pilot: Pilot) -> Version:
    return Version(
        number=pilot.version,
        title=pilot.title,
        problem=pilot.problem,
        theme_ids=sorted(theme.id for theme in pilot.themes),
        goal_ids=sorted(goal.id for goal in pilot.goals),
        area=PilotArea(pilot.lat, pilot.lon, pilot.radius_m),
    )


def _kept(pilot_id: int, before: Version, actor_id: int, reason: str) -> EarlierPilot:
    return EarlierPilot(
        pilot_id=pilot_id,
        version=before.number,
        title=before.title,
        problem=before.problem,
        theme_ids=list(before.theme_ids),
        goal_ids=list(before.goal_ids),
        lat=before.area.lat,
        lon=before.area.lon,
        radius_m=before.area.radius_m,
        reason=reason,
        replaced_by=actor_id,
    )


def _parts_changed(before: Version, about: PilotText, area: PilotArea) -> list[str]:
    pairs = {
        "title": (before.title, about.title),
        "problem": (before.problem, about.problem),
        "themes": (list(before.theme_ids), sorted(about.theme_ids)),
        "goals": (list(before.goal_ids), sorted(about.goal_ids)),
        "area": (before.area, area),
    }
    return [name for name, (old, new) in pairs.items() if old != new]


def read_history(session: Session, pilot: Pilot, after: str = "") -> Page[Version]:
    """What the pilot says now and what it said before, newest first; `after` holds the number to begin with."""
    top = int(decode_after(after, (int,))[0]) if after else pilot.version
    rows = session.exec(
        select(EarlierPilot, Person.display_name)
        .outerjoin(Person, col(Person.id) == EarlierPilot.replaced_by)
        .where(EarlierPilot.pilot_id == pilot.id, col(EarlierPilot.version) <= top)
        .order_by(col(EarlierPilot.version).desc())
        .limit(SHOWN + 1)
    ).all()
    texts = [version_now(pilot)] if top >= pilot.version else []
    texts += [_as_version(row) for row, _name in rows]
    makers = {row.version + 1: (name or "", row) for row, name in rows}
    told = [
        _told(text, older, makers.get(text.number))
        for text, older in zip_longest(texts[:SHOWN], texts[1 : SHOWN + 1])
        if text is not None
    ]
    return Page(told, encode_after(texts[SHOWN].number) if len(texts) > SHOWN else None)


def _as_version(row: EarlierPilot) -> Version:
    area = PilotArea(row.lat, row.lon, row.radius_m)
    return Version(row.version, row.title, row.problem, row.theme_ids, row.goal_ids, area)


def _told(text: Version, older: Version | None, maker: tuple[str, EarlierPilot] | None) -> Version:
    """With who made it of the older one, when, why, and what they changed."""
    if older is None or maker is None:
        return text
    about = PilotText(text.title, text.problem, text.theme_ids, text.goal_ids)
    changed = _parts_changed(older, about, text.area)
    name, replaced = maker
    return replace(text, changed_by=name, changed_at=replaced.replaced_at, changed=changed, reason=replaced.reason)
