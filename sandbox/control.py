"""The sandbox's own face under /_sandbox/: what no partner offers, but a test or a demonstration needs.

Every request but ``health`` carries ``Authorization: Bearer TOKEN``. Bodies and answers are JSON.

    GET    health                                            {"status": "ok"}
    GET    totals                                            {"coupa": ..., "lockbox": ..., "erp": ...}
    POST   lockbox/deliver   {"folder": "/path"}             {"delivered": [names]}
    POST   coupa/approve     {"statuses": ["pending_approval"]}  {"approved": [ids]}
    POST   coupa/receive     a receiving transaction         the receipt
    POST   coupa/setup       {"invoice-updates": true}       all that is set up, see ``sandbox.coupa.setup``
    POST   loader/run                                        {"data_file_sources": [...]}
    POST   exporter/run                                      {"files": [paths]}
    POST   erp/pay                                           {"files": [names]}
    GET    faults                                            {"sftp": {party: [...]}, "rest": [...]}
    POST   faults            a fault                         as GET faults
    DELETE faults                                            as GET faults: none

A fault with a ``party`` (coupa, lockbox, erp) is one of its SFTP site, see ``sandbox.files.sftp_faults``:
``{"party": "lockbox", "kind": "cut", "times": 1, "after_bytes": 1000}``. One without is a rule for Coupa's REST API,
see ``sandbox.faults``: ``{"match": {"path": "/api/invoices$", "method": "POST"}, "kind": "cut_after_commit"}``.
"""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path
from secrets import compare_digest
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sandbox.coupa import domain, setup
from sandbox.coupa.refused import Refused
from sandbox.faults import read_fault
from sandbox.files.sftp_faults import SftpFault, SftpFaultKind
from sandbox.world import World

Answer = Callable[[World, dict[str, Any]], object]
"""Does what a request asks, given its JSON body, and returns the JSON of the answer; ValueError for a wrong body."""


def control_routes(world: World) -> list[Route]:
    """Return the routes, to be mounted under /_sandbox."""
    return [Route("/health", _health), *(_route(world, *verb) for verb in _VERBS)]


async def _health(_: Request) -> Response:
    return JSONResponse({"status": "ok"})


def _route(world: World, method: str, path: str, answer: Answer) -> Route:
    return Route(path, _guarded(world, answer), methods=[method])


def _guarded(world: World, answer: Answer) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if not compare_digest(given.encode(), world.credentials.control_token.encode()):
            return JSONResponse({"error": "The control token is missing or wrong."}, 401)
        try:
            return JSONResponse(await run_in_threadpool(answer, world, await _body(request)))
        except Refused as refused:
            return JSONResponse({"errors": refused.errors}, refused.status)
        except (ValueError, KeyError, TypeError, OSError) as error:
            return JSONResponse({"error": f"{type(error).__name__}: {error}"}, 400)

    return endpoint


async def _body(request: Request) -> dict[str, Any]:
    body = await request.json() if await request.body() else {}
    if not isinstance(body, dict):
        raise ValueError("the body is not a JSON object")  # noqa: TRY004  (a wrong value, not a wrong call)
    return body


def _deliver(world: World, body: dict[str, Any]) -> object:
    return {"delivered": world.deliver(Path(body["folder"]))}


def _approve(world: World, body: dict[str, Any]) -> object:
    return {"approved": domain.approve_all(world.store, body.get("statuses", ("pending_approval",)))}


def _faults(world: World, _: dict[str, Any]) -> object:
    sftp = {party: [asdict(fault) for fault in site.faults.armed] for party, site in world.sites.items()}
    return {"sftp": sftp, "rest": world.faults.rules()}


def _arm(world: World, body: dict[str, Any]) -> object:
    """Arm a fault and return all that are armed."""
    if "party" in body:
        site = world.sites[body.pop("party")]
        site.faults.arm(SftpFault(**body | {"kind": SftpFaultKind(body["kind"])}))
    else:
        world.faults.add(read_fault(body))
    return _faults(world, {})


def _disarm(world: World, _: dict[str, Any]) -> object:
    world.faults.clear()
    for site in world.sites.values():
        site.faults.clear()
    return _faults(world, {})


_VERBS: tuple[tuple[str, str, Answer], ...] = (
    ("GET", "/totals", lambda world, _: world.totals()),
    ("POST", "/lockbox/deliver", _deliver),
    ("POST", "/coupa/approve", _approve),
    ("POST", "/coupa/receive", lambda world, body: domain.post_receipt(world.store, body)),
    ("POST", "/coupa/setup", lambda world, body: setup.change(world.store, body)),
    ("POST", "/loader/run", lambda world, _: {"data_file_sources": world.load()}),
    ("POST", "/exporter/run", lambda world, _: {"files": world.export()}),
    ("POST", "/erp/pay", lambda world, _: {"files": world.erp.pay()}),
    ("GET", "/faults", _faults),
    ("POST", "/faults", _arm),
    ("DELETE", "/faults", _disarm),
)
