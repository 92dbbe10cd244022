"""Find the object a payload refers to, and write the short form that Coupa puts inside other objects.

A reference names one attribute that identifies: ``id``, the natural key (``number``, ``code``, ``login``) or ``name``.
"""

from collections.abc import Mapping

from sandbox.coupa.values import whole
from sandbox.store import KEYS, Json, Store

BRIEF: Mapping[str, tuple[str, ...]] = {
    "suppliers": ("id", "name", "number", "display-name", "status"),
    "accounts": ("id", "code", "name", "active", "account-type"),
    "account_types": ("id", "name", "active"),
    "currencies": ("id", "code", "decimals"),
    "payment_terms": ("id", "code", "days-for-net-payment"),
    "tax_codes": ("id", "code", "percentage"),
    "uoms": ("id", "code", "name"),
    "users": ("id", "login", "email", "fullname"),
    "departments": ("id", "name"),
    "integrations": ("id", "code", "name"),
    "lookup_values": ("id", "name", "external-ref-num", "external-ref-code"),
}

FIELDS: Mapping[str, str] = {
    "account": "accounts",
    "account-type": "account_types",
    "currency": "currencies",
    "department": "departments",
    "integration": "integrations",
    "payment-term": "payment_terms",
    "requested-by": "users",
    "supplier": "suppliers",
    "tax-code": "tax_codes",
    "uom": "uoms",
}


def brief(kind: str, body: Json) -> Json:
    """Return the short form of an object."""
    return {name: body[name] for name in BRIEF.get(kind, ("id", "name")) if name in body}


def find(store: Store, kind: str, reference: object) -> Json | None:
    """Return the whole object a reference means, or None when it names nothing or nobody."""
    if not isinstance(reference, dict):
        return None
    if reference.get("id"):
        return store.get(kind, whole(reference["id"]) or 0)
    if kind == "accounts":
        return _account(store, reference)
    key = KEYS.get(kind, "name")
    if reference.get(key):
        return store.by_number(kind, str(reference[key]))
    return _by_name(store, kind, reference)


def _by_name(store: Store, kind: str, reference: Json) -> Json | None:
    wanted = str(reference.get("name") or "").casefold()
    return next((body for body in store.rows(kind) if wanted and str(body.get("name")).casefold() == wanted), None)


def _account(store: Store, reference: Json) -> Json | None:
    """An account code is unique within its chart of accounts only."""
    chart = reference.get("account-type") or {}
    for body in store.rows("accounts", "number = ?", (str(reference.get("code") or ""),)):
        own = body.get("account-type") or {}
        if all(chart.get(name) in (None, own.get(name)) for name in ("id", "name")):
            return body
    return None


def expand(store: Store, payload: Json) -> tuple[Json, list[str]]:
    """Replace the references of a payload by short forms; return it and the fields that refer to nothing (now None)."""
    named = {field: find(store, kind, payload[field]) for field, kind in FIELDS.items() if payload.get(field)}
    short = {field: brief(FIELDS[field], body) if body else None for field, body in named.items()}
    return payload | short, [field for field, body in named.items() if body is None]
