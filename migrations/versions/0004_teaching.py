"""Tables of teaching."""

from __future__ import annotations

revision = "0004_teaching"
down_revision = "0003_learning"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
