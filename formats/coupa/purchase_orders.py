"""Purchase orders as Coupa exports them (Coupa: Purchase Orders Export)."""

from collections.abc import Iterator, Mapping, Sequence

from formats.documents import Allocation, OrderLine, PurchaseOrder
from formats.layout import (
    NO_CHILDREN,
    Amount,
    Children,
    Complaint,
    Date,
    Flag,
    Integer,
    Keyword,
    Moment,
    Nested,
    Row,
    Text,
    Values,
    custom_fields,
    numbered,
    put,
)


class HeaderRow(Row):
    """The head of an order.

    Coupa's own header has no PO number: the id doubles as it. Where numbers have a prefix they need the column
    po-number, which is ours.
    """

    keyword = "Header"
    makes = PurchaseOrder
    record = "id"
    fields = (
        Keyword("type"),
        Moment("acknowledged-at"),
        Moment("created-at", to="created_at"),
        Integer("id", to="id"),
        Text("status", 50, to="status"),
        Text("transmission-status", 50),
        Moment("updated-at", to="updated_at"),
        Integer("version", to="version"),
        Integer("internal-revision"),
        Flag("exported"),
        Amount("accounting-total", 32, 4),
        Text("accounting-total-currency", 6),
        Text("created-by-email", 255),
        Text("created-by-employee-number", 255),
        Text("created-by-firstname", 40),
        Integer("created-by-id"),
        Text("created-by-lastname", 40),
        Text("created-by-login", 255),
        Integer("requisition-id"),
        Text("requester-email", 255),
        Text("requester-employee-number", 255),
        Text("requester-firstname", 40),
        Integer("requester-id"),
        Text("requester-lastname", 40),
        Text("requester-login", 255),
        Text("ship-to-attention", 255),
        Text("ship-to-address-city", 50),
        Integer("ship-to-address-id"),
        Text("ship-to-address-name", 255),
        Text("ship-to-address-postal-code", 50),
        Text("ship-to-address-state", 50),
        Text("ship-to-address-street1", 100),
        Text("ship-to-address-street2", 100),
        Text("ship-to-address-country", 4),
        Text("ship-to-user-email", 255),
        Text("ship-to-user-employee-number", 255),
        Text("ship-to-user-firstname", 40),
        Integer("ship-to-user-id"),
        Text("ship-to-user-lastname", 40),
        Text("ship-to-user-login", 255),
        Integer("supplier-id"),
        Text("supplier-name", 100, to="supplier_name"),
        Text("supplier-number", 255, to="supplier_number"),
        Text("updated-by-email", 255),
        Text("updated-by-employee-number", 255),
        Text("updated-by-firstname", 40),
        Integer("updated-by-id"),
        Text("updated-by-lastname", 40),
        Text("updated-by-login", 255),
        Text("payment-terms-code", 255, to="payment_terms"),
        Integer("payment-terms-days-for-discount-payment"),
        Integer("payment-terms-days-for-net-payment"),
        Amount("payment-terms-discount-rate"),
        Text("Shipping-terms-code", 255),
        Text("attachment-text-concat"),
        *numbered(Text("custom-field-{}", 255, extra=True), 10),
        Text("po-number", 20, to="number", extra=True),
    )

    @classmethod
    def derive(cls, values: Values, others: Sequence[dict[str, str]]) -> None:
        """Take the id for the number where there is no other."""
        ids = values.get("id", [None] * len(others))
        numbers = values["number"]
        values["number"] = [number or str(id_ or "") for number, id_ in zip(numbers, ids, strict=True)]

    @classmethod
    def spread(cls, parts: Sequence[PurchaseOrder], values: Values) -> None:
        """Give orders without an id their number for it: readers of Coupa's layout look there."""
        numbers = [int(order.number) if order.number.isdecimal() else None for order in parts]
        values["id"] = [n if order.id is None else order.id for n, order in zip(numbers, parts, strict=True)]

    @classmethod
    def unfold(cls, document: PurchaseOrder) -> Sequence[tuple[tuple[str, ...], PurchaseOrder]]:
        """One row."""
        return (((), document),)


class LineRow(Row):
    """One line; without a quantity it is an amount line."""

    keyword = "Line"
    makes = OrderLine
    fields = (
        Keyword("type"),
        Amount("accounting-total", 32, 4),
        Text("accounting-total-currency", 6),
        Moment("created-at"),
        Text("description", 255, to="description"),
        Integer("id", to="id"),
        Amount("invoiced", 30, 6, to="invoiced"),
        Amount("active-invoiced-amount", 32, 4),
        Text("line-number", 255, to="number"),
        Date("need-by-date", to="need_by"),
        Text("order-header-id", 11, link="document"),
        Amount("price", 30, 6, to="price", filled=True),
        Amount("quantity", 30, 6, to="quantity"),
        Amount("received", 32, 4, to="received"),
        Text("source-part-num", 255, to="part_number"),
        Text("status", 50, to="status"),
        Integer("sub-line-num"),
        Text("supp-aux-part-num", 255),
        Amount("total", 32, 4),
        Text("currency", 6, to="currency"),
        Text("line-type", 100, aliases=("type",)),
        Moment("updated-at"),
        Integer("version"),
        Text("account-code", 1024, to="account_code"),
        *numbered(Text("segment-{}", 100), 20),
        Text("account-name", 1024),
        Text("account-type", 50),
        Integer("contract-id"),
        Text("contract-name", 100),
        Text("department", 255),
        Text("created-by-email", 255),
        Text("created-by-employee-number", 255),
        Text("created-by-firstname", 40),
        Integer("created-by-id"),
        Text("created-by-lastname", 40),
        Text("created-by-login", 255),
        Integer("supplier-id"),
        Text("supplier-name", 100),
        Text("supplier-number", 255),
        Text("uom", 6, to="uom"),
        Text("updated-by-email", 255),
        Text("updated-by-employee-number", 255),
        Text("updated-by-firstname", 40),
        Integer("updated-by-id"),
        Text("updated-by-lastname", 40),
        Text("updated-by-login", 255),
        Text("commodity", 255, to="commodity"),
        Text("requisition-line"),
        *custom_fields(),
    )

    @classmethod
    def unfold(cls, document: PurchaseOrder) -> Sequence[tuple[tuple[str, ...], OrderLine]]:
        """A row for each line."""
        links = (reference(document),)
        return [(links, line) for line in document.lines]


class SplitRow(Row):
    """A share of a line that is coded to an account of its own."""

    keyword = "Line Split"
    makes = Allocation
    fields = (
        Keyword("type"),
        Text("order-header-id", 11, link="document"),
        Text("order-line-id", 11, link="line_id"),
        Text("order-line-num", 255, link="line"),
        Integer("account-allocation-id"),
        Integer("account-allocation-sequence"),
        Amount("account-allocation-amount", 32, 4, to="amount"),
        Amount("account-allocation-percent", 16, 10, to="percent"),
        Text("account-code", 1024, to="account_code"),
        Integer("account-active"),
        *numbered(Text("segment-{}", 100), 20),
        Text("account-name", 1024),
        Text("account-type", 50),
        *custom_fields(),
    )

    @classmethod
    def unfold(cls, document: PurchaseOrder) -> Sequence[tuple[tuple[str, ...], Allocation]]:
        """A row for each share of each line."""
        order = reference(document)
        return [
            ((order, "" if line.id is None else str(line.id), line.number), share)
            for line in document.lines
            for share in line.allocations
        ]


def reference(order: PurchaseOrder) -> str:
    """Return what rows refer to an order by: its id, which in Coupa's default numbering is its number."""
    return order.number if order.id is None else str(order.id)


class PurchaseOrderExport(Nested[PurchaseOrder]):
    """Orders with lines and splits; rows refer to their order by its id."""

    name = "purchase-order-export"
    trusted = True
    schema_first = False
    rows = (HeaderRow, LineRow, SplitRow)

    @classmethod
    def identity(cls, head: PurchaseOrder) -> tuple[str, str, str]:
        """Rows name the order's id."""
        return reference(head), "", ""

    @classmethod
    def main(cls) -> tuple[type[Row], ...]:
        """Every file has orders and lines."""
        return (HeaderRow, LineRow)

    @classmethod
    def fold(cls, head: PurchaseOrder, children: Mapping[type[Row], Children]) -> Iterator[Complaint]:
        """Put lines and shares where they belong; the head has no currency or chart of accounts but its lines'."""
        lines = children.get(LineRow, NO_CHILDREN).parts
        put(head, lines=tuple(lines))
        if lines:
            put(head, currency=lines[0].currency, chart_of_accounts=lines[0].other.get("account-type", ""))
        by_number = {line.number: line for line in lines}
        by_id = {str(line.id): line for line in lines}
        for (_, line_id, number), share, row in children.get(SplitRow, NO_CHILDREN):
            line = by_number.get(number) or by_id.get(line_id)
            if line is None:
                yield Complaint(row, f"there is no order line {number or line_id!r} to split")
            else:
                put(line, allocations=(*line.allocations, share))
