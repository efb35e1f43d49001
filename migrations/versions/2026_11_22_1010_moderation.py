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


def upgrade() -> None:
    create_outgoing_mail()


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


def downgrade() -> None:
    op.drop_table("outgoing_mail")
