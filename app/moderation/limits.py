"""How often somebody may flag, object and write notes."""

from app.core.limits import Limit

FLAGS_PER_PERSON = Limit("flag-person", 30, 3600)
# A library or a school has many visitors behind one address.
FLAGS_PER_NETWORK = Limit("flag-network", 30, 3600)
RECEIPTS_PER_ADDRESS = Limit("flag-address", 5, 3600)
APPEALS_PER_NETWORK = Limit("appeal-network", 30, 3600)
