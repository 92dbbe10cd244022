"""What an instance of the sandbox's Coupa is set to."""

from collections.abc import Mapping
from dataclasses import dataclass, field

SCOPES = frozenset({
    "core.accounting.read", "core.accounting.write", "core.comment.read", "core.comment.write", "core.common.read",
    "core.common.write", "core.contract.read", "core.integration.read", "core.integration.write",
    "core.inventory.receiving.read", "core.inventory.receiving.write", "core.invoice.approval.bypass",
    "core.invoice.approval.write", "core.invoice.create", "core.invoice.delete", "core.invoice.read",
    "core.invoice.write", "core.purchase_order.read", "core.purchase_order.write", "core.supplier.read",
    "core.supplier.write", "core.user.read", "core.user.write",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Clients and limits: a token lives ``token_seconds``; ``rate`` requests a second with a queue of ``burst``."""

    clients: Mapping[str, str] = field(default_factory=lambda: {"exchange": "sandbox-secret"})
    scopes: frozenset[str] = SCOPES
    token_seconds: int = 86399
    rate: float = 25.0
    burst: int = 20
    page: int = 50
    body_limit: int = 16 * 1024 * 1024
