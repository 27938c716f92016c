"""Tables of exchange."""

from __future__ import annotations

revision = "0005_exchange"
down_revision = "0004_teaching"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
