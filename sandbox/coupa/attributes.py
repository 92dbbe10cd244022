"""The attribute names of Coupa's objects, as release R39 publishes them (``attributes.txt``).

An attribute outside this list is refused in payloads and filters. [I]: Coupa's own answer to a misspelt attribute is
not documented; refusing shows a client's typing error instead of hiding it. ``custom-fields`` is added everywhere:
Coupa returns it, the published lists do not print it.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from sandbox.store import Json

INSIDE = frozenset({"country", "location-code", "remit-to-code", "tag", "street1", "external-ref-num", "segment-1"})
INNER = ("invoice-lines", "invoice-charges", "tax-lines", "account-allocations", "payments")


@cache
def names() -> Mapping[str, frozenset[str]]:
    """Return the attribute names of every kind of object."""
    text = files(__package__).joinpath("attributes.txt").read_text("utf-8")
    blocks = (block.split() for block in re.split(r"\n(?=\S)", text))
    return {kind: frozenset({*attributes, "custom-fields"}) for kind, *attributes in blocks}


@cache
def everywhere() -> frozenset[str]:
    """Return every attribute name that some kind of object has."""
    return frozenset().union(*names().values(), INSIDE)


def unknown(kind: str, payload: Json) -> Iterable[str]:
    """Yield the attributes of a payload, and of the lists inside it, that Coupa does not have."""
    known = names().get(kind)
    yield from (name for name in payload if known and name not in known)
    for inner in INNER:
        items = payload.get(inner)
        for item in items if isinstance(items, list) else ():
            yield from (f"{inner}.{name}" for name in unknown(inner, item))
