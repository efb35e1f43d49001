"""`IN` with one parameter for the whole list: nothing is written out value by value, however long it is."""

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import ARRAY, BindParameter, Boolean, Dialect, Integer, String, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class Many(TypeDecorator[Any]):
    """Numbers or words: an array on PostgreSQL, a JSON list on SQLite."""

    impl = String
    cache_ok = True

    def __init__(self, numbers: bool) -> None:
        super().__init__()
        self.numbers = numbers

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String())
        return dialect.type_descriptor(ARRAY(Integer if self.numbers else String))

    def process_bind_param(self, value: Collection[Any] | None, dialect: Dialect) -> Any:
        values = sorted(value or ())
        return json.dumps(values) if dialect.name == "sqlite" else values


class Among(FunctionElement[bool]):
    name = "among"
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> Any:
        """As it is: SQLAlchemy would write "= 1" after it, and no index would be used."""
        return self


def among(column: Any, values: Collection[Any]) -> Any:
    return Among(column, _parameter(column, None, values))


def among_given(column: Any, name: str) -> Any:
    """For a statement that is put together once; the list is given when it runs."""
    return Among(column, _parameter(column, name))


def _parameter(column: Any, name: str | None, values: Collection[Any] = ()) -> BindParameter[Any]:
    return bindparam(name, list(values), type_=Many(isinstance(column.type, Integer)))


@compiles(Among, "sqlite")
def _on_sqlite(element: Among, compiler: Any, **how: Any) -> str:
    column, values = (compiler.process(each, **how) for each in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"


@compiles(Among, "postgresql")
def _on_postgresql(element: Among, compiler: Any, **how: Any) -> str:
    column, values = (compiler.process(each, **how) for each in element.clauses)
    return f"{column} = ANY ({values})"
