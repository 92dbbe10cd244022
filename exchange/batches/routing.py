"""Routing: what was loaded gets a note for its approver and tags to be found by, once, however often it is tried.

A note that Coupa refuses holds nothing up: the invoice is what counts.
"""

import structlog
from sqlalchemy import RowMapping

from exchange.batches.batch import Batch
from exchange.errors import CoupaRefusedError
from formats import stored
from formats.findings import Severity
from payables.judgement import Judgement
from payables.routing import Approved, Proposal, note, propose

log = structlog.get_logger()
TAG = "exchange: "
TOLD = 3


def accompany(batch: Batch, row: RowMapping, remote_id: int) -> None:
    """Write comment and tags on a loaded invoice, where the policy asks for it and they are not there yet."""
    if not batch.world.policy.routing or not row["judgement"]:
        return
    judgement = stored.load(Judgement, row["judgement"])
    try:
        _comment(batch, judgement, remote_id)
        _tag(batch, judgement, remote_id)
    except CoupaRefusedError as error:
        log.warning("coupa refused a note", number=row["number"], reasons=error.errors)
        with batch.world.ledger.write() as tx:
            batch.event(tx, "note refused by Coupa", record_id=row["id"], reasons=list(error.errors))


def _comment(batch: Batch, judgement: Judgement, remote_id: int) -> None:
    coupa = batch.world.partners.coupa
    first = note(judgement).partition("\n")[0]
    if any(text.startswith(first) for text in coupa.comments(remote_id)):
        return
    earlier = coupa.approved(judgement.invoice.supplier_number)
    told = _told(propose(coupa.facts(remote_id), earlier)) if earlier else []
    coupa.comment(remote_id, "\n".join([note(judgement, _before(earlier)), *told]))


def _before(earlier: list[Approved]) -> list[str]:
    return [f"{one.approver} approved {one.facts.amount:,.2f}" for one in earlier[:TOLD]]


def _told(proposal: Proposal) -> list[str]:
    if not proposal.approver:
        return []
    return [f"Proposed approver: {proposal.approver} ({proposal.confidence:.0%} sure: {proposal.because})."]


def _tag(batch: Batch, judgement: Judgement, remote_id: int) -> None:
    codes = [reason.code for reason in judgement.reasons if reason.severity is not Severity.INFO]
    wanted = [f"{TAG}{word}" for word in dict.fromkeys((judgement.verdict.value, *codes))]
    batch.world.partners.coupa.tag(remote_id, wanted)
