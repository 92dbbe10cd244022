"""Lines without order are coded to accounts: as they stand, by a rule of the house, or as earlier lines were."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from rapidfuzz import fuzz, process

from formats.documents import Invoice, InvoiceLine
from payables.context import Context
from payables.likeness import words
from payables.policy import CodingRule, Policy
from payables.reasons import Reason
from payables.reasons.document import ACCOUNT_MISSING, ACCOUNT_UNKNOWN, CODING_FROM_HISTORY, CODING_SUGGESTED
from payables.wording import money

ALIKE = 65
AGREED = 0.8
NEAR = 70


@dataclass(frozen=True, slots=True)
class Coding:
    """A line with its account, the chart of accounts its rule names, and what is to be said about it.

    ``guessed`` says that a person is to confirm the account.
    """

    line: InvoiceLine
    chart_of_accounts: str = ""
    reasons: tuple[Reason, ...] = ()
    guessed: bool = False


def code(line: InvoiceLine, invoice: Invoice, context: Context, policy: Policy) -> Coding:
    """Return the line coded; its reasons say when the account is missing, unknown or a suggestion."""
    if line.account_code or line.allocations:
        return Coding(line, "", tuple(_unknown(line, context)))
    rule = next((rule for rule in policy.coding if _covers(rule, line, invoice)), None)
    if rule is not None:
        filled = replace(line, account_code=rule.account)
        named = (
            " ".join(part for part in (rule.supplier, rule.contains and f'"{rule.contains}"') if part) or "all lines"
        )
        said = CODING_SUGGESTED.reason(line=line.number, description=line.description, actual=rule.account, rule=named)
        return Coding(filled, rule.chart_of_accounts, (said, *_unknown(filled, context)))
    return _from_history(line, invoice, context)


def _covers(rule: CodingRule, line: InvoiceLine, invoice: Invoice) -> bool:
    return rule.supplier in {"", invoice.supplier_number} and words(rule.contains) in words(line.description)


def _unknown(line: InvoiceLine, context: Context) -> Iterable[Reason]:
    if context.accounts is None:
        return
    for account in (line.account_code, *(share.account_code for share in line.allocations)):
        if account and account not in context.accounts:
            best = process.extractOne(account, sorted(context.accounts), scorer=fuzz.ratio, score_cutoff=NEAR)
            near = f"; {best[0]} is" if best else ""
            yield ACCOUNT_UNKNOWN.reason(line=line.number, actual=account, near=near)


def _from_history(line: InvoiceLine, invoice: Invoice, context: Context) -> Coding:
    """Suggest the account that at least four in five alike lines of the supplier's earlier invoices were coded to."""
    votes = Counter(
        billed.account_code
        for past in context.history
        if past.stands and past.supplier_number == invoice.supplier_number
        for billed in past.lines
        if billed.account_code and fuzz.token_set_ratio(words(billed.description), words(line.description)) >= ALIKE
    )
    account, agreeing = votes.most_common(1)[0] if votes else ("", 0)
    total = votes.total()
    usable = context.accounts is None or account in context.accounts
    if not account or agreeing < AGREED * total or not usable:
        bill = money(line.net, invoice.currency)
        missing = ACCOUNT_MISSING.reason(line=line.number, description=line.description, actual=bill)
        return Coding(line, "", (missing,))
    said = CODING_FROM_HISTORY.reason(
        line=line.number, description=line.description, actual=account, agreeing=agreeing, total=total
    )
    return Coding(replace(line, account_code=account), "", (said,), guessed=True)
