"""Decisions with everything they rest on, and what people found when they verified them."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SHA = sa.String(64)
MOMENT = sa.String(32)
MONEY = sa.Text()


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "part",
        sa.Column("sha256", SHA, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_part"),
    )
    op.create_table(
        "decision",
        sa.Column("id", ID, nullable=False),
        sa.Column("record_id", ID, nullable=False),
        sa.Column("batch_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("clean", sa.Boolean(), nullable=False),
        sa.Column("policy_hash", SHA, nullable=False),
        sa.Column("code", sa.String(80), nullable=False),
        sa.Column("sha256", SHA, nullable=False),
        sa.Column("parts", sa.Text(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name="fk_decision_batch_id"),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name="fk_decision_record_id"),
        sa.PrimaryKeyConstraint("id", name="pk_decision"),
    )
    op.create_index("ix_decision_record_id", "decision", ["record_id"])
    op.create_index("ix_decision_at", "decision", ["at"])
    op.create_table(
        "verdict",
        sa.Column("id", ID, nullable=False),
        sa.Column("decision_id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("amount", MONEY, nullable=False),
        sa.Column("wrong_amount", MONEY, nullable=False),
        sa.Column("fingerprint", SHA, nullable=False),
        sa.Column("automatic", sa.Boolean(), nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name="fk_verdict_decision_id"),
        sa.PrimaryKeyConstraint("id", name="pk_verdict"),
    )
    op.create_index("ix_verdict_decision_id", "verdict", ["decision_id"])


def downgrade() -> None:
    """Drop the tables."""
    for table in ("verdict", "decision", "part"):
        op.drop_table(table)
