"""Which themes, pilots and similar issues an issue is linked to, how sure that is, and why."""

from typing import Any

from fastapi import APIRouter, Request

from app.accounts.access import Caller
from app.api import schemas
from app.api.lists import base_url_of
from app.cards.seeding import verdict_in_numbers
from app.core.db import SessionDep
from app.core.i18n import translate
from app.core.web import locale_of
from app.issues.access import VisibleIssue
from app.matching.links import StoredLinks, links_of
from app.matching.models import CardMatch, Match, PilotMatch, SimilarMatch, State, ThemeMatch
from app.matching.reasons import in_words

router = APIRouter(tags=["Issues"])


@router.get("/issues/{issue_id}/matches", response_model_exclude_none=True)
def list_matches(request: Request, session: SessionDep, caller: Caller, issue: VisibleIssue) -> schemas.Matches:
    """The links that were suggested for an issue, and what the city team decided about them."""
    links = links_of(session, issue.id)
    locale, base = locale_of(request), base_url_of(request)
    return schemas.Matches(
        themes=[describe_theme_match(match, locale, base) for match in links.themes],
        pilots=describe_candidates(links, locale, base),
        similar=[describe_similar_match(match, locale, base) for match in links.similar],
    )


def describe_theme_match(match: ThemeMatch, locale: str, base: str) -> schemas.ThemeMatch:
    theme = match.theme
    told = told_of(match, locale)
    return schemas.ThemeMatch(theme=theme.slug, title=theme.name(locale), url=f"{base}/themes/{theme.slug}", **told)


def describe_pilot_match(match: PilotMatch, locale: str, base: str) -> schemas.PilotMatch:
    pilot = match.pilot
    told = told_of(match, locale)
    return schemas.PilotMatch(pilot=pilot.id, title=pilot.title, url=f"{base}/pilots/{pilot.id}", **told)


def describe_candidates(links: StoredLinks, locale: str, base: str) -> list[schemas.PilotMatch]:
    """Of this city and of others together, best first, rejected ones last."""
    ours = [describe_pilot_match(match, locale, base) for match in links.pilots]
    theirs = [describe_card_match(match, locale, base) for match in links.cards]
    return sorted([*ours, *theirs], key=lambda match: (match.state is State.REJECTED, -match.score))


def describe_card_match(match: CardMatch, locale: str, base: str) -> schemas.PilotMatch:
    card = match.card
    numbers = verdict_in_numbers(card)
    verdict = schemas.CardVerdict.model_validate(numbers) if numbers else None
    ref = schemas.CardRef(id=card.id, city=card.city, stage=card.stage, verdict=verdict)
    return schemas.PilotMatch(card=ref, title=card.title, url=f"{base}/cards/{card.id}", **told_of(match, locale))


def describe_similar_match(match: SimilarMatch, locale: str, base: str) -> schemas.SimilarMatch:
    other = match.other
    told = told_of(match, locale)
    return schemas.SimilarMatch(issue=other.id, title=other.title, url=f"{base}/issues/{other.id}", **told)


def told_of(match: Match, locale: str) -> dict[str, Any]:
    return {
        "score": round(match.score, 4),
        "likelihood": match.likelihood,
        "reasons": [translate(in_words(reason), locale) for reason in match.reasons],
        "state": match.state,
        "decided_at": match.decided_at,
    }
