"""Drafts: what somebody wrote before signing in, published exactly once when they have."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import delete, func, update
from sqlmodel import Session, col, select

from app.accounts.access import require_active
from app.accounts.keys import fingerprint, new_id
from app.accounts.models import Person
from app.core.clock import now
from app.core.errors import Problem, TooMany
from app.core.forms import submission_of
from app.core.i18n import _
from app.core.writes import count_changed, insert_once
from app.discussions.forms import CommentForm
from app.filing.actions import file_issue
from app.filing.following import begin_following
from app.filing.forms import EntryForm, IssueForm, NonceForm
from app.filing.models import KEPT_FOR, Draft, DraftKind, DraftPhoto
from app.filing.uploads import MOST_PHOTOS, StoredPhoto
from app.issues.actions import cast_vote, comment_on
from app.issues.merged import issue_that_stays
from app.issues.models import Issue, Photo
from app.issues.queries import photo_with_key, visible_issue
from app.issues.slugs import issue_path

MOST_DRAFTS_PER_NETWORK = 200
LONGEST_FIELD = 60_000
"""Far longer than any field may be in the end; a text that is too long stays to be shortened, a flood does not."""
NOTICES = {
    DraftKind.ISSUE: "filed",
    DraftKind.VOTE: "voted",
    DraftKind.COMMENT: "commented",
    DraftKind.FOLLOW: "following",
}
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


def publish_what_waits(session: Session, person: Person, owner_key: str) -> tuple[str, str] | None:
    """Publishes what this browser wrote before signing in; the page that shows it, and what to say there."""
    if not owner_key or person.is_suspended:
        return None
    waiting = session.exec(
        select(Draft)
        .where(
            Draft.owner_hash == fingerprint(owner_key),
            col(Draft.is_waiting),
            Draft.created_at > now() - KEPT_FOR,
        )
        .order_by(col(Draft.created_at))
    ).all()
    published = [_publish_draft(session, person, draft) for draft in waiting]
    return next(filter(None, reversed(published)), None)


def _publish_draft(session: Session, person: Person, draft: Draft) -> tuple[str, str] | None:
    """Where it is now, and what to say there; an issue that cannot be published as it is goes back to its form."""
    photos = photos_of_draft(session, draft.id)
    if not _take(session, draft):
        return None
    page = _page_of_published(session, person, draft, photos)
    if page is None and draft.kind is DraftKind.ISSUE:
        return page_of_draft(draft), "signed-in"
    session.execute(delete(Draft).where(col(Draft.id) == draft.id))
    return (page, NOTICES[draft.kind]) if page else None


def _take(session: Session, draft: Draft) -> bool:
    """True for exactly one of any number of tabs that publish at once."""
    waiting = update(Draft).where(col(Draft.id) == draft.id, col(Draft.is_waiting))
    return count_changed(session, waiting.values(is_waiting=False)) == 1


def _page_of_published(session: Session, person: Person, draft: Draft, photos: Sequence[DraftPhoto]) -> str | None:
    """None when it cannot be any more; then nothing of it stays, and the sign-in goes on."""
    try:
        with session.begin_nested():
            return _publish(session, person, draft, photos)
    except Problem:
        return None


def _publish(session: Session, person: Person, draft: Draft, photos: Sequence[DraftPhoto]) -> str | None:
    match draft.kind:
        case DraftKind.ISSUE:
            return _publish_issue_draft(session, person, draft, photos)
        case DraftKind.VOTE:
            return _publish_vote(session, person, draft)
        case DraftKind.COMMENT:
            return _publish_comment(session, person, draft)
        case DraftKind.FOLLOW:
            return begin_following(session, person, draft.fields)


def _publish_issue_draft(session: Session, person: Person, draft: Draft, photos: Sequence[DraftPhoto]) -> str | None:
    submission = submission_of(IssueForm, {**draft.fields, "draft": draft.id})
    issue = file_issue(session, require_active(person), submission, photos)
    return issue_path(issue.id, issue.title) if issue else None


def _issue_of(session: Session, draft: Draft) -> Issue | None:
    """The one that it was about, or the one that stays when it was merged in the meantime."""
    issue = visible_issue(session, int(draft.fields["issue"]))
    return (issue_that_stays(session, issue) or issue) if issue else None


def _publish_vote(session: Session, person: Person, draft: Draft) -> str | None:
    issue = _issue_of(session, draft)
    if issue is None:
        return None
    cast_vote(session, person.id, issue)
    return issue_path(issue.id, issue.title)


def _publish_comment(session: Session, person: Person, draft: Draft) -> str | None:
    issue = _issue_of(session, draft)
    fields = draft.fields if issue and issue.id == int(draft.fields["issue"]) else {**draft.fields, "parent": ""}
    submission = submission_of(CommentForm, {**fields, "nonce": draft.id})
    if issue is None or not submission.ok:
        return None
    comment = comment_on(session, person, issue, submission.data)
    return f"{issue_path(issue.id, issue.title)}?comment={comment.id}#comment-{comment.id}"


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
