"""Alembic runs inside `buurtlab migrate` and the tests, on a connection that they hand over."""

from alembic import context
from sqlmodel import SQLModel

import app.tables  # noqa: F401

NOT_OURS_TO_COMPARE = {
    "rate_limit",
    "presence",
    "issue_search",
    "issue_search_data",
    "issue_search_idx",
    "issue_search_docsize",
    "issue_search_config",
    "issue_search_content",
}


def is_a_model(_object: object, name: str | None, kind: str, _reflected: bool, _compare_to: object) -> bool:
    """Search indexes, rate limits and presence differ per database and are written out in the migrations."""
    if kind == "table":
        return name not in NOT_OURS_TO_COMPARE
    return not (name or "").endswith("search_vector")


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    include_object=is_a_model,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_server_default=False,
)
with context.begin_transaction():
    context.run_migrations()
