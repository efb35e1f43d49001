"""How often somebody may propose an approach, and say which they prefer."""

from app.core.limits import Limit

APPROACHES_PER_PERSON = Limit("approach-person", 20, 3600)
PREFERENCES_PER_PERSON = Limit("preference-person", 60, 600)
