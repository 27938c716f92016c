"""Tables of courses."""

from __future__ import annotations

revision = "0002_courses"
down_revision = "0001_accounts"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
