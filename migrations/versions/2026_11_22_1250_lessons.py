"""What each decision about a theme taught, so that it can be taken back exactly; what talk was taken into account"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

JSON = sa.JSON().with_variant(JSONB(), "postgresql")

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DELETE FROM theme_word")  # in another form from here on; learned anew from the decisions
    op.execute("DELETE FROM matching_progress WHERE name = 'lessons learned'")
    op.add_column("theme_word", sa.Column("spread", sa.BigInteger(), nullable=False, server_default="0"))
    op.create_table(
        "theme_lesson",
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("errors", JSON, nullable=False),
        sa.Column("steps", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issue.id"], name=op.f("fk_theme_lesson_issue_id_issue"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["theme_id"], ["theme.id"], name=op.f("fk_theme_lesson_theme_id_theme"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("issue_id", name=op.f("pk_theme_lesson")),
    )
    op.create_index("ix_theme_lesson_theme_id", "theme_lesson", ["theme_id"])
    op.create_table(
        "talk_heard",
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("remarks", sa.Integer(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("due", sa.Boolean(), nullable=False),
        sa.Column("heard_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issue.id"], name=op.f("fk_talk_heard_issue_id_issue"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("issue_id", name=op.f("pk_talk_heard")),
    )


def downgrade() -> None:
    op.drop_table("talk_heard")
    op.drop_table("theme_lesson")
    op.execute("DELETE FROM theme_word")
    with op.batch_alter_table("theme_word") as table:
        table.drop_column("spread")
