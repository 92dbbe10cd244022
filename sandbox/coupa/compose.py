"""Turn the payload of POST or PUT /invoices into the invoice Coupa would keep: references found, amounts added up.

[I]: the wording of messages is Rails' ("must exist", "is not a number"); a header that sends only ``tax-amount`` gets
one tax line for it; a tax line that sends a rate and no amount is computed on its owner's net; on PUT invoice lines
are changed by id and added, charges and tax lines are replaced as a whole.
"""

from collections.abc import Callable
from decimal import Decimal

from sandbox.coupa import amounts, attributes, orders, references
from sandbox.coupa.values import ZERO, amount, exact, label, listed, number, plain, rounded, whole
from sandbox.store import Json, Store, as_utc

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
NUMBERS = frozenset({
    "shipping-amount", "handling-amount", "misc-amount", "supplier-total", "discount-amount", "discount-percent",
    "exchange-rate", "price", "quantity", "net-weight", "total", "pct", "amount", "rate", "basis", "taxable-amount",
    "tax-amount", "tax-rate",
})  # fmt: skip
FLAGS = frozenset({"line-level-taxation", "is-credit-note", "paid"})
DATES = frozenset({"invoice-date", "original-invoice-date", "delivery-date", "payment-date", "date-received"})
Reader = tuple[str, Callable[[object], object], str]
LINES = {
    "invoice-lines": ("InvoiceQuantityLine", "InvoiceAmountLine"),
    "invoice-charges": ("InvoiceShippingCharge", "InvoiceHandlingCharge", "InvoiceMiscCharge"),
    "tax-lines": ("TaxLine", "WithholdingTaxLine", "TcsTaxLine"),
}


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
    header, wrong = _typed(store, previous | given)
    problems += wrong
    header |= _kind(given, header)
    header["tax-lines"] = header["tax-lines"] or _short_tax(given)
    for build in (_lines, _charges, _header_taxes):
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
    by_id = {str(line.get("id")): line for line in given or ()}
    known = {str(line["id"]) for line in previous}
    kept = [line | by_id.get(str(line["id"]), {}) for line in previous]
    return kept + [line for line in given or () if str(line.get("id")) not in known]


def _kind(given: Json, header: Json) -> Json:
    """A credit note may be declared by its flag or by its document type."""
    declared = given.get("document-type") == "Credit Note" if given.get("document-type") else header["is-credit-note"]
    credit = bool(declared or header["is-credit-note"])
    return {"is-credit-note": credit, "document-type": "Credit Note" if credit else "Invoice"}


def _short_tax(given: Json) -> list[Json]:
    if given.get("tax-amount") in (None, "", "0", "0.00"):
        return []
    return [{"amount": given["tax-amount"], "rate": given.get("tax-rate"), "tax-code": given.get("tax-code")}]


def _typed(store: Store, item: Json) -> tuple[Json, list[str]]:
    """Bring numbers, flags, dates and references of one object to their types; say which could not be."""
    typed, missing = references.expand(store, item)
    problems = [f"{label(field)} must exist" for field in missing]
    for name, read, complaint in _readers(typed):
        try:
            typed[name] = read(typed[name])
        except ValueError:
            problems.append(f"{label(name)} {complaint}")
            typed[name] = None
    return typed, problems


def _readers(item: Json) -> list[Reader]:
    given = [name for name, value in item.items() if value not in (None, "")]
    numbers: list[Reader] = [(name, _number, "is not a number") for name in given if name in NUMBERS]
    numbers += [(name, _position, "is not a whole number") for name in given if name == "line-num"]
    flags = [(name, _flag, "is not a boolean") for name in given if name in FLAGS]
    return [*numbers, *flags, *((name, _moment, "is not a valid date") for name in given if name in DATES)]


def _number(value: object) -> str:
    return plain(number(value))


def _position(value: object) -> int:
    position = whole(value)
    if position is None:
        raise ValueError(value)
    return position


def _flag(value: object) -> bool:
    if str(value).casefold() not in ("true", "false"):
        raise ValueError(value)
    return str(value).casefold() == "true"


def _moment(value: object) -> str:
    moment = as_utc(str(value))
    if moment is None:
        raise ValueError(value)
    return moment


def _lines(store: Store, header: Json) -> list[str]:
    """Build the invoice lines in place; return what is wrong."""
    problems: list[str] = []
    built = []
    for index, given in enumerate(header["invoice-lines"], 1):
        line, wrong = _typed(store, _with_chart(header, given))
        quantity = line.get("quantity") not in (None, "")
        line["type"] = line.get("type") or f"Invoice{'Quantity' if quantity else 'Amount'}Line"
        line, unlinked = orders.link(store, line, header.get("supplier"))
        net = rounded(amounts.line_total(line), amounts.decimals(header))
        line["tax-lines"], untaxed = _taxes(store, line, net)
        line["account-allocations"], uncoded = _allocations(store, header, line)
        problems += [*wrong, *unlinked, *untaxed, *uncoded, *_of_type("invoice-lines", line)]
        built.append(_dressed(store, "invoice-lines", header, line, index))
    header["invoice-lines"] = built
    return problems


def _charges(store: Store, header: Json) -> list[str]:
    """Build the charge lines in place; a charge may be a percentage of the net."""
    problems: list[str] = []
    built = []
    for index, given in enumerate(header["invoice-charges"], 1):
        charge, wrong = _typed(store, _with_chart(header, given))
        if charge.get("pct") and not charge.get("total"):
            charge["total"] = plain(rounded(_net(header) * number(charge["pct"]) / 100, amounts.decimals(header)))
        charge["tax-lines"], untaxed = _taxes(store, charge, amount(charge.get("total")))
        problems += [*wrong, *untaxed, *_of_type("invoice-charges", charge)]
        built.append(_dressed(store, "invoice-charges", header, charge, index))
    header["invoice-charges"] = built
    return problems


def _header_taxes(store: Store, header: Json) -> list[str]:
    header["tax-lines"], problems = _taxes(store, header, _net(header))
    return problems


def _net(header: Json) -> Decimal:
    return sum((amounts.line_total(line) for line in header["invoice-lines"]), ZERO)


def _taxes(store: Store, owner: Json, net: Decimal) -> tuple[list[Json], list[str]]:
    built = []
    problems: list[str] = []
    for index, given in enumerate(owner.get("tax-lines") or (), 1):
        code = {} if given.get("tax-code") or not given.get("code") else {"tax-code": {"code": given["code"]}}
        tax, wrong = _typed(store, given | code)
        if tax.get("amount") in (None, "") and tax.get("rate"):
            tax["amount"] = plain(rounded(net * number(tax["rate"]) / 100))
        tax["code"] = (tax.get("tax-code") or {}).get("code") or tax.get("code")
        tax["type"] = tax.get("type") or "TaxLine"
        problems += [*wrong, *_of_type("tax-lines", tax)]
        built.append(_dressed(store, "tax-lines", {}, tax, index))
    return built, problems


def _allocations(store: Store, header: Json, line: Json) -> tuple[list[Json], list[str]]:
    built = []
    problems: list[str] = []
    for given in line.get("account-allocations") or ():
        share, wrong = _typed(store, _with_chart(header, given))
        problems += wrong
        built.append({"id": share.get("id") or store.next_id("account-allocations")} | share)
    return built, problems


def _with_chart(header: Json, given: Json) -> Json:
    """An account's code is looked up in its own chart of accounts, else in the invoice's."""
    account = given.get("account")
    if not isinstance(account, dict) or account.get("account-type") or not header.get("account-type"):
        return given
    return given | {"account": account | {"account-type": header["account-type"]}}


def _of_type(name: str, item: Json) -> list[str]:
    return (
        []
        if item.get("type") in LINES[name]
        else [f"{label(name)} type {item.get('type')} is not included in the list"]
    )


def _dressed(store: Store, name: str, header: Json, item: Json, index: int) -> Json:
    """Give an inner object its id, its number and its currency."""
    numbered = {} if name == "tax-lines" else {"line-num": item.get("line-num") or index}
    currency = {"currency": item.get("currency") or header.get("currency")} if header else {}
    given = whole(item.get("id"))
    number = store.reserve(name, given) if given else store.next_id(name)
    return {"id": number} | item | {"id": number} | numbered | currency
