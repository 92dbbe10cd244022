"""What a reason is made of.

A kind of reason has a permanent id, a severity (an error holds the invoice, a warning makes it a draft, an info only
tells), who can clear it, and a sentence that names the two numbers that differ.
"""

from dataclasses import dataclass
from enum import StrEnum

from formats.findings import Rule, Severity

INFO, WARNING, ERROR = Severity.INFO, Severity.WARNING, Severity.ERROR


class Clearer(StrEnum):
    """Who can clear a reason."""

    NOBODY = "nobody needs to"
    CLERK = "accounts payable"
    BUYER = "the buyer"
    RECEIVER = "the receiver of the goods"
    SUPPLIER = "the supplier"
    MASTER = "supplier master data"
    CONTROLLER = "a controller"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason of one invoice; ``line`` counts its lines, 0 is the invoice as a whole.

    ``expected`` and ``actual`` are the two values that differ, as text; ``evidence`` names what they rest on.
    """

    code: str
    severity: Severity
    explanation: str
    suggestion: str = ""
    clearer: Clearer = Clearer.CLERK
    line: int = 0
    expected: str = ""
    actual: str = ""
    evidence: str = ""

    def __str__(self) -> str:
        return f"{self.explanation} [{self.code}]"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of reason: its rule, who clears it, and its sentence with named places."""

    rule: Rule
    clearer: Clearer
    sentence: str

    def reason(self, *, line: int = 0, evidence: str = "", **values: object) -> Reason:
        """Return the reason with the values put into the sentence; ``expected`` and ``actual`` are kept beside it."""
        return Reason(
            code=self.rule.id,
            severity=self.rule.severity,
            explanation=self.sentence.format(line=line, **values),
            suggestion=self.rule.remedy,
            clearer=self.clearer,
            line=line,
            expected=str(values.get("expected", "")),
            actual=str(values.get("actual", "")),
            evidence=evidence,
        )


def kind(severity: Severity, identity: str, title: str, *, by: Clearer, says: str, do: str) -> Kind:
    """Return a kind whose remedy is ``do`` and whose sentence is ``says``."""
    return Kind(Rule(identity, title, do, severity), by, says)
