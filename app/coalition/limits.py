from app.core.limits import Limit

JOINS_PER_PERSON = Limit("join-person", 60, 3600)
LETTERS_PER_PERSON = Limit("letter-person", 10, 3600)
