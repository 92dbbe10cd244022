"""Which supplier an invoice comes from: each sign narrows the candidates until one is left.

The signs, strongest first: the master record the caller found, number, tax id, bank account, e-mail domain, name.
A sign other than the number never overrules the name: a supplier of another name with the same tax id is not taken.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from formats.documents import Invoice, Supplier
from payables.context import Context
from payables.likeness import key, words
from payables.reasons import Reason
from payables.reasons.party import SUPPLIER_AMBIGUOUS, SUPPLIER_INACTIVE, SUPPLIER_ON_HOLD, SUPPLIER_UNKNOWN

_LEGAL_FORMS = """
    gmbh ag kg ohg ug mbh co inc incorporated llc ltd limited plc corp corporation company bv nv sa sas sarl srl spa
    sl sdn bhd pty pte ab as oy oyj aps kft zrt sro
"""
_LEGAL = frozenset(_LEGAL_FORMS.split())
_PUBLIC_MAIL = frozenset({"gmail.com", "outlook.com", "hotmail.com", "yahoo.com", "gmx.de", "web.de", "icloud.com"})

SAME_NAME = 85


@dataclass(frozen=True, slots=True)
class SupplierChoice:
    """The supplier, None when none or more than one fits, the sign it was found by, and what stands against it."""

    supplier: Supplier | None
    sign: str = ""
    reasons: tuple[Reason, ...] = ()


def name_key(name: str) -> str:
    """Return a company's name without punctuation and legal form, "" when nothing else is in it."""
    left = words(re.sub(r"(?<=\b\w)\.(?=\w\b|$|\s)", "", name)).split()
    while len(left) > 1 and left[-1] in _LEGAL:
        left.pop()
    return "".join(left)


def choose_supplier(invoice: Invoice, context: Context) -> SupplierChoice:
    """Return the supplier of the invoice among the context's supplier and candidates."""
    if context.supplier is not None:
        return SupplierChoice(context.supplier, "number", tuple(_standing(context.supplier)))
    left, sign = _narrowed(invoice, context.candidates)
    if len(left) > 1:
        return SupplierChoice(None, sign, (_ambiguous(invoice, left[0], left[1]),))
    if left and (sign == "number" or _name_agrees(invoice, left[0])):
        return SupplierChoice(left[0], sign, tuple(_standing(left[0])))
    named = invoice.supplier_name or invoice.supplier_number or "(no name)"
    return SupplierChoice(None, "", (SUPPLIER_UNKNOWN.reason(actual=named, evidence=sign),))


def _narrowed(invoice: Invoice, candidates: Sequence[Supplier]) -> tuple[Sequence[Supplier], str]:
    """Return the candidates that the signs leave and the sign that decided; none when no sign fits any."""
    left, last = candidates, ""
    for sign, mine, theirs in _signs(invoice):
        found = [supplier for supplier in left if mine and theirs(supplier) == mine]
        if found:
            left, last = found, sign
        if len(found) == 1:
            break
    return (left, last) if last else ((), "")


def _name_agrees(invoice: Invoice, supplier: Supplier) -> bool:
    mine = name_key(invoice.supplier_name)
    names = [name_key(name) for name in (supplier.name, supplier.display_name, supplier.address.name) if name]
    return not mine or any(fuzz.ratio(mine, name) >= SAME_NAME for name in names)


def _signs(invoice: Invoice) -> Iterator[tuple[str, str, Callable[[Supplier], str]]]:
    yield "number", key(invoice.supplier_number), lambda supplier: key(supplier.number)
    yield "tax id", key(invoice.supplier_tax_id), lambda supplier: key(supplier.tax_id)
    yield "bank account", key(invoice.iban), lambda supplier: key(supplier.iban)
    yield "e-mail domain", _domain(invoice.supplier_email), lambda supplier: _domain(supplier.email)
    yield "name", name_key(invoice.supplier_name), lambda supplier: name_key(supplier.name)
    yield "name", name_key(invoice.supplier_name), lambda supplier: name_key(supplier.display_name)


def _domain(email: str) -> str:
    domain = email.rpartition("@")[2].strip().casefold()
    return "" if domain in _PUBLIC_MAIL else domain


def _ambiguous(invoice: Invoice, one: Supplier, other: Supplier) -> Reason:
    return SUPPLIER_AMBIGUOUS.reason(
        name=invoice.supplier_name or invoice.supplier_number,
        expected=f"{one.number} ({one.name})",
        actual=f"{other.number} ({other.name})",
    )


def _standing(supplier: Supplier) -> Iterator[Reason]:
    named = f"{supplier.number} ({supplier.name})"
    if not supplier.active:
        yield SUPPLIER_INACTIVE.reason(supplier=named, actual=supplier.status, expected="active")
    if supplier.on_hold or supplier.hold_invoices:
        yield SUPPLIER_ON_HOLD.reason(supplier=named)
