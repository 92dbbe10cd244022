"""The rows of Ok2Pay that documents have no field for (Coupa: Invoices Export).

They are kept in ``other`` of the invoice, as Withholding[1].amount and so on, and written back from there.
"""

from collections.abc import Sequence

from formats.coupa.approved.lines import reference
from formats.documents import Invoice
from formats.layout import Amount, Flag, Integer, Keyword, Moment, Row, Text, numbered, unflatten


class KeptRow(Row):
    """A row that is only kept; ``document`` is the one link it has, where it has one."""

    @classmethod
    def unfold(cls, document: Invoice) -> Sequence[tuple[tuple[str, ...], dict[str, str]]]:
        """A row for each that was kept."""
        links = tuple(reference(document) for _ in cls.links())
        return [(links, row) for row in unflatten(document.other, cls.keyword)]


class ChargeSplitRow(KeptRow):
    """A share of a charge that is coded to an account of its own."""

    keyword = "Charge Split"
    fields = (
        Keyword("type"),
        Text("invoice-id", 11, link="document"),
        Integer("invoice-charge-id"),
        Integer("line-num"),
        Integer("account-allocation-id"),
        Integer("account-allocation-sequence"),
        Amount("account-allocation-amount", 30, 4),
        Amount("account-allocation-percent", 16, 10),
        Text("account-code", 1024),
        Flag("account-active"),
        Text("billing-notes"),
        *numbered(Text("segment-{}", 100), 20),
        Text("account-name", 1024),
        Text("currency_code", 6),
        Amount("accounting-total", 30, 4),
        Text("accounting_currency", 6),
    )


class WithholdingRow(KeptRow):
    """Tax that is kept back from the supplier; the sheet spells it so."""

    keyword = "Witholding"
    synonyms = ("Withholding",)
    fields = (
        Keyword("type"),
        Text("invoice-id", 11, link="document"),
        Text("invoice-number", 40),
        Text("invoice-line-id", 11),
        Integer("invoice-line-number"),
        Integer("tax-line-number"),
        Integer("tax-line-id"),
        Amount("amount", 32, 4),
        Amount("rate", 16, 10),
        Text("code", 255),
        Text("description", 255),
        Text("location", 255),
        Moment("date"),
        Text("kind-of-factor", 255),
        Amount("basis", 30, 6),
        Amount("Withholding Base", 30, 4),
        Amount("Supplier Withholding Rate", 30, 4),
        Amount("Supplier Withholding Amount", 30, 4),
        Text("nature-of-tax", 255),
        Amount("Withholding Amount", 30, 4),
        Text("Direct/Withholding Tax", 255),
    )


class MatchingRow(KeptRow):
    """Which receipt a line was matched with; it follows its invoice, which it does not name."""

    keyword = "Matching Allocation"
    fields = (
        Keyword("type"),
        Integer("order-line-id"),
        Text("order-header-number", 20),
        Text("order-line-num", 255),
        Integer("invoice-line-id"),
        Integer("receipt-id"),
        Text("match-reference-key", 255),
        Amount("quantity", 32, 6),
        Amount("amount", 32, 4),
        Text("uom", 6),
        Text("currency", 6),
        Text("status", 50),
    )


class ReconciliationRow(KeptRow):
    """A payment, credit or adjustment."""

    keyword = "ReconciliationLine"
    fields = (
        Keyword("Type"),
        Moment("Adjustment Date"),
        Text("Type of document"),
        Amount("Amount", 46, 20),
        Text("Invoice ID", 11, link="document"),
        Integer("Created By ID"),
        Text("Created By Login"),
        Moment("Created Date"),
        Integer("Updated By ID"),
        Text("Updated By Login"),
        Moment("Updated Date"),
        Text("Note", 255),
        Text("Category", 255),
    )


class PayableRow(KeptRow):
    """What Coupa Pay owes on the invoice; it follows its invoice."""

    keyword = "InvoicePayable"
    fields = (
        Keyword("type"),
        Integer("id"),
        Moment("created-at"),
        Moment("updated-at"),
        Text("status", 255),
        Moment("paid-date"),
        Amount("paid-total"),
        Amount("remaining-total"),
        Amount("remittance-total"),
        Amount("accounting-total"),
        Text("exported"),
        Moment("last-exported-at"),
        Text("discount-amount"),
        Text("discount-rate"),
        Text("discount-due-date"),
        Text("document-type"),
        Text("payment-channel"),
        Text("payable-type"),
        Text("payable-id", 11),
        Text("net-due-date"),
        Text("supplier-name"),
        Text("supplier-number"),
        Text("invoice-number"),
        Text("chart-of-account-code"),
        Text("legal-entity-name"),
        Text("wc-eligibility", 255),
    )


class ToleranceRow(KeptRow):
    """A tolerance that was exceeded; printed without a type column, it follows its invoice."""

    keyword = "Failed Tolerance"
    fields = (
        Text("code", 255),
        Integer("failable-id"),
        Text("failable-type", 255),
        Flag("resolved"),
        Text("resolution-strategy", 25),
        Text("breach-amount", 255),
        Text("breach-limit", 255),
        *numbered(Text("breach-detail-{}", 255), 3),
    )
