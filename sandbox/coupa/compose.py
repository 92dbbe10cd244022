"""Turn the payload of POST or PUT /invoices into the invoice Coupa would keep: references found, amounts added up.

[I]: a header that sends only ``tax-amount`` gets one tax line for it; on PUT invoice lines are changed by id and added,
charges and tax lines are replaced as a whole.
"""

from sandbox.coupa import amounts, attributes
from sandbox.coupa.fields import typed
from sandbox.coupa.lines import LINES, build_charges, build_lines, build_taxes
from sandbox.coupa.values import exact, label, listed
from sandbox.store import Json, Store

BLANK: Json = {
    "document-type": "Invoice", "is-credit-note": False, "status": "draft", "invoice-number": None,
    "invoice-date": None, "delivery-date": None, "original-invoice-number": None, "original-invoice-date": None,
    "supplier": None, "currency": None, "account-type": None, "payment-term": None, "contract": None,
    "line-level-taxation": False, "shipping-amount": "0.00", "handling-amount": "0.00", "misc-amount": "0.00",
    "supplier-total": None, "internal-note": None, "supplier-note": None, "requester-email": None,
    "canceled": False, "exported": False, "last-exported-at": None, "paid": False, "payment-date": None,
    "payment-notes": None, "image-scan": None, "image-scan-file-name": None, "image-scan-content-type": None,
    "image-scan-file-size": None, "image-scan-url": None, "lock-version-key": 0, "tolerance-failures": None,
    "invoice-lines": [], "invoice-charges": [], "tax-lines": [], "payments": [], "attachments": [], "approvals": [],
    "failed-tolerances": [], "dispute-reasons": [], "taggings": [], "custom-fields": {},
}  # fmt: skip
MANAGED = frozenset({
    "id", "status", "created-at", "updated-at", "created-by", "updated-by", "exported", "last-exported-at", "payments",
    "attachments", "approvals", "failed-tolerances", "tolerance-failures", "total-with-taxes", "gross-total",
    "amount-due", "line-count", "image-scan", "image-scan-file-name", "image-scan-content-type",
    "image-scan-file-size", "lock-version-key", "dispute-reasons", "canceled", "channel",
})  # fmt: skip


@exact
def compose(store: Store, previous: Json, payload: Json, *, history: bool = False) -> tuple[Json, list[str]]:
    """Lay a payload over an invoice (or over BLANK); return the whole invoice and everything that is wrong with it.

    Ids of inner objects must be those of ``previous``, except in a seed's ``history``, which brings its own.
    """
    flat = _unnest(payload)
    problems = [f"Unknown attribute {name}" for name in attributes.unknown("invoices", flat)]
    given = {name: value for name, value in flat.items() if name not in MANAGED}
    problems += [] if history else _strange_ids(previous, given)
    given["invoice-lines"] = _merge_lines(previous["invoice-lines"], given.get("invoice-lines"))
    header, wrong = typed(store, previous | given)
    problems += wrong
    header |= _kind(given, header)
    header["tax-lines"] = header["tax-lines"] or _short_tax(header, given)
    for build in (build_lines, build_charges, build_taxes):
        problems += build(store, header)
    return amounts.add_up(header), list(dict.fromkeys(problems))


def _unnest(payload: Json) -> Json:
    """Accept the nesting of XML wherever Coupa has a list."""
    flat = dict(payload)
    for name in (*LINES, "account-allocations", "payments", "taggings"):
        if name in flat:
            items = listed(flat[name], name.removesuffix("s"))
            flat[name] = [_unnest(item) if isinstance(item, dict) else {"description": item} for item in items]
    return flat


def _strange_ids(previous: Json, given: Json) -> list[str]:
    found = []
    for name in LINES:
        known = {str(item["id"]) for item in previous[name]}
        ids = (str(item["id"]) for item in given.get(name) or () if item.get("id"))
        found += [f"{label(name)} {number} can't be found" for number in ids if number not in known]
    return found


def _merge_lines(previous: list[Json], given: list[Json] | None) -> list[Json]:
    """Change the lines that come with a known id, add the others, keep the rest."""
    changes = {str(line.get("id")): line for line in given or ()}
    known = {str(line["id"]) for line in previous}
    kept = [_changed(line, changes.get(str(line["id"]), {})) for line in previous]
    return kept + [line for line in given or () if str(line.get("id")) not in known]


def _changed(line: Json, change: Json) -> Json:
    """A line that names another order or order line is linked afresh."""
    relinked = not change.keys().isdisjoint({"order-header-num", "po-number", "order-line-num"})
    kept = {name: value for name, value in line.items() if not (relinked and name in ("order-line-id", "po-number"))}
    return kept | change


def _kind(given: Json, header: Json) -> Json:
    """A credit note may be declared by its flag or by its document type."""
    credit = bool(header["is-credit-note"]) or given.get("document-type") == "Credit Note"
    return {"is-credit-note": credit, "document-type": "Credit Note" if credit else "Invoice"}


def _short_tax(header: Json, given: Json) -> list[Json]:
    if header["line-level-taxation"] or given.get("tax-amount") in (None, "", "0", "0.00"):
        return []
    return [{"amount": given["tax-amount"], "rate": given.get("tax-rate"), "tax-code": given.get("tax-code")}]
