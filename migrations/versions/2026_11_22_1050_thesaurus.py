"""What a city changes in the thesaurus, and what its decisions teach about concepts and honest probabilities"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

JSON = sa.JSON().with_variant(JSONB(), "postgresql")

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "city_concept",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("name_nl", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=True),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["theme_id"], ["theme.id"], name=op.f("fk_city_concept_theme_id_theme"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_city_concept_created_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_city_concept")),
        sa.UniqueConstraint("code", name=op.f("uq_city_concept_code")),
    )
    op.create_table(
        "city_expression",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("concept", sa.String(length=60), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("text", sa.String(length=80), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["person.id"], name=op.f("fk_city_expression_changed_by_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_city_expression")),
        sa.UniqueConstraint("concept", "language", "text", name=op.f("uq_city_expression_concept_language_text")),
    )
    op.create_table(
        "pilot_concept",
        sa.Column("concept", sa.String(length=60), nullable=False),
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column("confirmed", sa.Float(), nullable=False),
        sa.Column("rejected", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["pilot_id"], ["pilot.id"], name=op.f("fk_pilot_concept_pilot_id_pilot"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("concept", "pilot_id", name=op.f("pk_pilot_concept")),
    )
    op.create_index("ix_pilot_concept_pilot_id", "pilot_concept", ["pilot_id"])
    op.create_table(
        "theme_forecast",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("scores", JSON, nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issue.id"], name=op.f("fk_theme_forecast_issue_id_issue"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["theme_id"], ["theme.id"], name=op.f("fk_theme_forecast_theme_id_theme"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_forecast")),
    )
    op.create_index("ix_theme_forecast_issue_id", "theme_forecast", ["issue_id"])
    op.create_index("ix_theme_forecast_theme_id", "theme_forecast", ["theme_id"])


def downgrade() -> None:
    for table in ("theme_forecast", "pilot_concept", "city_expression", "city_concept"):
        op.drop_table(table)
