"""The words a judgement is made of: decision and verdict."""

from enum import StrEnum


class Decision(StrEnum):
    """What becomes of an invoice."""

    LOAD = "load"
    DRAFT = "load as draft"
    HOLD = "hold"
    REJECT = "reject"
    DUPLICATE = "duplicate"


class Verdict(StrEnum):
    """How an invoice or a line compares with its purchase order; NOT_MATCHED has no order and is coded to accounts."""

    MATCHED = "matched"
    WITHIN_TOLERANCE = "within tolerance"
    EXCEPTION = "exception"
    NOT_MATCHED = "not matched"


_RANK = (Verdict.MATCHED, Verdict.WITHIN_TOLERANCE, Verdict.NOT_MATCHED, Verdict.EXCEPTION)


def worst(verdicts: list[Verdict]) -> Verdict:
    """Return the verdict that the others give way to; NOT_MATCHED when there is none."""
    return max(verdicts, key=_RANK.index, default=Verdict.NOT_MATCHED)
