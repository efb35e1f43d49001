"""A pilot with people behind its issues, and the worker's round."""

from collections.abc import Callable

import pytest
from sqlmodel import Session

from app.accounts.models import Person
from app.issues.actions import cast_vote
from app.issues.models import Follow
from app.pilots.models import Pilot, Stage
from tests.browsing import Browser
from tests.conftest import Cast
from tests.factories import hide, make_issue, make_person, make_pilot
from tests.notifications.conftest import by_smtp, office, work_round

__all__ = ["by_smtp", "office", "work_round"]


@pytest.fixture
def team(browser_of: Callable[[Person | None], Browser], cast: Cast) -> Browser:
    return browser_of(cast.team)


@pytest.fixture
def pilot(session: Session, cast: Cast) -> Pilot:
    """In its trial. The author filed its issue, the resident voted, Fenna follows, and Hidde is behind a hidden one."""
    issue = make_issue(session, cast.author)
    cast_vote(session, cast.resident.id, issue)
    fenna, hidde = make_person(session, "fenna"), make_person(session, "hidde")
    session.add(Follow(issue_id=issue.id, person_id=fenna.id))
    hidden = make_issue(session, hidde, "Dit vraagstuk is verborgen")
    made = make_pilot(session, [issue, hidden])
    made.stage = Stage.PILOT
    session.add(made)
    hide(session, hidden)
    for person in vars(cast).values():
        person.locale = "en"
        session.add(person)
    session.commit()
    return made
