"""The register of personal data leaves nothing out: who adds a table says there what becomes of it."""

import pytest
from sqlalchemy import Column, inspect
from sqlmodel import SQLModel

import app.tables  # noqa: F401
from app.core.db import Database
from app.privacy.held import Then
from app.privacy.register import ABOUT_PEOPLE, LIVES_OUTSIDE_THE_MODELS, NOT_ABOUT_PEOPLE, NUMBERS

TABLES = SQLModel.metadata.tables
SOUNDS_LIKE_A_PERSON = ("person_id", "actor_id", "author_id", "email", "moderator_id")
PARTS_OF_AN_INDEX = ("_data", "_idx", "_docsize", "_config", "_content")


def points_at_a_person(column: Column[object]) -> bool:
    """By a foreign key, or by its name."""
    by_key = any(key.target_fullname == "person.id" for key in column.foreign_keys)
    return by_key or column.name in SOUNDS_LIKE_A_PERSON


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_table_is_in_the_register(name: str) -> None:
    assert (name in ABOUT_PEOPLE) != (name in NOT_ABOUT_PEOPLE), f"say in app/privacy/register.py what {name} holds"


def test_the_register_names_no_table_that_is_not_there(database: Database) -> None:
    assert {*ABOUT_PEOPLE, *NOT_ABOUT_PEOPLE} == set(TABLES)
    outside = set(inspect(database.engine).get_table_names()) - set(TABLES) - {"alembic_version"}
    assert {base_of(name) for name in outside} <= set(LIVES_OUTSIDE_THE_MODELS)


def base_of(name: str) -> str:
    """SQLite's search index is several tables."""
    return next((name.removesuffix(part) for part in PARTS_OF_AN_INDEX if name.endswith(part)), name)


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_column_that_points_at_a_person_says_what_happens(name: str) -> None:
    columns = TABLES[name].columns
    declared = set(ABOUT_PEOPLE[name].people) if name in ABOUT_PEOPLE else set()
    missing = {column.name for column in columns if points_at_a_person(column)} - declared
    assert not missing - ({"email"} if name == "person" else set()), f"say what happens to {name}: {missing}"
    assert declared <= set(columns.keys())


@pytest.mark.parametrize("name", sorted(ABOUT_PEOPLE))
def test_what_is_declared_can_be_done(name: str) -> None:
    table, held = TABLES[name], ABOUT_PEOPLE[name]
    for column, then in held.people.items():
        assert then is not Then.UNLINK or table.c[column].nullable, f"{name}.{column} cannot be empty"
    assert held.secret - NUMBERS <= set(table.columns.keys())
    assert held.what is not None or held.mine is None
