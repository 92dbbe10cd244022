"""What hangs on an invoice: its image scan, attachments and comments; the bytes are kept as blobs.

[I]: accepted images are PDF, TIFF, PNG and JPEG by their first bytes (vendors send TIFF or PDF), 8 MB at most, which is
the documented limit for an invoice's files; ten attachments at most, as the import page says.
"""

from sandbox.coupa.keeping import allow, invoice, keep
from sandbox.store import Json, Store

LIMIT = 8 * 1024 * 1024
ATTACHMENTS = 10
KINDS = {
    b"%PDF-": "application/pdf",
    b"II*\x00": "image/tiff",
    b"MM\x00*": "image/tiff",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"\xff\xd8\xff": "image/jpeg",
}


def content_type(content: bytes) -> str | None:
    """Return the media type of an image Coupa shows, by its first bytes; None for anything else."""
    return next((kind for head, kind in KINDS.items() if content.startswith(head)), None)


def put_image(store: Store, invoice_id: int, name: str, content: bytes) -> Json:
    """Store the image scan of an invoice (PDF, TIFF, PNG or JPEG of at most 8 MB); a second one replaces the first."""
    with store.transaction():
        found = invoice(store, invoice_id)
        allow(_image_problems(content))
        return keep(
            store,
            found
            | {
                "image-scan": f"/api/invoices/{invoice_id}/retrieve_image_scan",
                "image-scan-file-name": name,
                "image-scan-content-type": content_type(content),
                "image-scan-file-size": str(len(content)),
                "_image-sha256": store.put_blob(content),
            },
        )


def _image_problems(content: bytes) -> list[str]:
    if not content:
        return ["Image scan can't be blank"]
    if len(content) > LIMIT:
        return ["Image scan file size must be less than 8 MB"]
    return [] if content_type(content) else ["Image scan content type is not included in the list"]


def image(store: Store, invoice_id: int) -> tuple[Json, bytes] | None:
    """Return an invoice and the bytes of its image scan, or None when it has none."""
    found = invoice(store, invoice_id)
    content = store.blob(found.get("_image-sha256") or "")
    return None if content is None else (found, content)


def attach(store: Store, invoice_id: int, attachment: Json, content: bytes | None = None) -> Json:
    """Attach a file (with ``content``), url or text to an invoice and return the attachment.

    ``attachment`` may carry ``type``, ``intent``, ``url``, ``text`` and ``file-file-name``.
    """
    with store.transaction():
        found = invoice(store, invoice_id)
        allow(_attachment_problems(found, attachment, content))
        given = {name: attachment.get(name) for name in ("type", "intent", "url", "text", "file-file-name")}
        filed = _filed(store, content) if content is not None else {}
        kept = store.insert("attachments", given | filed | {"linked-to": "InvoiceHeader", "_invoice-id": invoice_id})
        if content is not None:
            link = f"/api/attachments/{kept['id']}/file"
            kept = store.save("attachments", kept | {"file": link, "file-url": link})
        keep(store, found | {"attachments": [*found["attachments"], kept]})
        return kept


def _filed(store: Store, content: bytes) -> Json:
    return {"file-file-size": str(len(content)), "_sha256": store.put_blob(content), "type": "file"}


def _attachment_problems(found: Json, attachment: Json, content: bytes | None) -> list[str]:
    if len(found["attachments"]) >= ATTACHMENTS:
        return [f"Attachments are too many (maximum is {ATTACHMENTS})"]
    if content is not None and len(content) > LIMIT:
        return ["Attachment file size must be less than 8 MB"]
    if content is None and not attachment.get("url") and not attachment.get("text"):
        return ["Attachment file can't be blank"]
    return []


def delete_attachment(store: Store, attachment_id: int) -> None:
    """Remove an attachment from its invoice; removing what is gone is no error."""
    with store.transaction():
        gone = store.get("attachments", attachment_id)
        if gone is None:
            return
        store.delete("attachments", attachment_id)
        owner = invoice(store, gone["_invoice-id"])
        keep(store, owner | {"attachments": [one for one in owner["attachments"] if one["id"] != attachment_id]})


def add_comment(store: Store, invoice_id: int, text: str) -> Json:
    """Add a comment to an invoice and return the comment."""
    with store.transaction():
        found = invoice(store, invoice_id)
        allow([] if text else ["Comments can't be blank"])
        kept = {"commentable-type": "InvoiceHeader", "commentable-id": found["id"], "comments": text}
        return store.insert("comments", kept)
