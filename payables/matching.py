"""Matching an invoice with its purchase orders: every line gets exactly one outcome.

A line is laid on the order line it names; the others are assigned by `assignment`, and `filling` spreads them over
interchangeable order lines. What is billed is then compared with price, open quantity, unit, type, status, currency,
the order's total and the budgets of small overcharges.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from formats.documents import Invoice, InvoiceLine, PurchaseOrder
from formats.findings import Severity
from formats.money import rounded
from payables.assignment import Choice, assign
from payables.context import Context
from payables.filling import Openings, spread, whole_share
from payables.goods import Goods, group
from payables.line_checks import check_share
from payables.lines import LineMatch, Matching
from payables.open_items import OpenItem, open_items
from payables.order_checks import check_orders, check_sizes, check_supplier_budget
from payables.order_choice import OrderChoice, choose_orders
from payables.policy import Policy
from payables.reasons import Reason
from payables.reasons import order as reasons
from payables.totals import explanations
from payables.verdicts import Verdict, worst
from payables.wording import money, quantity


def match(invoice: Invoice, context: Context, policy: Policy) -> Matching:
    """Return what each line bills and every reason why it may not; `context.supplier` is the invoice's supplier."""
    context = replace(context, orders=_latest(context.orders))
    choice = choose_orders(invoice, context, policy)
    items = open_items(context.orders, context, policy, credit=invoice.is_credit_note)
    lines = _LineMatcher(invoice, choice, items, policy)
    matches = lines.match()
    said = [*choice.reasons, *lines.reasons, *_currencies(matches, invoice), *check_sizes(matches, invoice, policy)]
    if not _wrong(said) and not invoice.is_credit_note:
        said += [*check_orders(matches, items, invoice, policy)]
        said += [*check_supplier_budget(matches, items, invoice, policy)]
    judged = tuple(_judged(match, said) for match in matches)
    orders = tuple({order.number: order for orders in choice.orders.values() for order in orders}.values())
    return Matching(lines=judged, reasons=tuple(said), verdict=_verdict(judged, said), orders=orders)


def _latest(orders: Iterable[PurchaseOrder]) -> tuple[PurchaseOrder, ...]:
    """Return each order once, in its latest version."""
    return tuple({order.number: order for order in sorted(orders, key=lambda order: order.version)}.values())


class _LineMatcher:
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
        said = {"order": order, "expected": named[0], "actual": bill}
        self.reasons.append(reasons.PO_LINES_FROM_TOTAL.reason(line=line.number, **said))
        shares = tuple(whole_share(pool[at], self.invoice.currency) for at in sets[0])
        return LineMatch(
            line=line, on_order=True, verdict=Verdict.MATCHED, shares=shares, from_total=True, guessed=True
        )

    def _refuse(self, line: InvoiceLine, pool: Sequence[OpenItem], near: str) -> None:
        numbers = ", ".join(dict.fromkeys(item.order.number for item in pool))
        bill = _bill(line, self.invoice.currency)
        self.reasons.append(
            reasons.PO_LINE_UNKNOWN.reason(
                line=line.number, description=line.description, actual=bill, expected="", order=numbers, near=near
            )
        )

    def _assigned(self, places: Sequence[int]) -> dict[int, LineMatch]:
        pools = {item.key: item for place in places for item in self.items[place]}
        goods = group(list(pools.values()))
        orders = [{item.order.number for item in self.items[place]} for place in places]
        allowed = [frozenset(at for at, some in enumerate(goods) if some.first.order.number in own) for own in orders]
        lines = [self.invoice.lines[place] for place in places]
        choices = assign(lines, goods, allowed, self.policy)
        return {place: self._chosen(place, choice) for place, choice in zip(places, choices, strict=True)}

    def _chosen(self, place: int, choice: Choice) -> LineMatch:
        line = self.invoice.lines[place]
        if choice.goods is None:
            self._refuse(line, self.items[place], _near(choice.runner_up, self.invoice.currency))
            return self._unplaced(line)
        if choice.runner_up and choice.gap < self.policy.line_runner_up:
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
        return self._laid(line, choice.goods.items, choice)


def _bill(line: InvoiceLine, currency: str) -> str:
    if line.quantity is None:
        return money(line.net, currency)
    return f"{quantity(line.quantity, line.uom)} at {money(line.price, currency)}"


def _near(goods: Goods | None, currency: str) -> str:
    if goods is None:
        return ""
    line = goods.first.line
    return f"; the nearest is line {line.number} ({line.description}, {money(line.price, currency)})"


def _currencies(matches: Sequence[LineMatch], invoice: Invoice) -> Iterator[Reason]:
    orders = {share.item.order.number: share.item.order for match in matches for share in match.shares}
    for order in orders.values():
        if order.currency and invoice.currency and order.currency != invoice.currency:
            yield reasons.CURRENCY_DIFFERS.reason(order=order.number, expected=order.currency, actual=invoice.currency)


def _judged(match: LineMatch, said: Sequence[Reason]) -> LineMatch:
    mine = [reason for reason in said if reason.line == match.line.number]
    if match.verdict is not Verdict.MATCHED:
        return match
    return replace(match, verdict=_of_reasons(mine, Verdict.MATCHED))


def _wrong(said: Iterable[Reason]) -> bool:
    return any(reason.severity is Severity.ERROR for reason in said)


def _of_reasons(said: Sequence[Reason], otherwise: Verdict) -> Verdict:
    if _wrong(said):
        return Verdict.EXCEPTION
    return Verdict.WITHIN_TOLERANCE if any(reason.code in _TOLERATED for reason in said) else otherwise


_TOLERATED = frozenset({reasons.WITHIN_TOLERANCE.rule.id, reasons.PRICE_BELOW_TOLERANCE.rule.id})


def _verdict(matches: Sequence[LineMatch], said: Sequence[Reason]) -> Verdict:
    return _of_reasons([reason for reason in said if not reason.line], worst([match.verdict for match in matches]))
