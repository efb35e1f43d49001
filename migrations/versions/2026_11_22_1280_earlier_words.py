"""What lessons and approaches said before they were changed"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("lesson", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("lesson", sa.Column("changed_at", MOMENT, nullable=True))
    op.create_table(
        "earlier_words",
        sa.Column("content_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.String(length=3000), nullable=False),
        sa.Column("parts", JSON, nullable=False),
        sa.Column("replaced_by", sa.Integer(), nullable=True),
        sa.Column("replaced_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["content_id"], ["content.id"], name=op.f("fk_earlier_words_content_id_content"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["replaced_by"], ["person.id"], name=op.f("fk_earlier_words_replaced_by_person")),
        sa.PrimaryKeyConstraint("content_id", "version", name=op.f("pk_earlier_words")),
    )
    op.create_index(op.f("ix_earlier_words_replaced_by"), "earlier_words", ["replaced_by"])


def downgrade() -> None:
    op.drop_table("earlier_words")
    op.drop_column("lesson", "changed_at")
    op.drop_column("lesson", "version")
