"""Tables of learning."""

from __future__ import annotations

revision = "0003_learning"
down_revision = "0002_courses"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
