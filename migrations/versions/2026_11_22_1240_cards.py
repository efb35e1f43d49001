"""Cards of other cities' pilots"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)
STAGE = sa.Enum("idea", "proof-of-concept", "pilot", "scaling-up", "embedded", "stopped", native_enum=False, length=32)


def upgrade() -> None:
    create_card_feed()
    create_imported_card()
    create_card_match()


def create_card_feed() -> None:
    op.create_table(
        "card_feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(length=500), nullable=False),
        sa.Column("city", sa.String(length=120), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("etag", sa.String(length=200), nullable=False),
        sa.Column("problem", sa.String(length=40), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("added_at", MOMENT, nullable=False),
        sa.Column("tried_at", MOMENT, nullable=True),
        sa.Column("fetched_at", MOMENT, nullable=True),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("brought", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["added_by"], ["person.id"], name=op.f("fk_card_feed_added_by_person"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_feed")),
        sa.UniqueConstraint("url", name=op.f("uq_card_feed_url")),
    )


def create_imported_card() -> None:
    op.create_table(
        "imported_card",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=500), nullable=False),
        sa.Column("city", sa.String(length=120), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("problem", sa.String(length=3000), nullable=False),
        sa.Column("approach", sa.String(length=2000), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("stage", STAGE, nullable=False),
        sa.Column("themes", JSON, nullable=False),
        sa.Column("asked", sa.Integer(), nullable=True),
        sa.Column("solved", sa.Integer(), nullable=False),
        sa.Column("partly", sa.Integer(), nullable=False),
        sa.Column("not_solved", sa.Integer(), nullable=False),
        sa.Column("document", JSON, nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("search_stems", sa.Text(), nullable=False),
        sa.Column("visible", sa.Boolean(), nullable=False),
        sa.Column("imported_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("gone_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["feed_id"], ["card_feed.id"], name=op.f("fk_imported_card_feed_id_card_feed"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_imported_card")),
        sa.UniqueConstraint("feed_id", "key", name=op.f("uq_imported_card_feed_id_key")),
    )
    op.create_index(op.f("ix_imported_card_updated_at"), "imported_card", ["updated_at"])
    op.create_index(op.f("ix_imported_card_visible_id"), "imported_card", ["visible", "id"])


def create_card_match() -> None:
    op.create_table(
        "card_match",
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("likelihood", sa.Enum("likely", "possible", "unsure", native_enum=False, length=32), nullable=False),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("engine", sa.String(length=20), nullable=False),
        sa.Column("state", sa.Enum("suggested", "confirmed", "rejected", native_enum=False, length=32), nullable=False),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decided_at", MOMENT, nullable=True),
        sa.Column("decision_reason", sa.String(length=500), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("card_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["card_id"], ["imported_card.id"], name=op.f("fk_card_match_card_id_imported_card"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"], name=op.f("fk_card_match_decided_by_person")),
        sa.ForeignKeyConstraint(
            ["issue_id"], ["issue.id"], name=op.f("fk_card_match_issue_id_issue"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("issue_id", "card_id", name=op.f("pk_card_match")),
    )
    op.create_index(op.f("ix_card_match_card_id"), "card_match", ["card_id"])


def downgrade() -> None:
    op.drop_table("card_match")
    op.drop_table("imported_card")
    op.drop_table("card_feed")
