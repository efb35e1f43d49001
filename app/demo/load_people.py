"""The people of Duinwijk: some who write, many who only vote, and one account for each role."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from sqlalchemy import update
from sqlmodel import Session

from app.accounts.actions import grant_roles
from app.accounts.models import Person, Role, RoleGrant
from app.accounts.queries import newest_rules_version
from app.activity.models import AuditEntry
from app.content.models import Content, Kind
from app.demo.stories import OPENED_DAYS_AGO, moment_of, read_story


@dataclass(frozen=True)
class People:
    """Numbers of people: by their name in the files, who only vote, the team's account; and who speaks what."""

    named: dict[str, int]
    quiet: list[int]
    staff: int
    locales: dict[str, str]

    def language_of(self, told: dict[str, Any]) -> str:
        """What they write in, unless the story says otherwise."""
        return str(told.get("language", self.locales[told["author"]]))

    def voters(self, story: dict[str, Any]) -> list[int]:
        """Those the story names, and as many of the quiet ones as it says."""
        quiet = Random(story["key"]).sample(self.quiet, story["quiet_voters"])
        return [*(self.named[name] for name in story["voters"]), *quiet]

    def supporters(self, author: str, body: str, count: int) -> list[int]:
        """Some people other than the author; the same ones each time for the same comment."""
        others = [person for name, person in self.named.items() if name != author]
        return Random(body).sample([*others, *self.quiet], count)


def load_people(session: Session) -> People:
    cast = read_story("people.json")
    quiet = cast["quiet_residents"]
    described = [*cast["accounts"], *cast["residents"]]
    for number in range(1, quiet["count"] + 1):
        named = {part: quiet[part].format(number=number) for part in ("email", "display_name")}
        described.append({**named, "locale": quiet["locale"]})
    people = _add_people(session, described)
    for account in cast["accounts"]:
        if account["roles"]:
            roles = [Role(role) for role in account["roles"]]
            grant_roles(session, account["email"], roles, account["locale"])
    session.execute(update(RoleGrant).values(granted_at=moment_of({"days_ago": OPENED_DAYS_AGO})))
    session.execute(update(AuditEntry).values(at=moment_of({"days_ago": OPENED_DAYS_AGO})))
    numbers = [person.id for person in people]
    named = {each["key"]: number for each, number in zip(described, numbers, strict=True) if "key" in each}
    locales = {each["key"]: each["locale"] for each in described if "key" in each}
    return People(named, numbers[len(named) :], named["team"], locales)


def _add_people(session: Session, described: list[dict[str, Any]]) -> list[Person]:
    opened, rules = moment_of({"days_ago": OPENED_DAYS_AGO}), newest_rules_version(session)
    people = []
    for minutes, each in enumerate(described):
        joined = opened + timedelta(minutes=minutes)
        own = {part: each[part] for part in ("email", "display_name", "locale")}
        people.append(Person(**own, rules_version=rules, welcomed_at=joined, created_at=joined))
    session.add_all(people)
    session.flush()
    session.add_all(
        Content(kind=Kind.DISPLAY_NAME, author_id=each.id, language=each.locale, created_at=each.created_at)
        for each in people
    )
    return people
