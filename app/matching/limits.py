from app.core.limits import Limit

OPINIONS_PER_PERSON = Limit("opinion-person", 200, 3600)
