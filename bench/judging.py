"""How fast invoices are matched and duplicates are found, beside pandas.

Lines of invoices are matched three-way against open order lines, half of them named by number and half told only by
their text and price, beside a pandas join on order and line number that compares quantity and price. Duplicates are
found among invoices, one in a hundred of which comes twice under a disguise, beside an exact pandas self-join and a
comparison of each with each (of `PAIRWISE` invoices, as it is quadratic). Ratios come from one process and one run.
Making the data is not timed; what matching needs from the ledger is looked up by order number in a dict.
"""

import argparse
import datetime as dt
import random
import time
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import pandas as pd
from rapidfuzz import fuzz

from bench.page import write_section
from formats.documents import Invoice, InvoiceLine, OrderLine, PurchaseOrder, Supplier
from payables.context import Context, PastInvoice
from payables.duplicate_clusters import clusters
from payables.matching import match
from payables.policy import DuplicateRules
from payables.policy_values import STARTING_POINT, policy
from payables.verdicts import Verdict

LINES_EACH = 10
PAIRWISE = 3000
ALIKE = 90
SUPPLIERS = 2000
WORDS = (
    "valve",
    "gasket",
    "bearing",
    "toner",
    "cable",
    "lamp",
    "glove",
    "filter",
    "bracket",
    "sensor",
    "hinge",
    "bolt",
)
COLOURS = ("red", "blue", "black", "steel", "brass", "small", "large", "long", "short", "heavy", "light", "spare")


def order(number: int, dice: random.Random) -> PurchaseOrder:
    """Return an order of ten different lines, all received."""
    texts = dice.sample([f"{colour} {word}" for colour in COLOURS for word in WORDS], LINES_EACH)
    lines = tuple(_line(at, text, dice) for at, text in enumerate(texts, start=1))
    return PurchaseOrder(number=str(number), supplier_number=str(number % SUPPLIERS), currency="EUR", lines=lines)


def _line(at: int, text: str, dice: random.Random) -> OrderLine:
    quantity = Decimal(dice.randint(1, 50))
    price = Decimal(dice.randint(100, 90_000)).scaleb(-2)
    return OrderLine(number=str(at), description=text, price=price, quantity=quantity, received=quantity)


def bill(ordered: PurchaseOrder, *, named: bool) -> Invoice:
    """Return the invoice over a whole order; its lines name the order's lines, or are told by text and price."""
    lines = tuple(
        InvoiceLine(
            number=at,
            description=line.description.upper(),
            quantity=line.quantity,
            price=line.price,
            po_number=ordered.number,
            po_line_number=line.number if named else "",
        )
        for at, line in enumerate(ordered.lines, start=1)
    )
    return Invoice(
        number=ordered.number, date=None, supplier_number=ordered.supplier_number, currency="EUR", lines=lines
    )


def matched(invoices: Sequence[Invoice], orders: dict[str, PurchaseOrder]) -> int:
    """Return how many lines were matched."""
    house, found = policy(STARTING_POINT), 0
    for invoice in invoices:
        supplier = Supplier(number=invoice.supplier_number, name="")
        context = Context(supplier=supplier, orders=(orders[invoice.number],))
        found += sum(line.verdict is Verdict.MATCHED for line in match(invoice, context, house).lines)
    return found


def _frame(documents: Sequence[PurchaseOrder] | Sequence[Invoice]) -> pd.DataFrame:
    rows = [
        (one.number, str(at), float(line.quantity or 0), float(line.price))
        for one in documents
        for at, line in enumerate(one.lines, start=1)
    ]
    return pd.DataFrame(rows, columns=["order", "line", "quantity", "price"])


def joined(billed: pd.DataFrame, ordered: pd.DataFrame) -> int:
    """Return how many lines a join finds with the same quantity and price."""
    both = billed.merge(ordered, on=["order", "line"], suffixes=("", "_ordered"))
    return int(((both.quantity <= both.quantity_ordered) & (both.price <= both.price_ordered * 1.02)).sum())


def paid(count: int, dice: random.Random) -> Iterator[PastInvoice]:
    """Yield invoices, one in a hundred twice: the second with a slip in its number, a week later."""
    start = dt.date(2026, 1, 1)
    for at in range(count):
        day, total = start + dt.timedelta(days=dice.randint(0, 300)), Decimal(dice.randint(1000, 9_000_000)).scaleb(-2)
        number, supplier = f"RE-{dice.randint(100_000, 999_999)}", str(dice.randrange(SUPPLIERS))
        yield _paid(f"{at}", number, supplier, day, total)
        if at % 100 == 0:
            yield _paid(f"{at}b", _disguised(number, dice), supplier, day + dt.timedelta(days=7), total)


def _disguised(number: str, dice: random.Random) -> str:
    return dice.choice((number.removeprefix("RE-"), number.replace("-", " "), f"{number}A", number.replace("0", "O")))


def _paid(key: str, number: str, supplier: str, day: dt.date, total: Decimal) -> PastInvoice:
    return PastInvoice(key=key, number=number, supplier_number=supplier, date=day, currency="EUR", total=total)


def each_with_each(invoices: Sequence[PastInvoice]) -> int:
    """Return how many pairs look alike when every invoice is compared with every other."""
    return sum(
        fuzz.ratio(one.number, two.number) > ALIKE and one.total == two.total
        for at, one in enumerate(invoices)
        for two in invoices[at + 1 :]
    )


def self_joined(invoices: Sequence[PastInvoice]) -> int:
    """Return how many pairs are the same to the letter."""
    rows = [(one.supplier_number, one.number, float(one.total)) for one in invoices]
    frame = pd.DataFrame(rows, columns=["supplier", "number", "total"]).reset_index()
    both = frame.merge(frame, on=["supplier", "number", "total"])
    return int((both.index_x < both.index_y).sum())


def timed(work: Callable[[], int]) -> tuple[int, float]:
    """Return what the work counted, and its CPU seconds."""
    start = time.process_time()
    return work(), time.process_time() - start


def match_rows(lines: int, ordered: int, dice: random.Random) -> Iterator[str]:
    """Yield the rows of the table that tell of matching."""
    orders = [order(number, dice) for number in range(1, ordered // LINES_EACH + 1)]
    known = {one.number: one for one in orders}
    billed = dice.sample(orders, lines // LINES_EACH)
    frames = _frame(billed), _frame(orders)
    found, joining = timed(lambda: joined(*frames))
    yield _row(f"pandas join of {lines:,} with {ordered:,} order lines", found, joining, joining)
    for named, said in ((True, "matched, lines named by number"), (False, "matched, lines told by text and price")):
        invoices = [bill(one, named=named) for one in billed]
        found, seconds = timed(lambda invoices=invoices: matched(invoices, known))
        yield _row(said, found, seconds, joining)


def duplicate_rows(count: int, dice: random.Random) -> Iterator[str]:
    """Yield the rows of the table that tell of duplicates."""
    invoices = list(paid(count, dice))
    found, joining = timed(lambda: self_joined(invoices))
    yield _row(f"pandas self-join of {len(invoices):,} invoices, equal to the letter", found, joining, joining)
    pairs, seconds = timed(lambda: len(clusters(invoices, DuplicateRules())))
    yield _row(f"clusters ({count // 100:,} were hidden)", pairs, seconds, joining)
    some = invoices[:PAIRWISE]
    found, squared = timed(lambda: each_with_each(some))
    yield _row(f"each with each, {PAIRWISE:,} invoices only", found, squared, joining)
    found, few = timed(lambda: len(clusters(some, DuplicateRules())))
    yield _row(f"clusters, the same {PAIRWISE:,} invoices", found, few, joining)


def _row(what: str, found: int, seconds: float, baseline: float) -> str:
    return f"| {what} | {found:,} | {seconds:.2f} | {seconds / baseline:.1f} |"


def main() -> None:
    """Measure, print, and write the section."""
    wanted = argparse.ArgumentParser(description=__doc__)
    wanted.add_argument("--lines", type=int, default=100_000, help="lines of invoices")
    wanted.add_argument("--orders", type=int, default=1_000_000, help="open order lines")
    wanted.add_argument("--invoices", type=int, default=200_000, help="invoices to find duplicates among")
    wanted.add_argument("--out", type=Path, help="also write the table into this Markdown file")
    args = wanted.parse_args()
    dice = random.Random(7)  # noqa: S311 - made-up data, the same each time
    head = ["| what | found | CPU s | x pandas |", "|---|---:|---:|---:|"]
    rows = [*head, *match_rows(args.lines, args.orders, dice), *duplicate_rows(args.invoices, dice)]
    print(*rows, sep="\n")
    command = f"python -m bench.judging --lines {args.lines} --orders {args.orders} --invoices {args.invoices}"
    if args.out:
        write_section(args.out, "judging", f"## Judging\n\n{__doc__}\n    {command}\n\n" + "\n".join(rows))


if __name__ == "__main__":
    main()
