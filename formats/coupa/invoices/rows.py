"""The rows below the lines of the invoice import (Coupa: Invoices Import)."""

from collections.abc import Iterator, Sequence
from typing import Final

from formats.coupa.invoices.head import CHARGES
from formats.coupa.invoices.head import TAX as HEAD_TAX
from formats.coupa.invoices.line import TAX as LINE_TAX
from formats.documents import Allocation, Charge, ChargeKind, Invoice, TaxLine
from formats.layout import (
    Amount,
    Choice,
    Flag,
    Integer,
    Keyword,
    Moment,
    Row,
    Text,
    Values,
    numbered,
    unflatten,
)
from formats.shortcuts import extra_taxes, plain_charges, read_account_code, read_taxes, withheld, write_taxes

WITHHOLDING: Final = "Withholding"
CHARGE_TAX: Final = {
    "amount": "Line Tax Amount",
    "rate": "Tax Rate",
    "code": "Tax Code",
    "description": "Line Tax Description",
}


class ChargeRow(Row):
    """A charge of the head that needs more than its amount; older templates name its tax columns Line Tax ...."""

    keyword = "Invoice Charge"
    makes = Charge
    fields = (
        Keyword("Invoice Charge"),
        Text("Invoice Number*", 40, link="document"),
        Text("Supplier Name", 100, link="supplier_name"),
        Text("Supplier Number", 255, link="supplier_number"),
        Text("Line Number", 11, link="charge"),
        Choice("Type*", options=ChargeKind, to="kind", filled=True),
        Text("Description", 1550, to="description"),
        Amount("Total*", 30, 4, to="amount", filled=True),
        Amount("Percent", 16, 10),
        Amount("Line Tax Amount", 32, 4, to="tax.amount"),
        Amount("Tax Rate", 16, 10, to="tax.rate", aliases=("Line Tax Rate",)),
        Text("Tax Code", 255, to="tax.code", aliases=("Line Tax Code",)),
        Text("Tax Rate Type", 255, aliases=("Line Tax Rate Type",)),
        Text("Line Tax Location", 255),
        Text("Line Tax Description", 255, to="tax.description"),
        Moment("Line Tax Supply Date"),
        Text("Account Name", 1024),
        Text("Account Code", 1024, to="account_code"),
        Text("Billing Notes"),
        *numbered(Text("Account Segment {}", 100), 20),
        Text("Budget Period Name", 100),
    )

    @classmethod
    def derive(cls, values: Values, others: Sequence[dict[str, str]]) -> None:
        """Make the tax and the account code that have several columns here."""
        read_taxes(values, others, CHARGE_TAX)
        read_account_code(values, others, "Account Segment {}")

    @classmethod
    def spread(cls, parts: Sequence[Charge], values: Values) -> None:
        """Spread the tax that has columns here."""
        write_taxes(parts, values, CHARGE_TAX)

    @classmethod
    def unfold(cls, document: Invoice) -> Sequence[tuple[tuple[str, ...], Charge]]:
        """A row for each charge that the head's columns cannot say; charges are numbered over both."""
        links = (document.number, document.supplier_name, document.supplier_number)
        plain = len(plain_charges(document, CHARGES))
        return [((*links, str(number)), charge) for number, charge in enumerate(document.charges, 1) if number > plain]


class AllocationRow(Row):
    """A share of a line that is coded to an account of its own."""

    keyword = "Account Allocation"
    makes = Allocation
    fields = (
        Keyword("Account Allocation"),
        Text("Invoice Number*", 40, link="document"),
        Text("Invoice Line Number*", 11, link="line"),
        Amount("Amount", 32, 4, to="amount"),
        Amount("Percent", 16, 10, to="percent"),
        Text("Budget Period Name", 100),
        Text("Account Name", 1024),
        Text("Account Code", 1024, to="account_code"),
        *numbered(Text("Account Segment {}", 100), 20),
    )

    @classmethod
    def derive(cls, values: Values, others: Sequence[dict[str, str]]) -> None:
        """Make the account code of segments."""
        read_account_code(values, others, "Account Segment {}")

    @classmethod
    def unfold(cls, document: Invoice) -> Sequence[tuple[tuple[str, ...], Allocation]]:
        """A row for each share of each line."""
        return [((document.number, str(line.number)), share) for line in document.lines for share in line.allocations]


class TaxRow(Row):
    """One of several taxes of the head, a line or a charge."""

    keyword = "Invoice Tax Line"
    makes = TaxLine
    fields = (
        Keyword("Invoice Tax Line"),
        Text("Invoice Number*", 40, link="document"),
        Text("Invoice Line Number", 11, link="line"),
        Text("Invoice Charge Number", 11, link="charge"),
        Text("Line Number", 11, link="number"),
        Amount("Tax Amount", 32, 4, to="amount", filled=True),
        Amount("Tax Rate", 16, 10, to="rate"),
        Text("Tax Code", 255, to="code"),
        Text("Tax Rate Type", 255),
        Text("Tax Location", 255),
        Text("Tax Description", 255, to="description"),
        Moment("Tax Supply Date"),
        Amount("Taxable Amount", 32, 4, to="basis"),
        Choice("Type", options=("TaxLine", "WithholdingTaxLine")),
        Amount("Base Amount", 30, 4),
    )

    @classmethod
    def unfold(cls, document: Invoice) -> Sequence[tuple[tuple[str, ...], TaxLine]]:
        """A row for each tax that the columns of its owner cannot say."""
        taxes = (*numbered_taxes(document), *withheld(document, WITHHOLDING))
        return [((document.number, *owner), tax) for owner, tax in taxes]


def numbered_taxes(invoice: Invoice) -> Iterator[tuple[tuple[str, ...], TaxLine]]:
    """Yield (line, charge, number within its owner) and each tax that needs a row."""
    owners = [(("", ""), extra_taxes(invoice, HEAD_TAX))]
    owners += [
        ((str(line.number), ""), extra)
        for line in invoice.lines
        if line.taxes and (extra := extra_taxes(line, LINE_TAX))
    ]
    owners += [(("", str(n)), extra_taxes(charge, CHARGE_TAX)) for n, charge in enumerate(invoice.charges, 1)]
    for owner, taxes in owners:
        for number, tax in enumerate(taxes, 1):
            yield (*owner, str(number)), tax


class TagRow(Row):
    """A tag; kept in ``other`` of the invoice as Tag[1].Name and so on."""

    keyword = "Tag"
    fields = (
        Keyword("Tag"),
        Text("Object Number*", 30, link="document"),
        Integer("Line Number"),
        Text("Name*", 30),
        Text("Description"),
        Flag("System Tag"),
    )

    @classmethod
    def unfold(cls, document: Invoice) -> Sequence[tuple[tuple[str, ...], dict[str, str]]]:
        """A row for each tag."""
        return [((document.number,), tag) for tag in unflatten(document.other, cls.keyword)]


class AssignmentRow(Row):
    """Somebody to whom the invoice is assigned; kept in ``other`` of the invoice."""

    keyword = "Invoice Header Assignment"
    fields = (
        Keyword("Invoice Header Assignment", extra=True),
        Text("Document*"),
        Text("Assignee Type*", 255),
        Text("Assignee*"),
        Text("Comment"),
        Text("Supplier Name", link="supplier_name"),
        Text("Supplier Number", link="supplier_number"),
        Text("Invoice Number", 40, link="document"),
        Text("Invoice Date"),
        Text("Action"),
    )

    @classmethod
    def unfold(cls, document: Invoice) -> Sequence[tuple[tuple[str, ...], dict[str, str]]]:
        """A row for each assignment."""
        links = (document.supplier_name, document.supplier_number, document.number)
        return [(links, row) for row in unflatten(document.other, cls.keyword)]
