"""Signs of life, partners that failed, and what people are told of it."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.String(32)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "heartbeat",
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("role", sa.String(20), nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("left_at", MOMENT),
        sa.PrimaryKeyConstraint("owner", name="pk_heartbeat"),
    )
    op.create_table(
        "partner",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("last_at", MOMENT, nullable=False),
        sa.Column("flows", sa.Text(), nullable=False),
        sa.Column("retry", sa.Boolean(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_partner"),
    )
    _make_outbox()


def _make_outbox() -> None:
    op.create_table(
        "outage",
        sa.Column("id", ID, nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("open_topic", sa.Text()),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_outage"),
        sa.UniqueConstraint("open_topic", name="uq_outage_open_topic"),
    )
    op.create_table(
        "notice",
        sa.Column("id", ID, nullable=False),
        sa.Column("outage_id", ID, nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("next_at", MOMENT, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", MOMENT),
        sa.Column("error", sa.Text()),
        sa.ForeignKeyConstraint(["outage_id"], ["outage.id"], name="fk_notice_outage_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notice"),
        sa.UniqueConstraint("outage_id", "channel", "what", name="uq_notice_outage_id_channel_what"),
    )
    op.create_index("ix_notice_sent_at_next_at", "notice", ["sent_at", "next_at"])


def downgrade() -> None:
    """Drop the tables."""
    for name in ("notice", "outage", "partner", "heartbeat"):
        op.drop_table(name)
