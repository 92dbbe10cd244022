"""Reasons that stand on the document itself: coding, tax, totals and what must not be missing."""

from payables.reasons.kind import ERROR, INFO, WARNING, Clearer, Kind, kind

# Coding
ACCOUNT_MISSING = kind(
    WARNING,
    "account-missing",
    "A line without purchase order has no account",
    by=Clearer.CLERK,
    says="Line {line} ({description}, {actual}) has neither a PO nor an account",
    do="Enter the account code, or find the PO.",
)
ACCOUNT_UNKNOWN = kind(
    ERROR,
    "account-unknown",
    "The account code is not active in the chart of accounts",
    by=Clearer.CLERK,
    says="Line {line} is coded to {actual}, which is no active account{near}",
    do="Correct the account code.",
)
CODING_SUGGESTED = kind(
    INFO,
    "coding-suggested",
    "The account was filled in by a coding rule",
    by=Clearer.NOBODY,
    says="Line {line} ({description}) is coded to {actual} by the rule for {rule}",
    do="Do nothing, or change the coding rule under [policy].",
)
CODING_FROM_HISTORY = kind(
    WARNING,
    "coding-from-history",
    "The account is a suggestion from earlier invoices",
    by=Clearer.CLERK,
    says="Line {line} ({description}) is coded to {actual}, as {agreeing} of {total} of its earlier lines are",
    do="Confirm the account in Coupa and submit.",
)
CHART_OF_ACCOUNTS_MISSING = kind(
    ERROR,
    "chart-of-accounts-missing",
    "The invoice names no chart of accounts",
    by=Clearer.CLERK,
    says="No chart of accounts stands on the invoice, its orders or in the policy",
    do="Enter the chart of accounts; Coupa refuses the invoice without it.",
)

# Tax, charges, totals
TAX_DIFFERS = kind(
    ERROR,
    "tax-differs",
    "The tax is not what its rate gives",
    by=Clearer.SUPPLIER,
    says="{place} states a tax of {actual}, {rate} of {base} are {expected}",
    do="Check the tax on the image; ask the supplier for a corrected invoice if it stands there so.",
)
TAX_TOO_HIGH = kind(
    ERROR,
    "tax-too-high",
    "The tax is more than any country asks for",
    by=Clearer.CLERK,
    says="A tax of {actual} is stated on {base}; {expected} is the most there is",
    do="Check tax and net amounts on the image.",
)
CHARGES_ABOVE_TOLERANCE = kind(
    ERROR,
    "charges-above-tolerance",
    "Shipping, handling and other charges are above the tolerance",
    by=Clearer.BUYER,
    says="Charges of {actual} come on top of the order, {expected} are allowed",
    do="Have the buyer accept the charges, or ask the supplier for a credit note.",
)
TOTAL_DIFFERS = kind(
    ERROR,
    "total-differs",
    "The amounts of the invoice do not add up",
    by=Clearer.CLERK,
    says="{place} states {actual}, its parts add up to {expected}",
    do="Correct the amounts from the image, or ask the supplier for a corrected invoice.",
)
SMALL_DIFFERENCE_ACCEPTED = kind(
    INFO,
    "small-difference-accepted",
    "A small difference was accepted",
    by=Clearer.NOBODY,
    says="{place} states {actual}, its parts add up to {expected}: accepted as a small difference",
    do="Do nothing: the difference is within the tolerance of the policy.",
)
# What must stand on an invoice
NUMBER_MISSING = kind(
    ERROR,
    "number-missing",
    "The invoice has no number",
    by=Clearer.CLERK,
    says="The invoice has no number",
    do="Enter the number from the image.",
)
NUMBER_TOO_LONG = kind(
    ERROR,
    "number-too-long",
    "The invoice number is longer than Coupa takes",
    by=Clearer.CLERK,
    says="The invoice number has {actual} characters, Coupa takes {expected}",
    do="Shorten the number the way your house does it, and always the same way.",
)
DATE_MISSING = kind(
    ERROR,
    "date-missing",
    "The invoice has no date",
    by=Clearer.CLERK,
    says="The invoice has no date",
    do="Enter the date from the image.",
)
DATE_TOO_OLD = kind(
    ERROR,
    "date-too-old",
    "The invoice date is too far back",
    by=Clearer.CLERK,
    says="The invoice is dated {actual}, older than {expected} days",
    do="Check the date on the image, and whether the invoice was paid long ago.",
)
DATE_IN_FUTURE = kind(
    ERROR,
    "date-in-future",
    "The invoice date is in the future",
    by=Clearer.CLERK,
    says="The invoice is dated {actual}, more than {expected} days ahead",
    do="Check the date on the image; day and month may be swapped.",
)
CURRENCY_MISSING = kind(
    ERROR,
    "currency-missing",
    "The invoice has no currency",
    by=Clearer.CLERK,
    says="The invoice has no currency",
    do="Enter the currency; Coupa cannot submit without it.",
)
CURRENCY_UNKNOWN = kind(
    ERROR,
    "currency-unknown",
    "The currency is not active in Coupa",
    by=Clearer.CLERK,
    says="The currency {actual} is none of {expected}",
    do="Correct the currency, or have it activated in Coupa.",
)
LINES_MISSING = kind(
    ERROR,
    "lines-missing",
    "The invoice has no lines",
    by=Clearer.CLERK,
    says="The invoice has no lines, Coupa needs at least one",
    do="Enter the lines from the image.",
)
DESCRIPTION_MISSING = kind(
    ERROR,
    "description-missing",
    "A line has no description",
    by=Clearer.CLERK,
    says="Line {line} ({actual}) has no description",
    do="Enter what was delivered.",
)
TAX_ON_BOTH_LEVELS = kind(
    ERROR,
    "tax-on-both-levels",
    "Tax stands on the header and on the lines",
    by=Clearer.CLERK,
    says="The header states a tax of {actual} and the lines one of {expected}; Coupa reads only one of the two",
    do="Decide whether tax is by header or by line.",
)
CREDIT_ORIGINAL_MISSING = kind(
    ERROR,
    "credit-original-missing",
    "The credit note does not name the invoice it credits",
    by=Clearer.CLERK,
    says="The credit note does not say which invoice it is for",
    do="Enter number and date of the credited invoice; Coupa asks for both.",
)
CREDIT_ORIGINAL_UNKNOWN = kind(
    ERROR,
    "credit-original-unknown",
    "The credited invoice is not known",
    by=Clearer.CLERK,
    says="The credit note is for invoice {actual}, which is not known from this supplier",
    do="Correct the number of the credited invoice, or ask the supplier.",
)
CREDIT_ABOVE_ORIGINAL = kind(
    ERROR,
    "credit-above-original",
    "More is credited than the invoice was over",
    by=Clearer.SUPPLIER,
    says="{actual} are credited in all on invoice {original}, which was over {expected}",
    do="Ask the supplier what the credit note is for.",
)
NEGATIVE_NOT_CREDIT = kind(
    ERROR,
    "negative-not-credit",
    "An amount is negative, and the document is no credit note",
    by=Clearer.CLERK,
    says="{place} is over {actual} but the document is no credit note",
    do="Enter it as a credit note with the number of the credited invoice.",
)

NEGATIVE_TWICE = kind(
    ERROR,
    "negative-twice",
    "Quantity and price are both negative",
    by=Clearer.CLERK,
    says="Line {line} bills {actual}: Coupa takes a negative quantity or a negative price, never both",
    do="Enter a positive price with the negative quantity, or a credit note.",
)

VOID_REFUSED = kind(
    ERROR,
    "void-refused",
    "A document that takes back an invoice could not void it",
    by=Clearer.CLERK,
    says="{actual}",
    do="Void the invoice at Coupa by hand if that is right, then `exchange reject` the record.",
)

KINDS: tuple[Kind, ...] = (
    ACCOUNT_MISSING,
    ACCOUNT_UNKNOWN,
    CODING_SUGGESTED,
    CODING_FROM_HISTORY,
    CHART_OF_ACCOUNTS_MISSING,
    TAX_DIFFERS,
    TAX_TOO_HIGH,
    CHARGES_ABOVE_TOLERANCE,
    TOTAL_DIFFERS,
    SMALL_DIFFERENCE_ACCEPTED,
    NUMBER_MISSING,
    NUMBER_TOO_LONG,
    DATE_MISSING,
    DATE_TOO_OLD,
    DATE_IN_FUTURE,
    CURRENCY_MISSING,
    CURRENCY_UNKNOWN,
    LINES_MISSING,
    DESCRIPTION_MISSING,
    TAX_ON_BOTH_LEVELS,
    CREDIT_ORIGINAL_MISSING,
    CREDIT_ORIGINAL_UNKNOWN,
    CREDIT_ABOVE_ORIGINAL,
    NEGATIVE_NOT_CREDIT,
    NEGATIVE_TWICE,
    VOID_REFUSED,
)
