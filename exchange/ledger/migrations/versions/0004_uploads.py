"""Files on their way out are claimed by a lease, and remember that their last step was begun."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOMENT = sa.String(32)
COLUMNS = ("begun_at", "owner", "fence", "lease_until")


def upgrade() -> None:
    """Add the columns."""
    op.add_column("outgoing", sa.Column("begun_at", MOMENT))
    op.add_column("outgoing", sa.Column("owner", sa.Text()))
    op.add_column("outgoing", sa.Column("fence", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("outgoing", sa.Column("lease_until", MOMENT))


def downgrade() -> None:
    """Drop the columns."""
    for name in COLUMNS:
        op.drop_column("outgoing", name)
