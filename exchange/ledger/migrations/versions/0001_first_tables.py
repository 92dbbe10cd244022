"""The ledger's first tables."""

from alembic import op

from exchange.ledger.schema import METADATA

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    METADATA.create_all(op.get_bind())


def downgrade() -> None:
    """Drop the tables."""
    METADATA.drop_all(op.get_bind())
