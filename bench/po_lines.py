"""Which order line an invoice line bills, on labelled cases: `python -m bench.po_lines CASES.jsonl [--show]`.

A case is a line of JSON with ``input`` (lines "EID: 1, description: ..., Unit of Measure: PCS, Cost: 5" of the invoice,
the same with PID of the order) and ``expected_output`` (the pairs), as in Microsoft's BCApps. Each becomes an invoice
over an order of which all lines are open, one of each, and is matched as any invoice is.
"""

import argparse
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from formats.documents import Invoice, InvoiceLine, OrderLine, PurchaseOrder, Supplier
from payables.context import Context
from payables.matching import match
from payables.policy_values import STARTING_POINT, policy

LINE = re.compile(r"^(EID|PID): (\S+), description: (.*?)\s*, Unit of Measure: (.*?), Cost: (.*?)\s*$", re.MULTILINE)
NAMES = {"supplier_number": "S-1", "currency": "EUR"}

Pairs = set[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Case:
    """One invoice, its order, and the pairs (invoice line, order line) that people found right."""

    invoice: Invoice
    order: PurchaseOrder
    names: tuple[str, ...]
    truth: Pairs


def case(row: dict[str, str]) -> Case:
    """Return one line of the file as invoice and order."""
    rows = [(found[1], found[2], found[3], found[4], Decimal(found[5])) for found in LINE.finditer(row["input"])]
    ordered = [
        OrderLine(number=name, description=text, uom=uom, price=price, quantity=Decimal(1), received=Decimal(1))
        for side, name, text, uom, price in rows
        if side == "PID"
    ]
    billed = [
        InvoiceLine(number=at, description=text, uom=uom, price=price, quantity=Decimal(1), po_number="1")
        for at, (_, _, text, uom, price) in enumerate((one for one in rows if one[0] == "EID"), start=1)
    ]
    truth = {(pair["EID"], pair["PID"]) for pair in json.loads(row["expected_output"])["results"]}
    return Case(
        invoice=Invoice(number="1", date=None, lines=tuple(billed), **NAMES),
        order=PurchaseOrder(number="1", lines=tuple(ordered), **NAMES),
        names=tuple(one[1] for one in rows if one[0] == "EID"),
        truth=truth,
    )


def proposed(one: Case) -> Pairs:
    """Return the pairs that matching proposes; a line it refuses has none."""
    context = Context(supplier=Supplier(number="S-1", name="S"), orders=(one.order,))
    found = match(one.invoice, context, policy(STARTING_POINT)).lines
    shares = ((name, share) for name, line in zip(one.names, found, strict=True) for share in line.shares)
    return {(name, share.item.line.number) for name, share in shares}


def figures(cases: Iterable[tuple[Case, Pairs]]) -> dict[str, float]:
    """Return the figures over cases and what was proposed for them; a refusal is a line without any pair."""
    pairs = list(cases)
    right = sum(len(found & one.truth) for one, found in pairs)
    said = sum(len(found) for _, found in pairs)
    lines = sum(len(one.names) for one, _ in pairs)
    return {
        "precision": right / said if said else 1.0,
        "recall": right / sum(len(one.truth) for one, _ in pairs),
        "cases fully right": sum(found == one.truth for one, found in pairs) / len(pairs),
        "lines refused": 1 - sum(len({line for line, _ in found}) for _, found in pairs) / lines,
    }


def show(one: Case, found: Pairs) -> None:
    """Print what was proposed and is wrong, and what was not proposed."""
    billed = dict(zip(one.names, one.invoice.lines, strict=True))
    ordered = {line.number: line for line in one.order.lines}
    for said, which in (("wrong", found - one.truth), ("not proposed", one.truth - found)):
        for line, to in sorted(which):
            print(f"{said}: {billed[line].description} {billed[line].price} -> {ordered[to].description}")


def main() -> None:
    """Measure and print."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("cases", type=Path)
    wanted.add_argument("--show", action="store_true", help="print each pair that is wrong or missing")
    args = wanted.parse_args()
    rows = (json.loads(line) for line in args.cases.read_text(encoding="utf-8").splitlines() if line.strip())
    cases = [(one, proposed(one)) for one in map(case, rows)]
    for one, found in cases if args.show else []:
        show(one, found)
    print(f"{len(cases)} cases:", ", ".join(f"{name} {value:.3f}" for name, value in figures(cases).items()))


if __name__ == "__main__":
    main()
