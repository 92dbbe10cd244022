"""What the ledger remembers about invoices is what the next one is judged against."""

from pathlib import Path

from formats.documents import PurchaseOrder
from tests.exchange.desk import open_desk
from tests.exchange.parties import utc_now
from tests.payables.builders import ACME, invoice, line, order, order_line

TODAY = utc_now().date()


def goods() -> PurchaseOrder:
    return order(order_line(price=1, quantity=30, received=30))


def test_a_pending_invoice_in_dozens_uses_up_an_order_in_pieces(tmp_path: Path) -> None:
    """Two dozen of thirty pieces are billed and not yet at Coupa: ten more pieces are four too many."""
    with open_desk(tmp_path) as desk:
        desk.know(ACME, goods())
        first = invoice(line(2, 12, uom="DZ"), number="INV-1", date=TODAY)
        second = invoice(line(10, 1), number="INV-2", date=TODAY)
        desk.judge(first)
        (judged,) = desk.judge(second)
        assert ("hold", "quantity-above-ordered") == (judged["decision"], judged["reasons"].partition(" ")[0])
