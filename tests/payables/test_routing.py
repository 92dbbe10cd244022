from decimal import Decimal

from payables.letters import QUESTIONS, letter
from payables.reasons import RULES
from payables.routing import Approved, Facts, note, propose
from tests.payables.builders import invoice, line, verdict_on

RENT = Facts(supplier="S-1", accounts=frozenset({"01-300"}), department="Sites", amount=Decimal(900))


def test_who_approved_such_invoices_before_is_proposed() -> None:
    earlier = [Approved(approver="ann", facts=RENT)] * 9 + [Approved(approver="bob", facts=Facts(supplier="S-2"))] * 30
    proposal = propose(RENT, earlier)
    assert (proposal.approver, proposal.because, proposal.confidence > 0.9) == ("ann", "approved 9 alike before", True)


def test_little_to_go_by_is_little_confidence() -> None:
    assert propose(RENT, [Approved(approver="ann", facts=Facts(department="Sites"))]).confidence < 0.5


def test_nobody_is_proposed_without_anything_in_common_or_beyond_a_limit() -> None:
    earlier = [Approved(approver="ann", facts=RENT)]
    answers = [
        propose(Facts(supplier="S-9"), earlier),
        propose(RENT, []),
        propose(RENT, earlier, {"ann": Decimal(100)}),
    ]
    assert [answer.approver for answer in answers] == ["", "", ""]


def test_the_note_says_what_differs_and_what_was_done_before() -> None:
    """
    Invoice INV-1 of Acme Ltd over EUR 120.00 against 4711.
    Line 1 bills 12 EA but only 10 EA of PO 4711 line 1 are open (10 EA ordered, 0 EA billed before).
    To do: Ask the supplier to credit the excess, or have the buyer raise the ordered quantity.
    Before: 2 EA too many on INV-0 were credited.
    """
    written = note(verdict_on(invoice(line(12))), ["2 EA too many on INV-0 were credited"])
    doc = test_the_note_says_what_differs_and_what_was_done_before.__doc__ or ""
    assert written.split("\n") == [one.strip() for one in doc.strip().split("\n")]


def test_a_letter_to_the_supplier_names_the_difference_but_no_tolerance_and_no_bank_account() -> None:
    written = letter(verdict_on(invoice(line(10, 11), iban="DE02120300000000202051")))
    assert "- Line 1 bills a price of EUR 11.00; our order says EUR 10.00." in written
    assert not any(secret in written for secret in ("GB29", "DE02", "allowed", "2.00"))


def test_there_is_no_letter_where_there_is_nothing_to_ask() -> None:
    assert letter(verdict_on(invoice())) == ""


def test_every_question_is_about_a_known_reason() -> None:
    assert set(QUESTIONS) <= {rule.id for rule in RULES}
