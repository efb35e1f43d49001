"""My page: each of my issues with its road so far, what is next, and how long the city has been silent."""

from datetime import timedelta

import pytest
import time_machine
from sqlmodel import Session

from app.core.clock import now
from app.issues.actions import change_status
from app.issues.models import Status
from app.issues.road import NEXT, STEPS
from tests.browsing import Browser, text_of
from tests.conftest import Cast, Counting
from tests.factories import hide, make_issue


def test_every_status_says_who_is_to_move() -> None:
    assert set(NEXT) == set(Status)
    assert len(STEPS) == 5


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (Status.ACKNOWLEDGED, "Het team van de gemeente is aan de beurt: zij beslissen wie het oppakt."),
        (Status.RESOLVED, "Jij bent aan de beurt: zeg of het voor jou is opgelost."),
        (Status.DECLINED, "Er gebeurt nu niets meer mee"),
    ],
)
def test_what_is_next(author: Browser, session: Session, cast: Cast, status: Status, said: str) -> None:
    issue = make_issue(session, cast.author)
    assert "De gemeente heeft nog niet geantwoord." in author.get("/me").text
    change_status(session, issue, status, actor_id=cast.team.id, text="Zo is het.")
    session.commit()
    page = author.get("/me").text
    assert said in page
    assert page.count('aria-current="step"') == 1
    with time_machine.travel(now() + timedelta(days=6, hours=1)):
        assert "De gemeente antwoordde 6 dagen geleden voor het laatst." in text_of(author.get("/me").text)


def test_many_issues_page_and_cost_the_same(author: Browser, session: Session, cast: Cast, counting: Counting) -> None:
    author.get("/me")
    costs = []
    for count in (1, 14):
        for number in range(count):
            make_issue(session, cast.author, f"Vraagstuk nummer {number}")
        with counting() as counted:
            page = author.get("/me").text
        costs.append(counted.count)
    assert costs[0] == costs[1]
    assert page.count("Vraagstuk nummer") == 10
    more = page.split('href="/me?after=')[1].split('"')[0]
    assert author.get(f"/me?after={more}").text.count("Vraagstuk nummer") == 5


def test_what_is_hidden_or_of_others_is_not_there(author: Browser, session: Session, cast: Cast) -> None:
    make_issue(session, cast.resident, "Van een ander")
    hide(session, make_issue(session, cast.author, "Verborgen"))
    page = author.get("/me").text
    assert "Van een ander" not in page
    assert "Verborgen" not in page
