"""Reasons that come from the supplier, from duplicates and from the gates."""

from payables.reasons.kind import ERROR, INFO, WARNING, Clearer, Kind, kind

# The supplier
SUPPLIER_UNKNOWN = kind(
    ERROR,
    "supplier-unknown",
    "The supplier is not in the supplier master",
    by=Clearer.MASTER,
    says="The supplier {actual} is not known in Coupa",
    do="Have the supplier created in Coupa, or choose the existing one.",
)
SUPPLIER_AMBIGUOUS = kind(
    ERROR,
    "supplier-ambiguous",
    "More than one supplier fits",
    by=Clearer.CLERK,
    says="The supplier {name} may be {expected} or {actual}",
    do="Choose the supplier.",
)
SUPPLIER_INACTIVE = kind(
    ERROR,
    "supplier-inactive",
    "The supplier is not active",
    by=Clearer.MASTER,
    says="Supplier {supplier} is {actual} in Coupa, not {expected}",
    do="Find out why the supplier was closed before anything is paid.",
)
SUPPLIER_ON_HOLD = kind(
    ERROR,
    "supplier-on-hold",
    "The supplier is on hold",
    by=Clearer.MASTER,
    says="Supplier {supplier} is on hold in Coupa",
    do="Wait until the hold is lifted.",
)
SUPPLIER_NEW = kind(
    WARNING,
    "supplier-new",
    "This is the first invoice of its supplier",
    by=Clearer.CLERK,
    says="No earlier invoice of supplier {supplier} was ever approved; this one is over {actual}",
    do="Check that the supplier, its bank account and the delivery are genuine.",
)
BANK_CHANGED = kind(
    ERROR,
    "bank-changed",
    "The invoice asks for payment to another bank account than the master has",
    by=Clearer.MASTER,
    says="The invoice names the account {actual}, the supplier master has {expected}",
    do="Call the supplier under a number you already had, never under the one on the invoice.",
)

# Duplicates
DUPLICATE_EXACT = kind(
    ERROR,
    "duplicate-exact",
    "The invoice was received before",
    by=Clearer.NOBODY,
    says="Invoice {actual} of this supplier is already known: {expected}",
    do="Do nothing: it is not loaded a second time.",
)
DUPLICATE_SUSPECTED = kind(
    ERROR,
    "duplicate-suspected",
    "The invoice looks like one that was received before",
    by=Clearer.CLERK,
    says="Invoice {actual} looks like {expected}: {evidence_text}",
    do="Compare the two images; release it if it is a different delivery.",
)

# Gates
AMOUNT_GATE = kind(
    ERROR,
    "amount-gate",
    "The amount is above what may go through by itself",
    by=Clearer.CONTROLLER,
    says="The invoice is over {actual}; above {expected} a person decides",
    do="Look at it and approve it.",
)
CONFIDENCE_GATE = kind(
    ERROR,
    "confidence-gate",
    "A field was read with too little certainty",
    by=Clearer.CLERK,
    says="The {field} was read with {actual} certainty, {expected} is asked for",
    do="Compare the field with the image.",
)
IMAGE_DOUBTFUL = kind(
    ERROR,
    "image-doubtful",
    "The image does not bear the values out",
    by=Clearer.CLERK,
    says="The image does not bear the values out: {message}",
    do="Compare the values with the image.",
)
PHASE_GATE = kind(
    WARNING,
    "phase-gate",
    "This kind of invoice does not go through by itself yet",
    by=Clearer.CLERK,
    says="{scope} invoices are in phase {actual}: a person submits them",
    do="Look at the draft in Coupa and submit it.",
)

AUDIT_SAMPLE = kind(
    WARNING,
    "audit-sample",
    "The invoice was drawn for the sample that a person verifies",
    by=Clearer.CLERK,
    says="This invoice belongs to the {expected} that a person verifies, although nothing speaks against it",
    do="Check it as if nobody had, submit the draft in Coupa, and say what you found: `exchange verify`.",
)

# What is unusual: told, and held only where the policy's controls say so
AMOUNT_ROUND = kind(
    INFO,
    "amount-round",
    "The amount is round, and the supplier's other amounts are not",
    by=Clearer.CLERK,
    says="The invoice is over {actual}, a round amount; {expected} of the supplier's earlier invoices were",
    do="Look whether quantity and price behind the amount are real.",
)
AMOUNT_BELOW_LIMIT = kind(
    INFO,
    "amount-just-below-limit",
    "The amount is just below the limit above which a person decides",
    by=Clearer.CONTROLLER,
    says="The invoice is over {actual}, just below the limit of {expected}",
    do="Look whether the amount was chosen to pass below the limit.",
)
INVOICES_SPLIT = kind(
    INFO,
    "invoices-split",
    "Several invoices in a few days are together above the limit",
    by=Clearer.CONTROLLER,
    says="With {others} of the last {days} days the supplier bills {actual}, above the limit of {expected}",
    do="Look whether one delivery was billed in parts to pass below the limit.",
)
AMOUNT_UNUSUAL = kind(
    INFO,
    "amount-unusual",
    "The amount is far above what the supplier usually bills",
    by=Clearer.CLERK,
    says="The invoice is over {actual}, the supplier usually bills {expected} ({times} times as much)",
    do="Check decimal point, currency and quantity against the image.",
)
NUMBERS_CONSECUTIVE = kind(
    INFO,
    "numbers-consecutive",
    "The supplier seems to have no other customer",
    by=Clearer.CONTROLLER,
    says="The supplier's last {expected} invoice numbers run on without a gap up to {actual}",
    do="Find out whether the supplier is genuine.",
)
NUMBER_OUT_OF_SEQUENCE = kind(
    INFO,
    "number-out-of-sequence",
    "The number is lower than that of an older invoice",
    by=Clearer.CLERK,
    says="Number {actual} is lower than {expected}, which the supplier gave to an older invoice",
    do="Compare number and date with the image.",
)
BANK_SHARED = kind(
    INFO,
    "bank-shared",
    "Another supplier is paid to the same bank account",
    by=Clearer.MASTER,
    says="The account {actual} also belongs to supplier {expected}",
    do="Find out whether both suppliers are one company.",
)
SENDER_UNKNOWN = kind(
    INFO,
    "sender-unknown",
    "The invoice came from an address the master does not know",
    by=Clearer.MASTER,
    says="The invoice comes from {actual}, the supplier master has {expected}",
    do="Check the sender; a look-alike domain is a common fraud.",
)
DATE_ON_WEEKEND = kind(
    INFO,
    "date-on-weekend",
    "The invoice is dated on a weekend, which its supplier does not do",
    by=Clearer.CLERK,
    says="The invoice is dated {actual}, a weekend; {expected} of the supplier's earlier invoices were",
    do="Compare the date with the image.",
)
DATE_BEFORE_ORDER = kind(
    INFO,
    "date-before-order",
    "The goods were billed before they were ordered",
    by=Clearer.BUYER,
    says="The invoice is dated {actual}, PO {order} was only made on {expected}",
    do="Ask the buyer why the order came after the invoice.",
)

KINDS: tuple[Kind, ...] = (
    SUPPLIER_UNKNOWN,
    SUPPLIER_AMBIGUOUS,
    SUPPLIER_INACTIVE,
    SUPPLIER_ON_HOLD,
    SUPPLIER_NEW,
    BANK_CHANGED,
    DUPLICATE_EXACT,
    DUPLICATE_SUSPECTED,
    AMOUNT_GATE,
    CONFIDENCE_GATE,
    IMAGE_DOUBTFUL,
    PHASE_GATE,
    AUDIT_SAMPLE,
    AMOUNT_ROUND,
    AMOUNT_BELOW_LIMIT,
    INVOICES_SPLIT,
    AMOUNT_UNUSUAL,
    NUMBERS_CONSECUTIVE,
    NUMBER_OUT_OF_SEQUENCE,
    BANK_SHARED,
    SENDER_UNKNOWN,
    DATE_ON_WEEKEND,
    DATE_BEFORE_ORDER,
)
UNUSUAL: tuple[Kind, ...] = (
    AMOUNT_ROUND,
    AMOUNT_BELOW_LIMIT,
    INVOICES_SPLIT,
    AMOUNT_UNUSUAL,
    NUMBERS_CONSECUTIVE,
    NUMBER_OUT_OF_SEQUENCE,
    BANK_SHARED,
    SENDER_UNKNOWN,
    DATE_ON_WEEKEND,
    DATE_BEFORE_ORDER,
)
