"""The resources that are lists of objects: where they are, who may read and write them, and what they are called.

Followed are the pages of "The Coupa Core API" (paths) and OpenAPI R39 (XML names, scopes). [I]: the scopes of
approvals, payments and attachments.
"""

from collections.abc import Callable
from dataclasses import dataclass

from starlette.routing import Route

from sandbox.coupa import domain, listing, queries
from sandbox.coupa.records import singular
from sandbox.coupa.refused import Refused
from sandbox.coupa.rest import NOTHING_FOUND, Answer, Api, Call, Verb, door
from sandbox.store import Json, Store


@dataclass(frozen=True, slots=True)
class Resource:
    """A list of objects of one kind under /api/``path``."""

    path: str
    scope: str
    writable: bool = False
    item: str = ""
    kind: str = ""

    @property
    def root(self) -> str:
        """The XML name of one object."""
        return self.item or singular(self.path)

    @property
    def stored(self) -> str:
        """The kind in the store."""
        return self.kind or self.path


RESOURCES = (
    Resource("suppliers", "core.supplier", writable=True),
    Resource("accounts", "core.accounting", writable=True),
    Resource("account_types", "core.accounting", writable=True),
    Resource("lookup_values", "core.common", writable=True),
    Resource("payment_terms", "core.common", writable=True),
    Resource("tax_codes", "core.common", writable=True),
    Resource("uoms", "core.common"),
    Resource("currencies", "core.common", item="currency"),
    Resource("departments", "core.common", writable=True),
    Resource("addresses", "core.common", writable=True),
    Resource("users", "core.user", writable=True),
    Resource("integrations", "core.integration", writable=True),
    Resource("integration_runs", "core.integration", writable=True),
    Resource("integration_history_records", "core.integration", writable=True),
    Resource("integration_errors", "core.integration", writable=True),
    Resource("data_file_sources", "core.integration"),
    Resource("purchase_orders", "core.purchase_order", item="order-header"),
    Resource("receiving_transactions", "core.inventory.receiving", item="inventory-transaction"),
    Resource(
        "inventory_transactions",
        "core.inventory.receiving",
        item="inventory-transaction",
        kind="receiving_transactions",
    ),
    Resource("invoices", "core.invoice", item="invoice-header"),
    Resource("payments", "core.invoice"),
    Resource("approvals", "core.invoice"),
    Resource("attachments", "core.invoice"),
    Resource("comments", "core.comment"),
)


def found(store: Store, kind: str, object_id: int, root: str) -> Json:
    """Return an object; Refused(404) when there is none."""
    body = store.get(kind, object_id)
    if body is None:
        raise Refused(404, {root: [NOTHING_FOUND]})
    return body


def reading(api: Api, resource: Resource) -> list[Route]:
    """Return the routes that list and show a resource."""
    scopes = (f"{resource.scope}.read",)
    kind, root = resource.stored, resource.root
    return [
        route(api, "GET", f"/{resource.path}", scopes, lambda call: Answer(call.select(kind), root)),
        route(
            api,
            "GET",
            f"/{resource.path}/{{id:int}}",
            scopes,
            lambda call: Answer(found(call.store, kind, call.id, root), root),
        ),
    ]


def writing(api: Api, resource: Resource) -> list[Route]:
    """Return the routes that create and change master data."""
    scopes = (f"{resource.scope}.write",)
    kind, root = resource.stored, resource.root
    create = lambda call: Answer(domain.create_record(call.store, kind, call.payload), root, 201)  # noqa: E731  # one verb a line
    change = lambda call: Answer(domain.update_record(call.store, kind, call.id, call.payload), root)  # noqa: E731
    return [
        route(api, "POST", f"/{resource.path}", scopes, create),
        route(api, "PUT", f"/{resource.path}/{{id:int}}", scopes, change),
    ]


def route(api: Api, method: str, path: str, scopes: tuple[str, ...], verb: Verb) -> Route:
    """Return the route of a verb under /api; PATCH is PUT, as OpenAPI has it."""
    methods = ["PUT", "PATCH"] if method == "PUT" else [method]
    return Route(f"/api{path}", door(api, scopes, verb), methods=methods)


def order_lines(call: Call) -> Answer:
    """List the lines of all orders, as GET /purchase_order_lines does."""
    query = queries.parse("purchase_order_lines", call.pairs)
    lines = (line for order in call.store.rows("purchase_orders") for line in order["order-lines"])
    kept = (line for line in lines if all(condition.holds(line) for condition in query.conditions))
    return Answer(listing.page(sorted(kept, key=lambda line: int(line["id"])), query), "order-line")


def acting(verb: Callable[[Store, int], Json], root: str) -> Verb:
    """Return the verb of an action on one object that needs no body."""
    return lambda call: Answer(verb(call.store, call.id), root)
