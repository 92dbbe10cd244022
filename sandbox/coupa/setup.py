"""What Coupa's administrator has set up in this instance: custom fields, and whether InvoiceUpdates are exported.

A custom field has a ``prompt``, its column in import files, and a ``name``, its key in the API and its column in
export files (Coupa: invoices import, exports). ``on`` says what has it: ``header`` or ``line`` of invoices.
"""

from collections.abc import Mapping

from sandbox.store import Json, Store

_KIND, _ONLY = "setup", 1
_BLANK: Json = {"id": _ONLY, "invoice-updates": False, "custom-fields": []}
PLACES = ("header", "line")


def current(store: Store) -> Json:
    """Return what is set up."""
    return store.get(_KIND, _ONLY) or _BLANK


def change(store: Store, changes: Json) -> Json:
    """Change what is set up and return all of it; ValueError for what cannot be set up."""
    if strange := set(changes) - set(_BLANK):
        raise ValueError(f"there is nothing to set up called {', '.join(sorted(strange))}")
    for field in changes.get("custom-fields", ()):
        if set(field) != {"on", "prompt", "name"} or field["on"] not in PLACES:
            raise ValueError(f"a custom field has on ({' or '.join(PLACES)}), prompt and name, not {field}")
    body = current(store) | changes | {"id": _ONLY}
    return store.save(_KIND, body) if store.get(_KIND, _ONLY) else store.insert(_KIND, body)


def custom_fields(store: Store, on: str) -> Mapping[str, str]:
    """Return the names of the custom fields of a place by their prompts."""
    return {field["prompt"]: field["name"] for field in current(store)["custom-fields"] if field["on"] == on}
