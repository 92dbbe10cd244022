"""Laying the lines of an invoice on order lines, and why a line could not be laid.

A line is laid on the order line it names, or on the amount that a blanket order agrees. The others are assigned by
`assignment`; `filling` spreads them over interchangeable order lines, `splitting` over others where that is proved.
"""

from collections.abc import Sequence
from dataclasses import replace

from formats.documents import Invoice, InvoiceLine
from formats.findings import Severity
from formats.money import rounded
from payables.assignment import Choice, assign
from payables.filling import Openings, spread, whole_share
from payables.goods import Goods, by_price_alone, group
from payables.line_checks import check_share
from payables.lines import LineMatch, Share
from payables.open_items import OpenItem
from payables.order_choice import OrderChoice
from payables.policy import Policy
from payables.reasons import Reason
from payables.reasons import order as reasons
from payables.splitting import split
from payables.totals import explanations
from payables.verdicts import Verdict
from payables.wording import money, quantity


class LineMatcher:
    """Lays the lines of one invoice on order lines and collects why a line could not be laid."""

    def __init__(self, invoice: Invoice, choice: OrderChoice, items: Sequence[OpenItem], policy: Policy) -> None:
        self.invoice, self.choice, self.policy = invoice, choice, policy
        self.items = {place: self._pool(place, items) for place in choice.orders}
        self.openings = Openings()
        self.reasons: list[Reason] = []

    def _pool(self, place: int, items: Sequence[OpenItem]) -> tuple[OpenItem, ...]:
        numbers = {order.number for order in self.choice.orders[place]}
        return tuple(item for item in items if item.order.number in numbers)

    def match(self) -> tuple[LineMatch, ...]:
        """Return one outcome for each line: those that name their order line first, then the others together."""
        outcomes = {place: self._off_order(line) for place, line in enumerate(self.invoice.lines)}
        outcomes |= {place: self._unplaced(self.invoice.lines[place]) for place in self.items}
        named = {place: self._named(place) for place in self.items if self.invoice.lines[place].po_line_number}
        outcomes |= {place: match for place, match in named.items() if match}
        unnamed = [place for place, pool in self.items.items() if pool and place not in named]
        drawn = {place: self._drawn(place) for place in unnamed if not self.choice.inferred}
        outcomes |= {place: match for place, match in drawn.items() if match}
        unnamed = [place for place in unnamed if not drawn.get(place)]
        whole = {place: self._by_total(place) for place in unnamed if len(self.invoice.lines) == 1}
        outcomes |= {place: match for place, match in whole.items() if match}
        outcomes |= self._assigned([place for place in unnamed if not whole.get(place)])
        return tuple(outcomes[place] for place in range(len(self.invoice.lines)))

    def _off_order(self, line: InvoiceLine) -> LineMatch:
        return LineMatch(line=line, on_order=False, verdict=Verdict.NOT_MATCHED)

    def _unplaced(self, line: InvoiceLine) -> LineMatch:
        return LineMatch(line=line, on_order=True, verdict=Verdict.EXCEPTION)

    def _laid(self, line: InvoiceLine, items: Sequence[OpenItem], choice: Choice) -> LineMatch:
        shares = spread(line, items, self.openings, self.policy)
        self.reasons += [reason for share in shares for reason in check_share(share, line, self.invoice, self.policy)]
        second = choice.runner_up.first.line.number if choice.runner_up else ""
        return LineMatch(
            line=line,
            on_order=True,
            verdict=Verdict.MATCHED,
            shares=shares,
            runner_up=second,
            gap=choice.gap,
            guessed=self.choice.inferred,
        )

    def _named(self, place: int) -> LineMatch | None:
        line, pool = self.invoice.lines[place], self.items[place]
        found = [item for item in pool if item.line.number.lstrip("0") == line.po_line_number.lstrip("0")]
        if len(found) == 1:
            return self._laid(line, found, Choice(None, None, 1.0))
        if pool:
            self._refuse(line, pool, f"; it names line {line.po_line_number}, which is not there")
        return None

    def _drawn(self, place: int) -> LineMatch | None:
        """Lay a line on the only line of the order it names, when that agrees an amount and no goods."""
        pool = self.items[place]
        blanket = len(pool) == 1 and pool[0].by_amount
        return self._laid(self.invoice.lines[place], pool, Choice(None, None, 1.0)) if blanket else None

    def _by_total(self, place: int) -> LineMatch | None:
        """Lay the only line, an amount, on the quantity lines whose open value it is; two ways to do so are refused."""
        line, pool = self.invoice.lines[place], self.items[place]
        if line.quantity is not None or any(item.by_amount or item.credit for item in pool):
            return None
        sets = explanations(line.net, [rounded(item.open * item.price, self.invoice.currency) for item in pool])
        if not sets:
            return None
        named = [", ".join(pool[at].line.number for at in one) for one in sets]
        if len(sets) > 1:
            said = {"description": line.description, "expected": named[0], "actual": named[1]}
            self.reasons.append(reasons.PO_LINE_AMBIGUOUS.reason(line=line.number, **said))
            return LineMatch(line=line, on_order=True, verdict=Verdict.EXCEPTION, runner_up=named[1], gap=0.0)
        order, bill = pool[0].order.number, money(line.net, self.invoice.currency)
        said = {"order": order, "expected": f"line {named[0]}", "actual": bill, "description": line.description}
        self.reasons.append(reasons.PO_LINES_FROM_TOTAL.reason(line=line.number, **said))
        return _recounted(line, tuple(whole_share(pool[at], self.invoice.currency) for at in sets[0]), guessed=True)

    def _refuse(self, line: InvoiceLine, pool: Sequence[OpenItem], near: str) -> None:
        numbers = ", ".join(dict.fromkeys(item.order.number for item in pool))
        bill = _bill(line, self.invoice.currency)
        self.reasons.append(
            reasons.PO_LINE_UNKNOWN.reason(
                line=line.number, description=line.description, actual=bill, expected="", order=numbers, near=near
            )
        )

    def _assigned(self, places: Sequence[int]) -> dict[int, LineMatch]:
        """Lay the lines that fit what they were assigned to, then see whether the others cover several order lines."""
        pools = {item.key: item for place in places for item in self.items[place]}
        goods = group(list(pools.values()))
        orders = [{item.order.number for item in self.items[place]} for place in places]
        allowed = [frozenset(at for at, some in enumerate(goods) if some.first.order.number in own) for own in orders]
        lines = [self.invoice.lines[place] for place in places]
        choices = dict(zip(places, assign(lines, goods, allowed, self.policy), strict=True))
        laid = {place: self._fitting(place, choices[place]) for place in places}
        doubtful = [place for place, match in laid.items() if match is None]
        found = {place: self._divided(place) or self._chosen(place, choices[place]) for place in doubtful}
        return {place: match for place, match in laid.items() if match} | found

    def _fitting(self, place: int, choice: Choice) -> LineMatch | None:
        """Lay a line on the goods chosen if they are the only ones and can bear it as it is; else leave no trace."""
        if choice.goods is None or self._is_close(choice):
            return None
        before = len(self.reasons)
        match = self._chosen(place, choice)
        wrong = any(reason.severity is Severity.ERROR for reason in self.reasons[before:])
        if not wrong and all(self.openings.taken(share.item) <= share.item.open for share in match.shares):
            return match
        del self.reasons[before:]
        for share in match.shares:
            self.openings.take(share.item, -share.size)
        return None

    def _is_close(self, choice: Choice) -> bool:
        return choice.runner_up is not None and choice.gap < self.policy.line_runner_up

    def _divided(self, place: int) -> LineMatch | None:
        line, currency = self.invoice.lines[place], self.invoice.currency
        found = split(line, self.items[place], self.openings, self.policy, currency)
        if found is None:
            return None
        numbers = ", ".join(dict.fromkeys(item.order.number for item in found.items))
        said = {"order": numbers, "expected": found.shown, "actual": _bill(line, currency)}
        kind = reasons.LINE_DIVIDED if found.sure else reasons.PO_LINES_FROM_TOTAL
        kind = kind if found.shares else reasons.PO_LINES_UNPROVEN
        self.reasons.append(kind.reason(line=line.number, description=line.description, **said))
        if not found.shares:
            return self._unplaced(line)
        for share in found.shares:
            self.openings.take(share.item, share.size)
        return _recounted(line, found.shares, guessed=self.choice.inferred or not found.sure)

    def _chosen(self, place: int, choice: Choice) -> LineMatch:
        line = self.invoice.lines[place]
        if choice.goods is None:
            self._refuse(line, self.items[place], _near(choice.runner_up, self.invoice.currency))
            return self._unplaced(line)
        if choice.runner_up and self._is_close(choice):
            first, second = (goods.first.line for goods in (choice.goods, choice.runner_up))
            said = {
                "expected": f"{first.number} ({first.description})",
                "actual": f"{second.number} ({second.description})",
            }
            self.reasons.append(
                reasons.PO_LINE_AMBIGUOUS.reason(line=line.number, description=line.description, **said)
            )
            return LineMatch(
                line=line, on_order=True, verdict=Verdict.EXCEPTION, runner_up=second.number, gap=choice.gap
            )
        laid = self._laid(line, choice.goods.items, choice)
        if not by_price_alone(line, choice.goods) or len(self.items[place]) == 1:
            return laid
        self.reasons.append(_by_price(line, choice.goods.first))
        return replace(laid, guessed=True)


def _by_price(line: InvoiceLine, item: OpenItem) -> Reason:
    place = {"order": item.order.number, "order_line": item.line.number}
    said = {"actual": line.description, "expected": item.line.description}
    return reasons.PO_LINE_BY_PRICE.reason(line=line.number, **place, **said)


def _recounted(line: InvoiceLine, shares: tuple[Share, ...], *, guessed: bool) -> LineMatch:
    return LineMatch(line=line, on_order=True, verdict=Verdict.MATCHED, shares=shares, recounted=True, guessed=guessed)


def _bill(line: InvoiceLine, currency: str) -> str:
    if line.quantity is None:
        return money(line.net, currency)
    return f"{quantity(line.quantity, line.uom)} at {money(line.price, currency)}"


def _near(goods: Goods | None, currency: str) -> str:
    if goods is None:
        return ""
    line = goods.first.line
    return f"; the nearest is line {line.number} ({line.description}, {money(line.price, currency)})"
