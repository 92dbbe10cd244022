"""How sure the reading of each page was, what was corrected, and the suppliers whose paper has changed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.String(32)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "capture",
        sa.Column("record_id", ID, nullable=False, autoincrement=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("supplier_number", sa.Text(), nullable=False),
        sa.Column("layout", sa.String(16), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("corrected", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name="fk_capture_record_id"),
        sa.PrimaryKeyConstraint("record_id", name="pk_capture"),
    )
    op.create_index("ix_capture_supplier_number", "capture", ["supplier_number"])
    op.create_table(
        "doubt",
        sa.Column("id", ID, nullable=False),
        sa.Column("supplier_number", sa.Text(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("reviewed_at", MOMENT),
        sa.Column("reviewed_by", sa.Text()),
        sa.Column("review", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_doubt"),
    )
    op.create_index("ix_doubt_supplier_number", "doubt", ["supplier_number"])


def downgrade() -> None:
    """Drop the tables."""
    op.drop_table("doubt")
    op.drop_table("capture")
