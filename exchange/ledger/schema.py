"""The tables. A state says what is true, never what somebody is doing: "running" is a lease with an end.

batch      one run of one flow
file       one content that came in, by its SHA-256; a second delivery of the same bytes is a sighting
sighting   where and under which name a content was seen, and whether the original was tidied away
record     one document in one file, and what became of it; ``owned_key`` is unique, so one invoice has one owner
finding    what was wrong, and where
outgoing   one file on its way to a partner
slot       the nominal time of a schedule; its uniqueness decides who runs it
watermark  how far a source was read
reference  suppliers, accounts, orders, receipts and past invoices as last seen at Coupa
event      what happened, append-only, each row chained to the one before by a hash
control    switches, such as the kill switch
decision   what was decided on a record, with everything it rests on; ``parts`` are shared with other decisions
part       what many decisions rest on alike, such as the policy, by its SHA-256
verdict    what a person found who verified a decision
capture    how sure the reading of a page was, whose layout it had, and whether a person had to correct it
doubt      a supplier whose paper has changed, so that nothing of it passes by itself until a person has looked
heartbeat  a daemon or worker, and until when its last sign of life counts
partner    a partner that failed and has not worked since: how often in a row, and at what
outage     something that people were told is wrong; ``open_topic`` is unique, so each is told of once
notice     one message about an outage on one channel, until it is sent
"""

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[dt.datetime]):
    """A moment as ISO 8601 text in UTC with microseconds: it sorts as text, the same on every database."""

    impl = String(32)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> str | None:
        """Write a moment; ValueError for a naive one."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: Any | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ANN401
        """Read a moment, in UTC."""
        del dialect
        return None if value is None else dt.datetime.fromisoformat(str(value))


class Money(TypeDecorator[Decimal]):
    """An amount as text, to the last digit."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        """Write an amount in plain notation."""
        del dialect
        return None if value is None else format(value, "f")

    def process_result_value(self, value: Any | None, dialect: Dialect) -> Decimal | None:  # noqa: ANN401
        """Read an amount."""
        del dialect
        return None if value is None else Decimal(str(value))


_Id = BigInteger().with_variant(Integer, "sqlite")
_Sha = String(64)

batch = Table(
    "batch",
    METADATA,
    Column("id", _Id, primary_key=True),
    Column("flow", String(40), nullable=False),
    Column("trigger", String(40), nullable=False),
    Column("slot", Moment),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("outcome", String(20)),
    Column("summary", Text, nullable=False, default="{}"),
    Column("error", Text),
    Index(None, "flow", "started_at"),
)

file = Table(
    "file",
    METADATA,
    Column("sha256", _Sha, primary_key=True),
    Column("flow", String(40), nullable=False),
    Column("name", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("kind", String(20), nullable=False, default=""),
    Column("state", String(20), nullable=False),
    Column("taken_at", Moment, nullable=False),
    Column("batch_id", _Id, ForeignKey("batch.id"), nullable=False),
    Column("former", _Sha),
    Column("owner", Text),
    Column("fence", Integer, nullable=False, default=0),
    Column("lease_until", Moment),
    Column("tries", Integer, nullable=False, default=0),
    Column("reason", Text),
    Index(None, "flow", "state"),
)

sighting = Table(
    "sighting",
    METADATA,
    Column("id", _Id, primary_key=True),
    Column("sha256", _Sha, ForeignKey("file.sha256"), nullable=False),
    Column("remote", String(40), nullable=False),
    Column("path", Text, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("batch_id", _Id, ForeignKey("batch.id"), nullable=False),
    Column("tidied_at", Moment),
    Index(None, "sha256"),
    Index(None, "remote", "path"),
)

record = Table(
    "record",
    METADATA,
    Column("id", _Id, primary_key=True),
    Column("flow", String(40), nullable=False),
    Column("sha256", _Sha, ForeignKey("file.sha256")),
    Column("batch_id", _Id, ForeignKey("batch.id"), nullable=False),
    Column("position", Integer, nullable=False, default=0),
    Column("business_key", Text, nullable=False),
    Column("owned_key", Text),
    Column("payload_hash", _Sha, nullable=False),
    Column("state", String(20), nullable=False),
    Column("number", Text, nullable=False, default=""),
    Column("supplier_number", Text, nullable=False, default=""),
    Column("supplier_name", Text, nullable=False, default=""),
    Column("currency", Text, nullable=False, default=""),
    Column("amount", Money),
    Column("document", Text, nullable=False),
    Column("evidence", Text),
    Column("judgement", Text),
    Column("decision", String(20)),
    Column("reasons", Text, nullable=False, default=""),
    Column("explanation", Text),
    Column("suggestion", Text),
    Column("image", Text),
    Column("image_sha256", _Sha),
    Column("intent_fence", Integer),
    Column("intent_at", Moment),
    Column("outgoing_id", _Id),
    Column("remote_id", Text),
    Column("error", Text),
    Column("updated_at", Moment, nullable=False),
    UniqueConstraint("flow", "owned_key"),
    Index(None, "sha256", "position"),
    Index(None, "flow", "state"),
    Index(None, "business_key"),
    Index(None, "batch_id"),
    Index(None, "outgoing_id"),
)

finding = Table(
    "finding",
    METADATA,
    Column("id", _Id, primary_key=True),
    Column("sha256", _Sha, ForeignKey("file.sha256")),
    Column("record_id", _Id, ForeignKey("record.id")),
    Column("batch_id", _Id, ForeignKey("batch.id"), nullable=False),
    Column("rule", String(60), nullable=False),
    Column("severity", String(10), nullable=False),
    Column("message", Text, nullable=False),
    Column("record", Text, nullable=False, default=""),
    Column("source", Text, nullable=False),
    Index(None, "sha256"),
    Index(None, "record_id"),
    Index(None, "batch_id"),
)

outgoing = Table(
    "outgoing",
    METADATA,
    Column("id", _Id, primary_key=True),
    Column("batch_id", _Id, ForeignKey("batch.id"), nullable=False),
    Column("flow", String(40), nullable=False),
    Column("remote", String(40), nullable=False),
    Column("path", Text, nullable=False),
    Column("sha256", _Sha, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("records", Integer, nullable=False),
    Column("totals", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("answers", _Sha),
    Column("made_at", Moment, nullable=False),
    Column("published_at", Moment),
    Column("begun_at", Moment),
    Column("owner", Text),
    Column("fence", Integer, nullable=False, default=0, server_default="0"),
    Column("lease_until", Moment),
    UniqueConstraint("remote", "path"),
    Index(None, "state"),
    Index(None, "batch_id"),
)

slot = Table(
    "slot",
    METADATA,
    Column("flow", String(40), primary_key=True),
    Column("due", Text, primary_key=True),
    Column("taken_at", Moment, nullable=False),
    Column("owner", Text, nullable=False),
    Column("state", String(20), nullable=False),
    Column("batch_id", _Id),
)

watermark = Table(
    "watermark",
    METADATA,
    Column("flow", String(40), primary_key=True),
    Column("value", Moment, nullable=False),
    Column("batch_id", _Id, nullable=False),
)

reference = Table(
    "reference",
    METADATA,
    Column("kind", String(40), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("supplier_number", Text, nullable=False, default=""),
    Column("lookup", Text, nullable=False, default=""),
    Column("document", Text, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Index(None, "kind", "supplier_number"),
    Index(None, "kind", "lookup"),
)

event = Table(
    "event",
    METADATA,
    Column("id", _Id, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("what", String(60), nullable=False),
    Column("who", Text, nullable=False),
    Column("batch_id", _Id),
    Column("sha256", _Sha),
    Column("record_id", _Id),
    Column("detail", Text, nullable=False, default="{}"),
    Column("chain", _Sha, nullable=False),
    Index(None, "record_id"),
    Index(None, "sha256"),
    Index(None, "batch_id"),
)

control = Table(
    "control",
    METADATA,
    Column("name", String(40), primary_key=True),
    Column("value", Text, nullable=False),
    Column("set_at", Moment, nullable=False),
    Column("set_by", Text, nullable=False),
    Column("active", Boolean, nullable=False, default=True),
)

part = Table(
    "part",
    METADATA,
    Column("sha256", _Sha, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

decision = Table(
    "decision",
    METADATA,
    Column("id", _Id, primary_key=True),
    Column("record_id", _Id, ForeignKey("record.id"), nullable=False),
    Column("batch_id", _Id, ForeignKey("batch.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("outcome", String(20), nullable=False),
    Column("scope", Text, nullable=False),
    Column("clean", Boolean, nullable=False),
    Column("policy_hash", _Sha, nullable=False),
    Column("code", String(80), nullable=False),
    Column("sha256", _Sha, nullable=False),
    Column("parts", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Index(None, "record_id"),
    Index(None, "at"),
)

verdict = Table(
    "verdict",
    METADATA,
    Column("id", _Id, primary_key=True),
    Column("decision_id", _Id, ForeignKey("decision.id"), nullable=False),
    Column("at", Moment, nullable=False),
    Column("who", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("scope", Text, nullable=False),
    Column("amount", Money, nullable=False),
    Column("wrong_amount", Money, nullable=False),
    Column("fingerprint", _Sha, nullable=False),
    Column("automatic", Boolean, nullable=False),
    Column("counts", Boolean, nullable=False),
    Index(None, "decision_id"),
)

capture = Table(
    "capture",
    METADATA,
    Column("record_id", _Id, ForeignKey("record.id"), primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("supplier_number", Text, nullable=False),
    Column("layout", String(16), nullable=False),
    Column("confidence", Float, nullable=False),
    Column("corrected", Text, nullable=False, default=""),
    Index(None, "supplier_number"),
)

doubt = Table(
    "doubt",
    METADATA,
    Column("id", _Id, primary_key=True),
    Column("supplier_number", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("why", Text, nullable=False),
    Column("reviewed_at", Moment),
    Column("reviewed_by", Text),
    Column("review", Text),
    Index(None, "supplier_number"),
)

heartbeat = Table(
    "heartbeat",
    METADATA,
    Column("owner", Text, primary_key=True),
    Column("role", String(20), nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("until", Moment, nullable=False),
    Column("left_at", Moment),
)

partner = Table(
    "partner",
    METADATA,
    Column("name", String(40), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("since", Moment, nullable=False),
    Column("last_at", Moment, nullable=False),
    Column("flows", Text, nullable=False),
    Column("retry", Boolean, nullable=False),
    Column("error", Text, nullable=False),
)

outage = Table(
    "outage",
    METADATA,
    Column("id", _Id, primary_key=True),
    Column("topic", Text, nullable=False),
    Column("open_topic", Text),
    Column("message", Text, nullable=False),
    Column("since", Moment, nullable=False),
    Column("ended_at", Moment),
    UniqueConstraint("open_topic"),
)

notice = Table(
    "notice",
    METADATA,
    Column("id", _Id, primary_key=True),
    Column("outage_id", _Id, ForeignKey("outage.id"), nullable=False),
    Column("channel", String(20), nullable=False),
    Column("what", String(20), nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("next_at", Moment, nullable=False),
    Column("tries", Integer, nullable=False, default=0),
    Column("sent_at", Moment),
    Column("error", Text),
    UniqueConstraint("outage_id", "channel", "what"),
    Index(None, "sent_at", "next_at"),
)
