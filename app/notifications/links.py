"""Links in mails that work without signing in, because what they are for is signed."""

from app.core.signing import read_signed, sign
from app.settings import Settings


def unsubscribe_path(settings: Settings, person_id: int, what: str) -> str:
    """`what` is a kind of notice, `all` of them, `alerts`, or `coalition-` with the number of a pilot to leave."""
    return "/unsubscribe/" + sign(settings.secret_key, "unsubscribe", f"{person_id}.{what}")


def read_unsubscribe(settings: Settings, token: str) -> tuple[int, str] | None:
    value = read_signed(settings.secret_key, "unsubscribe", token)
    person_id, _dot, what = (value or "").partition(".")
    return (int(person_id), what) if value else None


def solved_path(settings: Settings, person_id: int, issue_id: int, entry_id: int) -> str:
    """For one person and one time that the city said so."""
    return f"/issues/{issue_id}/solved/" + sign(settings.secret_key, "solved", f"{person_id}.{issue_id}.{entry_id}")


def read_solved(settings: Settings, token: str) -> tuple[int, int, int] | None:
    """The person, the issue, and the entry on its timeline."""
    value = read_signed(settings.secret_key, "solved", token)
    if not value:
        return None
    person_id, issue_id, entry_id = value.split(".")
    return int(person_id), int(issue_id), int(entry_id)


def verdict_path(settings: Settings, person_id: int, pilot_id: int) -> str:
    """For one person and one pilot: what do they say of it?"""
    return f"/pilots/{pilot_id}/verdict/" + sign(settings.secret_key, "verdict", f"{person_id}.{pilot_id}")


def read_verdict(settings: Settings, token: str) -> tuple[int, int] | None:
    """The person and the pilot."""
    value = read_signed(settings.secret_key, "verdict", token)
    if not value:
        return None
    person_id, pilot_id = value.split(".")
    return int(person_id), int(pilot_id)
