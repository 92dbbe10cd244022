"""A drafted message to the supplier: what stands on its invoice and order, never a tolerance, never a third party."""

from collections.abc import Mapping

from payables.judgement import Judgement
from payables.wording import money

QUESTIONS: Mapping[str, str] = {
    "price-above-tolerance": "Line {line} bills a price of {actual}; our order says {expected}.",
    "quantity-above-ordered": "Line {line} bills {actual}; of what we ordered {expected} were not yet billed.",
    "quantity-above-received": "Line {line} bills {actual}; of what we received {expected} were not yet billed.",
    "goods-not-received": "Line {line} bills {actual}; we have received {expected}.",
    "goods-returned": "Line {line} bills {actual}; after what went back to you {expected} are left.",
    "already-billed": "Line {line} bills {actual}; you have billed the order line in full before.",
    "amount-above-ordered": "Line {line} bills {actual}; {expected} of the order are left.",
    "credit-above-billed": "Line {line} credits {actual}; you have billed {expected}.",
    "credit-above-original": "The credits add up to {actual}; the invoice was over {expected}.",
    "credit-original-missing": "The credit note does not say which invoice it is for.",
    "credit-original-unknown": "The credit note is for invoice {actual}, which we do not have.",
    "po-unknown": "Line {line} names order {actual}, which we do not know.",
    "po-missing": "The invoice does not name our order.",
    "po-line-unknown": "Line {line} ({actual}) is not on our order.",
    "po-lines-unproven": "Line {line} ({actual}) may be several lines of our order; please bill each of them apart.",
    "uom-differs": "Line {line} is billed in {actual}; our order is in {expected}.",
    "currency-differs": "The invoice is in {actual}; our order is in {expected}.",
    "charges-above-tolerance": "Charges of {actual} were not agreed.",
    "tax-differs": "The tax is stated as {actual}; its rate gives {expected}.",
    "total-differs": "The total is stated as {actual}; the parts add up to {expected}.",
}


def letter(judgement: Judgement) -> str:
    """Return a message that a person may send, "" when there is nothing to ask the supplier."""
    asked = [
        QUESTIONS[reason.code].format(line=reason.line, actual=reason.actual, expected=reason.expected)
        for reason in judgement.reasons
        if reason.code in QUESTIONS
    ]
    if not asked:
        return ""
    invoice = judgement.invoice
    dated = f" of {invoice.date.isoformat()}" if invoice.date else ""
    return "\n".join(
        [
            f"Subject: Your invoice {invoice.number}",
            "",
            f"Dear {invoice.supplier_name or 'supplier'},",
            "",
            f"we cannot yet pay your invoice {invoice.number}{dated} over {money(invoice.total, invoice.currency)}:",
            *(f"- {question}" for question in asked),
            "",
            "Please tell us what is right, or send a credit note or a corrected invoice under a new number.",
        ]
    )
