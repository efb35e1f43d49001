"""Exports, erasure and what is kept for how long"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
OF_A_PERSON = ("signed_in_at", "warned_at", "unmatched_since", "erased_at")


def upgrade() -> None:
    for name in OF_A_PERSON:
        op.add_column("person", sa.Column(name, MOMENT, nullable=True))
    op.create_index(op.f("ix_person_signed_in_at"), "person", ["signed_in_at"])
    op.create_index(op.f("ix_person_erased_at"), "person", ["erased_at"])
    op.execute(
        "UPDATE person SET signed_in_at = (SELECT max(created_at) FROM signed_in_session WHERE person_id = person.id)"
    )
    op.add_column("signed_in_session", sa.Column("confirmed_at", MOMENT, nullable=True))
    op.add_column("issue", sa.Column("taken_away_at", MOMENT, nullable=True))
    op.add_column("issue", sa.Column("is_matched", sa.Boolean(), nullable=False, server_default=sa.true()))
    create_exports()
    op.create_table(
        "discarded_file",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("discarded_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_discarded_file")),
    )


def create_exports() -> None:
    op.create_table(
        "data_export",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Enum("waiting", "ready", native_enum=False, length=32), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("begun_at", MOMENT, nullable=True),
        sa.Column("expires_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_data_export_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_export")),
        sa.UniqueConstraint("person_id", name=op.f("uq_data_export_person_id")),
    )
    op.create_index(op.f("ix_data_export_state_asked_at"), "data_export", ["state", "asked_at"])


def downgrade() -> None:
    op.drop_table("discarded_file")
    op.drop_table("data_export")
    op.drop_column("issue", "is_matched")
    op.drop_column("issue", "taken_away_at")
    op.drop_column("signed_in_session", "confirmed_at")
    op.drop_index(op.f("ix_person_erased_at"), "person")
    op.drop_index(op.f("ix_person_signed_in_at"), "person")
    for name in reversed(OF_A_PERSON):
        op.drop_column("person", name)
