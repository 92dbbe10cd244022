"""Which severity leads to which decision."""

from dataclasses import replace

from formats.findings import Severity
from payables.reasons import Reason
from payables.verdicts import Decision

_SEVERITY = {Decision.LOAD: Severity.INFO, Decision.DRAFT: Severity.WARNING, Decision.HOLD: Severity.ERROR}


def leading_to(reason: Reason, decision: Decision) -> Reason:
    """Return the reason with the severity that leads to ``decision``: load, load as draft or hold."""
    return replace(reason, severity=_SEVERITY[decision])
