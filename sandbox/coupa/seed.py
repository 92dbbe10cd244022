"""Fill an empty store from a seed, and say what a store holds. SIGNATURES FIRST: bodies follow."""

from sandbox.store import Json, Store


def load_seed(store: Store, seed: Json) -> dict[str, int]:
    """Store every object of a seed whose id is not there yet; return how many of each kind were added.

    A seed maps kinds (``suppliers``, ``purchase_orders``, ...) to objects in REST shape with ids; references need
    only ``id``, ``number``, ``code`` or ``name`` and are filled in. Account types may carry ``tolerances``:
    ``{"quantity-based-line-price-percent-tolerance": "5", ...}``, the kebab-cased column names of the account-type file.
    """


def totals(store: Store) -> Json:
    """Count and add up what the store holds, signed (credit notes and their like are negative).

    ``{"invoices": {status: {currency: {"count": 2, "total": "138.50"}}}, "payments": {currency: {...}},
    "images": {"count": 2, "bytes": 4711}, "attachments": {...}, "objects": {kind: count}}``.
    """
