"""Reasons that come from the supplier, from duplicates and from the gates."""

from payables.reasons.kind import ERROR, WARNING, Clearer, Kind, kind

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
    "The first invoice of this supplier",
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
    do="Nothing: it is not loaded a second time.",
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
    "Above the amount that may go through by itself",
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
)
