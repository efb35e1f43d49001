"""A copy of all that is kept about somebody: JSON, their photos, and a README in their language."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import select
from sqlmodel import Session

from app.accounts.models import Person
from app.core.clock import now
from app.core.i18n import Text, _, say_moment, translate
from app.core.storage import NotStored, Storage
from app.privacy.held import Held, table_named
from app.privacy.register import ABOUT_PEOPLE

Rows = Sequence[Mapping[str, Any]]
ALWAYS = {
    "id": _("the number of the row"),
    "created_at": _("when it came into being"),
    "issue_id": _("the number of the issue; its page is /issues/ and this number"),
    "content_id": _("the number under “content”"),
    "author_id": _("your number"),
    "person_id": _("your number"),
    "visibility": _("whether others can see it: visible, hidden by a moderator, or removed"),
    "visible": _("whether others can see it"),
    "lat": _("latitude in degrees (WGS 84)"),
    "lon": _("longitude in degrees (WGS 84)"),
    "facts": _("details, as the site keeps them"),
    "reasons": _("why, as codes"),
    "source": _("whether you filed it as resident, business or city department"),
    "channel": _("how it reached the city team, when they entered it for you"),
    "key": _("for photos: the name of the file in the folder photos"),
}


def gather(session: Session, person: Person) -> dict[str, Rows]:
    """By table, what is about this person; keys and codes are left out, and so are the numbers of others."""
    return {name: _rows(session, name, held, person) for name, held in ABOUT_PEOPLE.items() if held.mine is not None}


def _rows(session: Session, name: str, held: Held, person: Person) -> Rows:
    table = table_named(name)
    columns = [column for column in table.columns if column.name not in held.secret]
    assert held.mine is not None
    mine = select(*columns).where(held.mine(table, person.id, person.email or ""))
    ordered = mine.order_by(*table.primary_key.columns)
    return [dict(row._mapping) for row in session.execute(ordered)]


def pack(rows: Mapping[str, Rows], storage: Storage, person: Person, base_url: str) -> bytes:
    """The archive itself. Everything was read before, so that no connection waits for the store."""
    packed = BytesIO()
    photos = list(_photos(rows, storage))
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        archive.writestr(translate(_("README.txt"), person.locale), _readme(rows, person, base_url))
        archive.writestr("data.json", json.dumps(rows, default=_as_json, ensure_ascii=False, indent=2))
        for name, data in photos:
            archive.writestr(f"photos/{name}", data)
    return packed.getvalue()


def _photos(rows: Mapping[str, Rows], storage: Storage) -> Iterator[tuple[str, bytes]]:
    for photo in rows["photo"]:
        name = f"{photo['key']}-large.jpg"
        try:
            yield name, storage.get(name)
        except NotStored:  # removed since, or on its way out
            continue


def _as_json(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _readme(rows: Mapping[str, Rows], person: Person, base_url: str) -> str:
    def say(text: Text) -> str:
        return translate(text, person.locale)

    made = say_moment(now(), person.locale)
    lines = [
        say(_("Everything that Buurtlab keeps about you")),
        "",
        say(_("Made on %(moment)s for %(name)s, from %(address)s.", moment=made, name=person.display_name,
              address=base_url)),
        say(_("data.json holds the rows by table; the folder photos holds your photos. Times are in UTC.")),
        say(_("What opens something (keys, codes) and the numbers of other people are left out.")),
        "",
        say(_("The tables, with the names of their fields:")),
    ]  # fmt: skip
    for name, found in rows.items():
        what = ABOUT_PEOPLE[name].what
        lines += ["", f"{name} ({len(found)}): {say(what) if what else ''}", f"    {', '.join(_fields(name))}"]
    lines += ["", say(_("Fields that come back:")), ""]
    lines += [f"    {field}: {say(meaning)}" for field, meaning in ALWAYS.items()]
    lines += ["", say(_("Is something wrong? You can correct or erase it: %(address)s", address=f"{base_url}/me/data"))]
    return "\n".join(lines) + "\n"


def _fields(name: str) -> list[str]:
    return [column.name for column in table_named(name).columns if column.name not in ABOUT_PEOPLE[name].secret]
