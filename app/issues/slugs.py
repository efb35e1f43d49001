"""Addresses that say what they are about: `/issues/12-dark-cycle-path`."""

import re
import unicodedata

LONGEST = 60


def slug_of(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    return words[:LONGEST].rstrip("-")


def issue_path(issue_id: int, title: str) -> str:
    slug = slug_of(title)
    return f"/issues/{issue_id}-{slug}" if slug else f"/issues/{issue_id}"
