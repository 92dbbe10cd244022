"""Master data and integration records: create, change, and the rules every object has (required, unique, known).

Required attributes are those a person must fill in Coupa's screens and the imports mark as required; OpenAPI marks more
(``online-store``, ``salesforce-id`` ...), which the API does not insist on [C: products create suppliers without them].
"""

from collections.abc import Mapping

from sandbox.coupa import attributes, references
from sandbox.coupa.refused import Refused
from sandbox.coupa.values import label
from sandbox.store import KEYS, Json, Store

REQUIRED: Mapping[str, tuple[str, ...]] = {
    "suppliers": ("name",),
    "accounts": ("account-type", "segment-1"),
    "account_types": ("name", "currency"),
    "lookup_values": ("name", "lookup"),
    "payment_terms": ("code",),
    "users": ("login", "email", "firstname", "lastname"),
    "departments": ("name",),
    "addresses": ("street1", "city"),
    "integrations": ("code", "name"),
    "integration_runs": ("integration",),
    "integration_history_records": ("document-type", "document-id"),
    "integration_errors": ("integration-run",),
}
DEFAULTS: Mapping[str, Json] = {
    "suppliers": {"status": "active", "on-hold": False, "hold-invoices-for-ap-review": False},
    "accounts": {"active": True},
    "account_types": {"active": True},
    "lookup_values": {"active": True},
    "integration_runs": {"status": "pending", "total-records": 0, "records-processed": 0, "start-time": None},
    "integration_history_records": {"resolved": False, "responses": []},
    "integration_errors": {"resolved": False, "responses": []},
}
UNIQUE: Mapping[str, tuple[str, ...]] = {"suppliers": ("number", "name"), "users": ("login", "email")}


def singular(kind: str) -> str:
    """Return the name under which Coupa files errors of a kind: ``suppliers`` -> ``supplier``."""
    return kind.removesuffix("es") if kind.endswith("sses") else kind.removesuffix("s").replace("_", "-")


def create_record(store: Store, kind: str, payload: Json) -> Json:
    """Create master data (suppliers, accounts, lookup_values, users, ...); required fields and unique keys checked."""
    with store.transaction():
        body, problems = _composed(store, kind, DEFAULTS.get(kind, {}), payload)
        _allow(kind, _problems(store, kind, body, problems))
        return store.insert(kind, body)


def update_record(store: Store, kind: str, object_id: int, payload: Json) -> Json:
    """Change master data; only the fields that are given."""
    with store.transaction():
        found = store.get(kind, object_id)
        if found is None:
            raise Refused(404, {singular(kind): ["No results match your search criteria."]})
        body, problems = _composed(store, kind, found, payload)
        _allow(kind, _problems(store, kind, body, problems))
        return store.save(kind, body)


def set_exported(store: Store, kind: str, object_id: int, *, exported: bool = True) -> Json:
    """Set the exported flag of an invoice, order or receipt, and last-exported-at."""
    with store.transaction():
        found = store.get(kind, object_id)
        if found is None:
            raise Refused(404, {singular(kind): ["No results match your search criteria."]})
        when = {"last-exported-at": store.stamp()} if exported else {}
        return store.save(kind, found | {"exported": exported} | when)


def _composed(store: Store, kind: str, previous: Json, payload: Json) -> tuple[Json, list[str]]:
    managed = ("id", "created-at", "updated-at")
    problems = [f"Unknown attribute {name}" for name in attributes.unknown(kind, payload)]
    body, missing = references.expand(store, previous | {k: v for k, v in payload.items() if k not in managed})
    if kind == "accounts":
        body |= account_code(body)
        problems += _gaps(body)
    return body, [*problems, *(f"{label(field)} must exist" for field in missing)]


def account_code(body: Json) -> Json:
    """Return the code of an account: its segments joined by hyphens, or the code it has."""
    segments = [str(body[f"segment-{n}"]) for n in range(1, 21) if body.get(f"segment-{n}")]
    return {"code": "-".join(segments) or body.get("code")}


def _gaps(body: Json) -> list[str]:
    """Segments have no gaps: segment 1 and 3 without 2 is an error."""
    used = [bool(body.get(f"segment-{n}")) for n in range(1, 21)]
    return ["Segments can't have gaps"] if used != sorted(used, reverse=True) else []


def _problems(store: Store, kind: str, body: Json, problems: list[str]) -> list[str]:
    """A reference to nothing is one problem, not a blank as well."""
    blank = [f"{label(name)} can't be blank" for name in REQUIRED.get(kind, ()) if body.get(name) in (None, "")]
    missing = {problem.removesuffix(" must exist") for problem in problems}
    told = [message for message in blank if message.removesuffix(" can't be blank") not in missing]
    return [*told, *problems, *_taken(store, kind, body)]


def _taken(store: Store, kind: str, body: Json) -> list[str]:
    """The natural key is unique; suppliers are unique by name as well, accounts within their chart only."""
    if kind == "accounts":
        twin = references.find(store, kind, {"code": body.get("code"), "account-type": body.get("account-type")})
        return ["Code has already been taken"] if twin and twin["id"] != body.get("id") else []
    names = UNIQUE.get(kind, (KEYS[kind],) if kind in KEYS and kind != "lookup_values" else ())
    return [
        f"{label(name)} has already been taken" for name in names if body.get(name) and _twin(store, kind, name, body)
    ]


def _twin(store: Store, kind: str, name: str, body: Json) -> bool:
    wanted = str(body[name]).casefold()
    clause, values = ("number = ?", (str(body[name]),)) if name == KEYS.get(kind, "name") else ("1", ())
    twins = store.rows(kind, clause, values)
    return any(str(one.get(name)).casefold() == wanted and one["id"] != body.get("id") for one in twins)


def _allow(kind: str, problems: list[str]) -> None:
    if problems:
        raise Refused(400, {singular(kind): problems})
