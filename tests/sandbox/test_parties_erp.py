"""The ERP books and pays, each document once."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.parties import erp
from sandbox.parties.erp import Erp
from sandbox.parties.erp_files import UnreadableError, read_vouchers
from tests.sandbox.small import rows

HEADER = "InvoiceId,SupplierNumber,InvoiceNumber,InvoiceDate,Currency,DocumentType,GrossTotal,Status,LineNumber"


def ok2pay(*lines: str) -> bytes:
    return "\r\n".join([HEADER, *lines, ""]).encode()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An SFTP root with the ERP's folders."""
    for folder in erp.FOLDERS:
        (tmp_path / folder).mkdir()
    return tmp_path


@pytest.fixture
def books(root: Path) -> Iterator[Erp]:
    """An ERP on that root, on one day in April."""
    found = Erp(root, root / "erp.sqlite", lambda: dt.datetime(2026, 4, 1, 12, tzinfo=dt.UTC))
    yield found
    found.close()


def test_an_invoice_is_booked_once_however_often_it_is_sent(root: Path, books: Erp) -> None:
    for name in ("a.csv", "b.csv"):
        (root / "ok2pay" / name).write_bytes(
            ok2pay(
                "1,V-007,I-1,2026-03-01,EUR,Invoice,100.10,approved,1",
                "1,V-007,I-1,2026-03-01,EUR,Invoice,100.10,approved,2",
            )
        )
    totals = books.totals()
    assert totals["booked"] == {"count": 1, "amount": {"EUR": "100.10"}}
    assert totals["repeated"] == 1
    assert [path.name for path in sorted((root / "archive").iterdir())] == ["a.csv", "b.csv"]


def test_an_invoice_is_paid_once(root: Path, books: Erp) -> None:
    (root / "ok2pay" / "a.csv").write_bytes(ok2pay("1,V-007,I-1,2026-03-01,EUR,Invoice,100.10,approved,1"))
    (name,) = books.pay()
    header, row = rows(root / "payments" / name)
    paid = dict(zip(header, row, strict=True))
    assert len(header) == 12
    assert (paid["Supplier Number"], paid["Invoice Number"], paid["Invoice ID"]) == ("V-007", "I-1", "1")
    assert (paid["Paid"], paid["Check Amount Paid"], paid["Check # / Note"]) == ("Yes", "100.10", "CHK-000001")
    assert paid["Check Payment Date"] == "2026-04-01"
    assert books.pay() == []


def test_a_credit_note_lowers_what_is_owed(root: Path, books: Erp) -> None:
    (root / "ok2pay" / "a.csv").write_bytes(
        ok2pay(
            "1,V-007,I-1,2026-03-01,EUR,Invoice,100.10,approved,1",
            "2,V-007,C-1,2026-03-02,EUR,Credit Note,30.00,approved,1",
        )
    )
    assert books.totals()["booked"] == {"count": 2, "amount": {"EUR": "70.10"}}
    (name,) = books.pay()
    assert [row[9] for row in rows(root / "payments" / name)[1:]] == ["100.10", "30.00"]
    assert books.totals()["paid"] == {"count": 2, "amount": {"EUR": "70.10"}}


def test_a_void_before_payment_is_never_paid(root: Path, books: Erp) -> None:
    (root / "ok2pay" / "a.csv").write_bytes(ok2pay("1,V-007,I-1,2026-03-01,EUR,Invoice,100.10,approved,1"))
    (root / "ok2pay" / "b.csv").write_bytes(ok2pay("1,V-007,I-1,2026-03-01,EUR,Invoice,100.10,voided,1"))
    assert books.pay() == []
    assert books.totals()["voided"] == {"count": 1, "amount": {"EUR": "100.10"}}


def test_a_void_after_payment_takes_the_cheque_back_once(root: Path, books: Erp) -> None:
    (root / "ok2pay" / "a.csv").write_bytes(ok2pay("1,V-007,I-1,2026-03-01,EUR,Invoice,100.10,approved,1"))
    books.pay()
    (root / "ok2pay" / "b.csv").write_bytes(ok2pay("1,V-007,I-1,2026-03-01,EUR,Invoice,100.10,voided,1"))
    (name,) = books.pay()
    header, row = rows(root / "payments" / name)
    back = dict(zip(header, row, strict=True))
    assert (back["Paid"], back["Check Amount Paid"], back["Check # / Note"]) == ("No", "-100.10", "CHK-000002")
    assert books.pay() == []
    assert books.totals()["paid"] == {"count": 2, "amount": {"EUR": "0.00"}}


def test_a_file_that_cannot_be_booked_is_refused_with_its_row(root: Path, books: Erp) -> None:
    (root / "ok2pay" / "a.csv").write_bytes(ok2pay("1,V-007,I-1,2026-03-01,,Invoice,100.10,approved,1"))
    assert books.totals()["files"] == [{"name": "a.csv", "outcome": "refused: row 2: currency is missing"}]


def test_headers_are_found_whatever_their_case_and_punctuation() -> None:
    content = b"invoice_id,Supplier number,Invoice-Number,CURRENCY,gross total\r\n1,V,I,EUR,5\r\n"
    (voucher,) = read_vouchers(content)
    assert (voucher.invoice_id, voucher.supplier_number, str(voucher.amount)) == ("1", "V", "5")


def test_rows_of_one_invoice_must_agree() -> None:
    content = ok2pay("1,V,I,2026-03-01,EUR,Invoice,5,approved,1", "1,V,I,2026-03-01,EUR,Invoice,6,approved,2")
    with pytest.raises(UnreadableError, match="row 3: header of invoice 1 differs from its first row"):
        read_vouchers(content)
