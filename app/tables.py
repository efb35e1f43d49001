"""Imports every table, so that migrations and the mapper see them all."""

import app.accounts.models
import app.activity.models
import app.content.models
import app.discussions.models
import app.filing.models
import app.following.models
import app.issues.models
import app.matching.models
import app.moderation.models
import app.notifications.models
import app.pilots.models
import app.places.models
import app.privacy.models
import app.solved.models
import app.themes.models
import app.triage.models  # noqa: F401
