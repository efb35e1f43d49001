"""How often somebody may vote, comment and search, counted together over pages and API."""

from app.core.limits import Limit

VOTES_PER_PERSON = Limit("vote-person", 120, 600)
VOTES_PER_NETWORK = Limit("vote-network", 600, 600)
COMMENTS_PER_PERSON = Limit("comment-person", 30, 600)
COMMENTS_PER_NETWORK = Limit("comment-network", 120, 600)
SUPPORT_PER_PERSON = Limit("support-person", 120, 600)
SEARCHES_PER_NETWORK = Limit("search-network", 600, 600)
