"""What can be done to Coupa's documents, one verb a function; each is one transaction and raises Refused.

Used by the REST API, the file loader and the control face alike. Documents are JSON in REST shape.
SIGNATURES FIRST: bodies follow.
"""

from collections.abc import Collection

from sandbox.coupa.refused import Refused
from sandbox.store import Json, Store

__all__ = ["Refused"]


def create_draft(store: Store, payload: Json) -> Json:
    """Store an invoice as a draft and return it with ids and computed totals; Refused(400) where Coupa validates.

    ``payload`` is a REST invoice: references as ``{"id"|"number"|"code"|"name": ...}``, lines with
    ``order-header-num`` and ``order-line-num`` (or ``source-part-num``), amounts as strings or numbers.
    """


def update(store: Store, invoice_id: int, payload: Json) -> Json:
    """Change an invoice as PUT /invoices/:id does (lines with an ``id`` are changed, others are added)."""


def delete_draft(store: Store, invoice_id: int) -> None:
    """Remove a draft; Refused(400) for any other status, Refused(404) when there is none."""


def submit(store: Store, invoice_id: int) -> Json:
    """Submit a draft: validate everything, match, and move it to the status that follows."""


def approve(store: Store, invoice_id: int) -> Json:
    """Give the final approval to a pending_approval invoice; the order lines' ``invoiced`` moves."""


def reject(store: Store, invoice_id: int) -> Json:
    """Refuse approval: pending_approval -> rejected."""


def release(store: Store, invoice_id: int) -> Json:
    """Release an invoice from ap_hold, on_hold or pending_action: failed tolerances count as resolved."""


def approve_all(store: Store, statuses: Collection[str] = ("pending_approval",)) -> list[int]:
    """Approve every invoice in one of the statuses (held ones are released first); return their ids."""


def void(store: Store, invoice_id: int) -> Json:
    """Void an invoice that is a draft, pending_receipt or approved; it is exported once more."""


def abandon(store: Store, invoice_id: int) -> Json:
    """Abandon a draft or disputed invoice."""


def dispute(store: Store, invoice_id: int, reason_code: str, comment: str = "") -> Json:
    """Push an invoice back to its supplier with a reason code."""


def withdraw_dispute(store: Store, invoice_id: int) -> Json:
    """Take a disputed invoice back into approval."""


def revalidate(store: Store, invoice_id: int) -> Json:
    """Run matching and tolerances again over a submitted invoice."""


def pay(store: Store, invoice_id: int, payment: Json) -> Json:
    """Apply one payment to an approved invoice; Refused(400) if date, number and amount were applied before."""


def set_exported(store: Store, kind: str, object_id: int, *, exported: bool = True) -> Json:
    """Set the exported flag of an invoice, order or receipt, and last-exported-at."""


def put_image(store: Store, invoice_id: int, name: str, content: bytes) -> Json:
    """Store the image scan of an invoice (PDF, TIFF, PNG or JPEG of at most 8 MB)."""


def attach(store: Store, invoice_id: int, attachment: Json, content: bytes | None = None) -> Json:
    """Attach a file (with ``content``), url or text to an invoice and return the attachment."""


def add_comment(store: Store, invoice_id: int, text: str) -> Json:
    """Add a comment to an invoice and return the comment."""


def post_receipt(store: Store, payload: Json) -> Json:
    """Receive (or return, negative) goods on an order line; waiting invoices move on."""


def void_receipt(store: Store, receipt_id: int) -> Json:
    """Void a receipt; the order line's ``received`` goes down."""


def revise_order(store: Store, order_id: int, payload: Json) -> Json:
    """Change an order: its version goes up and its exported flag is reset."""


def create_record(store: Store, kind: str, payload: Json) -> Json:
    """Create master data (suppliers, accounts, lookup_values, users, ...); required fields and unique keys checked."""


def update_record(store: Store, kind: str, object_id: int, payload: Json) -> Json:
    """Change master data; only the fields that are given."""
