"""Faults on demand: rules that say which request goes wrong and how, and the ASGI layer that makes it so.

A rule is ``{"match": {"path": regex, "method": "POST"}, "kind": ..., "times": 1, "status": 503, "seconds": 0}``:

* ``status`` answers with that status and never asks Coupa · ``html_200`` answers 200 with a page for humans
* ``latency`` waits ``seconds`` first · ``hold`` waits until the rules are cleared
* ``token_expiry`` lets all tokens expire first
* ``cut_before_commit`` drops the connection before Coupa does anything · ``cut_after_commit`` lets Coupa do it and
  drops the connection instead of answering · ``other_answer`` lets Coupa do it and answers 201 about something else
* ``stale_lookup`` hides what was created in the last ``seconds``

``times`` counts down; 0 means always. The first rule that matches is taken.
"""

import asyncio
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from threading import Lock
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

OTHER = b'{"id": 999999, "invoice-number": "SOMETHING-ELSE", "status": "draft"}'


class ConnectionCutError(Exception):
    """The connection was cut on purpose."""


class FaultKind(StrEnum):
    """What goes wrong."""

    STATUS = "status"
    HTML_200 = "html_200"
    LATENCY = "latency"
    HOLD = "hold"
    TOKEN_EXPIRY = "token_expiry"  # noqa: S105  # a fault's name
    CUT_BEFORE_COMMIT = "cut_before_commit"
    CUT_AFTER_COMMIT = "cut_after_commit"
    STALE_LOOKUP = "stale_lookup"
    OTHER_ANSWER = "other_answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One rule; ``path`` is a regular expression searched in the request's path, "" in ``method`` means any."""

    kind: FaultKind
    path: str = ""
    method: str = ""
    times: int = 1
    status: int = 503
    seconds: float = 0.0

    def hits(self, method: str, path: str) -> bool:
        """Say whether a request is meant."""
        return self.method.upper() in ("", method) and re.search(self.path, path) is not None


def read_fault(rule: dict[str, Any]) -> Fault:
    """Read a rule as the control face takes it; ValueError or re.error when it is not one."""
    match = rule.get("match") or {}
    re.compile(str(match.get("path") or ""))
    return Fault(
        kind=FaultKind(rule["kind"]),
        path=str(match.get("path") or ""),
        method=str(match.get("method") or ""),
        times=int(rule.get("times", 1)),
        status=int(rule.get("status", 503)),
        seconds=float(rule.get("seconds", 0)),
    )


class Faults:
    """The rules in force, shared by the ASGI layer and the control face."""

    def __init__(self) -> None:
        self._rules: list[Fault] = []
        self.cleared = 0
        self._lock = Lock()

    def add(self, fault: Fault) -> None:
        """Put a rule behind the others."""
        with self._lock:
            self._rules.append(fault)

    def clear(self) -> None:
        """Forget all rules; what is held goes on."""
        with self._lock:
            self._rules.clear()
            self.cleared += 1

    def rules(self) -> list[dict[str, Any]]:
        """Return the rules in force, with the ``times`` that are left."""
        return [asdict(rule) for rule in self._rules]

    def take(self, method: str, path: str) -> Fault | None:
        """Return the rule that meets a request and count it, or None."""
        with self._lock:
            for index, rule in enumerate(self._rules):
                if rule.hits(method, path):
                    if rule.times == 1:
                        del self._rules[index]
                    elif rule.times:
                        self._rules[index] = replace(rule, times=rule.times - 1)
                    return rule
        return None


class FaultLayer:
    """ASGI layer, outermost: executes the rules."""

    def __init__(self, app: ASGIApp, faults: Faults, expire_tokens: Callable[[], None]) -> None:
        self._app = app
        self._faults = faults
        self._expire_tokens = expire_tokens

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or spoil it."""
        fault = self._faults.take(scope["method"], scope["path"]) if _is_coupa(scope) else None
        if fault is None:
            await self._app(scope, receive, send)
        elif fault.kind in (FaultKind.STATUS, FaultKind.HTML_200):
            await _answer(fault, send)
        elif fault.kind is FaultKind.OTHER_ANSWER:
            await self._app(scope, receive, _swallow)
            await _respond(send, 201, b"application/json", OTHER)
        elif fault.kind in (FaultKind.CUT_BEFORE_COMMIT, FaultKind.CUT_AFTER_COMMIT):
            if fault.kind is FaultKind.CUT_AFTER_COMMIT:
                await self._app(scope, receive, _swallow)
            await _cut(send)
        else:
            whole = await _received(receive)
            await self._prepare(fault, scope)
            await self._app(scope, whole, send)

    async def _prepare(self, fault: Fault, scope: Scope) -> None:
        if fault.kind is FaultKind.TOKEN_EXPIRY:
            self._expire_tokens()
        elif fault.kind is FaultKind.LATENCY:
            await asyncio.sleep(fault.seconds)
        elif fault.kind is FaultKind.HOLD:
            cleared = self._faults.cleared
            while self._faults.cleared == cleared:  # noqa: ASYNC110  (they are cleared from another thread)
                await asyncio.sleep(0.02)
        else:
            scope["sandbox.stale_seconds"] = fault.seconds


def _is_coupa(scope: Scope) -> bool:
    return scope["type"] == "http" and str(scope["path"]).startswith(("/api/", "/oauth2/"))


async def _received(receive: Receive) -> Receive:
    """Take the whole request now, so that it is carried out even when the client hangs up meanwhile."""
    messages = [await receive()]
    while messages[-1].get("more_body"):
        messages.append(await receive())

    async def again() -> Message:
        return messages.pop(0) if messages else await receive()

    return again


async def _swallow(_: Message) -> None:
    """Take an answer that nobody will get."""


async def _answer(fault: Fault, send: Send) -> None:
    if fault.kind is FaultKind.HTML_200:
        await _respond(send, 200, b"text/html", b"<!DOCTYPE html><html><body><h1>Log in</h1></body></html>")
    else:
        await _respond(send, fault.status, b"text/plain", b"")


async def _respond(send: Send, status: int, kind: bytes, body: bytes) -> None:
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


async def _cut(send: Send) -> None:
    """Drop the connection: through uvicorn's transport where it is the server, else by an answer that breaks off.

    The server's own ``send`` is needed for the first, so this layer must be the outermost of the process.
    """
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if transport is None:
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"65536")]})
        raise ConnectionCutError("cut on purpose")
    transport.abort()
    await asyncio.sleep(0)  # the server must learn of it before this returns, or it writes a 500 into the void
