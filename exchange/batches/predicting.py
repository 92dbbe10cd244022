"""Reading files without a ledger: what stands on them, as one JSON object a file, for whoever wants to measure it."""

import io
import time
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from capture.choices import Choice
from capture.confidence import threshold
from capture.engines import Engines, available
from capture.evidence import Reading
from capture.pages import open_document
from capture.reader import read
from capture.rules import FIELD_MISSING, FIELD_UNCERTAIN, LINES_OPEN, PAGE_NOT_AN_INVOICE, PAGE_UNREADABLE
from exchange.batches.remembering import remembering
from formats import einvoice
from formats.documents import Invoice, InvoiceLine
from formats.findings import Finding, Severity

REVIEW = frozenset({FIELD_MISSING, FIELD_UNCERTAIN, LINES_OPEN, PAGE_UNREADABLE, PAGE_NOT_AN_INVOICE})
NOTHING: Mapping[str, Any] = {
    **dict.fromkeys(
        ("supplier_name", "invoice_number", "invoice_date", "po_number", "currency", "subtotal", "tax", "total")
    ),
    "line_items": [],
}


def reader(choice: Choice, memory: Path | None, threads: int) -> Callable[[Path], dict[str, Any]]:
    """Return what predicts for one file after another; ``threads`` 0 leaves the choice to the engine."""
    return partial(predict, engines=remembering(available(choice, threads=threads), memory))


def unread(path: Path, seconds: float) -> dict[str, Any]:
    """What is said of a file that nobody could read in the seconds that it took."""
    return {"id": path.stem, "fields": dict(NOTHING), "needs_review": True, "seconds": seconds}


def predict(path: Path, engines: Engines) -> dict[str, Any]:
    """What stands in a file, with no supplier master; ``needs_review`` when a person should look, ``seconds`` taken."""
    began = time.monotonic()
    fields, review = _read(path, engines)
    seconds = round(time.monotonic() - began, 3)
    return {"id": path.stem, "fields": fields, "needs_review": review, "seconds": seconds}


def _read(path: Path, engines: Engines) -> tuple[dict[str, Any], bool]:
    try:
        content = path.read_bytes()
    except OSError:
        return dict(NOTHING), True
    paper = open_document(content, path.name)
    if not isinstance(paper, Finding):
        reading = read(paper, (), engines)
        return _fields(reading), reading.confidence < threshold() or _doubtful(reading.findings)
    found = list(einvoice.read(io.BytesIO(content), path.name))
    invoice = next((one for one in found if isinstance(one, Invoice)), None)
    findings = [one for one in found if isinstance(one, Finding)]
    return (_fields(Reading(invoice)), _doubtful(findings)) if invoice else (dict(NOTHING), True)


def _doubtful(findings: Sequence[Finding]) -> bool:
    return any(finding.severity is Severity.ERROR or finding.rule in REVIEW for finding in findings)


def _fields(reading: Reading) -> dict[str, Any]:
    """The fields as they are printed, or as an e-invoice states them: with their own sign, and no sum of ours."""
    invoice, evidence = reading.invoice, reading.evidence
    sign = -1 if invoice.other.get("negated") else 1
    net, tax, total = _printed(reading) if evidence else _stated(invoice)
    order = evidence["po_number"].raw if "po_number" in evidence else _order(invoice)
    return {
        "supplier_name": invoice.supplier_name or None,
        "invoice_number": invoice.number or None,
        "invoice_date": invoice.date.isoformat() if invoice.date else None,
        "po_number": order,
        "currency": invoice.currency or None,
        "subtotal": _number(net, sign),
        "tax": _number(tax, sign),
        "total": _number(total, sign),
        "line_items": [_line(line, sign, printed=bool(evidence)) for line in invoice.lines if not _is_note(line)],
    }


def _printed(reading: Reading) -> tuple[object, object, object]:
    chosen = reading.chosen
    net, tax, total = (name in chosen and chosen[name].value for name in ("net_total", "tax_total", "total"))
    return net, tax, total


def _stated(invoice: Invoice) -> tuple[object, object, object]:
    net = invoice.other.get("net-total", invoice.other.get("line-total"))
    tax = invoice.other.get("tax-total")
    return (Decimal(net) if net else invoice.net_total, Decimal(tax) if tax else None, invoice.total)


def _order(invoice: Invoice) -> str | None:
    """The order of the whole invoice (EN 16931 BT-13); where a format has none, that of its first line."""
    named = invoice.other.get("order-number")
    return named if named or "type-code" in invoice.other else next(iter(invoice.po_numbers), None)


def _is_note(line: InvoiceLine) -> bool:
    """A line of an e-invoice that sells nothing for nothing: a heading, or a remark."""
    return not (line.quantity or line.price or line.net)


def _line(line: InvoiceLine, sign: int, *, printed: bool) -> dict[str, Any]:
    """A line; its price is for one unit, but on a page as it is printed."""
    price = line.price if printed or not line.price_basis else line.price / line.price_basis
    return {
        "description": line.description,
        "quantity": _number(line.quantity, sign),
        "unit_price": _number(price),
        "amount": _number(line.net, sign),
    }


def _number(value: object, sign: int = 1) -> float | None:
    return float(sign * value) if isinstance(value, Decimal) else None
