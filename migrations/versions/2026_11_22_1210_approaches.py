"""Approaches that compete, who prefers which, and the choice"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
PART = sa.Enum("social", "physical", "financial", "organisational", "digital", native_enum=False, length=32)


def upgrade() -> None:
    create_approach()
    create_approach_part()
    create_preference()
    create_approach_choice()


def create_approach() -> None:
    op.create_table(
        "approach",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column("content_id", sa.Integer(), nullable=False),
        sa.Column("nonce", sa.String(length=64), nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("summary", sa.String(length=2000), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("by_city", sa.Boolean(), nullable=False),
        sa.Column("preferences", sa.Integer(), nullable=False),
        sa.Column("tried_in", JSON, nullable=True),
        sa.Column("visible", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_by_city", sa.Boolean(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["content_id"], ["content.id"], name=op.f("fk_approach_content_id_content")),
        sa.ForeignKeyConstraint(
            ["pilot_id"], ["pilot.id"], name=op.f("fk_approach_pilot_id_pilot"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approach")),
        sa.UniqueConstraint("content_id", name=op.f("uq_approach_content_id")),
        sa.UniqueConstraint("nonce", name=op.f("uq_approach_nonce")),
    )
    op.create_index(op.f("ix_approach_pilot_id_visible_id"), "approach", ["pilot_id", "visible", "id"])


def create_approach_part() -> None:
    op.create_table(
        "approach_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("approach_id", sa.Integer(), nullable=False),
        sa.Column("kind", PART, nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["approach_id"], ["approach.id"], name=op.f("fk_approach_part_approach_id_approach"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approach_part")),
    )
    op.create_index(op.f("ix_approach_part_approach_id"), "approach_part", ["approach_id"])


def create_preference() -> None:
    op.create_table(
        "preference",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column("approach_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("content_id", sa.Integer(), nullable=True),
        sa.Column("visible", sa.Boolean(), nullable=False),
        sa.Column("given_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["approach_id"], ["approach.id"], name=op.f("fk_preference_approach_id_approach"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["content_id"], ["content.id"], name=op.f("fk_preference_content_id_content")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_preference_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["pilot_id"], ["pilot.id"], name=op.f("fk_preference_pilot_id_pilot"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_preference")),
        sa.UniqueConstraint("content_id", name=op.f("uq_preference_content_id")),
        sa.UniqueConstraint("pilot_id", "person_id", name=op.f("uq_preference_pilot_id_person_id")),
    )
    op.create_index(op.f("ix_preference_approach_id"), "preference", ["approach_id"])
    op.create_index(op.f("ix_preference_person_id"), "preference", ["person_id"])


def create_approach_choice() -> None:
    op.create_table(
        "approach_choice",
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column("approach_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("chosen_by", sa.Integer(), nullable=True),
        sa.Column("chosen_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["approach_id"], ["approach.id"], name=op.f("fk_approach_choice_approach_id_approach")),
        sa.ForeignKeyConstraint(
            ["chosen_by"], ["person.id"], name=op.f("fk_approach_choice_chosen_by_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["pilot_id"], ["pilot.id"], name=op.f("fk_approach_choice_pilot_id_pilot"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("pilot_id", name=op.f("pk_approach_choice")),
    )
    op.create_index(op.f("ix_approach_choice_approach_id"), "approach_choice", ["approach_id"])


def downgrade() -> None:
    op.drop_table("approach_choice")
    op.drop_table("preference")
    op.drop_table("approach_part")
    op.drop_table("approach")
