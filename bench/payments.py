"""How often each control speaks on real payments: `python -m bench.payments FILE.csv.gz [--top 10] [--sample 1]`.

FILE has the columns VendorNum, Date (YYYY-MM-DD), InvNum and Amount. Payments are judged one after another in their
order, each against what came before it: the supplier's latest `REMEMBERED` payments and all over the same amount. The
rate of a control is the share of payments above zero that it speaks on; ``--sample N`` asks the controls about every
Nth only, 1 about all. Bank details, senders and images are not in such a file, so what looks at those stays silent.
Clusters of possible duplicates are found over all at once, and Benford's figures are those of Nigrini's test.
"""

import argparse
import csv
import datetime as dt
import gzip
import time
from collections import Counter, defaultdict, deque
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

from formats.documents import Invoice, InvoiceLine, Supplier
from payables.benford import benford, ranking
from payables.context import Context, PastInvoice
from payables.controls import check
from payables.duplicate_clusters import Cluster, clusters
from payables.policy import DuplicateRules
from payables.policy_values import STARTING_POINT, policy

REMEMBERED = 100
CURRENCY = "USD"


def payments(file: Path) -> list[PastInvoice]:
    """Return the payments in the file's order; those below zero take back."""
    opened = gzip.open if file.suffix == ".gz" else open
    with opened(file, "rt", encoding="utf-8", newline="") as text:
        return [_payment(place, row) for place, row in enumerate(csv.DictReader(text))]


def _payment(place: int, row: dict[str, str]) -> PastInvoice:
    return PastInvoice(
        key=str(place),
        number=row["InvNum"],
        supplier_number=row["VendorNum"],
        date=dt.date.fromisoformat(row["Date"]),
        currency=CURRENCY,
        total=Decimal(row["Amount"]),
        is_credit_note=row["Amount"].startswith("-"),
        status="paid",
    )


class Memory:
    """What came before: of a supplier the latest payments, and of an amount all."""

    def __init__(self) -> None:
        self._latest: dict[str, deque[PastInvoice]] = defaultdict(lambda: deque(maxlen=REMEMBERED))
        self._same: dict[tuple[str, Decimal], list[PastInvoice]] = defaultdict(list)

    def of(self, one: PastInvoice) -> tuple[PastInvoice, ...]:
        """Return what a payment is judged against."""
        found = {past.key: past for past in self._latest[one.supplier_number]}
        alike = (past for name in _names(one) for past in self._same[name, abs(one.total)])
        return tuple((found | {past.key: past for past in alike}).values())

    def keep(self, one: PastInvoice) -> None:
        """Remember a payment."""
        self._latest[one.supplier_number].append(one)
        for name in _names(one):
            self._same[name, abs(one.total)].append(one)


def _names(one: PastInvoice) -> tuple[str, str]:
    return f"supplier {one.supplier_number}", f"number {one.number}"


def alerts(paid: Sequence[PastInvoice], every: int) -> tuple[int, Counter[str]]:
    """Return how many payments the controls were asked about and how often each reason was given."""
    memory, house, said, asked = Memory(), policy(STARTING_POINT), Counter[str](), 0
    for place, one in enumerate(paid):
        if one.total > 0 and place % every == 0:
            asked += 1
            context = Context(supplier=Supplier(number=one.supplier_number, name=""), history=memory.of(one))
            said.update({reason.code for reason in check(_invoice(one), context, house, one.date or dt.date.min)})
        memory.keep(one)
    return asked, said


def _invoice(one: PastInvoice) -> Invoice:
    line = InvoiceLine(number=1, description="", quantity=None, price=one.total)
    return Invoice(
        number=one.number, date=one.date, supplier_number=one.supplier_number, currency=one.currency, lines=(line,)
    )


def top(found: Sequence[Cluster], paid: Sequence[PastInvoice], most: int) -> Iterator[str]:
    """Yield the first clusters of the list as a person reads them."""
    for cluster in found[:most]:
        members = ", ".join(
            f"{paid[at].supplier_number}/{paid[at].number} {paid[at].date}" for at in cluster.members[:4]
        )
        yield f"  {cluster.at_risk:>14,.2f}  {cluster.edges[0].sign.text}: {members}"


def main() -> None:
    """Measure and print."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("file", type=Path)
    wanted.add_argument("--top", type=int, default=10, help="how many clusters to show")
    wanted.add_argument("--sample", type=int, default=10, help="ask the controls about every Nth payment, 1 for all")
    args = wanted.parse_args()
    paid = payments(args.file)
    billed = sum(one.total > 0 for one in paid)
    print(f"{len(paid)} payments, {billed} above zero")

    start = time.perf_counter()
    asked, said = alerts(paid, args.sample)
    print(f"controls: {asked} payments in {time.perf_counter() - start:.1f} s; share of them that each speaks on:")
    for code, times in said.most_common():
        print(f"  {times / asked:8.3%}  {code}")

    for title, tests in (("Benford", _benford(paid)), ("furthest from Benford, of suppliers", _furthest(paid))):
        print(f"{title}: {tests}")

    start = time.perf_counter()
    found = clusters(paid, DuplicateRules())
    seconds = time.perf_counter() - start
    print("top of the possible duplicates, money at risk first:", *top(found, paid, args.top), sep="\n")
    repeated = sum(len(cluster.members) - 1 for cluster in found)
    print(
        f"possible duplicates: {len(found)} clusters, {repeated} payments beyond the first of theirs = "
        f"{repeated / billed:.2%} of {billed}, {sum(one.at_risk for one in found):,.2f} at risk, {seconds:.1f} s"
    )


def _benford(paid: Sequence[PastInvoice]) -> str:
    tests = [benford((one.total for one in paid), digits) for digits in (1, 2)]
    return "; ".join(f"first {one.digits} digits n={one.count} MAD={one.mad:.5f} ({one.conformity})" for one in tests)


def _furthest(paid: Sequence[PastInvoice]) -> str:
    amounts: dict[str, list[Decimal]] = defaultdict(list)
    for one in paid:
        amounts[one.supplier_number].append(one.total)
    return ", ".join(f"{name} MAD={test.mad:.4f} n={test.count}" for name, test in ranking(amounts)[:3])


if __name__ == "__main__":
    main()
