"""Keys, codes and their fingerprints: what is stored never opens anything by itself."""

import hmac
from hashlib import sha256
from secrets import randbelow, token_hex, token_urlsafe


def new_key() -> str:
    """256 random bits, for cookies, links and tokens."""
    return token_urlsafe(32)


def new_id() -> str:
    return token_hex(16)


def new_code() -> str:
    return f"{randbelow(1_000_000):06d}"


def fingerprint(key: str) -> str:
    """SHA-256 in hex; enough for keys of 256 random bits."""
    return sha256(key.encode()).hexdigest()


def code_fingerprint(secret: str, request_id: str, code: str) -> str:
    """HMAC-SHA-256 in hex: six digits need a secret that is not in the database."""
    return hmac.new(secret.encode(), f"{request_id}:{code}".encode(), sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Compares in constant time."""
    return hmac.compare_digest(one, other)
