"""The two tables of README.md, between their marks."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from day.deliveries import DELIVERIES, Delivery
from day.expected import Expected
from day.originals import ORIGINALS


def filled(text: str) -> str:
    """Return the text with both tables made anew."""
    for mark, rows in (("originals", provenance()), ("day", day())):
        before, _, after = text.partition(f"<!-- {mark}: begin -->\n")
        end = after[after.index(f"<!-- {mark}: end -->") :]
        text = "".join([before, f"<!-- {mark}: begin -->\n", *(f"{row}\n" for row in rows), end])
    return text


def provenance() -> Iterator[str]:
    """Yield the table of the originals."""
    yield "| original | shows | source | licence | changed |"
    yield "|---|---|---|---|---|"
    for one in ORIGINALS:
        source = f"github.com/{one.repository} `{one.path}`"
        yield f"| `{one.name}` | {one.shows} | {source} | {one.licence} | {one.changed} |"


def day() -> Iterator[str]:
    """Yield the table of the day, with the money of each currency below."""
    yield "| delivery | shows | invoices | expected | money |"
    yield "|---|---|---|---|---|"
    for delivery in DELIVERIES:
        yield row(delivery)
    count = sum(len(delivery.expected) for delivery in DELIVERIES)
    yield f"| **{len(DELIVERIES)} files** | | **{count}** | {tally()} | {money()} |"


def row(delivery: Delivery) -> str:
    """Return the row of one delivery."""
    outcomes = "<br>".join(
        " ".join([one.decision, *(f"`{reason}`" for reason in one.reasons)]) for one in delivery.expected
    )
    amounts = "<br>".join(amount(one) for one in delivery.expected)
    return f"| `{delivery.name}` | {delivery.shows} | {len(delivery.expected)} | {outcomes} | {amounts} |"


def amount(one: Expected) -> str:
    """Return what an invoice is over; nobody knows in a file that is refused whole."""
    return f"{one.total} {one.currency or 'without currency'}" if one.total else "unread"


def tally() -> str:
    """Return how many invoices meet each decision."""
    counts: dict[str, int] = defaultdict(int)
    for one in (one for delivery in DELIVERIES for one in delivery.expected):
        counts[one.decision] += 1
    return "<br>".join(f"{count} {decision}" for decision, count in counts.items())


def money() -> str:
    """Return what all deliveries are over, by currency, as printed (the credit note counts as positive)."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for one in (one for delivery in DELIVERIES for one in delivery.expected):
        sums[one.currency or "without currency"] += Decimal(one.total or 0)
    return "<br>".join(f"{total} {currency}" for currency, total in sorted(sums.items()) if total)
