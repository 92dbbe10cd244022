"""What Coupa's administrators see of the exchange: integration runs and records of what became of documents."""

from dataclasses import dataclass
from typing import Any

from exchange.coupa.client import Client
from exchange.errors import CoupaUnknownError


@dataclass(frozen=True, slots=True)
class Record:
    """What became of one document (Coupa: integration history record); ``kind`` is such as InvoiceHeader."""

    kind: str
    id: int
    success: bool
    message: str
    status: str = ""


def start_run(client: Client, integration: str) -> int:
    """Open a run of the integration with this code and return its id."""
    answer = client.post("/api/integration_runs", body={"integration": {"code": integration}})
    identity = answer.get("id") if isinstance(answer, dict) else None
    if not isinstance(identity, int):
        raise CoupaUnknownError("POST /api/integration_runs: the answer has no id")
    client.put(f"/api/integration_runs/{identity}/run")
    return identity


def finish_run(client: Client, run: int, *, processed: int, total: int, success: bool) -> None:
    """Close a run with its counts."""
    client.put(f"/api/integration_runs/{run}", body={"records-processed": processed, "total-records": total})
    client.put(f"/api/integration_runs/{run}/{'success' if success else 'fail'}")


def record(client: Client, integration: str, what: Record, *, alert: bool = False) -> None:
    """Write a history record; ``alert`` tells the integration's contacts by mail."""
    body: dict[str, Any] = {
        "document-type": what.kind,
        "document-id": what.id,
        "document-status": what.status,
        "contact-alert-type": "Functional",
        "status": "Success" if what.success else "Error",
        "integration": {"code": integration},
        "responses": [{"response-code": "Success" if what.success else "Error", "response-message": what.message}],
    }
    client.post("/api/integration_history_records" + ("/create_alert" if alert else ""), body=body)
