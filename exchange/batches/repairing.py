"""Repairing: the differences that may be put right without a person, because repeating the step cannot do harm."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from sqlalchemy import RowMapping

from exchange.batches import adopting, answering, inbound, outbound, reading, remittances, vouchers
from exchange.batches.batch import Batch, open_batch
from exchange.batches.world import World
from exchange.errors import ExchangeError
from exchange.flow import FlowName
from exchange.ledger import files

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Repair:
    """A step that may be repeated: in which flow, what it does, and why that is safe."""

    flow: str
    what: str
    why: str
    act: Callable[[Batch], object]


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference: what it is, what a person does about it, and the repair where there is a safe one."""

    what: str
    todo: str
    repair: Repair | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the difference as plain values."""
        repair = {"what": self.repair.what, "why": self.repair.why} if self.repair else None
        return {"what": self.what, "next_step": self.todo, "repair": repair}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a repair: ``error`` is "" when it was done."""

    difference: Difference
    error: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the outcome as plain values."""
        return self.difference.as_json() | {"done": not self.error, "error": self.error or None}


def repair(world: World, differences: Sequence[Difference]) -> list[Outcome]:
    """Do every repair that there is, each flow's in a batch of its own; one that fails keeps no other one waiting."""
    able = [one for one in differences if one.repair]
    flows = dict.fromkeys(one.repair.flow for one in able if one.repair)
    return [outcome for flow in flows for outcome in _repair(world, flow, able)]


def _repair(world: World, flow: str, able: Sequence[Difference]) -> Iterator[Outcome]:
    with open_batch(world, flow, "reconciliation") as batch:
        for difference in able:
            if difference.repair and difference.repair.flow == flow and batch.go_on():
                yield _attempt(batch, difference, difference.repair)


def _attempt(batch: Batch, difference: Difference, step: Repair) -> Outcome:
    try:
        step.act(batch)
    except ExchangeError as error:
        log.warning("a difference could not be repaired", what=difference.what, error=str(error))
        return Outcome(difference, str(error))
    with batch.world.ledger.write() as tx:
        batch.event(tx, "difference repaired", difference=difference.what, by=step.what)
    return Outcome(difference)


def left_lying(row: RowMapping) -> Difference:
    """An original that still lies at its partner; one of a finished file may be moved away."""
    told = f"{row['remote']}:{row['path']} still lies there"
    if row["state"] == files.OPEN:
        return Difference(told, f"It is not finished. `exchange run {row['flow']}` goes on with it.")
    why = "it is read once more, and moved only when it has the bytes that were taken in"
    step = Repair(row["flow"], "move it to the archive", why, partial(_put_away, row=row))
    return Difference(told, "Look why it cannot be moved: rights, or a full archive.", step)


def _put_away(batch: Batch, row: RowMapping) -> None:
    folders = [*reading.folders(batch), remittances.folder(batch)]
    for folder in folders:
        if folder.remote == row["remote"] and folder.at(row["path"].rpartition("/")[2]) == row["path"]:
            inbound.put_away(batch, folder, row["path"])
            return
    raise ExchangeError(f"{row['remote']}:{row['path']} lies in no folder of today's settings.")


def without_image(row: RowMapping) -> Difference:
    """A loaded invoice without its page image; Coupa replaces one by the next, so it may be put there again."""
    why = "the bytes lie in the spool, and an image that is put there twice is there once"
    put = partial(adopting.put_image, row=row, identity=int(row["remote_id"]))
    step = Repair(FlowName.INVOICES, "put the image beside it", why, put)
    todo = "Attach the page by hand; `exchange show` names the file it came in."
    return Difference(f"record {row['id']} ({row['number']}) has no image at Coupa", todo, step)


def unanswered(file: RowMapping) -> Difference:
    """A finished file without an answer; an answer of a new name says the same as the old one would."""
    why = "an answer only tells what stands in the ledger, and gets a name that was never given"
    step = Repair(FlowName.INVOICES, "answer it", why, partial(_answer, sha256=file["sha256"]))
    return Difference(f"{file['name']} was not answered", "Tell the lockbox what became of it.", step)


def _answer(batch: Batch, sha256: str) -> None:
    answering.repeat(batch, sha256)
    outbound.publish(batch, only="lockbox")


def waiting(row: RowMapping) -> Difference:
    """A file that was made and has not arrived; putting it in place may be repeated as often as one likes."""
    why = "what lies there already with the same bytes is left alone, and other bytes are never replaced"
    send = partial(outbound.publish, only=row["remote"])
    step = Repair(row["flow"], "put it in place", why, send)
    return Difference(f"{row['remote']}:{row['path']} has not arrived", f"`exchange run {row['flow']}` sends it.", step)


def unflagged(row: RowMapping) -> Difference:
    """A voucher whose file arrived at the ERP and that Coupa does not call exported."""
    why = "its file arrived whole at the ERP, and it is flagged only while Coupa has it as it was sent"
    step = Repair(FlowName.OK2PAY, "flag it as exported", why, partial(vouchers.flag_again, row=row))
    return Difference(f"{row['number']} is not flagged at Coupa", "Flag it at Coupa, or it is sent again.", step)
