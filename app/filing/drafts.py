"""Drafts: what somebody writes, with its photos, kept for a day by the browser that holds the key."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from app.accounts.keys import fingerprint, new_id
from app.core.clock import now
from app.core.errors import TooMany
from app.core.forms import submission_of
from app.core.i18n import _
from app.core.writes import insert_once
from app.filing.forms import EntryForm, NonceForm
from app.filing.models import Draft, DraftKind, DraftPhoto
from app.filing.uploads import MOST_PHOTOS, StoredPhoto
from app.issues.models import Photo
from app.issues.queries import photo_with_key

MOST_DRAFTS_PER_NETWORK = 200
LONGEST_FIELD = 60_000
"""Far longer than any field may be in the end; a text that is too long stays to be shortened, a flood does not."""
TOO_MANY_PHOTOS = _("You can add %(max)s photos at most. Remove one first.", max=MOST_PHOTOS)


def keep_draft(
    session: Session,
    draft_id: str,
    kind: DraftKind,
    owner_key: str,
    network: str,
    fields: dict[str, Any],
    waits: bool,
) -> Draft:
    """Keeps what somebody wrote for a day; `waits` means: publish it as soon as they have signed in."""
    draft = _draft_of(session, draft_id, kind, owner_key, network)
    draft.fields = fields
    draft.is_waiting = waits
    session.add(draft)
    session.flush()
    return draft


def _draft_of(session: Session, draft_id: str, kind: DraftKind, owner_key: str, network: str) -> Draft:
    """This browser's draft, also when the same form is sent twice at once.

    A number that another browser holds is left to it: a first try that broke off took its cookie with it.
    So is one that stands for something of another kind.
    """
    owner_hash = fingerprint(owner_key)
    draft = session.get(Draft, draft_id)
    if draft is None:
        _refuse_too_many(session, network)
        insert_once(
            session, Draft, id=draft_id, kind=kind, owner_hash=owner_hash, network=network, fields={},
            is_waiting=False, created_at=now(),
        )  # fmt: skip
        draft = session.get(Draft, draft_id)
    if draft is not None and (draft.owner_hash, draft.kind) == (owner_hash, kind):
        return draft
    return _draft_of(session, new_id(), kind, owner_key, network)


def _refuse_too_many(session: Session, network: str) -> None:
    kept = session.exec(select(func.count()).select_from(Draft).where(Draft.network == network)).one()
    if kept >= MOST_DRAFTS_PER_NETWORK:
        raise TooMany(_("We are keeping too many drafts from your network. Sign in first, then try again."), 3600)


def photos_of_draft(session: Session, draft_id: str) -> Sequence[DraftPhoto]:
    return session.exec(select(DraftPhoto).where(DraftPhoto.draft_id == draft_id).order_by(col(DraftPhoto.id))).all()


def photos_in_use(session: Session, keys: Collection[str]) -> set[str]:
    """Which of these photos an issue or a draft still points at."""
    published = session.exec(select(Photo.key).where(col(Photo.key).in_(keys)))
    waiting = session.exec(select(DraftPhoto.key).where(col(DraftPhoto.key).in_(keys)))
    return {*published, *waiting}


def is_nonce(text: str) -> bool:
    return bool(text) and submission_of(NonceForm, {"draft": text}).ok


def own_draft(session: Session, draft_id: str, owner_key: str) -> Draft | None:
    draft = session.get(Draft, draft_id[:64])
    return draft if draft is not None and draft.owner_hash == fingerprint(owner_key) else None


def photos_for(
    session: Session, draft_id: str, owner_key: str, uploaded: Sequence[StoredPhoto], typed: dict[str, str]
) -> list[DraftPhoto]:
    """The photos that already lie ready in the draft, and those that came with this form; `keep_photos` keeps them."""
    kept = photos_of_draft(session, draft_id) if own_draft(session, draft_id, owner_key) else []
    for photo in kept:
        session.expunge(photo)  # else the next query would write the new alt text, and take the write lock too early
        photo.alt = typed.get(f"alt-{photo.key}", photo.alt)[:300]
    alt = typed.get("photo_alt", "")[:300]
    new = [
        DraftPhoto(
            draft_id=draft_id,
            key=photo.key,
            width=photo.width,
            height=photo.height,
            alt=typed.get(f"alt-new-{position}", alt)[:300],
        )
        for position, photo in enumerate(uploaded)
    ]
    return [*kept, *new]


def keep_photos(session: Session, draft_id: str, photos: Sequence[DraftPhoto]) -> None:
    for photo in photos:
        photo.draft_id = draft_id
        session.add(photo)
    session.flush()


def remove_photo(session: Session, draft: Draft, key: str) -> None:
    """The files go with the next sweep of what nobody points at."""
    session.execute(delete(DraftPhoto).where(col(DraftPhoto.draft_id) == draft.id, col(DraftPhoto.key) == key))


def page_of_draft(draft: Draft) -> str:
    """Where it is written on: what the city team fills in for somebody says how it reached them."""
    return f"{'/team' if 'channel' in draft.fields else ''}/issues/new?draft={draft.id}"


def fields_to_keep(typed: dict[str, str]) -> dict[str, str]:
    return {name: typed[name][:LONGEST_FIELD] for name in EntryForm.model_fields if name in typed}


def remember_typed(session: Session, draft: Draft, typed: dict[str, str]) -> None:
    """What has been typed so far, and what was said about each photo."""
    draft.fields = {**draft.fields, **fields_to_keep(typed)}
    session.add(draft)
    for photo in photos_of_draft(session, draft.id):
        photo.alt = typed.get(f"alt-{photo.key}", photo.alt)[:300]
        session.add(photo)
    session.flush()


def was_received(session: Session, draft_id: str, owner_key: str) -> bool:
    """Whether this form arrived whole before and waits for its author to sign in: its photos are here already."""
    draft = own_draft(session, draft_id, owner_key)
    return draft is not None and draft.is_waiting


def drop_draft(session: Session, draft_id: str, owner_key: str) -> None:
    session.execute(delete(Draft).where(col(Draft.id) == draft_id, col(Draft.owner_hash) == fingerprint(owner_key)))


def drop_drafts_of(session: Session, owner_key: str) -> None:
    """All that this browser kept with us."""
    if owner_key:
        session.execute(delete(Draft).where(col(Draft.owner_hash) == fingerprint(owner_key)))


def may_see_photo(session: Session, key: str, owner_key: str) -> bool:
    published = photo_with_key(session, key)
    if published is not None:
        return bool(published.visible and published.issue_visible)
    if not owner_key:
        return False
    own = select(DraftPhoto.id).join(Draft, col(Draft.id) == DraftPhoto.draft_id)
    return (
        session.exec(own.where(DraftPhoto.key == key, Draft.owner_hash == fingerprint(owner_key))).first() is not None
    )
