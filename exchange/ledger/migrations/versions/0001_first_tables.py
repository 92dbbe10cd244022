"""The ledger's first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
SHA = sa.String(64)
MOMENT = sa.String(32)
MONEY = sa.Text()


def _batch() -> None:
    op.create_table(
        "batch",
        sa.Column("id", ID, nullable=False),
        sa.Column("flow", sa.String(40), nullable=False),
        sa.Column("trigger", sa.String(40), nullable=False),
        sa.Column("slot", MOMENT),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT),
        sa.Column("outcome", sa.String(20)),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("error", sa.Text()),
        sa.PrimaryKeyConstraint("id", name="pk_batch"),
    )
    op.create_index("ix_batch_flow_started_at", "batch", ["flow", "started_at"])


def _control() -> None:
    op.create_table(
        "control",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("set_at", MOMENT, nullable=False),
        sa.Column("set_by", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_control"),
    )


def _event() -> None:
    op.create_table(
        "event",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("what", sa.String(60), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("batch_id", ID),
        sa.Column("sha256", SHA),
        sa.Column("record_id", ID),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("chain", SHA, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
    )
    op.create_index("ix_event_batch_id", "event", ["batch_id"])
    op.create_index("ix_event_record_id", "event", ["record_id"])
    op.create_index("ix_event_sha256", "event", ["sha256"])


def _reference() -> None:
    op.create_table(
        "reference",
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("supplier_number", sa.Text(), nullable=False),
        sa.Column("lookup", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", name="pk_reference"),
    )
    op.create_index("ix_reference_kind_lookup", "reference", ["kind", "lookup"])
    op.create_index("ix_reference_kind_supplier_number", "reference", ["kind", "supplier_number"])


def _slot() -> None:
    op.create_table(
        "slot",
        sa.Column("flow", sa.String(40), nullable=False),
        sa.Column("due", sa.Text(), nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("batch_id", ID),
        sa.PrimaryKeyConstraint("flow", "due", name="pk_slot"),
    )


def _watermark() -> None:
    op.create_table(
        "watermark",
        sa.Column("flow", sa.String(40), nullable=False),
        sa.Column("value", MOMENT, nullable=False),
        sa.Column("batch_id", ID, nullable=False),
        sa.PrimaryKeyConstraint("flow", name="pk_watermark"),
    )


def _file() -> None:
    op.create_table(
        "file",
        sa.Column("sha256", SHA, nullable=False),
        sa.Column("flow", sa.String(40), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.Column("batch_id", ID, nullable=False),
        sa.Column("former", SHA),
        sa.Column("owner", sa.Text()),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("lease_until", MOMENT),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name="fk_file_batch_id"),
        sa.PrimaryKeyConstraint("sha256", name="pk_file"),
    )
    op.create_index("ix_file_flow_state", "file", ["flow", "state"])


def _outgoing() -> None:
    op.create_table(
        "outgoing",
        sa.Column("id", ID, nullable=False),
        sa.Column("batch_id", ID, nullable=False),
        sa.Column("flow", sa.String(40), nullable=False),
        sa.Column("remote", sa.String(40), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("sha256", SHA, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("totals", sa.Text(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("answers", SHA),
        sa.Column("made_at", MOMENT, nullable=False),
        sa.Column("published_at", MOMENT),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name="fk_outgoing_batch_id"),
        sa.PrimaryKeyConstraint("id", name="pk_outgoing"),
        sa.UniqueConstraint("remote", "path", name="uq_outgoing_remote_path"),
    )
    op.create_index("ix_outgoing_batch_id", "outgoing", ["batch_id"])
    op.create_index("ix_outgoing_state", "outgoing", ["state"])


def _record() -> None:
    op.create_table(
        "record",
        sa.Column("id", ID, nullable=False),
        sa.Column("flow", sa.String(40), nullable=False),
        sa.Column("sha256", SHA),
        sa.Column("batch_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("business_key", sa.Text(), nullable=False),
        sa.Column("owned_key", sa.Text()),
        sa.Column("payload_hash", SHA, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("supplier_number", sa.Text(), nullable=False),
        sa.Column("supplier_name", sa.Text(), nullable=False),
        sa.Column("currency", sa.Text(), nullable=False),
        sa.Column("amount", MONEY),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("evidence", sa.Text()),
        sa.Column("judgement", sa.Text()),
        sa.Column("decision", sa.String(20)),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("explanation", sa.Text()),
        sa.Column("suggestion", sa.Text()),
        sa.Column("image", sa.Text()),
        sa.Column("image_sha256", SHA),
        sa.Column("intent_fence", sa.Integer()),
        sa.Column("intent_at", MOMENT),
        sa.Column("outgoing_id", ID),
        sa.Column("remote_id", sa.Text()),
        sa.Column("error", sa.Text()),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name="fk_record_batch_id"),
        sa.ForeignKeyConstraint(["sha256"], ["file.sha256"], name="fk_record_sha256"),
        sa.PrimaryKeyConstraint("id", name="pk_record"),
        sa.UniqueConstraint("flow", "owned_key", name="uq_record_flow_owned_key"),
    )
    op.create_index("ix_record_batch_id", "record", ["batch_id"])
    op.create_index("ix_record_business_key", "record", ["business_key"])
    op.create_index("ix_record_flow_state", "record", ["flow", "state"])
    op.create_index("ix_record_outgoing_id", "record", ["outgoing_id"])
    op.create_index("ix_record_sha256_position", "record", ["sha256", "position"])


def _sighting() -> None:
    op.create_table(
        "sighting",
        sa.Column("id", ID, nullable=False),
        sa.Column("sha256", SHA, nullable=False),
        sa.Column("remote", sa.String(40), nullable=False),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.Column("batch_id", ID, nullable=False),
        sa.Column("tidied_at", MOMENT),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name="fk_sighting_batch_id"),
        sa.ForeignKeyConstraint(["sha256"], ["file.sha256"], name="fk_sighting_sha256"),
        sa.PrimaryKeyConstraint("id", name="pk_sighting"),
    )
    op.create_index("ix_sighting_remote_path", "sighting", ["remote", "path"])
    op.create_index("ix_sighting_sha256", "sighting", ["sha256"])


def _finding() -> None:
    op.create_table(
        "finding",
        sa.Column("id", ID, nullable=False),
        sa.Column("sha256", SHA),
        sa.Column("record_id", ID),
        sa.Column("batch_id", ID, nullable=False),
        sa.Column("rule", sa.String(60), nullable=False),
        sa.Column("severity", sa.String(10), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batch.id"], name="fk_finding_batch_id"),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"], name="fk_finding_record_id"),
        sa.ForeignKeyConstraint(["sha256"], ["file.sha256"], name="fk_finding_sha256"),
        sa.PrimaryKeyConstraint("id", name="pk_finding"),
    )
    op.create_index("ix_finding_batch_id", "finding", ["batch_id"])
    op.create_index("ix_finding_record_id", "finding", ["record_id"])
    op.create_index("ix_finding_sha256", "finding", ["sha256"])


TABLES = (
    _batch,
    _control,
    _event,
    _reference,
    _slot,
    _watermark,
    _file,
    _outgoing,
    _record,
    _sighting,
    _finding,
)


def upgrade() -> None:
    """Make the tables."""
    for make in TABLES:
        make()


def downgrade() -> None:
    """Drop the tables."""
    for make in reversed(TABLES):
        op.drop_table(make.__name__.removeprefix("_"))
