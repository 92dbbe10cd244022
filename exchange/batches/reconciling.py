"""Reconciliation: lockbox, ledger, Coupa and ERP told side by side, by count and by money, image by image."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import RowMapping, select

from exchange.batches.remittances import signed
from exchange.batches.world import World
from exchange.flow import FlowName
from exchange.ledger import files, outgoing, records, schema
from formats.documents import Invoice


@dataclass(frozen=True, slots=True)
class Check:
    """One comparison: what the two sides say, and each difference by name."""

    name: str
    left: str
    right: str
    differences: tuple[str, ...] = field(default=())

    @property
    def ok(self) -> bool:
        """True when both sides say the same."""
        return self.left == self.right and not self.differences

    def as_json(self) -> dict[str, Any]:
        """Return the check as plain values."""
        told = {"name": self.name, "one side": self.left, "other side": self.right}
        return told | {"agree": self.ok, "differences": list(self.differences)}


def reconcile(world: World) -> list[Check]:
    """Compare every side with every other; nothing is changed."""
    invoices = _records(world, FlowName.INVOICES)
    loaded = [row for row in invoices if row["state"] == records.LOADED and row["decision"] != records.VOIDED]
    at_coupa = {row["id"]: world.partners.coupa.invoice(int(row["remote_id"])) for row in loaded}
    return [
        _files(world),
        _outcomes(invoices),
        _coupa(loaded, at_coupa),
        _images(world, loaded),
        _answers(world),
        _erp(world),
        _payments(world),
    ]


def _records(world: World, flow: str) -> Sequence[RowMapping]:
    with world.ledger.read() as tx:
        query = select(schema.record).where(schema.record.c.flow == flow).order_by(schema.record.c.id)
        return tx.execute(query).mappings().all()


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


def _files(world: World) -> Check:
    """Every file that came in is finished or quarantined, and no original was forgotten at the partner."""
    with world.ledger.read() as tx:
        states = Counter(tx.execute(select(schema.file.c.state)).scalars())
        left = tx.execute(select(schema.sighting).where(schema.sighting.c.tidied_at.is_(None))).mappings().all()
        names = [f"{row['remote']}:{row['path']} still lies there" for row in left]
    total = sum(states.values())
    finished = states[files.DONE] + states[files.QUARANTINED]
    return Check("inbound files", f"{total} came in", f"{finished} came in", tuple(names))


def _outcomes(invoices: Sequence[RowMapping]) -> Check:
    """What came in is loaded, held, rejected or duplicate."""
    settled = [row for row in invoices if row["state"] in records.OUTCOMES]
    still = [f"record {row['id']} ({row['number']}) is {row['state']}" for row in invoices if row not in settled]
    return Check("invoices in and out", _say(*_sum(invoices)), _say(*_sum(settled)), tuple(still))


def _coupa(loaded: Sequence[RowMapping], at_coupa: Mapping[int, Invoice]) -> Check:
    """What the ledger calls loaded is at Coupa, with the same number and the same total."""
    money = defaultdict[str, Decimal](Decimal)
    differences = []
    for row in loaded:
        theirs = at_coupa[row["id"]]
        money[theirs.currency] += theirs.signed_total
        if (theirs.number, theirs.signed_total) != (row["number"], row["amount"]):
            ours = f"{row['number']} {row['amount']}"
            differences.append(f"record {row['id']}: {ours} here, {theirs.number} {theirs.signed_total} at Coupa")
    return Check("ledger and Coupa", _say(*_sum(loaded)), _say(len(at_coupa), money), tuple(differences))


def _images(world: World, loaded: Sequence[RowMapping]) -> Check:
    """Every page image of a loaded invoice is at Coupa."""
    with_image = [row for row in loaded if row["image_sha256"]]
    missing = [row for row in with_image if not world.partners.coupa.has_image(int(row["remote_id"]))]
    names = tuple(f"record {row['id']} ({row['number']}) has no image at Coupa" for row in missing)
    arrived = len(with_image) - len(missing)
    return Check("images", f"{len(with_image)} images", f"{arrived} images", names)


def _answers(world: World) -> Check:
    """Every finished invoice file was answered."""
    row = schema.outgoing
    with world.ledger.read() as tx:
        query = select(schema.file).where(schema.file.c.flow == FlowName.INVOICES, schema.file.c.state == files.DONE)
        finished = tx.execute(query).mappings().all()
        answered = set(tx.execute(select(row.c.answers).where(row.c.state.in_(outgoing.ARRIVED))).scalars())
    names = tuple(f"{one['name']} was not answered" for one in finished if one["sha256"] not in answered)
    return Check("answers", f"{len(finished)} files", f"{len(finished) - len(names)} files", names)


def _erp(world: World) -> Check:
    """What Coupa has flagged as exported is in the files that arrived at the ERP."""
    vouchers = [row for row in _records(world, FlowName.OK2PAY) if row["state"] == records.LOADED]
    row = schema.outgoing
    with world.ledger.read() as tx:
        query = select(row.c.records).where(row.c.flow == FlowName.OK2PAY, row.c.state.in_(outgoing.ARRIVED))
        arrived = sum(tx.execute(query).scalars())
    exported = [one for one in vouchers if world.partners.coupa.invoice(int(one["remote_id"])).exported]
    names = tuple(f"{one['number']} is not flagged at Coupa" for one in vouchers if one not in exported)
    return Check("Coupa and ERP", _say(len(exported), _sum(exported)[1]), _say(arrived, _sum(vouchers)[1]), names)


def _payments(world: World) -> Check:
    """What the ERP paid is booked on Coupa's invoices."""
    booked = [row for row in _records(world, FlowName.PAYMENTS) if row["state"] == records.LOADED]
    money = defaultdict[str, Decimal](Decimal)
    count = 0
    for invoice_id in dict.fromkeys(row["remote_id"] for row in booked):
        invoice = world.partners.coupa.invoice(int(invoice_id))
        for payment in world.partners.coupa.payments(int(invoice_id)):
            count += 1
            money[invoice.currency] += signed(payment, invoice) or Decimal(0)
    return Check("payments", _say(*_sum(booked)), _say(count, money))
