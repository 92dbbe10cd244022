"""The ERP: it books what it is told to pay, pays each document once and says so in a payment file.

It looks for ``*.csv`` in ok2pay/ whenever it is asked something, books every document it has not booked before, and
moves the file to archive/. The same document sent twice is counted as repeated and never booked or paid twice.
A void takes back what was paid by a negative cheque. Its books lie in a SQLite file of its own.
"""

import sqlite3
import threading
from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from sandbox.parties.erp_files import Cheque, UnreadableError, Voucher, read_vouchers, write_cheques
from sandbox.store import Clock

FOLDERS = ("ok2pay", "papers", "payments", "archive", "temp")
_SCHEMA = """
CREATE TABLE IF NOT EXISTS files (name TEXT NOT NULL, outcome TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS vouchers (invoice_id TEXT PRIMARY KEY, supplier_number TEXT NOT NULL,
  supplier_name TEXT NOT NULL, number TEXT NOT NULL, date TEXT NOT NULL, currency TEXT NOT NULL, amount TEXT NOT NULL,
  credit_note INTEGER NOT NULL, voided INTEGER NOT NULL, repeated INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS cheques (number INTEGER PRIMARY KEY, invoice_id TEXT NOT NULL, amount TEXT NOT NULL,
  taken_back INTEGER NOT NULL, date TEXT NOT NULL, file TEXT NOT NULL, placed INTEGER NOT NULL DEFAULT 0);
"""
_BOOK = "INSERT INTO vouchers VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 0)"
_REPEAT = "UPDATE vouchers SET repeated = repeated + 1 WHERE invoice_id = ?"
_VOID = "UPDATE vouchers SET voided = 1 WHERE invoice_id = ?"
_DUE = """
SELECT v.invoice_id, iif(v.credit_note, ltrim(v.amount, '-'), v.amount), 0 FROM vouchers v
WHERE NOT v.voided AND NOT EXISTS (SELECT 1 FROM cheques c WHERE c.invoice_id = v.invoice_id)
UNION ALL
SELECT c.invoice_id, c.amount, 1 FROM vouchers v JOIN cheques c USING (invoice_id)
WHERE v.voided AND NOT EXISTS (SELECT 1 FROM cheques b WHERE b.invoice_id = c.invoice_id AND b.taken_back)
"""
_CHEQUES = """
SELECT c.number, v.invoice_id, v.supplier_number, v.supplier_name, v.number, v.date, c.amount,
  c.taken_back, c.date
FROM cheques c JOIN vouchers v USING (invoice_id) WHERE c.file = ? ORDER BY c.number
"""
_PAID = "SELECT v.currency, v.credit_note, c.amount FROM cheques c JOIN vouchers v USING (invoice_id)"


class Erp:
    """One ERP with its SFTP root and its books."""

    def __init__(self, root: Path, books: Path, clock: Clock) -> None:
        self._root = root
        self._clock = clock
        self._lock = threading.RLock()
        self._db = sqlite3.connect(books, check_same_thread=False)
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the books."""
        self._db.close()

    def pay(self) -> list[str]:
        """Pay all that is due and return the names of the payment files placed; [] when nothing was due.

        Cheques are written into the books before the file is placed; a file that a crash kept back is placed next time.
        """
        with self._lock:
            self._book_new_files()
            with self._db:
                self._write_cheques_due()
            return [self._place(name) for (name,) in self._all("SELECT DISTINCT file FROM cheques WHERE NOT placed")]

    def totals(self) -> dict[str, Any]:
        """Return counts and money by currency: booked (without voids), voided, repeated, paid, files.

        Amounts are signed: credit notes are negative, and so is what was settled of them.
        """
        with self._lock:
            self._book_new_files()
            return {
                "booked": _sums(self._all("SELECT currency, amount FROM vouchers WHERE NOT voided")),
                "voided": _sums(self._all("SELECT currency, amount FROM vouchers WHERE voided")),
                "paid": _sums([_paid(*row) for row in self._all(_PAID)]),
                "repeated": self._all("SELECT coalesce(sum(repeated), 0) FROM vouchers")[0][0],
                "files": [{"name": name, "outcome": outcome} for name, outcome in self._all("SELECT * FROM files")],
            }

    def _book_new_files(self) -> None:
        for path in sorted((self._root / "ok2pay").glob("*.csv")):
            with self._db:
                self._db.execute("INSERT INTO files VALUES (?, ?)", (path.name, self._book_file(path)))
            path.replace(self._root / "archive" / path.name)

    def _book_file(self, path: Path) -> str:
        try:
            vouchers = read_vouchers(path.read_bytes())
        except UnreadableError as error:
            return f"refused: {error}"
        for voucher in vouchers:
            self._book(voucher)
        return f"read {len(vouchers)} documents"

    def _book(self, voucher: Voucher) -> None:
        known = self._all("SELECT voided FROM vouchers WHERE invoice_id = ?", voucher.invoice_id)
        if not known:
            self._db.execute(_BOOK, _book_row(voucher))
        elif voucher.voided and not known[0][0]:
            self._db.execute(_VOID, (voucher.invoice_id,))
        else:
            self._db.execute(_REPEAT, (voucher.invoice_id,))

    def _write_cheques_due(self) -> None:
        now = self._clock()
        name = f"payments_{now:%Y%m%d_%H%M%S}_{self._last_cheque() + 1:06}.csv"
        for invoice_id, stated, taken_back in self._all(_DUE):
            amount = -Decimal(stated) if taken_back else Decimal(stated)
            row = (self._last_cheque() + 1, invoice_id, str(amount), taken_back, f"{now:%Y-%m-%d}", name)
            self._db.execute("INSERT INTO cheques VALUES (?, ?, ?, ?, ?, ?, 0)", row)

    def _last_cheque(self) -> int:
        return int(self._all("SELECT coalesce(max(number), 0) FROM cheques")[0][0])

    def _place(self, name: str) -> str:
        temporary = self._root / "temp" / name
        temporary.write_bytes(write_cheques(self._cheques(name)))
        temporary.replace(self._root / "payments" / name)
        with self._db:
            self._db.execute("UPDATE cheques SET placed = 1 WHERE file = ?", (name,))
        return name

    def _cheques(self, name: str) -> Iterable[Cheque]:
        for number, invoice_id, *supplier, invoice, invoice_date, amount, taken_back, date in self._all(_CHEQUES, name):
            yield Cheque(
                number=f"CHK-{number:06}",
                invoice_id=invoice_id,
                supplier_number=supplier[0],
                supplier_name=supplier[1],
                invoice_number=invoice,
                invoice_date=invoice_date,
                amount=Decimal(amount),
                taken_back=bool(taken_back),
                date=date,
            )

    def _all(self, sql: str, *values: str) -> list[tuple[Any, ...]]:
        return self._db.execute(sql, values).fetchall()


def _book_row(voucher: Voucher) -> tuple[object, ...]:
    names = (voucher.invoice_id, voucher.supplier_number, voucher.supplier_name, voucher.number, voucher.date)
    return (*names, voucher.currency, str(voucher.amount), voucher.credit_note, voucher.voided)


def _paid(currency: str, credit_note: int, paid: str) -> tuple[str, str]:
    """Return a cheque as it changes what we owe; it is written positive for a credit note."""
    return currency, str(-Decimal(paid) if credit_note else Decimal(paid))


def _sums(rows: Sequence[tuple[str, str]]) -> dict[str, Any]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for currency, amount in rows:
        sums[currency] += Decimal(amount)
    return {"count": len(rows), "amount": {currency: str(amount) for currency, amount in sorted(sums.items())}}
