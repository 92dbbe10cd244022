"""What the exchange asks of Coupa, in documents: masters, invoices, payments, and the results of file loads."""

import datetime as dt
import json
import mimetypes
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from exchange.coupa import approvals
from exchange.coupa.client import Client
from exchange.coupa.pacing import Clock
from exchange.errors import CoupaUnknownError
from exchange.settings import CoupaSettings
from formats.coupa import payloads, rest
from formats.coupa.rest import FileLoad
from formats.documents import Account, Invoice, Payment, PurchaseOrder, Receipt, Supplier
from formats.findings import Finding
from payables.routing import Approved, Facts

T = TypeVar("T")
Params = Mapping[str, str]

ADDRESS = ["name", "street1", "street2", "city", "state", "postal-code", {"country": ["code"]}]
ACCOUNT = ["id", "code", {"account-type": ["name"]}]
ALLOCATIONS = {"account-allocations": ["amount", "pct", {"account": ACCOUNT}]}
CUSTOM = "custom-fields"

SUPPLIER = [
    "id", "number", "name", "display-name", "status", "tax-id", "account-number", "duns", "website", "payment-method",
    "po-email", "invoice-matching-level", "on-hold", "hold-invoices-for-ap-review", "updated-at", CUSTOM,
    {"payment-term": ["code"]}, {"primary-contact": ["email"]}, {"primary-address": ADDRESS},
]  # fmt: skip
CHART = [
    "id", "code", "name", "active", "updated-at", {"account-type": ["name"]},
    *(f"segment-{number}" for number in range(1, rest.SEGMENTS + 1)),
]  # fmt: skip
ORDER_LINE = [
    "id", "line-num", "type", "description", "price", "quantity", "total", "received", "invoiced", "status",
    "source-part-num", "match-type", "need-by-date", CUSTOM, {"currency": ["code"]}, {"uom": ["code"]},
    {"account": ACCOUNT}, {"account-type": ["name"]}, {"commodity": ["name"]}, ALLOCATIONS,
    {"extra-line-attribute": ["start-date", "end-date"]},
]  # fmt: skip
ORDER = [
    "id", "po-number", "status", "version", "created-at", "updated-at", CUSTOM, {"currency": ["code"]},
    {"supplier": ["number", "name"]}, {"payment-term": ["code"]}, {"order-lines": ORDER_LINE},
]  # fmt: skip
RECEIPT = [
    "id", "type", "status", "quantity", "price", "total", "match-reference", "transaction-date", "updated-at",
    {"uom": ["code"]}, {"currency": ["code"]}, {"order-line": ["id", "line-num", "order-header-number"]},
]  # fmt: skip
TAXES = {"tax-lines": ["type", "amount", "rate", "code", "taxable-amount", "description", {"tax-code": ["code"]}]}
INVOICE_LINE = [
    "id", "line-num", "type", "description", "price", "quantity", "total", "source-part-num", "order-header-num",
    "po-number", "order-line-num", "match-reference", "delivery-note-number", CUSTOM, {"uom": ["code"]},
    {"account": ACCOUNT}, ALLOCATIONS, TAXES,
]  # fmt: skip
CHARGE = ["type", "line-num", "description", "total", {"account": ACCOUNT}, TAXES]
INVOICE = [
    "id", "invoice-number", "invoice-date", "document-type", "is-credit-note", "status", "exported", "paid",
    "updated-at", "original-invoice-number", "original-invoice-date", "delivery-date", "net-due-date",
    "line-level-taxation", "supplier-total", "total-with-taxes", "shipping-amount", "handling-amount", "misc-amount",
    "tax-amount", "tax-rate", "supplier-note", "requester-email", "image-scan-file-name", CUSTOM,
    {"supplier": ["number", "name", "tax-id"]}, {"currency": ["code"]}, {"account-type": ["name"]},
    {"payment-term": ["code"]}, {"contract": ["number"]}, {"remit-to-address": ["remit-to-code"]},
    {"tax-code": ["code"]}, TAXES, {"invoice-charges": CHARGE}, {"invoice-lines": INVOICE_LINE},
    {"attachments": ["id", "file-file-name"]},
]  # fmt: skip
TOLD = ("ap_hold", "approved", "disputed", "on_hold", "pending_approval", "pending_receipt", "voided")
TAGS = ["id", {"taggings": ["id", {"tag": ["name"]}]}]
PAYMENTS = ["id", "invoice-number", "invoice-date", "paid", {"supplier": ["number", "name"]}, {"currency": ["code"]},
            {"payments": ["id", "amount-paid", "check-number", "notes", "payment-date", "category"]}]  # fmt: skip


def open_coupa(settings: CoupaSettings, clock: Clock | None = None) -> "Coupa":
    """Return Coupa's REST API as the settings describe it; SettingsError when they are not complete."""
    return Coupa(Client(settings, clock), settings.custom_fields)


class Coupa:
    """A Coupa instance. Lists are read page by page while they are walked through; broken objects come as findings."""

    def __init__(self, client: Client, custom_fields: Mapping[str, str]) -> None:
        self.client, self.custom_fields = client, custom_fields

    def suppliers(self, updated_after: dt.datetime | None = None, number: str = "") -> Iterator[Supplier | Finding]:
        """Yield suppliers: those changed since a moment, or the one with a number."""
        return self._list("suppliers", _chosen(updated_after, number=number), SUPPLIER, rest.supplier)

    def accounts(self, updated_after: dt.datetime | None = None) -> Iterator[Account | Finding]:
        """Yield accounts of all charts."""
        return self._list("accounts", _chosen(updated_after), CHART, rest.account)

    def account_types(self) -> list[str]:
        """Return the names of the charts of accounts that are in use."""
        params = {"active": "true"}
        return [str(found.get("name", "")) for found in self.client.pages("/api/account_types", params, ["id", "name"])]

    def purchase_orders(
        self, updated_after: dt.datetime | None = None, number: str = ""
    ) -> Iterator[PurchaseOrder | Finding]:
        """Yield purchase orders with all their lines: those changed since a moment, or the one with a number."""
        params = _chosen(updated_after, **{"po-number": number})
        return self._list("purchase_orders", params, ORDER, rest.purchase_order)

    def receipts(self, updated_after: dt.datetime | None = None) -> Iterator[Receipt | Finding]:
        """Yield receiving transactions."""
        return self._list("receiving_transactions", _chosen(updated_after), RECEIPT, rest.receipt)

    def invoices(
        self, *, exported: bool = False, statuses: Sequence[str] = ("approved", "voided")
    ) -> Iterator[Invoice | Finding]:
        """Yield the invoices that are ready for the ERP (Coupa: invoices integration into your ERP)."""
        params = {"exported": str(exported).lower(), "status[in]": ",".join(statuses)}
        return self._list("invoices", params, INVOICE, rest.invoice)

    def history(self, updated_after: dt.datetime | None = None) -> Iterator[Invoice | Finding]:
        """Yield the invoices of any status."""
        return self._list("invoices", _chosen(updated_after), INVOICE, rest.invoice)

    def invoice_updates(self, updated_after: dt.datetime | None = None) -> Iterator[Invoice | Finding]:
        """Yield the invoices that have a status which a capture vendor is told of (Coupa: integration scenario 10)."""
        params = {"status[in]": ",".join(TOLD), **_chosen(updated_after)}
        return self._list("invoices", params, INVOICE, rest.invoice)

    def find_invoices(self, supplier_number: str, number: str) -> list[Invoice]:
        """Return the invoices with this number, of this supplier or, where its number is "", of any."""
        params = _chosen(None, **{"supplier[number]": supplier_number, "invoice-number": number})
        found = list(self._list("invoices", params, INVOICE, rest.invoice))
        for broken in found:
            if isinstance(broken, Finding):
                raise CoupaUnknownError(f"invoice {number} is at Coupa but cannot be read: {broken.message}")
        return [invoice for invoice in found if isinstance(invoice, Invoice)]

    def invoice(self, invoice_id: int) -> Invoice:
        """Return one invoice; CoupaUnknownError when it cannot be read."""
        found = rest.invoice(self._one("invoices", invoice_id, INVOICE))
        if isinstance(found, Finding):
            raise CoupaUnknownError(f"invoice {invoice_id} cannot be read: {found.message}")
        return found

    def has_image(self, invoice_id: int) -> bool:
        """True when a page image lies beside the invoice."""
        return bool(self._one("invoices", invoice_id, ["id", "image-scan"]).get("image-scan"))

    def status(self, invoice_id: int) -> str:
        """Return the status of an invoice."""
        return str(self._one("invoices", invoice_id, ["id", "status"]).get("status", ""))

    def create_invoice(self, invoice: Invoice) -> int:
        """Create a draft and return its id; CoupaUnknownError when the answer is not about this invoice."""
        answer = self.client.post("/api/invoices", body=payloads.invoice_payload(invoice, self.custom_fields))
        identity = answer.get("id") if isinstance(answer, dict) else None
        if not isinstance(identity, int) or answer.get("invoice-number", invoice.number) != invoice.number:
            raise CoupaUnknownError(f"POST /api/invoices: the answer is not about invoice {invoice.number}")
        return identity

    def put_image(self, invoice_id: int, name: str, content: bytes) -> None:
        """Put the page image beside an invoice; a second one replaces the first, so it may be repeated."""
        self.client.put(f"/api/invoices/{invoice_id}/image_scan", files={"file": _part(name, content)})

    def attach(self, invoice_id: int, name: str, content: bytes) -> None:
        """Attach a file to an invoice, for the buyer's eyes; look into ``attachments`` before repeating it."""
        form = {"attachment[type]": "file", "attachment[intent]": "Internal"}
        files = {"attachment[file]": _part(name, content)}
        self.client.post(f"/api/invoices/{invoice_id}/attachments", form=form, files=files)

    def attachments(self, invoice_id: int) -> list[str]:
        """Return the names of the files attached to an invoice."""
        found = self.client.get(f"/api/invoices/{invoice_id}/attachments")
        return [str(one.get("file-file-name") or "") for one in found if isinstance(one, dict)]

    def papers(self, invoice_id: int, image: str) -> Iterator[tuple[str, bytes]]:
        """Yield the page image, if there is one, and the files attached to an invoice, each with its name."""
        path = f"/api/invoices/{invoice_id}"
        if self.has_image(invoice_id):
            yield image or "image", self.client.download(f"{path}/retrieve_image_scan")
        for one in self.client.get(f"{path}/attachments"):
            if isinstance(one, dict) and one.get("file-file-name") and one.get("file-url"):
                yield str(one["file-file-name"]), self.client.download(str(one["file-url"]))

    def comment(self, invoice_id: int, text: str) -> None:
        """Write a comment on an invoice."""
        self.client.post(f"/api/invoices/{invoice_id}/comments", body={"comments": text})

    def comments(self, invoice_id: int) -> list[str]:
        """Return the texts of the comments on an invoice."""
        found = self.client.get(f"/api/invoices/{invoice_id}/comments")
        return [str(one.get("comments") or "") for one in found if isinstance(one, dict)]

    def tag(self, invoice_id: int, names: Sequence[str]) -> None:
        """Add the tags that an invoice does not have yet."""
        known = [one for one in self._one("invoices", invoice_id, TAGS).get("taggings") or () if isinstance(one, dict)]
        there = {(one.get("tag") or {}).get("name") for one in known}
        fresh = [{"tag": {"name": name}} for name in names if name not in there]
        if fresh:
            self.client.put(f"/api/invoices/{invoice_id}", body={"taggings": [*known, *fresh]})

    def approved(self, supplier_number: str) -> list[Approved]:
        """Return who approved a supplier's latest invoices, the newest first."""
        fields = json.dumps(approvals.FIELDS, separators=(",", ":"))
        of_supplier = {"supplier[number]": supplier_number, "approvals[status]": approvals.APPROVED}
        latest = {"order_by": "id", "dir": "desc", "limit": "50", "fields": fields}
        found = self.client.get("/api/invoices", {**of_supplier, **latest})
        return [one for body in found if isinstance(found, list) for one in approvals.approved(body)]

    def facts(self, invoice_id: int) -> Facts:
        """Return what the approval of an invoice depends on, as Coupa has it."""
        return approvals.facts(self._one("invoices", invoice_id, approvals.FIELDS))

    def submit(self, invoice_id: int) -> None:
        """Submit a draft for matching and approval."""
        self.client.put(f"/api/invoices/{invoice_id}/submit")

    def void(self, invoice_id: int) -> None:
        """Void an invoice; look at its ``status`` before repeating it."""
        self.client.put(f"/api/invoices/{invoice_id}/void")

    def set_exported(self, kind: str, identity: int) -> None:
        """Flag an object as exported, in a request of its own: Coupa ignores whatever else stands in it."""
        self.client.put(f"/api/{kind}/{identity}", params={"exported": "true"})

    def payments(self, invoice_id: int) -> list[Payment]:
        """Return the payments booked on an invoice; CoupaUnknownError when one of them cannot be read."""
        found = rest.payments(self._one("invoices", invoice_id, PAYMENTS))
        for broken in found:
            if isinstance(broken, Finding):
                raise CoupaUnknownError(f"the payments of invoice {invoice_id} cannot be read: {broken.message}")
        return [payment for payment in found if isinstance(payment, Payment)]

    def add_payment(self, invoice_id: int, payment: Payment) -> None:
        """Book a payment on an invoice; look into ``payments`` before repeating it."""
        self.client.put(f"/api/invoices/{invoice_id}", body=payloads.payment_payload(payment))

    def file_loads(self, name: str) -> Iterator[FileLoad | Finding]:
        """Yield what Coupa's loader says about the files of this name, in the order of their loads."""
        return self._list("data_file_sources", {"file-file-name": name}, (), rest.file_load)

    def close(self) -> None:
        """Let go of the connections."""
        self.client.close()

    def _list(
        self, kind: str, params: Params, fields: Sequence[object], read: Callable[[object], T | Finding]
    ) -> Iterator[T | Finding]:
        return map(read, self.client.pages(f"/api/{kind}", params, fields))

    def _one(self, kind: str, identity: int, fields: Sequence[object]) -> dict[str, Any]:
        path = f"/api/{kind}/{identity}"
        found = self.client.get(path, {"fields": json.dumps(fields, separators=(",", ":"))})
        if not isinstance(found, dict):
            raise CoupaUnknownError(f"GET {path}: the answer is not an object")
        return found


def _chosen(updated_after: dt.datetime | None, **equal: str) -> Params:
    """Return the filter of a list (Coupa: querying options); what is empty does not filter."""
    since = {"updated-at[gt_or_eq]": updated_after.isoformat(timespec="seconds")} if updated_after else {}
    return since | {key: value for key, value in equal.items() if value}


def _part(name: str, content: bytes) -> tuple[str, bytes, str]:
    return name, content, mimetypes.guess_type(name)[0] or "application/octet-stream"
