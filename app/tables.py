"""Imports every table, so that migrations and the mapper see them all."""

import app.accounts.models
import app.activity.models
import app.approaches.models
import app.cards.models
import app.coalition.models
import app.content.models
import app.discussions.models
import app.filing.models
import app.following.models
import app.gates.models
import app.issues.models
import app.lessons.models
import app.matching.models
import app.measures.models
import app.moderation.models
import app.notifications.models
import app.pilots.models
import app.places.models
import app.privacy.models
import app.solved.models
import app.themes.models
import app.triage.models
import app.verdicts.models  # noqa: F401
