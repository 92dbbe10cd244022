"""Why an invoice is not simply loaded: a stable catalogue of reasons, their ids permanent."""

from formats.findings import Finding, Rule
from payables.reasons import agreed, document, order, party
from payables.reasons.kind import Clearer, Kind, Reason

__all__ = ["KINDS", "RULES", "Clearer", "Kind", "Reason", "of_finding"]

KINDS: tuple[Kind, ...] = (*order.KINDS, *party.KINDS, *document.KINDS, *agreed.KINDS)
RULES: tuple[Rule, ...] = tuple(kind.rule for kind in KINDS)


def of_finding(finding: Finding) -> Reason:
    """Return the reason that a reader's or checker's finding is: on a page it makes the image doubtful."""
    if finding.source.page is not None or finding.rule.id.startswith("check-"):
        return party.IMAGE_DOUBTFUL.reason(message=f"{finding.message} ({finding.source})", evidence=finding.rule.id)
    return Reason(
        code=finding.rule.id,
        severity=finding.severity,
        explanation=f"{finding.message} ({finding.source})",
        suggestion=finding.rule.remedy,
    )
