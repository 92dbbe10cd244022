"""The manifest: a control file beside an outbound file, with which a partner proves that it has all of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from formats import stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Name, size in bytes and SHA-256 of a file, its records and rows, and its money by currency."""

    name: str
    sha256: str
    size: int
    records: int
    rows: int
    money: Mapping[str, Decimal] = field(default_factory=dict)

    def dump(self) -> str:
        """Return the manifest as JSON text."""
        return stored.dump(self)


def load(text: str) -> Manifest:
    """Return the manifest that `Manifest.dump` wrote; ValueError when the text is none."""
    return stored.load(Manifest, text)
