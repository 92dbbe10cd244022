"""Net, tax and total: amounts behind labels, chosen so that net and tax add up to the total."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice

from capture.evidence import Candidate
from capture.fields.cells import cells
from capture.fields.marked import RIGHT, Marked, Stretch
from capture.fields.rows import opens, tax_in
from capture.labels import Kind
from capture.values import FoundAmount, amounts

CENT = Decimal("0.01")
RATE = re.compile(r"(\d{1,2}(?:[.,]\d{1,2})?)\s?%")
MONEY = 2
WIDEST = 12
CLOSURE = 0.8
EXPLAINED = 0.6
HALF_CLOSURE = 0.4
LARGEST = 0.6
AFTER_ROUNDING = 0.3
ROUNDING = Decimal("0.05")

Money = Candidate[Decimal]


@dataclass(frozen=True, slots=True)
class Totals:
    """The amounts of the summary; ``closes`` when net and tax add up to the total.

    ``rival`` is how well the best choice with another total fits, as a share of how well this one does.
    """

    net: Money | None
    tax: Money | None
    total: Money | None
    closes: bool
    rival: float = 0.0


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
    found = [amount for amount in amounts(stretch.text, comma=comma) if not amount.percent]
    return [amount for amount in reversed(found) if amount.decimals <= MONEY]


def read_totals(marked: Marked) -> Totals:
    """The best consistent choice of net, tax and total."""
    paid = list(labelled_amounts(marked, Kind.PAID))
    settled = _settled({candidate.value for candidate in paid})
    rounding = _values(labelled_amounts(marked, Kind.ROUNDING), most=ROUNDING)
    extras = rounding | _values(labelled_amounts(marked, Kind.CHARGE)) | _values(_untaxed(marked))
    totals = _totals(marked, paid, settled)
    nets = _best([*labelled_amounts(marked, Kind.NET), *_weaker(labelled_amounts(marked, Kind.LINES))])
    taxes = _best([*labelled_amounts(marked, Kind.TAX), *_by_rates(marked), *_broken_down(marked)])
    choices = [
        _choice(net, tax, total, settled, extras)
        for total in [*totals, None]
        for net in [*nets, None]
        for tax in [*taxes, None]
        if not _same_place(net, tax, total)
    ]
    return _prefer_largest(choices)


def _untaxed(marked: Marked) -> Iterator[Money]:
    """What was sold at a rate of zero, where it is summed apart from what was taxed."""
    for segment, label in marked.labelled(Kind.TOTAL, Kind.NET):
        rate = RATE.search(segment.text)
        if rate and not rate[1].strip("0.,"):
            for stretch in islice(marked.near(segment, label), 2):
                for found in money(stretch, comma=marked.comma)[:1]:
                    yield Candidate(found.value, label.strength, segment.words, found.raw)


def _by_rates(marked: Marked) -> Iterator[Money]:
    """The sum of the taxes that stand below each other with different rates, for a page may not print it."""
    seen: dict[str, Money] = {}
    for segment, label in marked.labelled(Kind.TAX):
        rate = RATE.search(segment.text)
        found = [money(stretch, comma=marked.comma) for stretch in islice(marked.near(segment, label), 2)]
        amount = next((amounts[0] for amounts in found if amounts), None)
        if rate and amount and amount.decimals == MONEY:
            seen.setdefault(rate[1], Candidate(amount.value, label.strength, segment.words, amount.raw))
    yield from _summed(list(seen.values()))


def _broken_down(marked: Marked) -> Iterator[Money]:
    """The sum of the taxes in a table that tells rate, base and tax in a row each."""
    seen: dict[tuple[Decimal | None, ...], Money] = {}
    for row in marked.sheet.rows:
        tax = tax_in(cells(marked, row)) if opens(marked, row, {Kind.TAX}) else None
        if tax:
            words = tuple(word for segment in row for word in segment.words)
            seen.setdefault((tax.rate, tax.basis), Candidate(tax.amount, RIGHT, words, f"{tax.amount}"))
    yield from _summed(list(seen.values()))


def _summed(parts: Sequence[Money]) -> Iterator[Money]:
    """Several amounts as one, as sure as the least sure of them."""
    if len(parts) > 1:
        words = tuple(word for part in parts for word in part.words)
        score = RIGHT * min(part.score for part in parts)
        total = sum((part.value for part in parts), Decimal(0))
        yield Candidate(total, score, words, " + ".join(part.raw for part in parts))


def _settled(paid: set[Decimal]) -> set[Decimal]:
    """What a customer owed: what was given less what was returned, or the one amount that was paid."""
    return {given - change for given in paid for change in paid if given > change} or paid


def _totals(marked: Marked, paid: Sequence[Money], settled: set[Decimal]) -> list[Money]:
    """What may be the total: so labelled, payable, paid, or printed anywhere and exactly what was settled in cash."""
    labelled = list(labelled_amounts(marked, Kind.TOTAL))
    weaker = [*_weaker(labelled_amounts(marked, Kind.PAYABLE)), *_weaker(paid, 0.4)]
    if not labelled:
        weaker += _weaker(labelled_amounts(marked, Kind.NET), 0.6)
    if paid:
        weaker += _weaker((seen for seen in labelled_amounts(marked, Kind.ROUNDING) if seen.value in settled), 0.6)
    return _best([*labelled, *weaker])


def _values(candidates: Iterable[Money], most: Decimal | None = None) -> set[Decimal]:
    """The values that are not zero, and not larger than ``most``."""
    return {seen.value for seen in candidates if seen.value and (most is None or abs(seen.value) <= most)}


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
    net: Money | None, tax: Money | None, total: Money | None, settled: set[Decimal], extras: set[Decimal]
) -> tuple[float, Totals]:
    """How well three amounts fit together: their labels, their sum, and what was given and returned in cash."""
    score = sum(candidate.score for candidate in (net, tax, total) if candidate is not None)
    gap = _gap(net, tax, total)
    exact = gap is not None and abs(gap) <= CENT
    adjusted = gap is not None and _explained(gap, extras)
    if exact or adjusted:
        rounded = adjusted and gap is not None and abs(gap) <= ROUNDING
        score += CLOSURE + AFTER_ROUNDING * rounded if exact or rounded else EXPLAINED
    elif net is not None and total is not None and (tax is not None or net.value > total.value > 0):
        score -= HALF_CLOSURE
    if total is not None:
        score += HALF_CLOSURE * (total.value in settled) if total.value else -CLOSURE
    return score, Totals(net, tax, total, exact or adjusted)


def _gap(net: Money | None, tax: Money | None, total: Money | None) -> Decimal | None:
    """What net and tax lack to be the total, signs aside, for a minus is easily lost; None if they cannot be."""
    if net is None or tax is None or total is None or abs(tax.value) >= abs(total.value):
        return None
    return abs(total.value) - abs(net.value) - abs(tax.value)


def _explained(gap: Decimal, extras: set[Decimal]) -> bool:
    """Whether a rounding or a charge that is printed, or one of each, is the gap."""
    return gap in extras or any(gap - extra in extras and gap - extra != extra for extra in extras)


def _prefer_largest(choices: list[tuple[float, Totals]]) -> Totals:
    """Of choices that close, sums of sums are larger than their parts."""
    closing = [abs(totals.total.value) for _, totals in choices if totals.closes and totals.total]
    largest = max(closing, default=Decimal(0))

    def fit(choice: tuple[float, Totals]) -> float:
        score, totals = choice
        is_largest = totals.closes and totals.total is not None and abs(totals.total.value) >= largest - ROUNDING
        return score + LARGEST * is_largest

    best = max(choices, key=fit)
    total = best[1].total.value if best[1].total else None
    others = [fit(choice) for choice in choices if choice[1].total and choice[1].total.value != total]
    rival = max(others, default=0.0) / fit(best) if fit(best) > 0 else 1.0
    return replace(best[1], rival=max(0.0, rival))
