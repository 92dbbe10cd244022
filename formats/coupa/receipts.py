"""Receipts of goods and services (Coupa: Inventory Transactions Export and Import)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from formats.documents import Receipt
from formats.layout import (
    NO_CHILDREN,
    Amount,
    Children,
    Choice,
    Complaint,
    Flag,
    Integer,
    Keyword,
    Moment,
    Nested,
    Row,
    Table,
    Text,
    flatten,
    numbered,
    unflatten,
)

TYPES: Final = (
    "InventoryReceipt",
    "ReceivingConsumption",
    "ReceivingAmountConsumption",
    "ReceivingQuantityConsumption",
    "ReceivingReturnToSupplier",
    "ReceivingAmountReturnToSupplier",
    "ReceivingQuantityReturnToSupplier",
    "ReceivingDisposal",
    "ReceivingAmountDisposal",
    "ReceivingQuantityDisposal",
    "InventoryTransferOut",
    "InventoryAdjustment",
)


class TransactionRow(Row):
    """One receipt, return or other movement."""

    keyword = "Inventory Transaction"
    makes = Receipt
    record = "id"
    fields = (
        Keyword("Record Type"),
        Text("ID", 11, to="id", filled=True),
        Text("Barcode", 255),
        Moment("Created at", to="received_at"),
        Text("Created-By email", 255),
        Text("Created-By employee number", 255),
        Integer("Created-By id"),
        Text("Created-By login", 255),
        Text("Created-By Lastname, Firstname", 255),
        Amount("Price", 30, 6, to="price"),
        Amount("Quantity", 30, 6, to="quantity"),
        Text("RFID Tag", 255),
        Amount("Total", 30, 6, to="total"),
        Text("Type", 255, to="type"),
        Text("Status", 255, to="status"),
        Moment("Updated-At", to="updated_at"),
        Text("Updated-By email", 255),
        Text("Updated-By employee number", 255),
        Integer("Updated-By id"),
        Text("Updated-By login", 255),
        Text("Updated-By Lastname, Firstname", 255),
        Flag("Exported"),
        Text("Account Code", 255),
        Integer("Chart of Accounts"),
        Integer("From Warehouse Location ID"),
        Text("From Warehouse Aisle", 255),
        Text("From Warehouse Bin", 255),
        Text("From Warehouse Level", 255),
        Integer("From Warehouse - Warehouse ID"),
        Text("From Warehouse - Warehouse Description", 255),
        Text("From Warehouse - Warehouse Name", 255),
        Integer("From Warehouse Type ID"),
        Text("From Warehouse Type Name", 255),
        Text("From Warehouse Type Description", 255),
        Integer("Order Line ID"),
        Amount("Order Line Accounting-Total", 32, 4),
        Moment("Order Line Created-At"),
        Text("Order Line Description", 255),
        Amount("Order Line Qty Invoiced", 30, 6),
        Text("Order Line Number", 255, to="order_line_number"),
        Moment("Order Line Need By Date"),
        Text("Order Line PO ID", 20, to="order_number"),
        Amount("Order Line Price", 30, 6),
        Amount("Order Line Quantity", 30, 6),
        Amount("Order Line Received", 32, 4),
        Text("Order Line Source Part Number", 255),
        Text("Order Line Status", 50),
        Integer("Order Line Sub-line-num"),
        Text("Order Line Supp-Aux-Part-Num", 255),
        Amount("Order Line Total", 32, 4),
        Text("Order Line Type", 100),
        Moment("Order Line Updated-At"),
        Integer("Order Line Version"),
        Text("Order Line Account Code", 1024),
        Text("Order Line Chart of Accounts", 50),
        Text("Order Line Accounting Total Currency", 6),
        Text("Order Line Currency", 6, to="currency"),
        Text("Order Line Commodity Name", 255),
        Text("Order Line Department Name", 255),
        Integer("Order Line Item ID"),
        Text("Order Line Item Number", 255),
        Text("Order Line Item Name", 255),
        Text("Order Line Supplier Name", 100),
        Text("Order Line Item Supplier Number", 255),
        Integer("To Warehouse Location ID"),
        Text("To Warehouse Aisle", 255),
        Text("To Warehouse Bin", 255),
        Text("To Warehouse Level", 255),
        Integer("To Warehouse - Warehouse ID"),
        Text("To Warehouse - Warehouse Description", 255),
        Text("To Warehouse - Warehouse Name", 255),
        Integer("To Warehouse Type ID"),
        Text("To Warehouse Type Name", 255),
        Text("To Warehouse Type Description", 255),
        Text("UOM Code", 6, to="uom"),
        Text("Inspection Code", 255),
        Integer("Inspection Code ID"),
        Text("Inspection Code Description", 255),
        Text("Inspection Code Created-By email", 255),
        Text("Inspection Code Created-By employee number", 255),
        Integer("Inspection Code Created-By id"),
        Text("Inspection Code Created-By login", 255),
        Text("Inspection Code Created-By Lastname, Firstname", 255),
        Moment("Inspection Code Created-At"),
        Text("Inspection Code Updated-By email", 255),
        Text("Inspection Code Updated-By employee number", 255),
        Integer("Inspection Code Updated-By id"),
        Text("Inspection Code Updated-By login", 255),
        Text("Inspection Code Updated-By Lastname, Firstname", 255),
        Moment("Inspection Code Updated-At"),
        Integer("Asset Tag"),
        Text("Asset Tag Serial Number", 255),
        Text("Asset Tag Owner", 255),
        Text("Asset Tag Note", 65535),
        Text("Transaction Reason", 255),
        Text("Transaction Code", 255),
        Amount("Received Weight", 30, 6),
        Text("Match Reference", 255, to="match_reference"),
        Integer("Transaction Reference"),
        Text("Reason Insight"),
        Text("Inventory Request Number"),
        Text("Inventory Request RMA"),
        Text("Inventory Request Address Location Code"),
        Text("Inventory Request Address Attention"),
        Text("Inventory Request Address Name"),
        Text("Inventory Request Address Street1"),
        Text("Inventory Request Address Street2"),
        Text("Inventory Request Address City"),
        Text("Inventory Request Address State"),
        Text("Inventory Request Address Postal Code"),
        Text("Inventory Request Address Country Code"),
    )

    @classmethod
    def unfold(cls, document: Receipt) -> Sequence[tuple[tuple[str, ...], Receipt]]:
        """One row."""
        return (((), document),)


class SplitRow(Row):
    """A share of a receipt; kept in ``other`` as Line Split[1].Amount and so on."""

    keyword = "Line Split"
    fields = (
        Keyword("Record Type"),
        Text("Inventory Transaction Id", 11, link="document"),
        Text("PO Number"),
        Text("Order Line Id"),
        Text("Order Line Number"),
        Integer("Id"),
        Text("Allocation Number"),
        Amount("Amount", 32, 4),
        Amount("Percent", 16, 10),
        Text("Currency"),
        Text("Account Code"),
        Text("Account Active"),
        *numbered(Text("Account Segment {}"), 20),
        Text("Account Name"),
        Text("Account Type"),
    )

    @classmethod
    def unfold(cls, document: Receipt) -> Sequence[tuple[tuple[str, ...], dict[str, str]]]:
        """A row for each share."""
        return [((document.id,), share) for share in unflatten(document.other, cls.keyword)]


class ReceiptExport(Nested[Receipt]):
    """Receipts with their splits; the sign of returns is as Coupa writes it."""

    name = "receipt-export"
    trusted = True
    schema_first = False
    rows = (TransactionRow, SplitRow)

    @classmethod
    def identity(cls, head: Receipt) -> tuple[str, str, str]:
        """Splits name the transaction's id."""
        return head.id, "", ""

    @classmethod
    def fold(cls, head: Receipt, children: Mapping[type[Row], Children]) -> Iterator[Complaint]:
        """Keep the splits."""
        flatten(head, SplitRow.keyword, children.get(SplitRow, NO_CHILDREN).parts)
        yield from ()


class ReceiptImport(Table[Receipt]):
    """Receipts that another system books into Coupa."""

    name = "receipt-import"
    makes = Receipt
    record = "id"
    fields = (
        Text("ID*", 11, to="id"),
        Text("Barcode", 255),
        Text("Currency", 100, to="currency"),
        Amount("Price", 30, 6, to="price"),
        Amount("Quantity", 30, 6, to="quantity"),
        Text("RFID Tag", 255),
        Choice("Type*", options=TYPES, to="type", filled=True),
        Integer("Order Line Id*"),
        Text("Order Line Number*", 255, to="order_line_number"),
        Text("Order Line PO Id*", 20, to="order_number"),
        Integer("ASN Line Id"),
        Text("ASN Line Number", 255),
        Integer("ASN Header Id"),
        Text("ASN Header Number", 40),
        Text("UOM Code", 6, to="uom"),
        Text("Status", 255, to="status"),
        Text("Match Reference", 255, to="match_reference"),
        Text("External Id", 255),
        Integer("Transaction Reference"),
        Text("Reason Insight"),
    )
