"""The routes of invoices: create, change, delete, the actions, and what hangs on an invoice.

OpenAPI R39 has no POST /invoices; the page Coupa: Invoices API documents it and was followed. [I]: DELETE answers 200
without a body; ``file`` may be any name of the one file part of an attachment.
"""

from collections.abc import Callable, Mapping

from starlette.routing import Route

from sandbox.coupa import domain, papers
from sandbox.coupa.refused import Refused
from sandbox.coupa.resources import acting, found, route
from sandbox.coupa.rest import NOTHING_FOUND, Answer, Api, Call, Verb
from sandbox.store import Json, Store

READ = ("core.invoice.read",)
WRITE = ("core.invoice.write",)
CREATE = ("core.invoice.create", "core.invoice.write")
APPROVE = ("core.invoice.approval.write",)
BYPASS = ("core.invoice.approval.bypass",)
ROOT = "invoice-header"

ACTIONS: Mapping[str, tuple[tuple[str, ...], Callable[[Store, int], Json]]] = {
    "submit": (WRITE, domain.submit),
    "void": (WRITE, domain.void),
    "abandon": (WRITE, domain.abandon),
    "withdraw_dispute": (WRITE, domain.withdraw_dispute),
    "revalidate_tolerances": (WRITE, domain.revalidate),
    "bypass_approvals": (BYPASS, domain.approve),
    "bypass_current_approval": (BYPASS, domain.approve),
}


def routes(api: Api) -> list[Route]:
    """Return the routes of invoices beyond list and show."""
    one = "/invoices/{id:int}"
    actions = [
        route(api, "PUT", f"{one}/{name}", scopes, acting(verb, ROOT)) for name, (scopes, verb) in ACTIONS.items()
    ]
    table: tuple[tuple[str, str, tuple[str, ...], Verb], ...] = (
        ("POST", "/invoices", CREATE, _create),
        ("PUT", one, WRITE, _update),
        ("DELETE", one, ("core.invoice.delete",), _delete),
        ("PUT", f"{one}/dispute", WRITE, _dispute),
        ("PUT", f"{one}/image_scan", WRITE, _image_scan),
        ("GET", f"{one}/retrieve_image_scan", READ, _retrieve_image_scan),
        ("POST", f"{one}/attachments", WRITE, _attach),
        ("GET", f"{one}/attachments", READ, _attachments),
        ("POST", f"{one}/comments", ("core.comment.write",), _comment),
        ("GET", f"{one}/comments", ("core.comment.read",), _comments),
        ("DELETE", "/attachments/{id:int}", WRITE, _delete_attachment),
        ("GET", "/attachments/{id:int}/file", READ, _attachment_file),
        ("PUT", "/approvals/{id:int}/approve", APPROVE, _approve),
        ("PUT", "/approvals/{id:int}/reject", APPROVE, _reject),
    )
    return [*actions, *(route(api, *row) for row in table)]


def _create(call: Call) -> Answer:
    return Answer(domain.create_draft(call.store, call.payload), ROOT, 201)


def _update(call: Call) -> Answer:
    alone = {"exported": call.parameters["exported"]} if "exported" in call.parameters else call.payload
    return Answer(domain.update(call.store, call.id, alone), ROOT)


def _delete(call: Call) -> Answer:
    domain.delete_draft(call.store, call.id)
    return Answer(None, ROOT)


def _dispute(call: Call) -> Answer:
    reason = call.payload.get("dispute-reason")
    code = str(reason.get("code") or "") if isinstance(reason, dict) else ""
    return Answer(domain.dispute(call.store, call.id, code, str(call.payload.get("comment") or "")), ROOT)


def _image_scan(call: Call) -> Answer:
    part = call.files.get("file")
    if part is None:
        raise Refused(400, {"invoice": ["Image scan can't be blank"]})
    return Answer(domain.put_image(call.store, call.id, part.name, part.content), ROOT)


def _retrieve_image_scan(call: Call) -> Answer:
    kept = papers.image(call.store, call.id)
    if kept is None:
        raise Refused(404, {"invoice": [NOTHING_FOUND]})
    return Answer(kept[1], media_type=kept[0]["image-scan-content-type"])


def _attach(call: Call) -> Answer:
    """Take multipart parts ``attachment[file]``, ``attachment[type]`` and so on, or the same names in JSON."""
    texts = {name.removeprefix("attachment[").removesuffix("]"): value for name, value in call.payload.items()}
    nested = texts.pop("attachment", {})
    part = next(iter(call.files.values()), None)
    named = {"file-file-name": part.name} if part else {}
    whole = texts | (nested if isinstance(nested, dict) else {}) | named
    return Answer(domain.attach(call.store, call.id, whole, part.content if part else None), "attachment", 201)


def _attachments(call: Call) -> Answer:
    return Answer(found(call.store, "invoices", call.id, "invoice")["attachments"], "attachment")


def _attachment_file(call: Call) -> Answer:
    body = found(call.store, "attachments", call.id, "attachment")
    content = call.store.blob(body.get("_sha256") or "")
    if content is None:
        raise Refused(404, {"attachment": [NOTHING_FOUND]})
    return Answer(content, media_type=papers.content_type(content) or "application/octet-stream")


def _delete_attachment(call: Call) -> Answer:
    papers.delete_attachment(call.store, call.id)
    return Answer(None)


def _comment(call: Call) -> Answer:
    text = str(call.payload.get("comments") or call.payload.get("comment") or "")
    return Answer(domain.add_comment(call.store, call.id, text), "comment", 201)


def _comments(call: Call) -> Answer:
    owner = found(call.store, "invoices", call.id, "invoice")["id"]
    return Answer(call.select("comments", [("commentable_id", str(owner))]), "comment")


def _approve(call: Call) -> Answer:
    approval = found(call.store, "approvals", call.id, "approval")
    domain.approve(call.store, approval["approvable-id"])
    return Answer(call.store.get("approvals", call.id), "approval")


def _reject(call: Call) -> Answer:
    approval = found(call.store, "approvals", call.id, "approval")
    domain.reject(call.store, approval["approvable-id"])
    return Answer(call.store.get("approvals", call.id), "approval")
