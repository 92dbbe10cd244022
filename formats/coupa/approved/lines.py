"""The Line, Line Split, Charge and Tax rows of Ok2Pay (Coupa: Invoices Export)."""

from collections.abc import Iterator, Sequence
from typing import Final

from formats.coupa.approved.head import CHARGES
from formats.coupa.approved.head import TAX as HEAD_TAX
from formats.documents import Allocation, Charge, ChargeKind, Invoice, InvoiceLine, TaxLine
from formats.layout import Amount, Choice, Flag, Integer, Keyword, Moment, Row, Text, Values, numbered
from formats.shortcuts import extra_taxes, plain_charges, read_account_code, read_taxes, withheld, write_taxes

TAX: Final = {"amount": "tax-amount", "rate": "tax-rate", "code": "tax-code", "description": "tax-description"}
WITHHOLDING: Final = "Tax withheld"
KIND: Final = "Direct/Withholding Tax/TCS Tax"
LINE_ID: Final = "invoice-line-id"
CHARGE_ID: Final = "invoice-charge-id"


def reference(invoice: Invoice) -> str:
    """Return what rows refer to an invoice by: its id, else its number."""
    return invoice.number if invoice.id is None else str(invoice.id)


class LineRow(Row):
    """One line; ``total`` is its bare amount, without the shares of header charges and taxes."""

    keyword = "Line"
    makes = InvoiceLine
    fields = (
        Keyword("type"),
        Text("invoice-id", 11, link="document"),
        Text("invoice-line-id", 11),
        Moment("created-at"),
        Moment("updated-at"),
        Amount("total", 46, 20, to="declared"),
        Amount("accounting-total", 46, 20),
        Text("accounting-total-currency", 6),
        Integer("line-num", to="number"),
        Text("description", 1550, to="description"),
        Text("order-header-num", 20),
        Text("po-number", to="po_number"),
        Text("order-header-requested-by-email", 255),
        Text("order-header-requested-by-employee-number", 255),
        Text("order-header-requested-by-login", 255),
        Integer("order-line-id"),
        Text("order-line-num", 255, to="po_line_number"),
        Text("order-line-commodity", 255),
        Amount("price", 46, 20, to="price", filled=True),
        Amount("quantity", 30, 6, to="quantity"),
        Text("uom", 6, to="uom"),
        Amount("price-per-weight", 30, 6),
        Amount("net-weight", 30, 6),
        Text("weight-uom", 6),
        Amount("bulk-price", 30, 6),
        Amount("bulk-price-qty", 30, 6),
        Text("bulk-price-uom", 6),
        Text("bulk-price-conversion-numerator"),
        Text("bulk-price-conversion-denominator"),
        Text("status", 255),
        Amount("tax-rate", 30, 6, to="tax.rate"),
        Text("tax-location", 255),
        Text("tax-code", 255, to="tax.code"),
        Amount("tax-amount", 32, 4, to="tax.amount"),
        Amount("total-tax"),
        Text("tax-description", 255, to="tax.description"),
        Moment("tax-supply-date"),
        Text("account-code", 1024, to="account_code"),
        Flag("account-active"),
        Moment("original-date-of-supply"),
        Text("delivery-note-number", 255, to="delivery_note"),
        Amount("discount-amount", 30, 3),
        Text("company-uom", 255),
        Text("property-tax-account", 255),
        Text("commodity-name", 255),
        Text("supplier-part-number", 255, to="part_number"),
        Text("customs-declaration-number", 255),
        Text("hsn-sac", 255),
        Text("unspsc", 255),
        Text("category", 255),
        Text("subcategory", 255),
        Text("deductibility", 255),
        Text("billing-notes"),
        *numbered(Text("segment-{}", 100), 20),
        Text("account-name", 1024),
        Text("created-by-email", 255),
        Text("created-by-employee-number", 255),
        Text("created-by-login", 255),
        Text("updated-by-email", 255),
        Text("updated-by-employee-number", 255),
        Text("updated-by-login", 255),
        Amount("distributed-tax-amount", 32, 4),
        Amount("distributed-shipping-amount", 32, 4),
        Amount("distributed-handling-amount", 32, 4),
        Amount("distributed-misc-amount", 32, 4),
        Text("match-reference", 255, to="match_reference"),
        Text("fiscal-code", 255),
        Text("classification-of-goods", 255),
        Text("municipality-taxation-code", 255),
        Text("item-barcode", 255),
    )

    @classmethod
    def derive(cls, values: Values, others: Sequence[dict[str, str]]) -> None:
        """Make the tax, the account code and the order number of their columns."""
        read_taxes(values, others, TAX)
        read_account_code(values, others, "segment-{}")
        numbers = values.get("po_number", [""] * len(others))
        values["po_number"] = [
            number or other.get("order-header-num", "") for number, other in zip(numbers, others, strict=True)
        ]

    @classmethod
    def spread(cls, parts: Sequence[InvoiceLine], values: Values) -> None:
        """Spread the tax."""
        write_taxes(parts, values, TAX)

    @classmethod
    def unfold(cls, document: Invoice) -> Sequence[tuple[tuple[str, ...], InvoiceLine]]:
        """A row for each line."""
        links = (reference(document),)
        return [(links, line) for line in document.lines]


class SplitRow(Row):
    """A share of a line that is coded to an account of its own."""

    keyword = "Line Split"
    makes = Allocation
    fields = (
        Keyword("type"),
        Text("invoice-id", 11, link="document"),
        Text("invoice-line-id", 11, link="line_id"),
        Text("line-num", 11, link="line"),
        Text("order-header-num", 20),
        Integer("order-line-id"),
        Integer("order-line-num"),
        Integer("account-allocation-id"),
        Integer("account-allocation-sequence"),
        Amount("account-allocation-amount", 32, 4, to="amount"),
        Amount("account-allocation-percent", 16, 10, to="percent"),
        Text("account-code", 1024, to="account_code"),
        Flag("account-active"),
        Text("billing-notes"),
        *numbered(Text("segment-{}", 100), 20),
        Text("account-name", 1024),
        Text("currency_code", 6),
        Amount("accounting-total", 32, 4),
        Text("accounting_currency", 6),
        Amount("distributed-tax-amount", 32, 4),
        Amount("distributed-shipping-amount", 32, 4),
        Amount("distributed-handling-amount", 32, 4),
        Amount("distributed-misc-amount", 32, 4),
    )

    @classmethod
    def derive(cls, values: Values, others: Sequence[dict[str, str]]) -> None:
        """Make the account code of segments."""
        read_account_code(values, others, "segment-{}")

    @classmethod
    def unfold(cls, document: Invoice) -> Sequence[tuple[tuple[str, ...], Allocation]]:
        """A row for each share of each line."""
        invoice = reference(document)
        return [
            ((invoice, line.other.get(LINE_ID, ""), str(line.number)), share)
            for line in document.lines
            for share in line.allocations
        ]


class ChargeRow(Row):
    """A charge of the head."""

    keyword = "Charge"
    makes = Charge
    fields = (
        Keyword("type"),
        Text("invoice-id", 11, link="document"),
        Text("invoice-charge-id", 11),
        Choice("line-type", options=ChargeKind, to="kind", filled=True),
        Moment("created-at"),
        Moment("updated-at"),
        Amount("total", 30, 4, to="amount", filled=True),
        Amount("percent", 16, 10),
        Amount("accounting-total", 30, 4),
        Text("accounting-total-currency", 6),
        Text("line-num", 11, link="charge"),
        Text("description", 1550, to="description"),
        Amount("tax-rate", 16, 10, to="tax.rate"),
        Text("tax-location", 255),
        Text("tax-code", 255, to="tax.code"),
        Amount("tax-amount", 32, 4, to="tax.amount"),
        Amount("total-tax"),
        Text("tax-description", 255, to="tax.description"),
        Moment("tax-supply-date"),
        Text("account-code", 1024, to="account_code"),
        Flag("account-active"),
        Text("billing-notes"),
        *numbered(Text("segment-{}", 100), 20),
        Text("account-name", 1024),
        Text("created-by-email", 255),
        Text("created-by-employee-number", 255),
        Text("created-by-login", 255),
        Text("updated-by-email", 255),
        Text("updated-by-employee-number", 255),
        Text("updated-by-login", 255),
    )

    @classmethod
    def derive(cls, values: Values, others: Sequence[dict[str, str]]) -> None:
        """Make the tax and the account code of their columns."""
        read_taxes(values, others, TAX)
        read_account_code(values, others, "segment-{}")

    @classmethod
    def spread(cls, parts: Sequence[Charge], values: Values) -> None:
        """Spread the tax."""
        write_taxes(parts, values, TAX)

    @classmethod
    def unfold(cls, document: Invoice) -> Sequence[tuple[tuple[str, ...], Charge]]:
        """A row for each charge that the head's columns cannot say; charges are numbered over both."""
        plain = len(plain_charges(document, CHARGES))
        charges = enumerate(document.charges, 1)
        return [((reference(document), str(number)), charge) for number, charge in charges if number > plain]


class TaxRow(Row):
    """A tax of the head, a line or a charge; pages call it Tax Line, the sheet Tax."""

    keyword = "Tax"
    synonyms = ("Tax Line",)
    makes = TaxLine
    fields = (
        Keyword("type"),
        Text("invoice-id", 11, link="document"),
        Text("invoice-number", 40),
        Text("invoice-line-id", 11, link="line_id"),
        Text("invoice-line-number", 11, link="line"),
        Text("invoice-charge-id", 11, link="charge_id"),
        Text("invoice-charge-number", 11, link="charge"),
        Integer("tax-line-number"),
        Integer("tax-line-id"),
        Amount("amount", 32, 4, to="amount", filled=True),
        Amount("rate", 16, 10, to="rate"),
        Text("tax-rate-type", 255),
        Text("code", 255, to="code"),
        Amount("amount-engine", 32, 4),
        Text("code-engine", 255),
        Amount("rate-engine", 30, 6),
        Text("description", 255, to="description"),
        Text("location", 255),
        Moment("date"),
        Text("kind-of-factor", 255),
        Amount("basis", 30, 6, to="basis"),
        Amount("Base Amount", 30, 4),
        Amount("Supplier Withholding Rate", 30, 4),
        Amount("Supplier Withholding Amount", 30, 4),
        Text("nature-of-tax", 255),
        Amount("Withholding Amount", 30, 4),
        Text("Direct/Withholding Tax/TCS Tax", 255),
        Text("product-tax-classification", 255),
    )

    @classmethod
    def unfold(cls, document: Invoice) -> Sequence[tuple[tuple[str, ...], TaxLine]]:
        """A row for each tax that the columns of its owner cannot say."""
        invoice = reference(document)
        taxes = (*owned_taxes(document), *withheld(document, WITHHOLDING))
        return [((invoice, *owner), tax) for owner, tax in taxes]


def owned_taxes(invoice: Invoice) -> Iterator[tuple[tuple[str, ...], TaxLine]]:
    """Yield (line id, line, charge id, charge) and each tax that needs a row."""
    owners = [(("", "", "", ""), extra_taxes(invoice, HEAD_TAX))]
    owners += [
        ((line.other.get(LINE_ID, ""), str(line.number), "", ""), extra_taxes(line, TAX)) for line in invoice.lines
    ]
    owners += [
        (("", "", charge.other.get(CHARGE_ID, ""), str(number)), extra_taxes(charge, TAX))
        for number, charge in enumerate(invoice.charges, 1)
    ]
    for owner, taxes in owners:
        yield from ((owner, tax) for tax in taxes)
