"""What residents say of a pilot"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    create_verdict_question()
    create_verdict()
    create_verdict_rule()


def create_verdict_question() -> None:
    op.create_table(
        "verdict_question",
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.Integer(), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("solved", sa.Integer(), nullable=False),
        sa.Column("partly", sa.Integer(), nullable=False),
        sa.Column("not_solved", sa.Integer(), nullable=False),
        sa.Column("moved", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["asked_by"], ["person.id"], name=op.f("fk_verdict_question_asked_by_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["pilot_id"], ["pilot.id"], name=op.f("fk_verdict_question_pilot_id_pilot"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("pilot_id", name=op.f("pk_verdict_question")),
    )


def create_verdict() -> None:
    op.create_table(
        "verdict",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column(
            "answer", sa.Enum("solved", "partly", "not-solved", "moved", native_enum=False, length=32), nullable=True
        ),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("content_id", sa.Integer(), nullable=True),
        sa.Column("visible", sa.Boolean(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["content_id"], ["content.id"], name=op.f("fk_verdict_content_id_content")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_verdict_person_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["pilot_id"], ["pilot.id"], name=op.f("fk_verdict_pilot_id_pilot"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdict")),
        sa.UniqueConstraint("content_id", name=op.f("uq_verdict_content_id")),
        sa.UniqueConstraint("pilot_id", "person_id", name=op.f("uq_verdict_pilot_id_person_id")),
    )
    op.create_index(op.f("ix_verdict_person_id"), "verdict", ["person_id"])


def create_verdict_rule() -> None:
    op.create_table(
        "verdict_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("least_answers", sa.Integer(), nullable=False),
        sa.Column("least_share", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verdict_rule")),
    )


def downgrade() -> None:
    op.drop_table("verdict_rule")
    op.drop_table("verdict")
    op.drop_table("verdict_question")
