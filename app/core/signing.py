"""Links that carry their own permission: what they say is signed, so nothing has to be kept for them."""

import hmac
from base64 import urlsafe_b64encode
from hashlib import sha256

SIGNATURE_BYTES = 16


def sign(secret: str, purpose: str, value: str) -> str:
    """`value`, which must be fit for an address, with its signature. Good for this purpose only."""
    return f"{value}.{_signature(secret, purpose, value)}"


def read_signed(secret: str, purpose: str, token: str) -> str | None:
    """What was signed; None when it was not us, or for something else."""
    value, _dot, signature = token.rpartition(".")
    genuine = hmac.compare_digest(signature.encode(), _signature(secret, purpose, value).encode())
    return value if genuine else None


def _signature(secret: str, purpose: str, value: str) -> str:
    digest = hmac.new(secret.encode(), f"{purpose}:{value}".encode(), sha256).digest()
    return urlsafe_b64encode(digest[:SIGNATURE_BYTES]).decode().rstrip("=")
