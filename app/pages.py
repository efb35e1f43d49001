"""Every page of the site, in the order in which addresses are tried."""

from collections.abc import Sequence
from functools import cache

from fastapi import APIRouter
from starlette.routing import BaseRoute

import app.accounts.routes.confirm
import app.accounts.routes.me
import app.accounts.routes.my_second_factor
import app.accounts.routes.second_factor
import app.accounts.routes.sign_in
import app.administration.routes.audit
import app.administration.routes.places
import app.administration.routes.roles
import app.administration.routes.rules
import app.administration.routes.themes
import app.approaches.routes.choosing
import app.approaches.routes.comparing
import app.approaches.routes.proposing
import app.cards.routes.feeds
import app.cards.routes.library
import app.cards.routes.publishing
import app.coalition.routes.letters
import app.coalition.routes.partners
import app.coalition.routes.residents
import app.feeds.routes
import app.filing.routes.drafts
import app.filing.routes.filing
import app.filing.routes.offline
import app.following.routes
import app.gates.routes
import app.home.health
import app.home.routes
import app.home.style
import app.home.well_known
import app.issues.routes.comments
import app.issues.routes.feed
import app.issues.routes.issues
import app.issues.routes.map
import app.issues.routes.merged
import app.issues.routes.votes
import app.lessons.routes
import app.matching.routes.about
import app.matching.routes.desk
import app.matching.routes.opinions
import app.matching.routes.thesaurus
import app.measures.routes.indicators
import app.measures.routes.reading
import app.measures.routes.recording
import app.moderation.routes.about
import app.moderation.routes.appeals
import app.moderation.routes.desk
import app.moderation.routes.flags
import app.moderation.routes.me
import app.notifications.routes.alerts
import app.notifications.routes.notices
import app.notifications.routes.undelivered
import app.notifications.routes.unsubscribe
import app.pilots.routes.board
import app.pilots.routes.fitting
import app.pilots.routes.growing
import app.pilots.routes.pilots
import app.pilots.routes.summary
import app.pilots.routes.updates
import app.places.routes
import app.privacy.routes.about
import app.privacy.routes.address
import app.privacy.routes.data
import app.solved.routes
import app.themes.routes
import app.triage.routes.decisions
import app.triage.routes.desk
import app.triage.routes.entering
import app.triage.routes.merging
import app.triage.routes.queue
import app.verdicts.routes

# What comes first wins: `/issues/new` must not be taken for an issue's address. A request tries one address after
# the other, so what people read most stands near the top.
ROUTERS = [
    app.cards.routes.publishing.router,
    app.feeds.routes.router,
    app.home.routes.router,
    app.filing.routes.filing.router,
    app.filing.routes.drafts.router,
    app.filing.routes.offline.router,
    app.issues.routes.merged.router,
    app.issues.routes.feed.router,
    app.issues.routes.map.router,
    app.issues.routes.issues.router,
    app.home.health.router,
    app.home.well_known.router,
    app.home.style.router,
    app.accounts.routes.sign_in.router,
    app.accounts.routes.me.router,
    app.accounts.routes.confirm.router,
    app.privacy.routes.about.router,
    app.privacy.routes.data.router,
    app.privacy.routes.address.router,
    app.accounts.routes.second_factor.router,
    app.accounts.routes.my_second_factor.router,
    app.administration.routes.roles.router,
    app.administration.routes.themes.router,
    app.administration.routes.places.router,
    app.administration.routes.rules.router,
    app.administration.routes.audit.router,
    app.cards.routes.feeds.router,
    app.cards.routes.library.router,
    app.issues.routes.votes.router,
    app.issues.routes.comments.router,
    app.matching.routes.about.router,
    app.matching.routes.thesaurus.router,
    app.matching.routes.desk.router,
    app.matching.routes.opinions.router,
    app.moderation.routes.flags.router,
    app.moderation.routes.me.router,
    app.moderation.routes.appeals.router,
    app.moderation.routes.desk.router,
    app.moderation.routes.about.router,
    app.following.routes.router,
    app.notifications.routes.notices.router,
    app.notifications.routes.alerts.router,
    app.notifications.routes.unsubscribe.router,
    app.notifications.routes.undelivered.router,
    app.approaches.routes.proposing.router,
    app.approaches.routes.comparing.router,
    app.approaches.routes.choosing.router,
    app.coalition.routes.residents.router,
    app.measures.routes.indicators.router,
    app.measures.routes.recording.router,
    app.measures.routes.reading.router,
    app.coalition.routes.partners.router,
    app.coalition.routes.letters.router,
    app.gates.routes.router,
    app.lessons.routes.router,
    app.pilots.routes.growing.router,
    app.pilots.routes.fitting.router,
    app.pilots.routes.board.router,
    app.pilots.routes.summary.router,
    app.pilots.routes.updates.router,
    app.pilots.routes.pilots.router,
    app.solved.routes.router,
    app.verdicts.routes.router,
    app.themes.routes.router,
    app.places.routes.router,
    app.triage.routes.merging.router,
    app.triage.routes.queue.router,
    app.triage.routes.entering.router,
    app.triage.routes.desk.router,
    app.triage.routes.decisions.router,
]


@cache
def all_pages() -> Sequence[BaseRoute]:
    """The pages, put together once per process: several sites, as tests make them, share what FastAPI works out."""
    together = APIRouter()
    for router in ROUTERS:
        together.include_router(router)
    return together.routes
