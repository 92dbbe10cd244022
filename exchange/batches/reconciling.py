"""Reconciliation: lockbox, ledger, Coupa and ERP told side by side, by count and by money, image by image."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, select

from exchange.batches import placed, repairing
from exchange.batches.remittances import signed
from exchange.batches.repairing import Difference
from exchange.batches.world import World
from exchange.errors import CoupaRefusedError
from exchange.flow import FlowName
from exchange.ledger import controls, events, files, outgoing, records, schema
from formats.documents import Invoice


@dataclass(frozen=True, slots=True)
class Check:
    """One comparison: what the two sides say, and each difference by name."""

    name: str
    left: str
    right: str
    differences: tuple[Difference, ...] = field(default=())

    @property
    def ok(self) -> bool:
        """True when both sides say the same."""
        return self.left == self.right and not self.differences

    def as_json(self) -> dict[str, Any]:
        """Return the check as plain values."""
        told = {"name": self.name, "one side": self.left, "other side": self.right}
        return told | {"agree": self.ok, "differences": [one.as_json() for one in self.differences]}


@dataclass(frozen=True, slots=True)
class _Scope:
    """What is compared: everything that batches since a moment took in or sent, or all there is."""

    world: World
    since: dt.datetime | None

    def rows(self, query: Select[Any], batch_id: ColumnElement[Any]) -> Sequence[RowMapping]:
        """Return the rows of a query that belong to these batches."""
        if self.since is not None:
            these = select(schema.batch.c.id).where(schema.batch.c.started_at >= self.since)
            query = query.where(batch_id.in_(these))
        with self.world.ledger.read() as tx:
            return tx.execute(query).mappings().all()

    def records(self, flow: str) -> Sequence[RowMapping]:
        """Return the records of a flow."""
        row = schema.record
        return self.rows(select(row).where(row.c.flow == flow).order_by(row.c.id), row.c.batch_id)


def reconcile(world: World, since: dt.datetime | None = None) -> list[Check]:
    """Compare every side with every other; nothing is changed."""
    scope = _Scope(world, since)
    invoices = scope.records(FlowName.INVOICES)
    loaded = [row for row in invoices if row["state"] == records.LOADED and row["decision"] != records.VOIDED]
    at_coupa = {row["id"]: found for row in loaded if (found := _at_coupa(world, row))}
    return [
        _files(scope),
        _outcomes(invoices),
        _coupa(loaded, at_coupa),
        _images(world, [row for row in loaded if row["id"] in at_coupa]),
        _answers(scope),
        _outgoing(scope),
        _erp(scope),
        _payments(scope),
        *_restored(world),
    ]


def trust_again(world: World) -> None:
    """Forget that the ledger was restored: it knows what the others know."""
    with world.ledger.write() as tx:
        if controls.active(tx, controls.RESTORED) is not None:
            controls.switch(tx, controls.RESTORED, "", world.owner, world.clock(), active=False)
            events.append(tx, events.Event(at=world.clock(), what="restored ledger agrees", who=world.owner))


def _at_coupa(world: World, row: RowMapping) -> Invoice | None:
    """The invoice that a record became; None when Coupa has none of this id any more."""
    try:
        return world.partners.coupa.invoice(int(row["remote_id"]))
    except CoupaRefusedError as error:
        if error.status == HTTPStatus.NOT_FOUND:
            return None
        raise


def _say(count: int, money: Mapping[str, Decimal]) -> str:
    """A count and the money by currency, in one line that two sides can be compared by."""
    return f"{count}: " + ", ".join(f"{amount:.2f} {currency or '?'}" for currency, amount in sorted(money.items()))


def _sum(rows: Iterable[RowMapping]) -> tuple[int, dict[str, Decimal]]:
    count, money = 0, defaultdict[str, Decimal](Decimal)
    for row in rows:
        count += 1
        if row["amount"] is not None:
            money[row["currency"]] += row["amount"]
    return count, money


def _files(scope: _Scope) -> Check:
    """Every file that came in is finished or quarantined, and no original was forgotten at the partner."""
    file, sighting = schema.file, schema.sighting
    came = scope.rows(select(file).order_by(file.c.taken_at), file.c.batch_id)
    states = Counter(row["state"] for row in came)
    query = select(sighting, file.c.state, file.c.flow, file.c.tries, file.c.reason)
    query = query.join(file, file.c.sha256 == sighting.c.sha256).where(sighting.c.tidied_at.is_(None))
    left = [repairing.left_lying(row) for row in scope.rows(query, sighting.c.batch_id)]
    total = sum(states.values())
    finished = states[files.DONE] + states[files.QUARANTINED]
    return Check("inbound files", f"{total} came in", f"{finished} came in", tuple(left))


def _outcomes(invoices: Sequence[RowMapping]) -> Check:
    """What came in is loaded, held, rejected or duplicate."""
    settled = [row for row in invoices if row["state"] in records.OUTCOMES]
    still = [
        Difference(
            f"record {row['id']} ({row['number']}) is {row['state']}",
            "`exchange run invoices` goes on: what may be at Coupa is looked up there first.",
        )
        for row in invoices
        if row["state"] not in records.OUTCOMES
    ]
    return Check("invoices in and out", _say(*_sum(invoices)), _say(*_sum(settled)), tuple(still))


def _coupa(loaded: Sequence[RowMapping], at_coupa: Mapping[int, Invoice]) -> Check:
    """What the ledger calls loaded is at Coupa, with the same number and the same total."""
    money = defaultdict[str, Decimal](Decimal)
    for theirs in at_coupa.values():
        money[theirs.currency] += theirs.signed_total
    differences = (one for row in loaded if (one := _differs(row, at_coupa.get(row["id"]))))
    return Check("ledger and Coupa", _say(*_sum(loaded)), _say(len(at_coupa), money), tuple(differences))


def _differs(row: RowMapping, theirs: Invoice | None) -> Difference | None:
    """How a loaded record differs from what Coupa has; that is for a person, for one side was changed by hand."""
    ours = f"record {row['id']}: {row['number']} {row['amount']} {row['currency']}"
    if theirs is None:
        todo = "Find out who deleted it at Coupa; the lockbox may deliver it again under a new number."
        return Difference(f"{ours} is not at Coupa any more (id {row['remote_id']})", todo)
    same = (theirs.number, theirs.signed_total) == (row["number"], row["amount"])
    told = f"{ours} here, {theirs.number} {theirs.signed_total} {theirs.currency} at Coupa (id {row['remote_id']})"
    return None if same else Difference(told, "Compare both with the page; correct or void it at Coupa.")


def _images(world: World, loaded: Sequence[RowMapping]) -> Check:
    """Every page image of a loaded invoice is at Coupa."""
    with_image = [row for row in loaded if row["image_sha256"]]
    missing = [row for row in with_image if not world.partners.coupa.has_image(int(row["remote_id"]))]
    arrived = len(with_image) - len(missing)
    differences = tuple(repairing.without_image(row) for row in missing)
    return Check("images", f"{len(with_image)} images", f"{arrived} images", differences)


def _answers(scope: _Scope) -> Check:
    """Every finished invoice file was answered, or its answer waits to be sent."""
    file, row = schema.file, schema.outgoing
    query = select(file).where(file.c.flow == FlowName.INVOICES, file.c.state == files.DONE)
    finished = scope.rows(query.order_by(file.c.taken_at), file.c.batch_id)
    with scope.world.ledger.read() as tx:
        answered = set(tx.execute(select(row.c.answers).where(row.c.answers.is_not(None))).scalars())
    silent = tuple(repairing.unanswered(one) for one in finished if one["sha256"] not in answered)
    return Check("answers", f"{len(finished)} files", f"{len(finished) - len(silent)} files", silent)


def _outgoing(scope: _Scope) -> Check:
    """Every file for a partner has arrived whole, and its control totals are those of the records in it."""
    row = schema.outgoing
    made = scope.rows(select(row).order_by(row.c.id), row.c.batch_id)
    differences = tuple(placed.differences(scope.world, made))
    arrived = sum(one["state"] in outgoing.ARRIVED for one in made)
    return Check("files for partners", f"{len(made)} files", f"{arrived} files", differences)


def _erp(scope: _Scope) -> Check:
    """What Coupa has flagged as exported is in the files that arrived at the ERP."""
    vouchers = [row for row in scope.records(FlowName.OK2PAY) if row["state"] == records.LOADED]
    row = schema.outgoing
    query = select(row.c.records).where(row.c.flow == FlowName.OK2PAY, row.c.state.in_(outgoing.ARRIVED))
    arrived = sum(one["records"] for one in scope.rows(query, row.c.batch_id))
    exported = [one for one in vouchers if (found := _at_coupa(scope.world, one)) and found.exported]
    differences = tuple(repairing.unflagged(one) for one in vouchers if one not in exported)
    return Check("Coupa and ERP", _say(len(exported), _sum(exported)[1]), _say(arrived, _sum(vouchers)[1]), differences)


def _payments(scope: _Scope) -> Check:
    """What the ERP paid is booked on Coupa's invoices."""
    booked = [row for row in scope.records(FlowName.PAYMENTS) if row["state"] == records.LOADED]
    money = defaultdict[str, Decimal](Decimal)
    count = 0
    differences = []
    for invoice_id in dict.fromkeys(row["remote_id"] for row in booked):
        ours = [row for row in booked if row["remote_id"] == invoice_id]
        theirs = list(_payments_of(scope.world, int(invoice_id)))
        count += len(theirs)
        for currency, amount in theirs:
            money[currency] += amount
        if scope.since is None and len(ours) != len(theirs):
            told = f"{len(ours)} payments of {ours[0]['number']} came in, Coupa has {len(theirs)} (id {invoice_id})"
            differences.append(Difference(told, "Compare the ERP's payment files with the invoice at Coupa."))
    return Check("payments", _say(*_sum(booked)), _say(count, money), tuple(differences))


def _payments_of(world: World, invoice_id: int) -> Iterator[tuple[str, Decimal]]:
    invoice = world.partners.coupa.invoice(invoice_id)
    for payment in world.partners.coupa.payments(invoice_id):
        yield invoice.currency, signed(payment, invoice) or Decimal(0)


def _restored(world: World) -> Iterator[Check]:
    """After a restore: what lies at the partners under our names or in an archive, and the ledger never saw."""
    with world.ledger.read() as tx:
        since = controls.active(tx, controls.RESTORED)
    if since is not None:
        unknown = tuple(placed.unknown(world))
        yield Check("not in the restored ledger", "0 files", f"{len(unknown)} files", unknown)
