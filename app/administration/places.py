"""Neighbourhoods: renamed, or taken from a GeoJSON file."""

import json

from sqlalchemy import update
from sqlmodel import Session, col

from app.activity.actions import write_down
from app.core.errors import Conflict
from app.core.i18n import Text, _
from app.core.writes import count_changed
from app.places.actions import keep_area, read_areas
from app.places.models import Neighbourhood


def rename_neighbourhood(session: Session, admin_id: int, area: Neighbourhood, name: str, seen: str) -> None:
    """Raises Conflict when it has another name by now than the person saw."""
    renamed = update(Neighbourhood).where(col(Neighbourhood.id) == area.id, col(Neighbourhood.name) == seen)
    if not count_changed(session, renamed.values(name=name)):
        raise Conflict(_("Somebody else gave this neighbourhood another name in the meantime. Look at the list again."))
    if name != seen:
        facts = {"name": [seen, name]}
        write_down(session, "neighbourhood.renamed", "neighbourhood", area.code, actor_id=admin_id, role="admin",
                   facts=facts)  # fmt: skip


def upload_neighbourhoods(session: Session, admin_id: int, file: bytes) -> list[Text]:
    """All areas of the file or none; returns what is wrong, for every area that cannot be used."""
    try:
        collection = json.loads(file)
    except (ValueError, RecursionError):
        return [_("This file is not JSON that we can read. Choose a GeoJSON file.")]
    areas, problems = read_areas(collection)
    if not areas and not problems:
        problems = [_("There are no areas in this file.")]
    if problems:
        return problems
    new = [area.code for area in areas if keep_area(session, area)]
    facts = {"areas": len(areas), "new": new[:50]}
    write_down(session, "neighbourhood.uploaded", "neighbourhood", "all", actor_id=admin_id, role="admin", facts=facts)
    return []
