"""Supplier, Account, PurchaseOrder, Receipt, Invoice, Payment: what a document says, whatever bytes it wears.

Amounts are Decimal in the currency that stands on the document; text stays text, so leading zeros live;
dates are dates, moments carry their zone. ``other`` keeps the columns of a layout that have no field of their own.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from enum import StrEnum

from formats.findings import Source

ZERO = Decimal(0)
PRICE_PRECISION = 46  # Coupa: Invoice Line, price is decimal(46,20)
PRICE_SCALE = Decimal(1).scaleb(-20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A postal address; ``country`` is an ISO 3166 alpha-2 code."""

    name: str = ""
    street1: str = ""
    street2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplier:
    """A supplier as Coupa's supplier master knows it; ``number`` is the ERP's vendor number."""

    number: str
    name: str
    id: int | None = None
    display_name: str = ""
    status: str = "active"
    tax_id: str = ""
    account_number: str = ""
    duns: str = ""
    email: str = ""
    website: str = ""
    address: Address = Address()
    iban: str = ""
    payment_method: str = "invoice"
    payment_terms: str = ""
    matching_level: str = ""
    on_hold: bool = False
    hold_invoices: bool = False
    updated_at: dt.datetime | None = None
    other: Mapping[str, str] = field(default_factory=dict)
    source: Source | None = field(default=None, compare=False)

    @property
    def active(self) -> bool:
        """True when invoices may be taken from this supplier."""
        return self.status == "active"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A GL account: segments of a chart of accounts; its code is the segments joined by hyphens."""

    chart_of_accounts: str
    segments: tuple[str, ...]
    name: str = ""
    active: bool = True
    id: int | None = None
    updated_at: dt.datetime | None = None
    source: Source | None = field(default=None, compare=False)

    @property
    def code(self) -> str:
        """The account code as it stands on invoice lines."""
        return "-".join(self.segments)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """A share of a line's amount that is coded to one account."""

    account_code: str
    amount: Decimal | None = None
    percent: Decimal | None = None
    other: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """One line of a purchase order; ``quantity`` is None on amount lines, whose limit is ``total``.

    ``received`` and ``invoiced`` are quantities on quantity lines and amounts on amount lines, to date.
    """

    number: str
    description: str
    price: Decimal
    quantity: Decimal | None = None
    currency: str = ""
    id: int | None = None
    uom: str = ""
    price_basis: Decimal = Decimal(1)
    received: Decimal = ZERO
    invoiced: Decimal = ZERO
    status: str = "created"
    part_number: str = ""
    account_code: str = ""
    commodity: str = ""
    match_type: str = ""
    need_by: dt.date | None = None
    allocations: tuple[Allocation, ...] = ()
    other: Mapping[str, str] = field(default_factory=dict)
    source: Source | None = field(default=None, compare=False)

    @property
    def total(self) -> Decimal:
        """The ordered amount, unrounded."""
        return self.price if self.quantity is None else self.quantity * self.price / self.price_basis


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseOrder:
    """A purchase order as it stands at one version."""

    number: str
    supplier_number: str
    lines: tuple[OrderLine, ...]
    supplier_name: str = ""
    id: int | None = None
    status: str = "issued"
    version: int = 1
    currency: str = ""
    chart_of_accounts: str = ""
    payment_terms: str = ""
    created_at: dt.datetime | None = None
    updated_at: dt.datetime | None = None
    other: Mapping[str, str] = field(default_factory=dict)
    source: Source | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """Goods or services received against an order line; returns and voids are negative."""

    id: str
    order_number: str
    order_line_number: str
    quantity: Decimal | None = None
    total: Decimal | None = None
    price: Decimal | None = None
    uom: str = ""
    currency: str = ""
    type: str = "ReceivingQuantityConsumption"
    status: str = ""
    match_reference: str = ""
    received_at: dt.datetime | None = None
    updated_at: dt.datetime | None = None
    other: Mapping[str, str] = field(default_factory=dict)
    source: Source | None = field(default=None, compare=False)


class ChargeKind(StrEnum):
    """What a header charge is for, by Coupa's three types."""

    SHIPPING = "InvoiceShippingCharge"
    HANDLING = "InvoiceHandlingCharge"
    MISC = "InvoiceMiscCharge"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxLine:
    """Tax on a document, a line or a charge; ``rate`` is in percent (20 for 20 %)."""

    amount: Decimal
    rate: Decimal | None = None
    code: str = ""
    basis: Decimal | None = None
    description: str = ""
    other: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """A header charge; an allowance is a charge with a negative amount."""

    kind: ChargeKind
    amount: Decimal
    description: str = ""
    taxes: tuple[TaxLine, ...] = ()
    account_code: str = ""
    other: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine:
    """One invoiced line; ``quantity`` None makes it an amount line whose ``price`` is the line's amount.

    ``price`` is for ``price_basis`` units. ``declared`` is the line total as the supplier states it.
    """

    number: int
    description: str
    price: Decimal
    quantity: Decimal | None = None
    price_basis: Decimal = Decimal(1)
    declared: Decimal | None = None
    uom: str = ""
    part_number: str = ""
    po_number: str = ""
    po_line_number: str = ""
    account_code: str = ""
    allocations: tuple[Allocation, ...] = ()
    taxes: tuple[TaxLine, ...] = ()
    match_reference: str = ""
    delivery_note: str = ""
    other: Mapping[str, str] = field(default_factory=dict)
    source: Source | None = field(default=None, compare=False)

    @property
    def net(self) -> Decimal:
        """The line's amount before tax: as declared, else quantity times price, unrounded."""
        if self.declared is not None:
            return self.declared
        return self.price if self.quantity is None else self.quantity * self.price / self.price_basis

    @property
    def unit_price(self) -> Decimal:
        """What one unit costs, such that quantity times it is the net, to the twenty decimals that Coupa keeps."""
        if not self.quantity or (self.price_basis == 1 and self.declared in (None, self.quantity * self.price)):
            return self.net if self.quantity is None else self.price
        with localcontext(prec=PRICE_PRECISION):
            return (self.net / self.quantity).quantize(PRICE_SCALE).normalize()


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """An invoice or credit note.

    Amounts of a credit note (``is_credit_note``) are positive, as Coupa wants them; ``signed_total`` is negative.
    ``control_total`` is the amount payable as the supplier states it: net + charges + all taxes.
    ``image`` and ``attachments`` are names inside the delivery that the invoice came in.
    ``id``, ``status`` and ``exported`` are Coupa's own, None or "" before the invoice is loaded.
    """

    number: str
    date: dt.date | None
    currency: str
    lines: tuple[InvoiceLine, ...] = ()
    supplier_number: str = ""
    supplier_name: str = ""
    supplier_tax_id: str = ""
    supplier_address: Address = Address()
    supplier_email: str = ""
    iban: str = ""
    charges: tuple[Charge, ...] = ()
    taxes: tuple[TaxLine, ...] = ()
    line_level_taxation: bool = False
    control_total: Decimal | None = None
    is_credit_note: bool = False
    original_number: str = ""
    original_date: dt.date | None = None
    chart_of_accounts: str = ""
    payment_terms: str = ""
    due_date: dt.date | None = None
    delivery_date: dt.date | None = None
    submit: bool = True
    note: str = ""
    requester_email: str = ""
    contract_number: str = ""
    remit_to_code: str = ""
    image: str = ""
    attachments: tuple[str, ...] = ()
    id: int | None = None
    status: str = ""
    exported: bool = False
    paid: bool = False
    updated_at: dt.datetime | None = None
    other: Mapping[str, str] = field(default_factory=dict)
    source: Source | None = field(default=None, compare=False)

    @property
    def net_total(self) -> Decimal:
        """The sum of the lines, before charges and tax."""
        return sum((line.net for line in self.lines), ZERO)

    @property
    def charge_total(self) -> Decimal:
        """The sum of the header charges, before tax."""
        return sum((charge.amount for charge in self.charges), ZERO)

    @property
    def tax_total(self) -> Decimal:
        """All taxes: of the header, or of the lines and charges where taxation is by line."""
        if not self.line_level_taxation:
            return sum((tax.amount for tax in self.taxes), ZERO)
        of_lines = sum((tax.amount for line in self.lines for tax in line.taxes), ZERO)
        return of_lines + sum((tax.amount for charge in self.charges for tax in charge.taxes), ZERO)

    @property
    def computed_total(self) -> Decimal:
        """What lines, charges and taxes add up to."""
        return self.net_total + self.charge_total + self.tax_total

    @property
    def total(self) -> Decimal:
        """The amount payable: as stated, else as computed."""
        return self.computed_total if self.control_total is None else self.control_total

    @property
    def signed_total(self) -> Decimal:
        """The amount payable, negative on a credit note."""
        return -self.total if self.is_credit_note else self.total

    @property
    def is_voided(self) -> bool:
        """True when the invoice counts no more, or a lockbox takes it back."""
        return self.status.casefold() == "voided"

    @property
    def po_numbers(self) -> tuple[str, ...]:
        """The purchase orders that the lines name, in order of appearance."""
        return tuple(dict.fromkeys(line.po_number for line in self.lines if line.po_number))


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """What the ERP paid on one invoice; a cancelled payment is a second one with a negative amount."""

    invoice_number: str
    amount: Decimal | None
    supplier_number: str = ""
    supplier_name: str = ""
    invoice_date: dt.date | None = None
    invoice_id: int | None = None
    currency: str = ""
    paid: bool = False
    paid_in_full_on: dt.date | None = None
    note: str = ""
    number: str = ""
    date: dt.date | None = None
    category: str = ""
    source: Source | None = field(default=None, compare=False)


Document = Supplier | Account | PurchaseOrder | Receipt | Invoice | Payment
