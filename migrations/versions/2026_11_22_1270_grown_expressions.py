"""Expressions that the thesaurus learned from decisions"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

JSON = sa.JSON().with_variant(JSONB(), "postgresql")

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "grown_expression",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("key", sa.Integer(), nullable=False),
        sa.Column("concept", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("text", sa.String(length=80), nullable=False),
        sa.Column("issue_ids", JSON, nullable=False),
        sa.Column("voices", sa.Integer(), nullable=False),
        sa.Column("of_voices", sa.Integer(), nullable=False),
        sa.Column("elsewhere", sa.Integer(), nullable=False),
        sa.Column("others", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grown_expression")),
        sa.UniqueConstraint("kind", "key", "language", "text", name=op.f("uq_grown_expression_kind_key_language_text")),
    )
    op.create_index(op.f("ix_grown_expression_concept"), "grown_expression", ["concept"])


def downgrade() -> None:
    op.drop_table("grown_expression")
