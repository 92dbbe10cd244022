"""Cross-check: is what the data says also what the page says?

Each value of an invoice that came with an image is looked for on its pages: seen, not seen, or contradicted because
another value stands in its place. The cheap reading comes first: the text layer, else the first engine; only values
that stay unresolved are looked for in the readings of the heavier and of the second engine.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Context, Decimal
from enum import StrEnum
from functools import partial
from typing import TypeVar

from capture import rules
from capture.engines import Engines
from capture.evidence import Candidate, Evidence
from capture.fields.currency import currencies
from capture.fields.dates import dates_of
from capture.fields.marked import Marked
from capture.fields.number import invoice_numbers
from capture.fields.totals import labelled_amounts, read_totals
from capture.labels import Kind
from capture.lines import Sheet
from capture.paper import Paper
from capture.reading import first_reading, second_reading
from capture.sightings import Sighting, see_amount, see_date, see_name, see_number, see_sum
from capture.values import MONTHS_IN_YEAR
from capture.words import around
from formats.documents import Invoice
from formats.findings import Finding, Rule, Source

T = TypeVar("T")
See = Callable[[Sheet], Sighting | None]
Others = Callable[[Marked], list[Candidate[str]]]
SUMS = (Kind.TOTAL, Kind.PAYABLE, Kind.PAID, Kind.NET)
CENT = Decimal("0.01")
WIDE = Context(prec=100)
SURE = 0.9
EXACT, MENDED = 0.99, 0.9


class Sight(StrEnum):
    """What became of looking for a value."""

    SEEN = "seen"
    NOT_SEEN = "not seen"
    CONTRADICTED = "contradicted"


@dataclass(frozen=True, slots=True)
class Checked:
    """One value that was looked for; ``evidence`` is where it was seen, or where another value stands."""

    field: str
    wanted: str
    sight: Sight
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of a cross-check: every value that was looked for, and what was wrong."""

    checked: tuple[Checked, ...]
    findings: tuple[Finding, ...]

    @property
    def evidence(self) -> Mapping[str, Evidence]:
        """Where each value was seen, by field."""
        return {one.field: one.evidence for one in self.checked if one.evidence and one.sight is Sight.SEEN}


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A value to look for: how it is seen, what else stands where it should, and the rules that may break.

    A value that is ``placed`` has a place of its own: seen elsewhere while another value stands there, it is not seen.
    """

    field: str
    text: str
    see: See
    others: Others
    missing: Rule
    contradicted: Rule | None = None
    placed: bool = False


def check(invoice: Invoice, paper: Paper, engines: Engines) -> Sequence[Finding]:
    """What the page does not confirm; use ``look`` to learn also where each value was seen."""
    return look(invoice, paper, engines).findings


def look(invoice: Invoice, paper: Paper, engines: Engines) -> Check:
    """Look for number, date, supplier, currency, total and line totals of the invoice on the pages."""
    marked, findings = first_reading(paper, engines.first)
    if not marked.sheet.segments:
        unreadable = Finding(Source(paper.name), rules.PAGE_UNREADABLE, "no text was found on any page", invoice.number)
        return Check((), (*findings, unreadable))
    wanted = list(_wanted(invoice))
    checked = [_look(one, marked) for one in wanted]
    for engine in (engines.heavier, engines.second):
        if engine is None or all(one.sight is Sight.SEEN for one in checked):
            continue
        second = second_reading(paper, engine)
        checked = [_again(one, result, second) for one, result in zip(wanted, checked, strict=True)]
    return Check(tuple(checked), (*findings, *_problems(wanted, checked, paper.name, invoice.number)))


def _wanted(invoice: Invoice) -> Iterator[_Wanted]:
    """The values of the invoice that a page should show."""
    number, date, total = invoice.number, invoice.date, _printed(invoice.total)
    if number:
        see: See = partial(_seen_by, see_number, number)
        yield _Wanted("number", number, see, _numbers, rules.CHECK_NUMBER, rules.CHECK_NUMBER_CONTRADICTED)
    if date:
        see = partial(_seen_by, see_date, date)
        yield _Wanted(
            "date", date.isoformat(), see, _dates, rules.CHECK_DATE, rules.CHECK_DATE_CONTRADICTED, placed=True
        )
    if invoice.supplier_name or invoice.supplier_tax_id:
        who = invoice.supplier_name or invoice.supplier_tax_id
        yield _Wanted("supplier", who, partial(_see_supplier, invoice), _nothing, rules.CHECK_SUPPLIER)
    if invoice.currency:
        yield _Wanted(
            "currency", invoice.currency, _nowhere, _currencies, rules.CHECK_CURRENCY, rules.CHECK_CURRENCY_CONTRADICTED
        )
    see = partial(_seen_by, see_sum, total)
    yield _Wanted(
        "total", f"{abs(total):.2f}", see, _totals, rules.CHECK_TOTAL, rules.CHECK_TOTAL_CONTRADICTED, placed=True
    )
    for index, line in enumerate(invoice.lines):
        net = _printed(line.net)
        if net:
            see = partial(_seen_by, see_amount, net)
            yield _Wanted(f"lines[{index}].net", f"{net:.2f}", see, _nothing, rules.CHECK_LINE)


def _printed(amount: Decimal) -> Decimal:
    """An amount as pages show it, in cents."""
    return amount.quantize(CENT, ROUND_HALF_UP, WIDE)


def _seen_by(see: Callable[[Sheet, T], Sighting | None], value: T, sheet: Sheet) -> Sighting | None:
    return see(sheet, value)


def _see_supplier(invoice: Invoice, sheet: Sheet) -> Sighting | None:
    by_id = see_number(sheet, invoice.supplier_tax_id) if invoice.supplier_tax_id else None
    return by_id or see_name(sheet, [invoice.supplier_name])


def _nowhere(_sheet: Sheet) -> None:
    """Currencies are only told apart from what else is on the page."""


def _look(wanted: _Wanted, marked: Marked) -> Checked:
    sighting = wanted.see(marked.sheet)
    if sighting is not None and not wanted.placed:
        return Checked(wanted.field, wanted.text, Sight.SEEN, _evidence(sighting))
    others = sorted(wanted.others(marked), key=lambda candidate: -candidate.score)
    same = next((other for other in others if other.value == wanted.text), None)
    if same is not None:
        return Checked(wanted.field, wanted.text, Sight.SEEN, same.evidence(EXACT))
    if others and others[0].score >= SURE and wanted.contradicted:
        return Checked(wanted.field, wanted.text, Sight.CONTRADICTED, others[0].evidence(others[0].score))
    if sighting is not None:
        return Checked(wanted.field, wanted.text, Sight.SEEN, _evidence(sighting))
    return Checked(wanted.field, wanted.text, Sight.NOT_SEEN)


def _again(wanted: _Wanted, first: Checked, second: Marked | None) -> Checked:
    """A value that the first reading did not show may be in the second."""
    if second is None or first.sight is Sight.SEEN:
        return first
    again = _look(wanted, second)
    return again if again.sight is Sight.SEEN else first


def _evidence(sighting: Sighting) -> Evidence:
    words = sighting.words
    raw = " ".join(word.text for word in words)
    return Evidence(words[0].page, around(words), raw, words[0].engine, EXACT if sighting.exact else MENDED)


def _numbers(marked: Marked) -> list[Candidate[str]]:
    return list(invoice_numbers(marked))


def _dates(marked: Marked) -> list[Candidate[str]]:
    """The dates that labels call the invoice's, with day and month exchanged where they can be."""
    found = list(dates_of(marked, Kind.DATE))
    exchanged = [
        replace(one, value=one.value.replace(month=one.value.day, day=one.value.month), score=0.0)
        for one in found
        if one.value.day <= MONTHS_IN_YEAR
    ]
    return [_text(one, one.value.isoformat()) for one in (*found, *exchanged)]


def _totals(marked: Marked) -> list[Candidate[str]]:
    """The total on the page, sure where sums close, and every amount that stands where totals stand."""
    totals = read_totals(marked)
    weak = [replace(_amount(one), score=0.0) for one in labelled_amounts(marked, *SUMS)]
    if totals.total is None:
        return weak
    sure = totals.closes and totals.rival < SURE
    return [replace(_amount(totals.total), score=1.0 if sure else totals.total.score * 0.9), *weak]


def _amount(candidate: Candidate[Decimal]) -> Candidate[str]:
    return _text(candidate, f"{abs(candidate.value):.2f}")


def _currencies(marked: Marked) -> list[Candidate[str]]:
    """Every currency on the page is one that stands there, symbol or code."""
    return [replace(candidate, score=1.0) for candidate in currencies(marked)]


def _nothing(_marked: Marked) -> list[Candidate[str]]:
    return []


def _text(candidate: Candidate[T], value: str) -> Candidate[str]:
    return Candidate(value, candidate.score, candidate.words, candidate.raw, candidate.reason)


def _problems(wanted: Sequence[_Wanted], checked: Sequence[Checked], name: str, record: str) -> Iterator[Finding]:
    missing = [f"{one.field} {one.wanted}" for one in checked if _speaks_for_another(one)]
    if len(missing) > 1:
        message = f"{', '.join(missing)}: none of these is on these pages, or another stands in its place"
        yield Finding(Source(name, page=1), rules.CHECK_IMAGE_SWAPPED, message, record)
    for one, result in zip(wanted, checked, strict=True):
        if result.sight is Sight.CONTRADICTED and result.evidence and one.contradicted:
            message = f"{one.field} {one.text} is not on the page, {result.evidence.raw} is"
            yield Finding(result.evidence.source(name), one.contradicted, message, record)
        elif result.sight is not Sight.SEEN and (one.field != "currency"):
            yield Finding(Source(name), one.missing, f"{one.field} {one.text} is not seen on the page", record)


def _speaks_for_another(one: Checked) -> bool:
    """Two such values tell another invoice: no number, no total, another date; a date alone may be misprinted."""
    if one.field == "date":
        return one.sight is Sight.CONTRADICTED
    return one.field in {"number", "total"} and one.sight is not Sight.SEEN
