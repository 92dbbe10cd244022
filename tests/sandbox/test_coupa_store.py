"""The store: what is committed stays, what failed leaves no trace, and many threads may share it."""

import copy
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sandbox.coupa import domain
from sandbox.coupa.seed import load_seed, totals
from sandbox.store import Json, Store
from tests.sandbox.office import NOON, PDF, SEED, bill, unbacked


@pytest.fixture
def store(tmp_path: Path) -> Store:
    opened = Store(tmp_path / "coupa.sqlite", lambda: NOON)
    load_seed(opened, copy.deepcopy(SEED))
    return opened


def test_everything_is_there_after_a_restart(tmp_path: Path, store: Store) -> None:
    draft = domain.create_draft(store, bill())
    domain.put_image(store, draft["id"], "scan.pdf", PDF)
    before = totals(store)
    store.close()
    again = Store(tmp_path / "coupa.sqlite")
    assert before == totals(again)
    assert PDF == again.blob((again.get("invoices", draft["id"]) or {})["_image-sha256"])
    assert 0 == sum(load_seed(again, copy.deepcopy(SEED)).values())
    again.close()


def spoil(store: Store) -> None:
    """Insert twice, once in an inner transaction that is through, and fail."""
    with store.transaction():
        store.insert("suppliers", {"name": "Half"})
        with store.transaction():
            store.insert("suppliers", {"name": "Done"})
        raise RuntimeError("spoiled")


def test_a_failure_leaves_no_trace(store: Store) -> None:
    with pytest.raises(RuntimeError, match="spoiled"):
        spoil(store)
    assert 4 == store.count("suppliers")
    assert 5 == store.insert("suppliers", {"name": "Next"})["id"]


def test_of_two_equal_invoices_at_once_one_is_kept(store: Store) -> None:
    def attempt(number: int) -> str:
        try:
            return str(domain.create_draft(store, bill(unbacked(), invoice_number=f"N-{number % 10}"))["status"])
        except domain.Refused as refused:
            return str(refused)

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(attempt, range(40)))
    assert (10, 30) == (outcomes.count("draft"), outcomes.count("Invoice number has already been taken"))


def test_totals_are_signed_and_by_status_and_currency(store: Store) -> None:
    credit = {"is_credit_note": True, "original_invoice_number": "A", "original_invoice_date": "2026-01-01"}
    kinds: dict[str, Json] = {"A": {}, "B": {"currency": {"code": "EUR"}}, "C": credit}
    for number, changes in kinds.items():
        draft = domain.create_draft(store, bill(unbacked(), invoice_number=number, **changes))
        domain.submit(store, draft["id"])
    (first, *_) = domain.approve_all(store)
    domain.pay(store, first, {"amount-paid": "10.50"})
    expected = {"EUR": {"count": 1, "total": "30.00"}, "GBP": {"count": 2, "total": "0.00"}}
    assert {"approved": expected} == totals(store)["invoices"]
    assert {"GBP": {"count": 1, "total": "10.50"}} == totals(store)["payments"]


@pytest.mark.parametrize(
    "seed",
    [
        {"supplierz": []},
        {"suppliers": [{"id": 9, "name": "X", "payment-term": {"code": "NET99"}}]},
        {"receiving_transactions": [{"id": 1, "order-line": {"id": 999}, "quantity": "1"}]},
        {
            "invoices": [
                {"id": 1, "invoice-number": "X", "supplier": {"number": "V-0042"}, "invoice-lines": [{"prize": 1}]}
            ]
        },
    ],
)
def test_a_seed_that_refers_to_nothing_is_refused_whole(store: Store, seed: dict[str, object]) -> None:
    before = totals(store)
    with pytest.raises(ValueError, match=r"unknown|no order line|Unknown"):
        load_seed(store, {"uoms": [{"id": 77, "code": "KG"}]} | seed)
    assert before == totals(store)
