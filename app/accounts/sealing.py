"""Encrypts secrets that we must be able to read again, so that a copy of the database alone opens nothing.

The library is loaded at the first use: only the staff's second factor needs it.
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from secrets import token_bytes
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


def seal(secret: str, key: str, owner: str) -> str:
    """Readable only with `key`, and only as a secret of `owner`: moved to another row it opens nothing."""
    nonce = token_bytes(NONCE_BYTES)
    return urlsafe_b64encode(nonce + _cipher(key).encrypt(nonce, secret.encode(), owner.encode())).decode()


def unseal(sealed: str, key: str, owner: str) -> str | None:
    """None when it was sealed with another key, for instance before the site's secret key was changed."""
    from cryptography.exceptions import InvalidTag

    raw = urlsafe_b64decode(sealed)
    try:
        return _cipher(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], owner.encode()).decode()
    except InvalidTag:
        return None


def _cipher(key: str) -> "AESGCM":
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"buurtlab second factor").derive(key.encode())
    return AESGCM(derived)
