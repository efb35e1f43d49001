"""From an address of the site, as people copy it, to what it shows."""

import re
from urllib.parse import parse_qs, urlsplit

from sqlmodel import Session, select

from app.discussions.models import Comment
from app.issues.models import Issue, Photo
from app.moderation.subjects import Subject, subject_of
from app.pilots.models import Pilot

LARGEST = 2**31 - 1


def subject_at(session: Session, address: str) -> Subject | None:
    """What everybody can see there; None for anything else, hidden or never there."""
    content_id = _content_at(session, address)
    subject = subject_of(session, content_id) if content_id else None
    return subject if subject and subject.is_shown else None


def _content_at(session: Session, address: str) -> int | None:
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return None
    said = "comment-" + (parse_qs(parts.query).get("comment", [""])[0])
    if comment := _number(r"comment-(\d+)", parts.fragment) or _number(r"comment-(\d+)", said):
        return session.exec(select(Comment.content_id).where(Comment.id == comment)).first()
    if comment := _number(r"/comments/(\d+)(?:/.*)?", parts.path):
        return session.exec(select(Comment.content_id).where(Comment.id == comment)).first()
    if issue := _number(r"/issues/(\d+)(?:-[^/]*)?/?", parts.path):
        return session.exec(select(Issue.content_id).where(Issue.id == issue)).first()
    if pilot := _number(r"/pilots/(\d+)(?:-[^/]*)?/?", parts.path):
        return session.exec(select(Pilot.content_id).where(Pilot.id == pilot)).first()
    if photo := re.fullmatch(r"/photos/(\w+)-(?:large|small)\.jpg", parts.path):
        return session.exec(select(Photo.content_id).where(Photo.key == photo.group(1))).first()
    return None


def _number(pattern: str, text: str) -> int:
    found = re.fullmatch(pattern, text, re.ASCII)
    return int(found.group(1)) if found and len(found.group(1)) < 11 and int(found.group(1)) <= LARGEST else 0
