"""The only way an issue comes into being or is rewritten: checks, issue, match."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from app.accounts.models import Person
from app.activity.actions import tell
from app.content.actions import publish
from app.content.models import Kind
from app.core.clock import now
from app.core.errors import Conflict
from app.core.forms import Submission
from app.core.i18n import _
from app.core.language import guess_language, search_document
from app.discussions.models import Thread
from app.filing.forms import IssueForm
from app.filing.models import DraftPhoto
from app.filing.place import WHERE_IS_IT, Place, settle_place
from app.issues.actions import keep_earlier_text, take_turn_to_rewrite
from app.issues.following import follow_by_itself
from app.issues.heat import heat_at_birth
from app.issues.models import Channel, Issue, Photo, ThemeBy
from app.issues.queries import issue_with_nonce
from app.matching.actions import keep_ranking, rank
from app.matching.engine.problem import Problem
from app.matching.engine.suggestion import Matches
from app.matching.growing.from_decisions import grow_from_issue
from app.matching.knowledge.lessons import learn_again
from app.themes.queries import theme_to_choose


@dataclass(frozen=True)
class Prepared:
    """A problem that can be published: checked, put on the map and matched, and nothing is written yet."""

    form: IssueForm
    place: Place
    problem: Problem
    ranking: Matches


def file_issue(
    session: Session, author: Person, submission: Submission[IssueForm], photos: Sequence[DraftPhoto] = ()
) -> Issue | None:
    """Publishes an issue, exactly once per nonce. None when something is wrong with it; see `submission.errors`."""
    if not submission.ok:
        return None
    if known := _filed_before(session, author, submission.data):
        return known
    prepared = prepare(session, submission)
    return publish_issue(session, author, prepared, photos) if prepared else None


def prepare(session: Session, submission: Submission[IssueForm]) -> Prepared | None:
    """The slow part, before the first write."""
    if not submission.ok:
        return None
    place = settle_place(session, submission)
    if not submission.ok:
        return None
    form = submission.data
    chosen = theme_to_choose(session, form.theme) if form.theme else None
    problem = _as_problem(form, place, chosen.id if chosen else None)
    return Prepared(form, place, problem, rank(session, problem))


def publish_issue(
    session: Session,
    author: Person,
    prepared: Prepared,
    photos: Sequence[DraftPhoto] = (),
    channel: Channel | None = None,
) -> Issue:
    try:
        with session.begin_nested():  # only this is undone, not the sign-in that may have led here
            issue = _write_issue(session, author, prepared, channel)
    except IntegrityError:
        known = _filed_before(session, author, prepared.form)
        if known is None:
            raise
        return known
    _attach_photos(session, author, issue, photos)
    keep_ranking(session, issue, prepared.ranking)
    facts = {"channel": channel.value} if channel else {}
    tell(session, "issue", issue.id, "filed", actor_id=author.id, facts=facts)
    follow_by_itself(session, author.id, issue.id)
    return issue


def _filed_before(session: Session, author: Person, form: IssueForm) -> Issue | None:
    """What this form became when it was sent earlier."""
    known = issue_with_nonce(session, form.nonce_of_problem) if form.nonce_of_problem else None
    if known is not None and known.content.author_id != author.id:
        raise Conflict(_("This form was used already. Open the page again."))
    return known


def _as_problem(form: IssueForm, place: Place, theme_id: int | None) -> Problem:
    return Problem(
        title=form.title,
        text=form.description,
        language=form.language or guess_language(f"{form.title} {form.description}"),
        lat=place.lat,
        lon=place.lon,
        neighbourhood_id=place.neighbourhood_id,
        created=now(),
        theme_id=theme_id,
    )


def _write_issue(session: Session, author: Person, prepared: Prepared, channel: Channel | None) -> Issue:
    form, place, problem = prepared.form, prepared.place, prepared.problem
    language = problem.language or "nl"
    stems = search_document(form.title, form.description, language)
    content = publish(session, Kind.ISSUE, author.id, language)
    thread = Thread()
    session.add(thread)
    session.flush()
    at = content.created_at
    issue = Issue(
        content_id=content.id,
        thread_id=thread.id,
        nonce=form.nonce_of_problem,
        title=form.title,
        description=form.description,
        language=language,
        source=form.source,
        channel=channel,
        lat=place.lat,
        lon=place.lon,
        cell=place.cell,
        precision=form.precision,
        address=form.address,
        neighbourhood_id=place.neighbourhood_id,
        theme_id=problem.theme_id,
        theme_by=ThemeBy.AUTHOR if problem.theme_id else None,
        search_stems=stems,
        heat=heat_at_birth(at),
        is_matched=author.unmatched_since is None,
        created_at=at,
        updated_at=at,
    )
    session.add(issue)
    session.flush()
    return issue


def _attach_photos(session: Session, author: Person, issue: Issue, photos: Sequence[DraftPhoto]) -> None:
    for position, photo in enumerate(photos):
        content = publish(session, Kind.PHOTO, author.id, issue.language)
        session.add(
            Photo(
                issue_id=issue.id,
                content_id=content.id,
                key=photo.key,
                width=photo.width,
                height=photo.height,
                alt=photo.alt,
                position=position,
            )
        )


def rewrite_issue(session: Session, issue: Issue, submission: Submission[IssueForm]) -> bool:
    """The author changes the text or the place; it is matched anew. False when something is wrong with it."""
    if not submission.ok:
        return False
    place = settle_place(session, submission)
    if not submission.ok:
        return False
    form = submission.data
    chosen = issue.theme_id if issue.theme_by is ThemeBy.AUTHOR else None
    problem = replace(_as_problem(form, place, chosen), issue_id=issue.id)
    language = problem.language or "nl"
    ranking = rank(session, problem)
    take_turn_to_rewrite(session, issue)
    if (form.title, form.description) != (issue.title, issue.description):
        keep_earlier_text(session, issue)
        _mark_as_edited(session, issue)
    issue.title, issue.description, issue.language = form.title, form.description, language
    issue.lat, issue.lon, issue.cell, issue.neighbourhood_id = (
        place.lat,
        place.lon,
        place.cell,
        place.neighbourhood_id,
    )
    issue.precision, issue.address = form.precision, form.address
    issue.search_stems = search_document(form.title, form.description, language)
    issue.updated_at = now()
    session.add(issue)
    keep_ranking(session, issue, ranking)
    learn_again(session, issue)
    grow_from_issue(session, issue.id)
    return True


def _mark_as_edited(session: Session, issue: Issue) -> None:
    """An edit in the first half hour is a correction; a later one shows, with the moment."""
    if not issue.may_be_corrected:
        issue.edited_at = now()
        tell(session, "issue", issue.id, "edited", actor_id=issue.content.author_id)


def check_place(session: Session, submission: Submission[IssueForm]) -> None:
    """Says beside the field what is wrong with the place, before anything is kept and together with what else is."""
    if submission.ok:
        settle_place(session, submission)
    elif not any(submission.typed.get(name) for name in ("lat", "lon", "address")):
        submission.refuse("address", WHERE_IS_IT)


def typed_of(issue: Issue) -> dict[str, str]:
    """An issue as the form shows it."""
    return {
        "title": issue.title,
        "description": issue.description,
        "lat": "" if issue.lat is None else str(issue.lat),
        "lon": "" if issue.lon is None else str(issue.lon),
        "precision": issue.precision,
        "address": issue.address,
        "language": issue.language,
    }
