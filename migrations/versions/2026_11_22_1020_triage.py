"""The desk of the city team: notes, who is looking, entering for someone"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

CHANNEL = sa.Enum("desk", "phone", "paper", name="channel", native_enum=False, length=32)


def upgrade() -> None:
    op.add_column("issue", sa.Column("channel", CHANNEL, nullable=True))
    create_notes()
    create_entries()
    create_presence()


def downgrade() -> None:
    if not on_sqlite():
        op.execute("DROP TABLE presence")
    op.drop_table("entry")
    op.drop_table("internal_note")
    op.drop_column("issue", "channel")


def on_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"


def create_notes() -> None:
    op.create_table(
        "internal_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(length=3000), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issue.id"], name=op.f("fk_internal_note_issue_id_issue"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_internal_note_author_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_internal_note")),
    )
    op.create_index("ix_internal_note_issue_id", "internal_note", ["issue_id"])
    op.create_index("ix_internal_note_author_id", "internal_note", ["author_id"])


def create_entries() -> None:
    op.create_table(
        "entry",
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["issue_id"], ["issue.id"], name=op.f("fk_entry_issue_id_issue"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["entered_by"], ["person.id"], name=op.f("fk_entry_entered_by_person")),
        sa.PrimaryKeyConstraint("issue_id", name=op.f("pk_entry")),
    )
    op.create_index("ix_entry_entered_by", "entry", ["entered_by"])


def create_presence() -> None:
    """Unlogged, like the rate limits: it may be lost, and must not wait for the disk. SQLite has it in their file."""
    if not on_sqlite():
        op.execute(
            "CREATE UNLOGGED TABLE presence (room VARCHAR(40) NOT NULL, person_id BIGINT NOT NULL,"
            " seen_at BIGINT NOT NULL, PRIMARY KEY (room, person_id))"
        )
