import datetime as dt
from typing import Any

import pytest

from payables.verdicts import Decision
from tests.payables.builders import ACME, house, invoice, line, past, verdict_on

CODED = line(1, 812, text="Rent", po_number="", account_code="01-100")


def against(*earlier: Any, **more: Any) -> Any:
    return verdict_on(invoice(CODED, **more), history=earlier)


def test_the_same_supplier_number_and_amount_is_a_duplicate() -> None:
    judgement = against(past(number="INV-1", total=812, date=dt.date(2026, 3, 1)))
    assert (judgement.decision, judgement.explanation) == (
        Decision.DUPLICATE,
        "Invoice INV-1 of this supplier is already known: INV-1 of 2026-03-01 over EUR 812.00 (approved).",
    )


def test_punctuation_does_not_make_another_number() -> None:
    assert against(past(number="inv 1", total=812)).decision is Decision.DUPLICATE


def test_a_held_invoice_is_not_taken_a_second_time() -> None:
    assert against(past(number="INV-1", total=812, status="held", source="exchange")).decision is Decision.DUPLICATE


@pytest.mark.parametrize("status", ["voided", "rejected", "abandoned"])
def test_what_was_voided_or_rejected_may_come_again(status: str) -> None:
    assert against(past(number="INV-1", total=812, status=status)).decision is Decision.LOAD


def test_the_same_number_over_another_amount_is_looked_at() -> None:
    judgement = against(past(number="INV-1", total=500))
    assert (judgement.decision, judgement.codes) == (Decision.HOLD, ("duplicate-suspected",))


def test_a_credit_note_is_no_duplicate_of_its_invoice() -> None:
    original = past(number="INV-1", total=812)
    judgement = against(original, is_credit_note=True, original_number="INV-1")
    assert judgement.decision is Decision.LOAD


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("RE-2O19O6I0/507", "RE-20190610/507"),
        ("INV-10045", "10045"),
        ("10045A", "10045"),
        ("0010045", "10045"),
        ("INV-10045", "INV-10405"),
    ],
)
def test_numbers_that_read_alike_over_the_same_amount_are_suspected(mine: str, theirs: str) -> None:
    earlier = past(number=theirs, total=812, date=dt.date(2026, 2, 1))
    assert against(earlier, number=mine).codes == ("duplicate-suspected",)


def test_consecutive_numbers_over_the_same_amount_are_a_series() -> None:
    earlier = past(number="A1234567", total=812, date=dt.date(2026, 2, 1))
    assert against(earlier, number="A1234568").decision is Decision.LOAD


def month(nth: int, number: str) -> Any:
    return past(number=number, key=number, total=812, date=dt.date(2025, nth, 1))


def test_a_recurring_amount_is_a_series_in_which_numbers_may_resemble() -> None:
    rent = [month(9, "R-10045"), month(10, "R-10099"), month(11, "R-10154")]
    assert against(*rent, number="R-10045A").decision is Decision.LOAD
    assert against(*rent[:1], number="R-10045A").codes == ("duplicate-suspected",)


def test_in_a_series_a_number_that_reads_the_same_is_still_suspected() -> None:
    rent = [month(9, "R-10045"), month(10, "R-10099"), month(11, "R-10154")]
    assert against(*rent, number="R-1OO45").codes == ("duplicate-suspected",)


def test_what_a_credit_note_took_back_may_be_billed_again_under_another_number() -> None:
    wrong = past(number="INV-10045", total=812, date=dt.date(2026, 2, 1))
    back = past(number="CN-1", key="CN-1", total=812, is_credit_note=True)
    assert against(wrong, number="INV-10045A").codes == ("duplicate-suspected",)
    assert against(wrong, back, number="INV-10045A").decision is Decision.LOAD


def test_a_number_that_a_supplier_uses_again_and_again_is_an_account_not_a_number() -> None:
    bills = [past(number="562 198 8098", key=f"{nth}", total=nth, date=dt.date(2025, nth, 1)) for nth in (1, 2)]
    assert against(*bills, number="562 198 8098").decision is Decision.LOAD
    assert against(*bills[:1], number="562 198 8098").codes == ("duplicate-suspected",)


@pytest.mark.parametrize("number", ["030226", "020326", "260302", "20260302", "2-03-26"])
def test_a_number_that_is_the_date_is_nobodys_own(number: str) -> None:
    earlier = past(number=number, total=812, supplier_number="S-2")
    assert against(earlier, number=number).decision is Decision.LOAD


def test_a_label_that_many_suppliers_bill_the_same_fee_under_is_no_number() -> None:
    fees = [past(number="FEE2026", key=f"S-{nth}", total=812, supplier_number=f"S-{nth}") for nth in (2, 3, 4)]
    assert against(*fees, number="FEE2026").decision is Decision.LOAD
    assert against(*fees[:2], number="FEE2026").codes == ("duplicate-suspected",)


def test_the_same_image_is_suspected_whatever_the_data_say() -> None:
    earlier = past(number="Z-9", total=1, supplier_number="S-7", image_sha256="ab")
    judgement = verdict_on(invoice(CODED), history=(earlier,), image_sha256="ab")
    assert "the image is the same file" in judgement.explanation


def test_the_same_number_and_amount_from_another_supplier_is_suspected() -> None:
    earlier = past(number="2026-10045", total=812, supplier_number="S-2")
    assert against(earlier, number="202610045").codes == ("duplicate-suspected",)


def test_money_going_to_another_account_than_the_masters_is_held() -> None:
    judgement = verdict_on(invoice(iban="DE02120300000000202051"))
    assert judgement.explanation == (
        f"The invoice names the account DE02120300000000202051, the supplier master has {ACME.iban}."
    )


def test_the_same_account_written_in_groups_is_the_same() -> None:
    assert verdict_on(invoice(iban="GB29 NWBK 6016 1331 9268 19")).decision is Decision.LOAD


@pytest.mark.parametrize(
    ("outcome", "decision"), [("load", Decision.LOAD), ("draft", Decision.DRAFT), ("hold", Decision.HOLD)]
)
def test_the_house_says_what_becomes_of_a_first_invoice(outcome: str, decision: Decision) -> None:
    gates = {"amount": "unlimited", "confidence": 0.9, "new_supplier": outcome}
    newcomer = past(status="voided")
    judgement = verdict_on(invoice(), history=(newcomer,), rules=house(gates=gates), supplier=ACME, first=True)
    assert (judgement.decision, judgement.codes) == (decision, ("supplier-new",))
