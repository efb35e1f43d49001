from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI
from sqlmodel import Session

from app.accounts.actions import create_token
from app.accounts.models import Person
from app.issues.models import Issue
from tests.api.checking import Caller
from tests.conftest import Cast
from tests.factories import make_issue


@pytest.fixture
def token_of(session: Session) -> Callable[[Person], str]:
    def make_token(person: Person) -> str:
        token = create_token(session, person, "test")
        session.commit()
        return token

    return make_token


@pytest.fixture
def anybody(app: FastAPI) -> Iterator[Caller]:
    """Calls without a token."""
    with Caller(app) as caller:
        yield caller


@pytest.fixture
def bram(app: FastAPI, cast: Cast, token_of: Callable[[Person], str]) -> Iterator[Caller]:
    """Calls with the token of a resident."""
    with Caller(app, token_of(cast.resident)) as caller:
        yield caller


@pytest.fixture
def issue(session: Session, cast: Cast) -> Issue:
    return make_issue(session, cast.author)
