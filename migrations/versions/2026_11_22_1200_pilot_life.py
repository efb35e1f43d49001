"""What is decided at a pilot's gates, and what was learned"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
STAGE = sa.Enum("idea", "proof-of-concept", "pilot", "scaling-up", "embedded", "stopped", native_enum=False, length=32)
PART = sa.Enum("social", "physical", "financial", "organisational", "digital", native_enum=False, length=32)


def upgrade() -> None:
    op.add_column("pilot", sa.Column("frozen_at", MOMENT, nullable=True))
    op.add_column("pilot", sa.Column("decisions", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("pilot", sa.Column("next_step", sa.String(length=300), nullable=False, server_default=""))
    op.add_column("pilot", sa.Column("next_on", sa.Date(), nullable=True))
    op.add_column("pilot", sa.Column("ends_on", sa.Date(), nullable=True))
    op.create_index(op.f("ix_pilot_ends_on"), "pilot", ["ends_on"])
    op.add_column("earlier_pilot", sa.Column("reason", sa.String(length=1000), nullable=False, server_default=""))
    create_gate_draft()
    create_gate_decision()
    create_lesson()


def create_gate_draft() -> None:
    op.create_table(
        "gate_draft",
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column("gate", STAGE, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("saved_by", sa.Integer(), nullable=True),
        sa.Column("saved_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["pilot_id"], ["pilot.id"], name=op.f("fk_gate_draft_pilot_id_pilot"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["saved_by"], ["person.id"], name=op.f("fk_gate_draft_saved_by_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("pilot_id", "gate", name=op.f("pk_gate_draft")),
    )


def create_gate_decision() -> None:
    op.create_table(
        "gate_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("from_stage", STAGE, nullable=False),
        sa.Column("gate", STAGE, nullable=False),
        sa.Column("outcome", sa.Enum("pass", "hold", "stop", native_enum=False, length=32), nullable=False),
        sa.Column("reason", sa.String(length=2000), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("next_step", sa.String(length=300), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("answers", JSON, nullable=False),
        sa.Column("seen", JSON, nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["decided_by"], ["person.id"], name=op.f("fk_gate_decision_decided_by_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["pilot_id"], ["pilot.id"], name=op.f("fk_gate_decision_pilot_id_pilot"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_decision")),
        sa.UniqueConstraint("pilot_id", "number", name=op.f("uq_gate_decision_pilot_id_number")),
    )


def create_lesson() -> None:
    op.create_table(
        "lesson",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column("content_id", sa.Integer(), nullable=False),
        sa.Column("stage", STAGE, nullable=False),
        sa.Column("part", PART, nullable=True),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("text", sa.String(length=3000), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("search_stems", sa.Text(), nullable=False),
        sa.Column("visible", sa.Boolean(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["content_id"], ["content.id"], name=op.f("fk_lesson_content_id_content")),
        sa.ForeignKeyConstraint(["pilot_id"], ["pilot.id"], name=op.f("fk_lesson_pilot_id_pilot"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson")),
        sa.UniqueConstraint("content_id", name=op.f("uq_lesson_content_id")),
    )
    op.create_index(op.f("ix_lesson_pilot_id_visible_id"), "lesson", ["pilot_id", "visible", "id"])
    op.create_index(op.f("ix_lesson_visible_id"), "lesson", ["visible", "id"])


def downgrade() -> None:
    op.drop_table("lesson")
    op.drop_table("gate_decision")
    op.drop_table("gate_draft")
    op.drop_column("earlier_pilot", "reason")
    op.drop_index(op.f("ix_pilot_ends_on"), "pilot")
    for name in ("ends_on", "next_on", "next_step", "decisions", "frozen_at"):
        op.drop_column("pilot", name)
