"""A note and tags go with what is loaded, once, and nothing waits for them."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from exchange.batches import routing
from exchange.batches.batch import Batch, open_batch
from exchange.batches.world import World
from exchange.coupa.approvals import approved
from exchange.demo import Parties
from exchange.errors import CoupaRefusedError
from exchange.flows import FLOWS
from exchange.ledger import schema
from payables.routing import Approved, Facts
from tests.exchange.parties import SAMPLES, open_parties

ENABLED = {"[[policy.phases]]": "[policy.routing]\nenabled = true\n[[policy.phases]]"}
DELIVERED = "02-within-tolerance.zip"


@pytest.fixture
def loaded(tmp_path: Path) -> Iterator[tuple[World, Batch]]:
    """A day on which one invoice, a little dearer than ordered, was loaded with a note."""
    with open_parties(tmp_path / "day", ENABLED) as (world, parties):
        yield world, run(world, parties, tmp_path)


def run(world: World, parties: Parties, folder: Path) -> Batch:
    mail = folder / "mail"
    mail.mkdir()
    (mail / DELIVERED).write_bytes((SAMPLES / "lockbox" / DELIVERED).read_bytes())
    parties.deliver(mail)
    with open_batch(world, "invoices", "test") as batch:
        FLOWS["invoices"](batch)
    return batch


def record(world: World) -> Any:
    with world.ledger.read() as tx:
        return tx.execute(select(schema.record)).mappings().one()


def test_a_loaded_invoice_has_its_note_and_its_tags_once(loaded: tuple[World, Batch]) -> None:
    world, batch = loaded
    row = record(world)
    routing.accompany(batch, row, int(row["remote_id"]))
    (comment,) = world.partners.coupa.comments(int(row["remote_id"]))
    what, differs, *_ = comment.split("\n")
    assert what == "Invoice RE-20171118/506 of Bei Spiel GmbH over EUR 571.04 against 4500001001."
    assert "160.00" in differs
    assert "158.50" in differs
    assert ["exchange: within tolerance"] == tags(world, row)


def test_an_approver_is_proposed_by_the_accounts_that_coupa_took_from_the_order(loaded: tuple[World, Batch]) -> None:
    world, _ = loaded
    facts = world.partners.coupa.facts(int(record(world)["remote_id"]))
    assert (facts.supplier, facts.amount, bool(facts.accounts)) == ("70003", Decimal("571.04"), True)


def tags(world: World, row: Any) -> list[str]:
    found = world.partners.coupa.client.get(f"/api/invoices/{row['remote_id']}")
    return [one["tag"]["name"] for one in found["taggings"]]


def test_a_note_that_coupa_refuses_holds_nothing_up(
    loaded: tuple[World, Batch], monkeypatch: pytest.MonkeyPatch
) -> None:
    world, batch = loaded
    row = record(world)

    def refuse(*_: object) -> None:
        raise CoupaRefusedError("no", status=403, errors=("not allowed",))

    monkeypatch.setattr(type(world.partners.coupa), "comments", refuse)
    routing.accompany(batch, row, int(row["remote_id"]))
    with world.ledger.read() as tx:
        told = tx.execute(select(schema.event.c.what).where(schema.event.c.record_id == row["id"])).scalars().all()
    assert "note refused by Coupa" in told


def test_who_approved_is_read_with_what_it_depended_on() -> None:
    body = {
        "total-with-taxes": "119.00",
        "supplier": {"number": "S-1"},
        "department": {"name": "Facilities"},
        "approvals": [
            {"status": "approved", "approver": {"login": "jane"}},
            {"status": "pending_approval", "approver": {"login": "joe"}},
            {"status": "approved", "approver": None},
        ],
        "invoice-lines": [{"account": {"code": "6000"}}, {"account": None}],
    }
    facts = Facts(supplier="S-1", accounts=frozenset({"6000"}), department="Facilities", amount=Decimal("119.00"))
    assert [Approved(approver="jane", facts=facts)] == list(approved(body))


@pytest.mark.parametrize("body", [None, [], {"approvals": "x"}, {"approvals": [{"approver": {"login": ""}}]}])
def test_what_does_not_read_as_an_approval_says_nothing(body: object) -> None:
    assert [] == list(approved(body))
