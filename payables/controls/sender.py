"""Does the sender's address belong to the supplier?"""

from collections.abc import Iterator
from datetime import date

from formats.documents import Invoice
from payables.context import Context
from payables.policy import Policy
from payables.reasons import Reason
from payables.reasons.party import SENDER_UNKNOWN


def sender(invoice: Invoice, context: Context, _: Policy, __: date) -> Iterator[Reason]:
    """Yield a reason when both domains are known and neither is part of the other."""
    mine = _domain(invoice.supplier_email)
    supplier = context.supplier
    known = [domain for domain in (_domain(supplier.email), _site(supplier.website)) if domain] if supplier else []
    if mine and known and not any(_within(mine, domain) for domain in known):
        yield SENDER_UNKNOWN.reason(actual=mine, expected=known[0])


def _domain(email: str) -> str:
    return email.rpartition("@")[2].strip().casefold()


def _site(website: str) -> str:
    host = website.casefold().partition("://")[2] or website.casefold()
    return host.partition("/")[0].removeprefix("www.")


def _within(one: str, two: str) -> bool:
    return one == two or one.endswith(f".{two}") or two.endswith(f".{one}")
