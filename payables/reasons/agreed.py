"""Reasons that come from what was agreed beside price and quantity: charts, terms, service periods, tax codes."""

from payables.reasons.kind import INFO, Clearer, Kind, kind

CHART_DIFFERS = kind(
    INFO,
    "chart-of-accounts-differs",
    "The invoice and its order are in different charts of accounts",
    by=Clearer.CLERK,
    says="The invoice is for {actual}, PO {order} for {expected}",
    do="Enter the order's chart of accounts, or ask the supplier to bill the company that ordered.",
)
TERMS_DIFFER = kind(
    INFO,
    "payment-terms-differ",
    "The invoice asks for other payment terms than were agreed",
    by=Clearer.BUYER,
    says="The invoice asks for {actual}, {expected} was agreed with {place}",
    do="Pay by the agreed terms: Coupa computes the due date from them. Ask the supplier about the others.",
)
PERIOD_DIFFERS = kind(
    INFO,
    "service-period-differs",
    "A service was rendered outside the period that was ordered",
    by=Clearer.BUYER,
    says="Line {line} bills {actual}, PO {order} line {order_line} orders {expected}",
    do="Have the buyer extend the order line, or ask the supplier for the right period.",
)
TAX_CODE_MISSING = kind(
    INFO,
    "tax-code-missing",
    "An invoice against an order states a tax without a tax code",
    by=Clearer.CLERK,
    says="{place} states a tax of {actual} without a tax code",
    do="Enter Coupa's tax code; Coupa cannot book the tax to an account without it.",
)

KINDS: tuple[Kind, ...] = (CHART_DIFFERS, TERMS_DIFFER, PERIOD_DIFFERS, TAX_CODE_MISSING)
