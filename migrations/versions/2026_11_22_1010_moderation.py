"""Flags, decisions, statements of reasons, appeals and the mail that is on its way"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

json = sa.JSON().with_variant(postgresql.JSONB(astext_type=sa.Text()), "postgresql")


def moment(name: str, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def to(column: str, table: str, owner: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_{owner}_{column}_{table}"))


def create_unique_index(name: str, table: str, columns: list[str], only: str) -> None:
    where = sa.text(only)
    op.create_index(name, table, columns, unique=True, sqlite_where=where, postgresql_where=where)


def upgrade() -> None:
    create_outgoing_mail()
    create_cases_and_decisions()
    create_flags()
    create_appeals_and_notes()


def create_outgoing_mail() -> None:
    op.create_table(
        "outgoing_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=254), nullable=True),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("context", json, nullable=False),
        sa.Column("quotes", sa.Integer(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        moment("created_at"),
        moment("due_at", nullable=True),
        moment("ended_at", nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_mail")),
        sa.UniqueConstraint("key", name=op.f("uq_outgoing_mail_key")),
    )
    op.create_index(op.f("ix_outgoing_mail_due_at"), "outgoing_mail", ["due_at"])
    op.create_index(op.f("ix_outgoing_mail_ended_at"), "outgoing_mail", ["ended_at"])


def create_cases_and_decisions() -> None:
    op.create_table(
        "moderation_case",
        sa.Column("content_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("first_flag_id", sa.Integer(), nullable=True),
        sa.Column("open_flags", sa.Integer(), nullable=False),
        sa.Column("last_decision_id", sa.Integer(), nullable=False),
        to("content_id", "content", "moderation_case"),
        sa.PrimaryKeyConstraint("content_id", name=op.f("pk_moderation_case")),
    )
    op.create_index(op.f("ix_moderation_case_first_flag_id"), "moderation_case", ["first_flag_id"])
    op.create_index(op.f("ix_moderation_case_kind_first_flag_id"), "moderation_case", ["kind", "first_flag_id"])
    op.create_index(op.f("ix_moderation_case_last_decision_id"), "moderation_case", ["last_decision_id"])
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("content_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("moderator_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sa.String(length=32), nullable=False),
        sa.Column("measure", sa.String(length=32), nullable=False),
        sa.Column("ground", sa.String(length=32), nullable=True),
        sa.Column("facts", sa.String(length=2000), nullable=False),
        sa.Column("found_by", sa.String(length=32), nullable=False),
        sa.Column("flags", sa.Integer(), nullable=False),
        sa.Column("waited_seconds", sa.Integer(), nullable=True),
        moment("hidden_until", nullable=True),
        moment("suspended_until", nullable=True),
        sa.Column("kept_name", sa.String(length=60), nullable=True),
        sa.Column("given_name", sa.String(length=60), nullable=True),
        moment("created_at"),
        moment("ended_at", nullable=True),
        moment("overturned_at", nullable=True),
        to("content_id", "content", "decision"),
        to("author_id", "person", "decision"),
        to("moderator_id", "person", "decision"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    for column in ("content_id", "author_id", "moderator_id", "hidden_until", "created_at"):
        op.create_index(op.f(f"ix_decision_{column}"), "decision", [column])


def create_flags() -> None:
    op.create_table(
        "flag",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("content_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=254), nullable=True),
        sa.Column("key_hash", sa.String(length=64), nullable=True),
        sa.Column("mailed_key_hash", sa.String(length=64), nullable=True),
        sa.Column("locale", sa.String(length=2), nullable=False),
        sa.Column("ground", sa.String(length=32), nullable=False),
        sa.Column("facts", sa.String(length=2000), nullable=False),
        sa.Column("said", sa.String(length=1000), nullable=False),
        moment("created_at"),
        sa.Column("decision_id", sa.Integer(), nullable=True),
        to("content_id", "content", "flag"),
        to("person_id", "person", "flag"),
        to("decision_id", "decision", "flag"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flag")),
        sa.UniqueConstraint("reference", name=op.f("uq_flag_reference")),
        sa.UniqueConstraint("key_hash", name=op.f("uq_flag_key_hash")),
        sa.UniqueConstraint("mailed_key_hash", name=op.f("uq_flag_mailed_key_hash")),
    )
    for column in ("person_id", "created_at", "decision_id"):
        op.create_index(op.f(f"ix_flag_{column}"), "flag", [column])
    op.create_index(op.f("ix_flag_content_id_id"), "flag", ["content_id", "id"])
    create_unique_index("uq_flag_open", "flag", ["content_id", "person_id"], "decision_id IS NULL")


def create_appeals_and_notes() -> None:
    op.create_table(
        "appeal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("flag_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("reasons", sa.String(length=2000), nullable=False),
        moment("created_at"),
        moment("answered_at", nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(length=32), nullable=True),
        sa.Column("answer", sa.String(length=2000), nullable=False),
        to("decision_id", "decision", "appeal"),
        to("flag_id", "flag", "appeal"),
        to("person_id", "person", "appeal"),
        to("answered_by", "person", "appeal"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("flag_id", name=op.f("uq_appeal_flag_id")),
    )
    for column in ("decision_id", "person_id", "answered_at"):
        op.create_index(op.f(f"ix_appeal_{column}"), "appeal", [column])
    create_unique_index("uq_appeal_by_author", "appeal", ["decision_id"], "flag_id IS NULL")
    op.create_table(
        "moderation_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("content_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.String(length=2000), nullable=False),
        moment("created_at"),
        to("content_id", "content", "moderation_note"),
        to("person_id", "person", "moderation_note"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_note")),
    )
    op.create_index(op.f("ix_moderation_note_content_id"), "moderation_note", ["content_id"])


def downgrade() -> None:
    for table in ("moderation_note", "appeal", "flag", "decision", "moderation_case", "outgoing_mail"):
        op.drop_table(table)
