"""The control file beside an outbound file: with it the receiver can prove that it has all of it."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A file's name, its SHA-256 and size in bytes, and its control totals."""

    name: str
    sha256: str
    size: int
    records: int
    rows: int
    money: Mapping[str, Decimal] = field(default_factory=dict)

    def dump(self) -> str:
        """Return the manifest as JSON; amounts are text, so that no reader rounds them."""
        return json.dumps(asdict(self), indent=2, default=str, ensure_ascii=False) + "\n"

    @classmethod
    def load(cls, text: str) -> "Manifest":
        """Return the manifest of a JSON text; ValueError when it is none."""
        try:
            told = json.loads(text)
            money = {currency: Decimal(amount) for currency, amount in told.pop("money").items()}
            return cls(**told, money=money)
        except (AttributeError, KeyError, TypeError, ValueError, ArithmeticError) as error:
            raise ValueError(f"This is no manifest: {error}") from error
