"""Merged issues, and how pilots grew"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
STATUSES = (
    "new", "acknowledged", "in-pilot", "with-service", "answered", "declined", "resolved", "confirmed", "reopened",
    "merged",
)  # fmt: skip


def upgrade() -> None:
    op.add_column("issue", sa.Column("merged_count", sa.Integer(), nullable=False, server_default="0"))
    op.create_table(
        "issue_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("into_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("earlier_status", sa.Enum(*STATUSES, native_enum=False, length=32), nullable=False),
        sa.Column("merged_by", sa.Integer(), nullable=True),
        sa.Column("merged_at", MOMENT, nullable=False),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.Column("undone_at", MOMENT, nullable=True),
        sa.Column("objection", sa.String(length=1000), nullable=False),
        sa.Column("objected_at", MOMENT, nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issue.id"], name=op.f("fk_issue_merge_issue_id_issue"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["into_id"], ["issue.id"], name=op.f("fk_issue_merge_into_id_issue"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["merged_by"], ["person.id"], name=op.f("fk_issue_merge_merged_by_person")),
        sa.ForeignKeyConstraint(["undone_by"], ["person.id"], name=op.f("fk_issue_merge_undone_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_issue_merge")),
    )
    standing = sa.text("undone_at IS NULL")
    op.create_index(
        "uq_issue_merge_standing", "issue_merge", ["issue_id"],
        unique=True, sqlite_where=standing, postgresql_where=standing,
    )  # fmt: skip
    op.create_index("ix_issue_merge_issue_id", "issue_merge", ["issue_id"])
    op.create_index("ix_issue_merge_into_id", "issue_merge", ["into_id"])
    op.create_index("ix_issue_merge_objected_at", "issue_merge", ["objected_at"])
    _let_pilots_keep_versions()
    _let_themes_retire()


def _let_pilots_keep_versions() -> None:
    op.add_column("pilot", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.create_table(
        "earlier_pilot",
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("problem", sa.String(length=3000), nullable=False),
        sa.Column("theme_ids", JSON, nullable=False),
        sa.Column("goal_ids", JSON, nullable=False),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("radius_m", sa.Integer(), nullable=True),
        sa.Column("replaced_by", sa.Integer(), nullable=True),
        sa.Column("replaced_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["pilot_id"], ["pilot.id"], name=op.f("fk_earlier_pilot_pilot_id_pilot"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["replaced_by"], ["person.id"], name=op.f("fk_earlier_pilot_replaced_by_person")),
        sa.PrimaryKeyConstraint("pilot_id", "version", name=op.f("pk_earlier_pilot")),
    )


def _let_themes_retire() -> None:
    op.add_column("theme", sa.Column("retired_at", MOMENT, nullable=True))
    op.add_column("goal", sa.Column("retired_at", MOMENT, nullable=True))


def downgrade() -> None:
    op.drop_column("goal", "retired_at")
    op.drop_column("theme", "retired_at")
    op.drop_table("earlier_pilot")
    op.drop_column("pilot", "version")
    op.drop_table("issue_merge")
    op.drop_column("issue", "merged_count")
