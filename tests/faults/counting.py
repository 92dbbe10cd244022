"""Counting at the other side: what each party has of the letters of a run, against what it must have."""

import json
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.faults.letters import Letter
from tests.faults.stage import Run


@dataclass
class Count:
    """What is missing and what there is too much of, each by name."""

    lost: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)

    def expect(self, name: str, wanted: Collection[Any], found: Counter[Any]) -> None:
        """Compare: everything wanted must be there once, and nothing else."""
        once = wanted if isinstance(wanted, Counter) else Counter(wanted)
        self.lost += [f"{name} {one}" for one in (once - found).elements()]
        self.duplicated += [f"{name} {one}" for one in (found - once).elements()]


def count(run: Run, letters: tuple[Letter, ...] | None = None, *, paid: bool = True) -> Count:
    """Count what Coupa, the lockbox and the ERP have of a run's letters, invoice by invoice and by money."""
    chosen = run.letters if letters is None else letters
    made = Count()
    invoices = [one for letter in chosen for one in _at_coupa(run, letter)]
    wanted = {(number, f"{total:.2f}") for letter in chosen for number, total in letter.invoices.items()}
    made.expect("invoice", wanted, Counter((one["invoice-number"], _total(one)) for one in invoices))
    _enclosures(made, chosen, invoices)
    _lockbox(made, run, chosen)
    _ledger(made, run, chosen)
    if paid:
        _money(made, run, chosen, invoices)
    return made


def _at_coupa(run: Run, letter: Letter) -> list[dict[str, Any]]:
    sql = "SELECT body FROM objects WHERE kind = 'invoices' AND number = ? AND status != 'voided'"
    return [json.loads(body) for number in letter.invoices for (body,) in run.stage.rows("coupa.sqlite", sql, number)]


def _total(invoice: dict[str, Any]) -> str:
    return f"{Decimal(invoice['total-with-taxes']):.2f}"


def _enclosures(made: Count, letters: tuple[Letter, ...], invoices: list[dict[str, Any]]) -> None:
    wanted = Counter({number: letter.enclosed for letter in letters for number in letter.invoices if letter.enclosed})
    found = Counter(
        {
            one["invoice-number"]: bool(one.get("image-scan")) + len(one.get("attachments") or ())
            for one in invoices
            if one["invoice-number"] in wanted
        }
    )
    made.expect("image or attachment of", wanted, found)


def _lockbox(made: Count, run: Run, letters: tuple[Letter, ...]) -> None:
    """One answer in two forms for each letter, and each original once in the archive, byte by byte."""
    names = [path.name for path in run.stage.at("lockbox/ack").iterdir()]
    found = Counter((letter.name, name[-4:]) for letter in letters for name in names if name.startswith(letter.name))
    made.expect("answer", {(letter.name, ending) for letter in letters for ending in (".csv", "json")}, found)
    kept = Counter(path.read_bytes() for path in _named(run.stage.at("lockbox/archive"), letters))
    made.expect("original", Counter(letter.content for letter in letters), kept)
    left = [path.name for path in _named(run.stage.at("lockbox/outbox"), letters)]
    made.duplicated += [f"original left {name}" for name in left]


def _ledger(made: Count, run: Run, letters: tuple[Letter, ...]) -> None:
    """What is at the other side is not called held or rejected here."""
    numbers = [number for letter in letters for number in letter.invoices]
    for flow, number, state in run.ledger("SELECT flow, number, state FROM record"):
        if number in numbers and state in ("held", "rejected"):
            made.lost.append(f"{flow} {number} {state}")


def _named(folder: Path, letters: tuple[Letter, ...]) -> list[Path]:
    return [path for path in folder.iterdir() if any(path.name.endswith(letter.name) for letter in letters)]


def _money(made: Count, run: Run, letters: tuple[Letter, ...], invoices: list[dict[str, Any]]) -> None:
    """Each submitted invoice is booked once at the ERP, flagged, and paid once at Coupa with its own money."""
    wanted = {(n, f"{total:.2f}") for letter in letters if letter.submitted for n, total in letter.invoices.items()}
    booked: Counter[tuple[str, str]] = Counter()
    for number, _ in wanted:
        for amount, repeated in run.stage.rows(
            "erp.sqlite", "SELECT amount, repeated FROM vouchers WHERE number = ?", number
        ):
            booked[number, f"{Decimal(amount):.2f}"] += 1 + repeated
    made.expect("voucher", wanted, booked)
    paid = Counter(
        (one["invoice-number"], f"{Decimal(payment['amount-paid']):.2f}")
        for one in invoices
        for payment in one.get("payments") or ()
    )
    made.expect("payment", wanted, paid)
    made.lost += [f"flag {one['invoice-number']}" for one in invoices if _is_due(one, wanted) and not one["exported"]]


def _is_due(invoice: dict[str, Any], wanted: set[tuple[str, str]]) -> bool:
    return invoice["invoice-number"] in {number for number, _ in wanted}
