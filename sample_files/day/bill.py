"""What one printed invoice says, in the words of Coupa's invoice import; its sums are checked when it is made."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def cents(amount: Decimal) -> Decimal:
    """Round to two decimals, half up, as invoices do."""
    return amount.quantize(CENT, ROUND_HALF_UP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One account's part of a line."""

    account: str
    amount: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A printed line; quantity "" is an amount line. ``tax`` belongs to the line only where taxation is by line."""

    text: str
    price: str
    quantity: str = "1"
    uom: str = "EA"
    part: str = ""
    order: str = ""
    order_line: str = ""
    account: str = ""
    shares: tuple[Share, ...] = ()
    tax: str = ""
    rate: str = ""
    code: str = ""

    @property
    def net(self) -> Decimal:
        """Quantity times price, or the amount."""
        return cents(Decimal(self.price) * Decimal(self.quantity or "1"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Tax:
    """A tax of the whole document."""

    amount: str
    rate: str
    code: str
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """A header charge that needs a row of its own."""

    kind: str
    amount: str
    text: str


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends a bill: Coupa's supplier number, the printed name and tax number, currency and chart of accounts."""

    number: str
    name: str
    tax_id: str
    currency: str
    chart: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """A printed invoice or credit note; ``total`` is the printed total, which the parts must add up to."""

    number: str
    sender: Sender
    date: str
    total: str
    lines: tuple[Line, ...]
    image: str = ""
    taxes: tuple[Tax, ...] = ()
    shipping: str = ""
    handling: str = ""
    misc: str = ""
    charges: tuple[Charge, ...] = ()
    original: str = ""
    original_date: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        if sum(self.parts(), Decimal(0)) != Decimal(self.total):
            raise ValueError(f"{self.number}: {sum(self.parts(), Decimal(0))} is not the printed {self.total}")

    @property
    def by_line(self) -> bool:
        """True where tax stands on the lines."""
        return any(line.tax for line in self.lines)

    def parts(self) -> Iterator[Decimal]:
        """Yield everything that adds up to the total."""
        yield from (line.net for line in self.lines)
        yield from (Decimal(line.tax) for line in self.lines if line.tax)
        yield from (Decimal(tax.amount) for tax in self.taxes)
        yield from (Decimal(charge.amount) for charge in self.charges)
        yield from (Decimal(amount) for amount in (self.shipping, self.handling, self.misc) if amount)
