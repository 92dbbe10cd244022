"""Load an invoice to change it, and keep it afterwards."""

from collections.abc import Collection, Sequence

from sandbox.coupa import amounts
from sandbox.coupa.refused import Refused
from sandbox.store import Json, Store

NOTHING_FOUND = "No results match your search criteria."


def invoice(store: Store, invoice_id: int) -> Json:
    """Return an invoice; Refused(404) when there is none."""
    found = store.get("invoices", invoice_id)
    if found is None:
        raise Refused(404, {"invoice": [NOTHING_FOUND]})
    return found


def expect(found: Json, verb: str, statuses: Collection[str]) -> Json:
    """Return the invoice if its status allows what is wanted; Refused(400) otherwise."""
    if found["status"] not in statuses:
        raise Refused(400, {"invoice": [f"Invoice in status {found['status']} can't be {verb}"]})
    return found


def allow(problems: Sequence[str]) -> None:
    """Refuse with 400 when there are problems."""
    if problems:
        raise Refused(400, {"invoice": problems})


def keep(store: Store, changed: Json) -> Json:
    """Store a changed invoice: totals are computed again, the lock version and ``updated-at`` move."""
    version = int(changed.get("lock-version-key") or 0) + 1
    return store.save("invoices", amounts.add_up(changed) | {"lock-version-key": version})
