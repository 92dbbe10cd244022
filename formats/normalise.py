"""Numbers and names as they are compared: the same invoice and the same supplier, however they are written."""

import re
import unicodedata
from typing import Final

from formats.documents import Invoice

LEGAL_FORMS: Final = re.compile(
    r"ab|ag|as|asa|bv|bvba|co|company|corp|corporation|cv|gmbh|inc|incorporated|kft|kg|limited|llc|llp|ltd|mbh|nv|oy|oyj"
    r"|plc|pte|pty|pvt|sa|sarl|sas|sl|spa|srl|sro"
)


def normalise_number(number: str) -> str:
    """Return an invoice number in capitals, letters and digits only; leading zeros live ("inv-007/A" is INV007A)."""
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", number).upper()))


def supplier_key(name: str) -> str:
    """Return a supplier's name without case, accents, punctuation and trailing legal forms ("Acmé, Inc." is acme).

    A name that consists of nothing else is kept: the supplier called "NA" lives.
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    words = re.findall(r"\w+", re.sub(r"(?<=\b\w)\.(?=\w\b)", "", plain).replace("&", " and "))
    kept = list(words)
    while len(kept) > 1 and LEGAL_FORMS.fullmatch(kept[-1]):
        kept.pop()
    return " ".join(kept)


def business_key(invoice: Invoice) -> str:
    """Return what identifies an invoice across files: SUPPLIER|NUMBER|INV, or |CRN for a credit note.

    The supplier is its number, else the key of its name in small letters, so that the two never meet.
    """
    supplier = invoice.supplier_number.strip().upper() or supplier_key(invoice.supplier_name)
    kind = "CRN" if invoice.is_credit_note else "INV"
    return f"{supplier.replace('|', ' ')}|{normalise_number(invoice.number)}|{kind}"
