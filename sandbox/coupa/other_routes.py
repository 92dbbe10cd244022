"""The routes of orders, receipts and integration monitoring beyond list, show, create and change.

[I]: the alert actions keep the record and mark it; mails are not sent.
"""

from collections.abc import Callable

from starlette.routing import Route

from sandbox.coupa import domain
from sandbox.coupa.resources import acting, order_lines, route
from sandbox.coupa.rest import Answer, Api, Call, Verb
from sandbox.coupa.values import whole
from sandbox.store import Json, Store

RUN_STATUSES = {
    "run": "running", "success": "success", "finish": "finished", "fail": "failed", "pause": "paused",
    "pending": "pending",
}  # fmt: skip
RECEIPT = "inventory-transaction"
RECORDS = ("integration_history_records", "integration_errors")
ALERTS = ("create_alert", "mark_exported", "create_alert_and_mark_exported", "acknowledge")
DOCUMENTS = {
    "InvoiceHeader": "invoices", "OrderHeader": "purchase_orders", "InventoryTransaction": "receiving_transactions",
}  # fmt: skip


def routes(api: Api) -> list[Route]:
    """Return the routes of orders, receipts, integration runs and integration records."""
    return [*_documents(api), *_runs(api), *_records(api)]


def _documents(api: Api) -> list[Route]:
    orders, receipts = ("core.purchase_order.write",), ("core.inventory.receiving.write",)
    found = [
        route(
            api,
            "PUT",
            "/purchase_orders/{id:int}",
            orders,
            _change("purchase_orders", "order-header", domain.revise_order),
        ),
        route(api, "GET", "/purchase_order_lines", ("core.purchase_order.read",), order_lines),
    ]
    for path in ("receiving_transactions", "inventory_transactions"):
        found += [
            route(api, "POST", f"/{path}", receipts, _receive),
            route(api, "PUT", f"/{path}/{{id:int}}", receipts, _change("receiving_transactions", RECEIPT, _no_change)),
            route(api, "PUT", f"/{path}/{{id:int}}/void", receipts, acting(domain.void_receipt, RECEIPT)),
        ]
    return found


def _change(kind: str, root: str, otherwise: Callable[[Store, int, Json], Json]) -> Verb:
    """Return the verb of PUT: the exported flag alone, or any other change."""

    def change(call: Call) -> Answer:
        wanted = call.payload | call.parameters
        if "exported" in wanted:
            exported = str(wanted["exported"]).casefold() == "true"
            return Answer(domain.set_exported(call.store, kind, call.id, exported=exported), root)
        return Answer(otherwise(call.store, call.id, call.payload), root)

    return change


def _no_change(_: Store, __: int, ___: Json) -> Json:
    raise domain.Refused(400, {RECEIPT: ["Only exported can be changed"]})


def _receive(call: Call) -> Answer:
    return Answer(domain.post_receipt(call.store, call.payload), RECEIPT, 201)


def _runs(api: Api) -> list[Route]:
    return [
        route(api, "PUT", f"/integration_runs/{{id:int}}/{action}", ("core.integration.write",), _run(status))
        for action, status in RUN_STATUSES.items()
    ]


def _run(status: str) -> Verb:
    """Return the verb that moves a run; what the body says is kept as well."""

    def move(call: Call) -> Answer:
        now = call.store.stamp()
        times = {"start-time": now} if status == "running" else {}
        times |= {"end-time": now} if status in ("success", "finished", "failed") else {}
        changed = call.payload | times | {"status": status}
        return Answer(domain.update_record(call.store, "integration_runs", call.id, changed), "integration-run")

    return move


def _records(api: Api) -> list[Route]:
    scopes = ("core.integration.write",)
    found = []
    for kind in RECORDS:
        for action, resolved in (("resolve", True), ("unresolve", False)):
            found.append(route(api, "PUT", f"/{kind}/{{id:int}}/{action}", scopes, _resolve(kind, resolved=resolved)))
        found += [route(api, "POST", f"/{kind}/{action}", scopes, _record(kind, action)) for action in ALERTS]
    return found


def _resolve(kind: str, *, resolved: bool) -> Verb:
    root = kind.removesuffix("s").replace("_", "-")
    return lambda call: Answer(domain.update_record(call.store, kind, call.id, {"resolved": resolved}), root)


def _record(kind: str, action: str) -> Verb:
    """Return the verb that creates a record and, where the action says so, marks its document exported."""
    root = kind.removesuffix("s").replace("_", "-")

    def create(call: Call) -> Answer:
        kept = domain.create_record(call.store, kind, call.payload | {"creation-method": action})
        document = DOCUMENTS.get(str(kept.get("document-type")))
        if "mark_exported" in action and document:
            domain.set_exported(call.store, document, whole(kept["document-id"]) or 0)
        return Answer(kept, root, 201)

    return create
