"""What Coupa checks on an invoice: a little when a draft is kept, everything when it is submitted.

Coupa: Invoices Import, Invoices API, View SFTP File Upload Errors. The order of the rules, and their wording where
those pages have none, are [I]. [I]: an invoice number stays taken when its invoice was voided or abandoned; only a
deleted draft gives it back.
"""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal

from sandbox.coupa import amounts, orders, references
from sandbox.coupa.values import ZERO, amount, exact, label, plain, rounded
from sandbox.store import Json, Store

NUMBER_LENGTH = 40
DESCRIPTION_LENGTH = 1550
HUNDRED = Decimal(100)
INVOICEABLE = frozenset({None, "created", "partially_received", "received", "soft_closed_for_receiving"})

Check = Callable[[Store, Json], Iterable[str]]


def draft_problems(store: Store, invoice: Json) -> list[str]:
    """Return what keeps an invoice from being stored at all."""
    return [message for check in DRAFT_CHECKS for message in check(store, invoice)]


@exact
def submit_problems(store: Store, invoice: Json) -> list[str]:
    """Return what keeps a draft from being submitted."""
    found = [message for check in (*DRAFT_CHECKS, *SUBMIT_CHECKS) for message in check(store, invoice)]
    return list(dict.fromkeys(found))


def _supplier(_: Store, invoice: Json) -> Iterator[str]:
    if not invoice["supplier"]:
        yield "Supplier can't be blank"


def _number(store: Store, invoice: Json) -> Iterator[str]:
    number = str(invoice["invoice-number"] or "")
    if len(number) > NUMBER_LENGTH:
        yield f"Invoice number is too long (maximum is {NUMBER_LENGTH} characters)"
    supplier = (invoice["supplier"] or {}).get("id")
    twin = store.by_number("invoices", number, supplier) if number and supplier else None
    if twin and twin["id"] != invoice.get("id"):
        yield "Invoice number has already been taken"


def _descriptions(_: Store, invoice: Json) -> Iterator[str]:
    if any(len(str(line.get("description") or "")) > DESCRIPTION_LENGTH for line in invoice["invoice-lines"]):
        yield f"Invoice lines description is too long (maximum is {DESCRIPTION_LENGTH} characters)"


def _line_numbers(_: Store, invoice: Json) -> Iterator[str]:
    numbers = [str(line["line-num"]) for line in invoice["invoice-lines"]]
    if len(set(numbers)) < len(numbers):
        yield "Invoice lines line num has already been taken"


def _tax_level(_: Store, invoice: Json) -> Iterator[str]:
    """Tax stands on the header or on the lines, never on both."""
    by_line = any(owner["tax-lines"] for owner in [*invoice["invoice-lines"], *invoice["invoice-charges"]])
    if invoice["line-level-taxation"] and invoice["tax-lines"]:
        yield "Tax lines can't be on the header when line level taxation is on"
    if by_line and not invoice["line-level-taxation"]:
        yield "Tax lines can't be on lines or charges when line level taxation is off"


def _required(_: Store, invoice: Json) -> Iterator[str]:
    for name in ("invoice-number", "invoice-date", "currency", "account-type"):
        if not invoice[name]:
            yield f"{label(name)} can't be blank"
    if not invoice["invoice-lines"]:
        yield "Invoice lines can't be blank"


def _masters(store: Store, invoice: Json) -> Iterator[str]:
    supplier = references.find(store, "suppliers", invoice["supplier"]) or {}
    if supplier.get("status", "active") != "active":
        yield "Supplier is not active"
    currency = references.find(store, "currencies", invoice["currency"])
    if invoice["currency"] and not (currency or {}).get("enabled", True):
        yield "Currency is not active"
    chart = references.find(store, "account_types", invoice["account-type"])
    if invoice["account-type"] and not (chart or {}).get("active", True):
        yield "Account type is not active"


def _lines(_: Store, invoice: Json) -> Iterator[str]:
    for line in invoice["invoice-lines"]:
        wanted = ("description", "price", *(("quantity", "uom") if line["type"] == "InvoiceQuantityLine" else ()))
        yield from (f"Invoice lines {name} can't be blank" for name in wanted if line.get(name) in (None, ""))
        if line["type"] == "InvoiceAmountLine" and line.get("quantity"):
            yield "Invoice lines quantity must be blank on an amount line"


def _signs(_: Store, invoice: Json) -> Iterator[str]:
    """A credit is either a credit note with positive lines, or a line with one negative factor, never two."""
    factors = [(amount(line.get("price")), amount(line.get("quantity"))) for line in invoice["invoice-lines"]]
    if invoice["is-credit-note"] and any(price < 0 or quantity < 0 for price, quantity in factors):
        yield "Invoice lines price and quantity must be positive on a credit note"
    if any(price < 0 and quantity < 0 for price, quantity in factors):
        yield "Invoice lines price and quantity can't both be negative"


def _credit(_: Store, invoice: Json) -> Iterator[str]:
    for name in ("original-invoice-number", "original-invoice-date") if invoice["is-credit-note"] else ():
        if not invoice[name]:
            yield f"{label(name)} can't be blank on a credit note"


def _orders(store: Store, invoice: Json) -> Iterator[str]:
    for line in invoice["invoice-lines"]:
        found = orders.with_line(store, line["order-line-id"]) if line.get("order-line-id") else None
        order, order_line = found or ({"status": "issued"}, {})
        if order["status"] != "issued":
            yield f"Order header {line['order-header-num']} is not issued"
        if order.get("invoice-stop") or order_line.get("invoice-stop"):
            yield f"Order header {line['order-header-num']} is stopped for invoicing"
        if order_line.get("status") not in INVOICEABLE:
            yield f"Order line {line['order-line-num']} of order {line['order-header-num']} is closed for invoicing"


def _accounts(store: Store, invoice: Json) -> Iterator[str]:
    """An unbacked line needs an account, or allocations of the whole amount; every account must be active."""
    owners = [line for line in invoice["invoice-lines"] if not orders.is_backed(line)]
    for line in owners:
        shares = line["account-allocations"]
        if not line.get("account") and not shares:
            yield "Invoice lines account can't be blank"
        if shares and not _whole(shares, line, amounts.decimals(invoice)):
            yield "Invoice lines account allocations must add up to 100 percent"
    used = [(owner.get("account") or {}) for line in owners for owner in [line, *line["account-allocations"]]]
    for found in (store.get("accounts", account["id"]) for account in used if account):
        if found and not found.get("active", True):
            yield f"Account {found['code']} is not active"


def _whole(shares: list[Json], line: Json, places: int) -> bool:
    """Shares are percentages or, where they carry none, amounts."""
    if all(share.get("pct") for share in shares):
        return sum((amount(share["pct"]) for share in shares), ZERO) == HUNDRED
    total = sum((amount(share.get("amount")) for share in shares), ZERO)
    return rounded(total, places) == amount(line["total"])


def _control_total(_: Store, invoice: Json) -> Iterator[str]:
    """The supplier's total, when given, is net + charges + all taxes."""
    stated = invoice["supplier-total"]
    if stated not in (None, "") and amount(stated) != amount(invoice["gross-total"]):
        yield f"Supplier total {stated} does not match the invoice total {plain(amount(invoice['gross-total']))}"


DRAFT_CHECKS: tuple[Check, ...] = (_supplier, _number, _descriptions, _line_numbers, _tax_level)
SUBMIT_CHECKS: tuple[Check, ...] = (
    _required, _masters, _lines, _signs, _credit, _orders, _accounts, _control_total,
)  # fmt: skip
