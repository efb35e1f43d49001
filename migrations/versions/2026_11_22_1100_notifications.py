"""Following, alerts, what people hear, and whether it is solved"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
SOURCES = ("timeline", "comment", "decision")
KINDS = ("city", "merge", "moderation", "pilot", "reply", "solved")
PACES = ("at-once", "daily", "weekly", "never")


def choice(*values: str) -> sa.Enum:
    return sa.Enum(*values, native_enum=False, length=32)


def upgrade() -> None:
    op.add_column("follow", sa.Column("ended_at", MOMENT, nullable=True))
    op.add_column("person", sa.Column("unread_notices", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("outgoing_mail", sa.Column("error", sa.String(length=80), nullable=False, server_default=""))
    _add_facts()
    _add_following()
    _add_notices()
    _add_solved()
    _let_those_who_took_part_follow()


def _add_facts() -> None:
    op.create_table(
        "fact",
        sa.Column("source", choice(*SOURCES), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("told_up_to", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("source", "source_id", name=op.f("pk_fact")),
    )
    op.create_index("ix_fact_due_at", "fact", ["due_at"])


def _add_following() -> None:
    op.create_table(
        "pilot_follow",
        sa.Column("pilot_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["pilot_id"], ["pilot.id"], name=op.f("fk_pilot_follow_pilot_id_pilot"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_pilot_follow_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("pilot_id", "person_id", name=op.f("pk_pilot_follow")),
    )
    op.create_index("ix_pilot_follow_person_id", "pilot_follow", ["person_id"])
    op.create_table(
        "alert",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=True),
        sa.Column("neighbourhood_id", sa.Integer(), nullable=True),
        sa.Column("lat", sa.Float(), nullable=True),
        sa.Column("lon", sa.Float(), nullable=True),
        sa.Column("radius_m", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("pace", choice(*PACES), nullable=False),
        sa.Column("told_up_to", sa.Integer(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_alert_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_alert_theme_id_theme"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["neighbourhood_id"],
            ["neighbourhood.id"],
            name=op.f("fk_alert_neighbourhood_id_neighbourhood"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_alert")),
        sa.UniqueConstraint("person_id", "theme_id", name=op.f("uq_alert_person_id_theme_id")),
        sa.UniqueConstraint("person_id", "neighbourhood_id", name=op.f("uq_alert_person_id_neighbourhood_id")),
        sa.UniqueConstraint("person_id", "lat", "lon", name=op.f("uq_alert_person_id_lat_lon")),
    )
    for column in ("theme_id", "neighbourhood_id", "due_at"):
        op.create_index(f"ix_alert_{column}", "alert", [column])


def _add_notices() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", choice(*KINDS), nullable=False),
        sa.Column("source", choice(*SOURCES), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=True),
        sa.Column("pilot_id", sa.Integer(), nullable=True),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("read_at", MOMENT, nullable=True),
        sa.Column("mail_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_notice_person_id_person"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_notice_issue_id_issue"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["pilot_id"], ["pilot.id"], name=op.f("fk_notice_pilot_id_pilot"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("person_id", "source", "source_id", name=op.f("uq_notice_person_id_source_source_id")),
    )
    op.create_index("ix_notice_person_id_id", "notice", ["person_id", "id"])
    op.create_index("ix_notice_mail_at_person_id", "notice", ["mail_at", "person_id"])
    op.create_index("ix_notice_issue_id", "notice", ["issue_id"])
    op.create_index("ix_notice_pilot_id", "notice", ["pilot_id"])
    op.create_table(
        "mail_choice",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("kind", choice(*KINDS), nullable=False),
        sa.Column("pace", choice(*PACES), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_mail_choice_person_id_person"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", "kind", name=op.f("pk_mail_choice")),
    )


def _add_solved() -> None:
    op.create_table(
        "solved_question",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("entry_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.Column("yes", sa.Integer(), nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("weighed_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issue.id"], name=op.f("fk_solved_question_issue_id_issue"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_solved_question")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_solved_question_entry_id")),
    )
    op.create_index("ix_solved_question_issue_id", "solved_question", ["issue_id"])
    op.create_index("ix_solved_question_asked_at", "solved_question", ["asked_at"])
    op.create_table(
        "solved_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("is_solved", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("content_id", sa.Integer(), nullable=True),
        sa.Column("visible", sa.Boolean(), nullable=False),
        sa.Column("answered_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["solved_question.id"],
            name=op.f("fk_solved_answer_question_id_solved_question"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_solved_answer_person_id_person"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["content_id"], ["content.id"], name=op.f("fk_solved_answer_content_id_content")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_solved_answer")),
        sa.UniqueConstraint("question_id", "person_id", name=op.f("uq_solved_answer_question_id_person_id")),
        sa.UniqueConstraint("content_id", name=op.f("uq_solved_answer_content_id")),
    )
    op.create_index("ix_solved_answer_person_id", "solved_answer", ["person_id"])


def _let_those_who_took_part_follow() -> None:
    """From now on whoever files or comments follows by themselves; so do those who did before."""
    op.execute(
        "INSERT INTO follow (issue_id, person_id, created_at)"
        " SELECT issue.id, content.author_id, issue.created_at FROM issue"
        " JOIN content ON content.id = issue.content_id WHERE content.author_id IS NOT NULL"
        " ON CONFLICT DO NOTHING"
    )
    op.execute(
        "INSERT INTO follow (issue_id, person_id, created_at)"
        " SELECT issue.id, content.author_id, min(comment.created_at) FROM comment"
        " JOIN content ON content.id = comment.content_id JOIN issue ON issue.thread_id = comment.thread_id"
        " WHERE content.author_id IS NOT NULL GROUP BY issue.id, content.author_id"
        " ON CONFLICT DO NOTHING"
    )


def downgrade() -> None:
    for table in ("solved_answer", "solved_question", "mail_choice", "notice", "alert", "pilot_follow", "fact"):
        op.drop_table(table)
    op.drop_column("outgoing_mail", "error")
    op.drop_column("person", "unread_notices")
    op.drop_column("follow", "ended_at")
