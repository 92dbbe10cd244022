"""One door for every request: token, scope, rate limit, body, verb, answer, error.

A verb is a plain function from Call to Answer; it runs in a worker thread, and whatever it refuses becomes Coupa's
error shape. [I]: the texts of 401, 403 and 429, whose bodies are not documented, and 404 for a single object in JSON.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from sandbox.coupa import listing, reducers, wire
from sandbox.coupa.limits import Bucket
from sandbox.coupa.queries import Pairs
from sandbox.coupa.refused import Refused
from sandbox.coupa.settings import Settings
from sandbox.coupa.tokens import Tokens
from sandbox.store import Json, Store

WIDEST = 2**63 - 1  # SQLite's integers end here
NOTHING_FOUND = "No results match your search criteria."


@dataclass(frozen=True, slots=True)
class Api:
    """What every request needs: the store, the settings, the tokens and the buckets."""

    store: Store
    settings: Settings
    tokens: Tokens
    bucket: Bucket


@dataclass(frozen=True, slots=True)
class Upload:
    """A file part of a multipart form."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request, read: path parameters, query parameters, body."""

    store: Store
    ids: Mapping[str, int]
    pairs: Pairs = ()
    payload: Json = field(default_factory=dict)
    files: Mapping[str, Upload] = field(default_factory=dict)
    hidden_seconds: float = 0.0

    @property
    def parameters(self) -> dict[str, str]:
        """The query parameters; of a repeated one the last."""
        return dict(self.pairs)

    @property
    def id(self) -> int:
        """The id in the path."""
        return self.ids["id"]

    def select(self, kind: str, extra: Pairs = ()) -> list[Json]:
        """Return the page of a list that the query parameters ask for."""
        since = self.store.clock() - timedelta(seconds=self.hidden_seconds) if self.hidden_seconds else None
        return listing.select(self.store, kind, [*self.pairs, *extra], hidden_since=since)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a verb answers: a value to be written as JSON or XML under ``root``, or bytes with their media type."""

    value: object
    root: str = "object"
    status: int = 200
    media_type: str = ""


Verb = Callable[[Call], Answer]
Endpoint = Callable[[Request], Awaitable[Response]]


def door(api: Api, scopes: tuple[str, ...], verb: Verb) -> Endpoint:
    """Return the endpoint that lets a request with one of the scopes through to a verb."""

    async def endpoint(request: Request) -> Response:
        as_json = "json" in request.headers.get("accept", "")
        try:
            _admit(api, scopes, request)
            call = await _read(api, request)
            answer = await run_in_threadpool(verb, call)
            return _write(answer, call, as_json=as_json)
        except Refused as refused:
            return _refuse(refused, as_json=as_json)
        except wire.Unreadable as error:
            return _refuse(Refused(400, {"base": [str(error)]}), as_json=as_json)

    return endpoint


def _admit(api: Api, scopes: tuple[str, ...], request: Request) -> None:
    token = api.tokens.check(request.headers.get("authorization", ""))
    if token is None:
        raise Refused(401, {"base": ["The access token is missing, invalid or expired"]})
    if not api.bucket.take(token.client):
        raise Refused(429, {"base": ["Too many requests"]})
    if token.scopes.isdisjoint(scopes):
        raise Refused(403, {"base": [f"Insufficient scope: {' or '.join(scopes)} is required"]})


async def _read(api: Api, request: Request) -> Call:
    payload, files = await _body(api, request)
    return Call(
        store=api.store,
        ids={name: min(int(value), WIDEST) for name, value in request.path_params.items()},
        pairs=request.query_params.multi_items(),
        payload=payload,
        files=files,
        hidden_seconds=float(request.scope.get("sandbox.stale_seconds", 0)),
    )


async def _body(api: Api, request: Request) -> tuple[Json, dict[str, Upload]]:
    if int(request.headers.get("content-length") or 0) > api.settings.body_limit:
        raise Refused(413, {"base": ["Request entity too large"]})
    kind = request.headers.get("content-type", "")
    if kind.startswith("multipart/form-data"):
        if "content-length" not in request.headers:
            raise Refused(411, {"base": ["Length required"]})
        return await _form(request)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > api.settings.body_limit:
            raise Refused(413, {"base": ["Request entity too large"]})
    return await run_in_threadpool(wire.read, bytes(body), kind), {}


async def _form(request: Request) -> tuple[Json, dict[str, Upload]]:
    try:
        async with request.form(max_files=1, max_fields=20) as form:
            texts: Json = {name: value for name, value in form.multi_items() if isinstance(value, str)}
            parts = [(name, part) for name, part in form.multi_items() if isinstance(part, UploadFile)]
            return texts, {name: Upload(part.filename or "file", await part.read()) for name, part in parts}
    except HTTPException as error:
        raise Refused(400, {"base": [f"The request body is not multipart: {error.detail}"]}) from None


def _write(answer: Answer, call: Call, *, as_json: bool) -> Response:
    if answer.media_type:
        return Response(answer.value, answer.status, media_type=answer.media_type)
    if answer.value == [] and not as_json:
        raise Refused(404, {answer.root: [NOTHING_FOUND]})
    value = reducers.reduce(wire.public(answer.value), call.parameters)
    if value is None:
        return Response(status_code=answer.status)
    content = wire.write_json(value) if as_json else wire.write_xml(value, answer.root)
    return Response(content, answer.status, media_type=_media_type(as_json=as_json))


def _media_type(*, as_json: bool) -> str:
    return "application/json" if as_json else "application/xml"


def _refuse(refused: Refused, *, as_json: bool) -> Response:
    headers = {401: {"WWW-Authenticate": 'Bearer error="invalid_token"'}, 429: {"Retry-After": "1"}}
    content = wire.write_errors(refused.errors, as_json=as_json)
    return Response(content, refused.status, headers.get(refused.status), _media_type(as_json=as_json))
