"""Reasons that come from comparing an invoice with its purchase order."""

from payables.reasons.kind import ERROR, INFO, WARNING, Clearer, Kind, kind

# Price, quantity and amount against the order
PRICE_ABOVE_TOLERANCE = kind(
    ERROR,
    "price-above-tolerance",
    "The price is above the order's by more than the tolerance",
    by=Clearer.BUYER,
    says="Line {line} bills a price of {actual} where PO {order} line {order_line} says {expected}: "
    "{difference} ({share}) too much, {allowed} is allowed",
    do="Ask the supplier for a credit note or a corrected invoice, or have the buyer change the order's price.",
)
PRICE_BELOW_TOLERANCE = kind(
    INFO,
    "price-below-tolerance",
    "The price is below the order's",
    by=Clearer.NOBODY,
    says="Line {line} bills a price of {actual} where PO {order} line {order_line} says {expected}: {difference} less",
    do="Tell the buyer that the order's price may be out of date; the lower price is paid.",
)
PRICE_FAR_BELOW = kind(
    ERROR,
    "price-far-below",
    "The price is so far below the order's that the line or its unit may be wrong",
    by=Clearer.BUYER,
    says="Line {line} bills a price of {actual} where PO {order} line {order_line} says {expected}: "
    "{difference} ({share}) less, below what is allowed",
    do="Check that line, unit of measure and price basis are the right ones before paying the lower price.",
)
QUANTITY_ABOVE_ORDERED = kind(
    ERROR,
    "quantity-above-ordered",
    "More is billed than was ordered and not yet billed",
    by=Clearer.BUYER,
    says="Line {line} bills {actual} but only {expected} of PO {order} line {order_line} are open "
    "({ordered} ordered, {billed} billed before)",
    do="Ask the supplier to credit the excess, or have the buyer raise the ordered quantity.",
)
QUANTITY_ABOVE_RECEIVED = kind(
    ERROR,
    "quantity-above-received",
    "More is billed than was received and not yet billed",
    by=Clearer.RECEIVER,
    says="Line {line} bills {actual} but only {expected} of PO {order} line {order_line} are received and not yet "
    "billed ({received} received, {billed} billed before)",
    do="Wait for the missing receipt, or ask the supplier to credit what was not delivered.",
)
GOODS_NOT_RECEIVED = kind(
    ERROR,
    "goods-not-received",
    "Nothing of the line was received",
    by=Clearer.RECEIVER,
    says="Line {line} bills {actual} of PO {order} line {order_line}, of which {expected} were received",
    do="Ask the receiver to enter the receipt in Coupa; the invoice goes on by itself once it is there.",
)
GOODS_RETURNED = kind(
    ERROR,
    "goods-returned",
    "Goods that were rejected or sent back are billed",
    by=Clearer.SUPPLIER,
    says="Line {line} bills {actual} of PO {order} line {order_line}, of which {returned} went back and {expected} "
    "are left to bill",
    do="Ask the supplier for a credit note over the returned goods.",
)
ALREADY_BILLED = kind(
    ERROR,
    "already-billed",
    "The order line is billed in full by earlier invoices",
    by=Clearer.SUPPLIER,
    says="Line {line} bills {actual} of PO {order} line {order_line}, which is billed in full: {billed} of {limit}",
    do="Check whether this is a second invoice for the same delivery; otherwise ask the supplier what it is for.",
)
AMOUNT_ABOVE_ORDERED = kind(
    ERROR,
    "amount-above-ordered",
    "The amount billed goes beyond the order",
    by=Clearer.BUYER,
    says="Line {line} bills {actual} but PO {order} line {order_line} has {expected} left "
    "({limit} {basis}, {billed} billed before)",
    do="Have the buyer raise the order's amount, or ask the supplier to credit the excess.",
)
CREDIT_ABOVE_BILLED = kind(
    ERROR,
    "credit-above-billed",
    "More is credited than was billed",
    by=Clearer.SUPPLIER,
    says="Line {line} credits {actual} of PO {order} line {order_line}, of which {expected} were billed",
    do="Ask the supplier which invoice the credit note is for.",
)
TOLERANCE_BUDGET_SPENT = kind(
    ERROR,
    "tolerance-budget-spent",
    "Small overcharges add up to more than the budget",
    by=Clearer.BUYER,
    says="With this invoice {scope} is overcharged by {actual} in all, {expected} is the budget",
    do="Ask the supplier to bill the agreed price; every single invoice was inside the tolerance.",
)
ORDER_TOTAL_EXCEEDED = kind(
    ERROR,
    "order-total-exceeded",
    "The order as a whole is billed beyond its total",
    by=Clearer.BUYER,
    says="With this invoice {actual} of PO {order} are billed, {expected} were ordered",
    do="Have the buyer raise the order, or ask the supplier to credit the excess.",
)

WITHIN_TOLERANCE = kind(
    INFO,
    "within-tolerance",
    "A difference inside the tolerance was accepted",
    by=Clearer.NOBODY,
    says="Line {line} bills {actual} where PO {order} line {order_line} says {expected}: inside the tolerance",
    do="Do nothing: the difference is within the tolerance of the policy.",
)

DRAWN_AS_AMOUNT = kind(
    INFO,
    "drawn-as-amount",
    "A quantity is billed on an order over an amount",
    by=Clearer.NOBODY,
    says="Line {line} ({actual}) draws {drawn} on PO {order} line {order_line}, an order over {ordered} "
    "of which {expected} are open",
    do="Do nothing: the line is loaded as an amount, which is how Coupa takes it on such an order.",
)

# The order itself
PO_UNKNOWN = kind(
    ERROR,
    "po-unknown",
    "No such purchase order is known",
    by=Clearer.CLERK,
    says="Line {line} names PO {actual}, which Coupa does not know",
    do="Correct the PO number from the image, or ask the supplier for the right one.",
)
PO_MISSING = kind(
    ERROR,
    "po-missing",
    "The supplier may only bill against a purchase order",
    by=Clearer.SUPPLIER,
    says="No PO number stands on the invoice, and {supplier} may only bill against one",
    do="Ask the supplier to send the invoice again with the PO number.",
)
PO_AMBIGUOUS = kind(
    ERROR,
    "po-ambiguous",
    "Two purchase orders fit equally well",
    by=Clearer.CLERK,
    says="PO {expected} and PO {actual} both fit this invoice",
    do="Enter the PO number that the supplier means.",
)
PO_CHOSEN = kind(
    WARNING,
    "po-chosen",
    "The purchase order was inferred, not printed",
    by=Clearer.CLERK,
    says="No PO number stands on the invoice; PO {actual} is the only open order of this supplier whose lines fit",
    do="Confirm the PO in Coupa and submit.",
)
PO_NOT_ISSUED = kind(
    ERROR,
    "po-not-issued",
    "The purchase order or its line is not open for invoicing",
    by=Clearer.BUYER,
    says="PO {order} is {actual}; only {expected} orders may be invoiced",
    do="Have the buyer reopen the order, or ask the supplier for the right PO number.",
)
PO_LINE_CLOSED = kind(
    ERROR,
    "po-line-closed",
    "The order line is closed",
    by=Clearer.BUYER,
    says="PO {order} line {order_line}, billed by line {line}, is {actual}",
    do="Have the buyer reopen the line, or ask the supplier what is billed.",
)
PO_OTHER_SUPPLIER = kind(
    ERROR,
    "po-other-supplier",
    "The purchase order belongs to another supplier",
    by=Clearer.CLERK,
    says="PO {order} belongs to supplier {expected}, the invoice comes from supplier {actual}",
    do="Check PO number and supplier on the image; Coupa refuses this combination.",
)
PO_LINE_UNKNOWN = kind(
    ERROR,
    "po-line-unknown",
    "The invoiced line is on no line of the order",
    by=Clearer.BUYER,
    says="Line {line} ({description}, {actual}) fits no open line of PO {order}{near}",
    do="Choose the order line, code the line to an account, or have the buyer add it to the order.",
)
PO_LINE_AMBIGUOUS = kind(
    ERROR,
    "po-line-ambiguous",
    "Two lines of the order fit equally well",
    by=Clearer.CLERK,
    says="Line {line} ({description}) fits PO line {expected} and PO line {actual} equally well",
    do="Choose the order line that is meant.",
)
PO_LINE_BY_PRICE = kind(
    WARNING,
    "po-line-by-price",
    "Only the price says which order line is billed",
    by=Clearer.CLERK,
    says="Line {line} ({actual}) has the price of PO {order} line {order_line} ({expected}), "
    "but neither words nor a part number say that it is the same",
    do="Confirm the order line in Coupa and submit.",
)
PO_LINES_FROM_TOTAL = kind(
    WARNING,
    "po-lines-from-total",
    "The order lines were inferred from the total",
    by=Clearer.CLERK,
    says="Line {line} ({description}, {actual}) names no order line; it costs exactly what PO {order} has open on "
    "{expected}, and no other lines do",
    do="Confirm the order lines in Coupa and submit.",
)
PO_LINES_UNPROVEN = kind(
    ERROR,
    "po-lines-unproven",
    "The invoiced line covers several lines of the order, and how much of each is not proved",
    by=Clearer.CLERK,
    says="Line {line} ({description}, {actual}) may cover several lines of PO {order}, {expected}, "
    "but neither its words nor its price say how much of each",
    do="Divide the line over the order lines that are meant, or ask the supplier to bill each of them apart.",
)
LINE_DIVIDED = kind(
    INFO,
    "line-divided",
    "A line was divided over the order lines that it names",
    by=Clearer.NOBODY,
    says="Line {line} ({description}, {actual}) names several lines of PO {order} and costs what they do: "
    "it is loaded as {expected}",
    do="Do nothing: words and price prove the division.",
)
LINE_TYPE_DIFFERS = kind(
    ERROR,
    "line-type-differs",
    "One is a quantity line, the other an amount line",
    by=Clearer.CLERK,
    says="Line {line} is billed by {actual}, PO {order} line {order_line} is ordered by {expected}",
    do="Change the invoice line to the order line's type; Coupa refuses the mixture.",
)
UOM_DIFFERS = kind(
    ERROR,
    "uom-differs",
    "The units of measure differ and no conversion is known",
    by=Clearer.BUYER,
    says="Line {line} is billed in {actual}, PO {order} line {order_line} is ordered in {expected}",
    do="Enter the conversion in the policy, or ask the supplier to bill in the ordered unit.",
)
CURRENCY_DIFFERS = kind(
    ERROR,
    "currency-differs",
    "The order is in another currency",
    by=Clearer.BUYER,
    says="The invoice is in {actual}, PO {order} is in {expected}",
    do="Ask the supplier to bill in the order's currency, or have the buyer change the order.",
)

KINDS: tuple[Kind, ...] = (
    PRICE_ABOVE_TOLERANCE,
    PRICE_BELOW_TOLERANCE,
    PRICE_FAR_BELOW,
    QUANTITY_ABOVE_ORDERED,
    QUANTITY_ABOVE_RECEIVED,
    GOODS_NOT_RECEIVED,
    GOODS_RETURNED,
    ALREADY_BILLED,
    AMOUNT_ABOVE_ORDERED,
    CREDIT_ABOVE_BILLED,
    TOLERANCE_BUDGET_SPENT,
    ORDER_TOTAL_EXCEEDED,
    WITHIN_TOLERANCE,
    DRAWN_AS_AMOUNT,
    PO_UNKNOWN,
    PO_MISSING,
    PO_AMBIGUOUS,
    PO_CHOSEN,
    PO_NOT_ISSUED,
    PO_LINE_CLOSED,
    PO_OTHER_SUPPLIER,
    PO_LINE_UNKNOWN,
    PO_LINE_AMBIGUOUS,
    PO_LINE_BY_PRICE,
    PO_LINES_FROM_TOTAL,
    PO_LINES_UNPROVEN,
    LINE_DIVIDED,
    LINE_TYPE_DIFFERS,
    UOM_DIFFERS,
    CURRENCY_DIFFERS,
)
