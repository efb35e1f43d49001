"""Whether the secret key is still the one of before, without keeping it anywhere."""

import hmac
from hashlib import sha256


def print_of_key(secret_key: str) -> str:
    """Nobody finds a random key by it."""
    return hmac.new(secret_key.encode(), b"which key this is", sha256).hexdigest()[:16]
