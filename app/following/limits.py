from app.core.limits import Limit

FOLLOWS_PER_PERSON = Limit("follow-person", 120, 600)
FOLLOWS_PER_NETWORK = Limit("follow-network", 300, 600)
