"""How often somebody may file, counted together over pages and API."""

from app.core.limits import Limit

ISSUES_PER_PERSON = Limit("issue-person", 20, 3600)
ISSUES_PER_NETWORK = Limit("issue-network", 60, 3600)
SUGGESTIONS_PER_NETWORK = Limit("suggestion-network", 1200, 600)
ENTRIES_PER_PERSON = Limit("entry-person", 200, 3600)
EDITS_PER_PERSON = Limit("edit-person", 60, 3600)
