"""Load invoices from rows: create, attach the image and the attachments, submit or void.

An invoice loads as a whole or not at all: where Coupa would refuse to submit it, no draft stays behind (inferred; the
documentation only says that good records of a file load beside bad ones). A number that exists is refused, unless the
row voids it.
"""

from collections.abc import Mapping

from sandbox.coupa import domain, setup
from sandbox.coupa.references import find
from sandbox.files.cells import flag, require
from sandbox.files.invoice_rows import ATTACHMENTS, InvoiceRows, payload, supplier_reference
from sandbox.files.sheets import RefusedError, Row
from sandbox.store import Json, Store

_STATUSES = ("", "new", "voided")


def load_invoice(store: Store, invoice: InvoiceRows, members: Mapping[str, bytes]) -> bool:
    """Load one invoice and return True when it is new, False when it was voided; RefusedError or Refused if neither."""
    header = invoice.header
    status = header["Status"].casefold()
    if status not in _STATUSES:
        raise RefusedError(header.error("Status", "Status is not included in the list"))
    if status == "voided":
        domain.void(store, _existing(store, header)["id"])
        return False
    _create(store, invoice, members)
    return True


def _create(store: Store, invoice: InvoiceRows, members: Mapping[str, bytes]) -> None:
    header = invoice.header
    submit = flag(header, "Submit For Approval?")
    if submit:
        require(header, "Invoice Number", "Currency")
    custom = {place: setup.custom_fields(store, place) for place in setup.PLACES}
    draft = domain.create_draft(store, payload(invoice, custom))
    _add_image(store, draft, header, members)
    for column in ATTACHMENTS:
        if header[column]:
            _attach(store, draft, header, column, members)
    if submit:
        domain.submit(store, draft["id"])


def _existing(store: Store, header: Row) -> Json:
    """Return the invoice with the row's number and supplier; the number alone never voids."""
    supplier = find(store, "suppliers", supplier_reference(header))
    found = supplier and store.by_number("invoices", header["Invoice Number"], supplier["id"])
    if not found:
        raise RefusedError(header.error("Invoice Number", "Invoice unable to find matching invoice."))
    return found


def _add_image(store: Store, draft: Json, header: Row, members: Mapping[str, bytes]) -> None:
    if name := header["Image Scan Filename"]:
        domain.put_image(store, draft["id"], name, _member(header, "Image Scan Filename", name, members))


def _attach(store: Store, draft: Json, header: Row, column: str, members: Mapping[str, bytes]) -> None:
    """Attach what a cell names: ``file://name`` inside the ZIP, a web address, or any other text as it stands."""
    cell = header[column]
    if cell.startswith("file://"):
        name = cell.removeprefix("file://")
        attachment = {"type": "file", "intent": "Internal", "file-file-name": name.rpartition("/")[2]}
        domain.attach(store, draft["id"], attachment, _member(header, column, name, members))
    elif cell.startswith(("http://", "https://")):
        domain.attach(store, draft["id"], {"type": "url", "intent": "Internal", "url": cell})
    else:
        domain.attach(store, draft["id"], {"type": "text", "intent": "Internal", "text": cell})


def _member(header: Row, column: str, name: str, members: Mapping[str, bytes]) -> bytes:
    if name not in members:
        raise RefusedError(header.error(column, f"File {name} is not in the ZIP file"))
    return members[name]
