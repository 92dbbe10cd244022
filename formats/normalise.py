"""Numbers and names as they are compared: one function each, used wherever two documents may be the same."""

import re
import unicodedata

from formats.documents import Invoice

LEGAL_FORMS = frozenset(
    [
        "ab",
        "ag",
        "as",
        "bhd",
        "bv",
        "co",
        "corp",
        "corporation",
        "gmbh",
        "inc",
        "kg",
        "limited",
        "llc",
        "llp",
        "ltd",
        "mbh",
        "nv",
        "oy",
        "oyj",
        "plc",
        "pty",
        "sa",
        "sas",
        "sarl",
        "sdn",
        "se",
        "sl",
        "spa",
        "srl",
    ]
)


def normalise_number(number: str) -> str:
    """Return an invoice number as it is compared: upper case, letters and digits only, leading zeros kept."""
    text = unicodedata.normalize("NFKC", number).upper()
    return "".join(sign for sign in text if sign.isalnum())


def supplier_key(name: str) -> str:
    """Return a supplier's name as it is compared: folded, without punctuation and without legal forms at its end."""
    folded = unicodedata.normalize("NFKD", name).casefold()
    words = re.findall(r"\w+", "".join(sign for sign in folded if not unicodedata.combining(sign)))
    while len(words) > 1 and words[-1] in LEGAL_FORMS:
        words.pop()
    return "".join(words)


def business_key(invoice: Invoice) -> str:
    """Return what makes an invoice the same invoice: supplier number (else name), number, and invoice or credit note.

    Coupa: Invoices Import finds the supplier by number, then by name, and the invoice by supplier and number.
    """
    who = invoice.supplier_number.strip() or f"~{supplier_key(invoice.supplier_name)}"
    kind = "CRN" if invoice.is_credit_note else "INV"
    return "|".join((who, normalise_number(invoice.number), kind))
