"""What is kept for somebody who has yet to sign in: how much, for whom, and that it is never lost or in the way."""

from collections.abc import Iterator
from contextlib import contextmanager

from fastapi import FastAPI
from sqlalchemy import event
from sqlmodel import Session, select

from app.core.db import Database
from app.filing.models import Draft, DraftPhoto
from app.issues.models import Issue, Photo
from app.places.models import Neighbourhood
from app.settings import Settings
from tests.browsing import Browser
from tests.conftest import Cast
from tests.factories import make_issue
from tests.filing.test_file_issue import FORM, NONCE, count, photos, picture, sign_in


def test_the_network_of_a_draft_is_a_pseudonym(visitor: Browser, session: Session, cast: Cast) -> None:
    issue = make_issue(session, cast.author)
    visitor.post("/issues", data=FORM)
    visitor.post(f"/issues/{issue.id}/vote")
    visitor.post(f"/issues/{issue.id}/comments", data={"body": "Hier ook."})
    visitor.post("/drafts/photos", data={"draft": "another-nonce-00001"}, files=photos(picture()))
    networks = session.exec(select(Draft.network)).all()
    assert len(networks) == 4
    assert len(set(networks)) == 1
    assert "testclient" not in networks


def test_a_flood_is_not_kept(visitor: Browser, session: Session) -> None:
    flood = {**FORM, "description": "x" * 500_000, "address": "y" * 500_000}
    assert visitor.post("/issues", data=flood, files=photos(picture())).status_code == 422
    key = session.exec(select(DraftPhoto.key)).one()
    visitor.post(f"/drafts/{NONCE}/photos/{key}/removal", data=flood)
    session.rollback()
    assert max(len(text) for text in session.exec(select(Draft.fields)).one().values()) == 60_000


def test_a_form_sent_under_the_number_of_another_kind_does_not_get_in_the_way_of_signing_in(
    visitor: Browser, app: FastAPI, settings: Settings, session: Session, cast: Cast
) -> None:
    issue = make_issue(session, cast.author)
    visitor.post(f"/issues/{issue.id}/comments", data={"body": "Hier ook.", "nonce": NONCE})
    visitor.post("/issues", data=FORM)
    came_in = sign_in(visitor, app, settings)
    assert came_in.status_code == 303  # type: ignore[attr-defined]
    assert count(session, Issue) == 2
    assert "Hier ook." in visitor.get(f"/issues/{issue.id}").text


def test_an_issue_that_cannot_be_published_any_more_goes_back_to_its_form(
    visitor: Browser, app: FastAPI, settings: Settings, session: Session
) -> None:
    visitor.post("/issues", data=FORM, files=photos(picture()))
    for area in session.exec(select(Neighbourhood)).all():
        session.delete(area)  # meanwhile the city was drawn anew, elsewhere
    session.add(Neighbourhood(code="BU1", name="Elders", outline=area.outline, south=1, west=1, north=2, east=2))
    session.commit()
    came_in = sign_in(visitor, app, settings)
    assert came_in.headers["location"] == f"/issues/new?draft={NONCE}"  # type: ignore[attr-defined]
    form = visitor.get(f"/issues/new?draft={NONCE}").text
    assert FORM["title"] in form
    assert session.exec(select(DraftPhoto.key)).one() in form
    assert sign_in(visitor, app, settings).headers["location"] != f"/issues/new?draft={NONCE}"  # type: ignore[attr-defined]
    assert count(session, Issue) == 0


@contextmanager
def written(database: Database) -> Iterator[list[str]]:
    """What the site sends to the database, but for reading."""
    statements: list[str] = []

    def note(_conn: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.lstrip().upper().startswith(("SELECT", "PRAGMA")):
            statements.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    yield statements
    event.remove(database.engine, "before_cursor_execute", note)


def test_nothing_is_written_before_the_ranking_is_done(author: Browser, session: Session, database: Database) -> None:
    """Also not the alt text of a photo that lay ready: from the first write on, others wait for us."""
    author.post("/drafts/photos", data={"draft": NONCE}, files=photos(picture()))
    key = session.exec(select(DraftPhoto.key)).one()
    session.rollback()
    with written(database) as statements:
        assert author.post("/issues", data={**FORM, f"alt-{key}": "Het pad zonder licht"}).status_code == 303
    assert statements[0].startswith("SAVEPOINT")
    assert session.exec(select(Photo.alt)).one() == "Het pad zonder licht"
