"""Three-way matching of orders with receipts: `python -m bench.match PO_DIR [--out FILE.csv] [--scorer SCORE.py]`.

PO_DIR holds po_headers.csv, po_lines.csv and receipts.csv, as in AdventureWorks. Each order is billed once in full, by
one invoice that names the order and describes its lines, but not their numbers; what was rejected on receipt is a
receipt that takes it back. Order statuses of that system are not Coupa's and do not count. A line is "rejected" when
goods that went back are billed, "short" when less came than is billed, "ok" when nothing is wrong with it; every other
reason is printed by its code. With PO_DIR/match_truth.csv and a scorer its figures come last.
"""

import argparse
import csv
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from formats.documents import Invoice, InvoiceLine, OrderLine, PurchaseOrder, Receipt, Supplier
from formats.findings import Severity
from payables.context import Context
from payables.lines import Matching
from payables.matching import match
from payables.policy import Policy
from payables.policy_values import STARTING_POINT, policy
from payables.reasons import order as reasons

CURRENCY = "USD"
CALLED = {
    reasons.GOODS_RETURNED.rule.id: "rejected",
    reasons.QUANTITY_ABOVE_RECEIVED.rule.id: "short",
    reasons.GOODS_NOT_RECEIVED.rule.id: "short",
}

Row = Mapping[str, str]
Rows = Mapping[str, list[Row]]


def rows(file: Path) -> Rows:
    """Return the rows of a CSV by order number."""
    found: dict[str, list[Row]] = defaultdict(list)
    with file.open(encoding="utf-8", newline="") as text:
        for row in csv.DictReader(text):
            found[row["po_number"]].append(row)
    return found


def order(header: Row, lines: list[Row]) -> PurchaseOrder:
    """Return an issued order."""
    return PurchaseOrder(
        number=header["po_number"],
        supplier_number=header["vendor_id"],
        currency=CURRENCY,
        lines=tuple(map(_line, lines)),
    )


def _line(row: Row) -> OrderLine:
    return OrderLine(
        number=row["po_line"],
        description=row["description"],
        part_number=row["product_number"],
        price=Decimal(row["unit_price"]),
        quantity=Decimal(row["order_qty"]),
    )


def bill(ordered: PurchaseOrder) -> Invoice:
    """Return the invoice over all that was ordered."""
    lines = tuple(
        InvoiceLine(
            number=place,
            description=line.description,
            part_number=line.part_number,
            quantity=line.quantity,
            price=line.price,
            po_number=ordered.number,
        )
        for place, line in enumerate(ordered.lines, start=1)
    )
    return Invoice(
        number=ordered.number, date=None, supplier_number=ordered.supplier_number, currency=CURRENCY, lines=lines
    )


def receipts(received: list[Row]) -> Iterator[Receipt]:
    """Yield what came in, and what was sent back as a receipt below zero."""
    for row in received:
        for sign, column in ((1, "received_qty"), (-1, "rejected_qty")):
            if amount := Decimal(row[column]):
                yield Receipt(
                    id=f"{row['po_number']}-{row['po_line']}-{column}",
                    order_number=row["po_number"],
                    order_line_number=row["po_line"],
                    quantity=sign * amount,
                )


def verdicts(ordered: PurchaseOrder, received: list[Row], house: Policy) -> Iterator[tuple[str, str, str]]:
    """Yield order number, order line number and verdict of each order line."""
    supplier = Supplier(number=ordered.supplier_number, name=ordered.supplier_number)
    context = Context(supplier=supplier, orders=(ordered,), receipts=tuple(receipts(received)))
    found = match(bill(ordered), context, house)
    said = {share.item.line.number: _verdict(found, line.line.number) for line in found.lines for share in line.shares}
    yield from ((ordered.number, line.number, said.get(line.number, "not matched")) for line in ordered.lines)


def _verdict(found: Matching, line: int) -> str:
    wrong = [one.code for one in found.reasons if one.line == line and one.severity is Severity.ERROR]
    return CALLED.get(wrong[0], wrong[0]) if wrong else "ok"


def main() -> None:
    """Match, write, score."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("folder", type=Path, metavar="PO_DIR")
    wanted.add_argument("--out", type=Path, default=Path("match_predictions.csv"))
    wanted.add_argument("--scorer", type=Path)
    args = wanted.parse_args()
    headers, lines, received = (rows(args.folder / f"{name}.csv") for name in ("po_headers", "po_lines", "receipts"))
    house, start = policy(STARTING_POINT), time.perf_counter()
    orders = [order(of_one[0], lines[number]) for number, of_one in headers.items()]
    found = [said for one in orders for said in verdicts(one, received.get(one.number, []), house)]
    seconds = time.perf_counter() - start
    with args.out.open("w", encoding="utf-8", newline="") as text:
        csv.writer(text).writerows([("po_number", "po_line", "expected"), *found])
    print(f"{len(found)} lines of {len(orders)} orders in {seconds:.2f} s, written to {args.out}")
    truth = args.folder / "match_truth.csv"
    if args.scorer and truth.exists():
        subprocess.run([sys.executable, args.scorer, "--match", truth, args.out], check=True)  # noqa: S603 - the scorer is the caller's


if __name__ == "__main__":
    main()
