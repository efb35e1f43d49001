"""Remember what was sent with an Idempotency-Key"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_call",
        sa.Column("nonce", sa.String(length=64), nullable=False),
        sa.Column("content_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("nonce", name=op.f("pk_api_call")),
    )
    op.create_index("ix_api_call_created_at", "api_call", ["created_at"])


def downgrade() -> None:
    op.drop_table("api_call")
