"""Net, tax and total: amounts behind labels, chosen so that net and tax add up to the total."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice

from capture.evidence import Candidate
from capture.fields.marked import Marked, Stretch
from capture.labels import Kind
from capture.values import FoundAmount, amounts, clean

CENT = Decimal("0.01")
MONEY = 2
WIDEST = 12
CLOSURE = 0.8
HALF_CLOSURE = 0.4
LARGEST = 0.6
AFTER_ROUNDING = 0.3
ROUNDING = Decimal("0.05")

Money = Candidate[Decimal]


@dataclass(frozen=True, slots=True)
class Totals:
    """The amounts of the summary; ``closes`` when net and tax add up to the total."""

    net: Money | None
    tax: Money | None
    total: Money | None
    closes: bool


def labelled_amounts(marked: Marked, *kinds: Kind) -> Iterator[Money]:
    """The amounts that labels of these kinds introduce."""
    for segment, label in marked.labelled(*kinds):
        for stretch in marked.near(segment, label):
            for found in money(stretch, comma=marked.comma):
                exact = 1.0 if found.decimals == MONEY else 0.6
                words = stretch.words(found.start, found.end)
                lower = 0.05 * (words[0].page - 1 + words[0].box.top)
                yield Candidate(found.value, label.strength * stretch.nearness * exact + lower, words, found.raw)


def money(stretch: Stretch, *, comma: bool | None) -> list[FoundAmount]:
    """The amounts in a stretch, the last one first, for that is where the total of a row stands."""
    found = [amount for amount in amounts(clean(stretch.text), comma=comma) if not amount.percent]
    return [amount for amount in reversed(found) if amount.decimals <= MONEY]


def read_totals(marked: Marked) -> Totals:
    """The best consistent choice of net, tax and total."""
    totals = _best([*labelled_amounts(marked, Kind.TOTAL), *_weaker(labelled_amounts(marked, Kind.PAYABLE))])
    totals = _best([*totals, *_weaker(labelled_amounts(marked, Kind.NET), 0.6)])
    nets = _best([*labelled_amounts(marked, Kind.NET), *_weaker(labelled_amounts(marked, Kind.LINES))])
    taxes = _best(labelled_amounts(marked, Kind.TAX))
    paid = {candidate.value for candidate in labelled_amounts(marked, Kind.PAID)}
    rounding = {candidate.value for candidate in labelled_amounts(marked, Kind.ROUNDING)}
    choices = [
        _choice(net, tax, total, paid, rounding)
        for total in [*totals, None]
        for net in [*nets, None]
        for tax in [*taxes, None]
        if not _same_place(net, tax, total)
    ]
    return _prefer_largest(choices)


def _weaker(candidates: Iterable[Money], weight: float = 0.75) -> Iterator[Money]:
    for candidate in candidates:
        yield Candidate(candidate.value, candidate.score * weight, candidate.words, candidate.raw)


def _best(candidates: Iterable[Money]) -> list[Money]:
    """The best candidate for each value, the best values first."""
    best: dict[Decimal, Money] = {}
    for candidate in candidates:
        if candidate.value not in best or best[candidate.value].score < candidate.score:
            best[candidate.value] = candidate
    return list(islice(sorted(best.values(), key=lambda candidate: -candidate.score), WIDEST))


def _same_place(net: Money | None, tax: Money | None, total: Money | None) -> bool:
    """Whether one printed amount would be taken for two fields."""
    places = [candidate.words for candidate in (net, tax, total) if candidate is not None]
    return len(set(places)) < len(places)


def _choice(
    net: Money | None, tax: Money | None, total: Money | None, paid: set[Decimal], rounding: set[Decimal]
) -> tuple[float, Totals]:
    """How well three amounts fit together: their labels, their sum, and what was given and returned in cash."""
    score = sum(candidate.score for candidate in (net, tax, total) if candidate is not None)
    closes = _closes(net, tax, total, Decimal(0))
    rounded = not closes and any(_closes(net, tax, total, adjustment) for adjustment in rounding if adjustment)
    if closes or rounded:
        score += CLOSURE + AFTER_ROUNDING * rounded
    elif net is not None and total is not None and (tax is not None or net.value > total.value > 0):
        score -= HALF_CLOSURE
    if total is not None and total.value:
        score += HALF_CLOSURE * any(given - change == total.value for given in paid for change in {*paid, Decimal(0)})
    elif total is not None:
        score -= CLOSURE
    return score, Totals(net, tax, total, closes or rounded)


def _closes(net: Money | None, tax: Money | None, total: Money | None, rounding: Decimal) -> bool:
    """Whether net and tax are the total, signs aside, for a minus is easily lost; rounding may be up to five cents."""
    if net is None or tax is None or total is None or abs(rounding) > ROUNDING:
        return False
    gap = abs(net.value) + abs(tax.value) + rounding - abs(total.value)
    return abs(gap) <= (CENT if not rounding else Decimal(0)) and abs(tax.value) < abs(total.value)


def _prefer_largest(choices: list[tuple[float, Totals]]) -> Totals:
    """Of choices that close, sums of sums are larger than their parts."""
    closing = [abs(totals.total.value) for _, totals in choices if totals.closes and totals.total]
    largest = max(closing, default=Decimal(0))

    def fit(choice: tuple[float, Totals]) -> float:
        score, totals = choice
        is_largest = totals.closes and totals.total is not None and abs(totals.total.value) >= largest - ROUNDING
        return score + LARGEST * is_largest

    return max(choices, key=fit)[1]
