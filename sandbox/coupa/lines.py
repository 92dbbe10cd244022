"""Build the lines, charges, taxes and allocations of an invoice: typed, linked to orders, numbered.

[I]: a tax line that sends a rate and no amount is computed on its owner's net.
"""

from decimal import Decimal

from sandbox.coupa import amounts, orders
from sandbox.coupa.fields import typed
from sandbox.coupa.values import ZERO, amount, label, number, plain, rounded, whole
from sandbox.store import Json, Store

LINES = {
    "invoice-lines": ("InvoiceQuantityLine", "InvoiceAmountLine"),
    "invoice-charges": ("InvoiceShippingCharge", "InvoiceHandlingCharge", "InvoiceMiscCharge"),
    "tax-lines": ("TaxLine", "WithholdingTaxLine", "TcsTaxLine"),
}


def build_lines(store: Store, header: Json) -> list[str]:
    """Build the invoice lines in place; return what is wrong."""
    problems: list[str] = []
    built = []
    for index, given in enumerate(header["invoice-lines"], 1):
        line, wrong = typed(store, _with_chart(header, given))
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


def build_charges(store: Store, header: Json) -> list[str]:
    """Build the charge lines in place; a charge may be a percentage of the net."""
    problems: list[str] = []
    built = []
    for index, given in enumerate(header["invoice-charges"], 1):
        charge, wrong = typed(store, _with_chart(header, given))
        if charge.get("pct") and not charge.get("total"):
            charge["total"] = plain(rounded(_net(header) * number(charge["pct"]) / 100, amounts.decimals(header)))
        charge["tax-lines"], untaxed = _taxes(store, charge, amount(charge.get("total")))
        problems += [*wrong, *untaxed, *_of_type("invoice-charges", charge)]
        built.append(_dressed(store, "invoice-charges", header, charge, index))
    header["invoice-charges"] = built
    return problems


def build_taxes(store: Store, header: Json) -> list[str]:
    """Build the tax lines of the header in place; return what is wrong."""
    header["tax-lines"], problems = _taxes(store, header, _net(header))
    return problems


def _net(header: Json) -> Decimal:
    return sum((amounts.line_total(line) for line in header["invoice-lines"]), ZERO)


def _taxes(store: Store, owner: Json, net: Decimal) -> tuple[list[Json], list[str]]:
    built = []
    problems: list[str] = []
    for index, given in enumerate(owner.get("tax-lines") or (), 1):
        code = {} if given.get("tax-code") or not given.get("code") else {"tax-code": {"code": given["code"]}}
        tax, wrong = typed(store, given | code)
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
        share, wrong = typed(store, _with_chart(header, given))
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
    kind = item.get("type")
    return [] if kind in LINES[name] else [f"{label(name)} type {kind} is not included in the list"]


def _dressed(store: Store, name: str, header: Json, item: Json, index: int) -> Json:
    """Give an inner object its id, its number and its currency."""
    numbered = {} if name == "tax-lines" else {"line-num": item.get("line-num") or index}
    currency = {"currency": item.get("currency") or header.get("currency")} if header else {}
    given = whole(item.get("id"))
    number = store.reserve(name, given) if given else store.next_id(name)
    return {"id": number} | item | {"id": number} | numbered | currency
