"""Concepts that a city adds to the thesaurus, and what decisions taught about them"""

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
