"""Every route of the site, and how to call it."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

NONCE = "a-nonce-of-a-draft-0001"
QUERY = {"/issues/map/points.json": "?bbox=4,52,5,53", "/cards/{card_id}/approach": "?pilot=1"}
FORMS: dict[str, dict[str, str]] = {
    "/issues": {
        "title": "Een titel",
        "description": "Een beschrijving",
        "address": "hier",
        "draft": "nonce-for-the-matrix-1",
    },
    "/issues/{issue_id}/edit": {"title": "Een titel", "description": "Een beschrijving", "address": "hier"},
    "/issues/{issue_id}/solved": {"solved": "yes"},
    "/pilots/{pilot_id}/updates": {"text": "De proef loopt goed.", "seen": "2026-01-01T00:00:00+00:00"},
    "/admin/verdicts": {"least_answers": "10", "least_share": "60", "seen_answers": "10", "seen_share": "60"},
    "/pilots/{pilot_id}/verdict": {"answer": "solved"},
    "/issues/{issue_id}/comments": {"body": "Een reactie"},
    "/comments/{comment_id}/edit": {"body": "Een andere reactie"},
    "/issues/{issue_id}/matches/{kind}/{target_id}/opinion": {"agrees": "no"},
    "/team/matching/concepts": {"name_nl": "Konijnen in de tuin", "name_en": "Rabbits in the garden"},
    "/team/matching/concepts/{code}/expressions": {"language": "nl", "text": "kletsnatte voeten"},
    "/team/matching/concepts/{code}/expressions/removal": {"language": "nl", "text": "dweilen"},
    "/team/matching/concepts/{code}/learned": {"language": "nl", "text": "blubber", "decision": "allow"},
    "/team/matching/try": {"description": "Geen licht op het fietspad"},
    "/pilots": {"issues": "1", "title": "Een proef", "problem": "Wat er speelt, in een zin of twee."},
    "/pilots/{pilot_id}/approaches": {
        "title": "Samen naar huis fietsen",
        "summary": "Buren fietsen na de training samen naar huis.",
        "kind-1": "social",
        "part-1": "Buren fietsen samen",
    },
    "/pilots/{pilot_id}/approaches/{approach_id}/edit": {
        "title": "Samen naar huis fietsen",
        "summary": "Buren fietsen na de training samen naar huis.",
        "kind-1": "social",
        "part-1": "Buren fietsen samen",
        "version": "1",
    },
    "/sign-in/second-factor": {"code": "123456"},
    "/sign-in/second-factor/passkey": {"credential": "{}"},
    "/me/second-factor/passkeys": {"credential": "{}"},
    "/me/second-factor/app/confirmation": {"code": "123456"},
    "/admin/roles": {"email": "collega@example.nl", "role": "team"},
    "/admin/roles/{person_id}/withdrawal": {"role": "moderator"},
    "/flags": {"address": "/issues/1", "ground": "insult", "facts": "Iemand wordt hier uitgescholden."},
    "/flags/{flag_id}/appeal": {"reasons": "Het staat er nog steeds."},
    "/me/decisions/{decision_id}/appeal": {"reasons": "Er is niets mis mee."},
    "/moderation/items/{content_id}/decision": {
        "verdict": "keep",
        "measure": "warn",
        "ground": "insult",
        "facts": "Iemand wordt hier uitgescholden.",
    },
    "/moderation/items/{content_id}/notes": {"body": "Daar letten we op."},
    "/moderation/appeals/{appeal_id}/answer": {"outcome": "upheld", "answer": "We zien het net zo."},
    "/team/issues": {
        "title": "Een titel",
        "description": "Een beschrijving",
        "address": "hier",
        "channel": "phone",
        "draft": "nonce-for-the-matrix-3",
    },
    "/team/issues/{issue_id}/themes": {"which": "1", "decision": "confirm"},
    "/team/issues/{issue_id}/pilots": {"which": "1", "decision": "reject"},
    "/team/issues/{issue_id}/cards": {"which": "1", "decision": "reject"},
    "/cards/{card_id}/visibility": {"shown": "no", "seen": "2026-01-01T12:00:00+00:00"},
    "/admin/cards": {"url": "https://stad.example/pilots/cards.json"},
    "/admin/cards/{feed_id}/switch": {"seen": "on"},
    "/admin/cards/{feed_id}/removal": {"sure": "yes"},
    "/team/issues/{issue_id}/similar": {"which": "1", "decision": "reject"},
    "/team/issues/{issue_id}/answer": {"seen": "new", "status": "acknowledged"},
    "/team/issues/{issue_id}/notes": {"text": "Een notitie"},
    "/pilots/{pilot_id}/fits/{issue_id}": {"decision": "confirm"},
    "/pilots/{pilot_id}/measures": {"name": "Licht", "unit": "lux", "source": "Eigen meting", "better": "higher"},
    "/pilots/{pilot_id}/measures/{indicator_id}/edit": {
        "name": "Meldingen",
        "unit": "per week",
        "source": "Meldpunt",
        "better": "lower",
        "version": "1",
        "reason": "Het was anders bedoeld.",
    },
    "/pilots/{pilot_id}/measures/{indicator_id}/retirement": {"version": "1", "reason": "Niet meer nodig."},
    "/pilots/{pilot_id}/measures/{indicator_id}/measurements": {"value": "12", "taken_on": "2026-02-02"},
    "/pilots/{pilot_id}/measures/{indicator_id}/measurements/{measurement_id}": {
        "value": "12",
        "taken_on": "2026-03-02",
        "version": "1",
        "reason": "Een tikfout.",
    },
    "/pilots/{pilot_id}/measures/{indicator_id}/measurements/{measurement_id}/removal": {
        "version": "1",
        "reason": "Een tikfout.",
    },
    "/pilots/{pilot_id}/measures/{indicator_id}/import": {"lines": "2026-04-01;12,5"},
    "/pilots/{pilot_id}/coalition/partners": {"name": "Buurtwerkplaats", "kind": "residents", "role": "Helpt mee"},
    "/pilots/{pilot_id}/coalition/partners/{partner_id}": {
        "name": "Stadsbeheer",
        "kind": "department",
        "role": "Hangt de lampen op",
        "version": "1",
    },
    "/pilots/{pilot_id}/coalition/partners/{partner_id}/farewell": {"version": "1"},
    "/pilots/{pilot_id}/coalition/letters": {"subject": "Een brief", "text": "Dag allemaal.", "seen": "0"},
    "/pilots/{pilot_id}/gates/{gate}": {"version": "0", "decisions": "0", "outcome": "pass", "reason": "Het is klaar."},
    "/pilots/{pilot_id}/gates/{gate}/answers": {"version": "0", "decisions": "0", "for_whom": "Fietsers"},
    "/lessons/{lesson_id}/edit": {"lesson_title": "Begin klein", "lesson_text": "Dan leer je veel.", "version": "1"},
    "/pilots/{pilot_id}/lessons": {"lesson_title": "Begin klein", "lesson_text": "Dan leer je sneller."},
    "/welcome": {"display_name": "Anna", "locale": "nl"},
    "/drafts/photos": {"draft": "nonce-for-the-matrix-2"},
}


def routes_of(app: FastAPI) -> Iterator[tuple[str, str]]:
    for context in iter_route_contexts(app.routes):
        for method in sorted(getattr(context, "methods", None) or ()):
            yield method, context.path


def address_of(path: str, places: dict[str, Any]) -> str:
    values = dict(places)
    if path.startswith(("/issues/{issue_id:int}-", "/pilots/{pilot_id:int}-")):
        values["slug"] = "anything"
    if path.startswith("/team/matching/concepts"):
        values["code"] = "rain-flooding"
    return path.replace(":int", "").format(**values) + QUERY.get(path, "")
