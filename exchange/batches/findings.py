"""Findings on their way into the ledger."""

from collections.abc import Iterable

from sqlalchemy import Connection

from exchange.batches.batch import Batch
from exchange.ledger import records
from formats import stored
from formats.findings import Finding


def write_findings(
    batch: Batch, tx: Connection, findings: Iterable[Finding], *, sha256: str = "", record_id: int | None = None
) -> None:
    """Write what was found wrong, with the place where it can be opened."""
    rows = [
        {
            "sha256": sha256 or None,
            "record_id": record_id,
            "batch_id": batch.id,
            "rule": finding.rule.id,
            "severity": finding.severity.value,
            "message": finding.message,
            "record": finding.record,
            "source": stored.dump(finding.source),
        }
        for finding in findings
    ]
    records.add_findings(tx, rows)
