"""Coupa's REST API over HTTP: one request at a time per thread, paced, bounded, and honest about its outcome.

What is read is tried again (with jitter, for a while); what is written never is: a caller who gets CoupaUnknownError
looks it up first. A 401 proves that nothing was applied, so one new token and one more try are safe for both.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx2
import stamina

from exchange.coupa.answers import check, failed, parse
from exchange.coupa.auth import Tokens
from exchange.coupa.deadline import bounded_transport, ends_after, left
from exchange.coupa.pacing import Bucket, Clock
from exchange.errors import (
    CoupaBusyError,
    CoupaError,
    CoupaRefusedError,
    CoupaUnknownError,
    CoupaUnreachableError,
    SettingsError,
)
from exchange.latency import timed
from exchange.settings import CoupaSettings

PARTNER = "coupa"
PAGE = 50
TRIES, PATIENCE_SECONDS = 5, 120.0
CONNECTIONS = 16
LONGEST_BODY = 64 << 20
UNAUTHORISED = 401

TOKEN_REST_SECONDS = 1.0  # Coupa advises to leave a moment between a new token and its first use

Params = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Ask:
    """A request: ``body`` goes as JSON, ``form`` as form fields, ``files`` as parts (name, bytes, media type).

    A ``raw`` answer is a file's bytes; any other is JSON.
    """

    method: str
    path: str
    params: Params | None = None
    body: object = None
    form: Params | None = None
    files: Mapping[str, tuple[str, bytes, str]] | None = None
    raw: bool = False

    @property
    def doing(self) -> str:
        """What errors call it."""
        return f"{self.method} {self.path}"

    @property
    def content(self) -> dict[str, Any]:
        """The request as httpx wants it."""
        parts = {"params": self.params, "json": self.body, "data": self.form, "files": self.files}
        return {name: value for name, value in parts.items() if value is not None}


class Client:
    """A client of one Coupa instance; threads may share it."""

    def __init__(
        self, settings: CoupaSettings, clock: Clock | None = None, transport: httpx2.BaseTransport | None = None
    ) -> None:
        self._settings, self._clock = settings, clock or Clock()
        self._bucket = Bucket(settings.requests_per_second, settings.burst, self._clock)
        self._tokens = Tokens(self._log_in, self._clock)
        self._http = httpx2.Client(
            base_url=_checked(settings),
            headers={"Accept": "application/json", "User-Agent": "coupa-exchange"},
            timeout=settings.timeout_seconds,
            transport=transport or bounded_transport(CONNECTIONS),
            trust_env=False,
        )

    def get(self, path: str, params: Params | None = None) -> Any:  # noqa: ANN401  (JSON is anything)
        """Read; tried again while that may help. CoupaRefusedError for a 404."""
        for attempt in stamina.retry_context(on=_worth_another_try, attempts=TRIES, timeout=PATIENCE_SECONDS):
            with attempt:
                return self._call(Ask("GET", path, params))
        raise AssertionError  # pragma: no cover  (the last attempt returns or raises)

    def download(self, path: str) -> bytes:
        """Read a file; CoupaError for an address of another host, which must not see the token."""
        if urlsplit(path)[:2] not in (("", ""), urlsplit(self._settings.url)[:2]):
            raise CoupaError(f"{path}: it is not on this Coupa instance, so it is not read from there")
        for attempt in stamina.retry_context(on=_worth_another_try, attempts=TRIES, timeout=PATIENCE_SECONDS):
            with attempt:
                return bytes(self._call(Ask("GET", path, raw=True)))
        raise AssertionError  # pragma: no cover  (the last attempt returns or raises)

    def pages(self, path: str, params: Params, fields: Sequence[object] = ()) -> Iterator[Any]:
        """Yield all objects of a list, ordered by id.

        Each page begins behind the last id of the one before: an offset would skip objects when others leave the
        list meanwhile, as they do while they are flagged exported.
        """
        query = {**params, "order_by": "id", "dir": "asc", "limit": str(PAGE)}
        if fields:
            query["fields"] = json.dumps(fields, separators=(",", ":"))
        last = 0
        while True:
            page = self.get(path, {**query, "id[gt]": str(last)} if last else query)
            if not isinstance(page, list):
                raise CoupaUnknownError(f"GET {path}: the answer is not a list")
            yield from page
            if len(page) < PAGE:
                return
            last = _last_id(page, last, path)

    def post(self, path: str, **content: Any) -> Any:  # noqa: ANN401  (see Ask)
        """Create; sent at most once. ``content`` is that of ``Ask``."""
        return self._call(Ask("POST", path, **content))

    def put(self, path: str, **content: Any) -> Any:  # noqa: ANN401  (see Ask)
        """Change; sent at most once. ``content`` is that of ``Ask``."""
        return self._call(Ask("PUT", path, **content))

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _call(self, ask: Ask) -> Any:  # noqa: ANN401
        try:
            return self._ask(ask)
        except CoupaError as error:
            error.partner = PARTNER
            raise

    def _ask(self, ask: Ask) -> Any:  # noqa: ANN401
        with ends_after(self._settings.deadline_seconds):
            token = self._tokens.current()
            try:
                return self._send(ask, token)
            except CoupaRefusedError as error:
                if error.status != UNAUTHORISED:
                    raise
            self._clock.sleep(TOKEN_REST_SECONDS)
            return self._send(ask, self._tokens.current(refused=token))

    def _send(self, ask: Ask, token: str = "") -> Any:  # noqa: ANN401
        self._wait_for_turn(ask.doing)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            with timed(PARTNER), self._http.stream(ask.method, ask.path, headers=headers, **ask.content) as response:
                body = _bounded(response, ask.doing)
        except httpx2.RequestError as error:
            raise failed(error, ask.doing) from error
        try:
            check(response.status_code, response.headers, body, ask.doing)
        except CoupaBusyError as error:
            self._bucket.pause(error.after)
            raise
        return body if ask.raw else parse(body, ask.doing)

    def _wait_for_turn(self, doing: str) -> None:
        wait = self._bucket.reserve()
        if wait > left(self._settings.deadline_seconds):
            raise CoupaUnreachableError(
                f"{doing}: no turn within {self._settings.deadline_seconds:g} s; it was not sent"
            )
        if wait:
            self._clock.sleep(wait)

    def _log_in(self) -> object:
        secret = self._settings.client_secret
        form = {
            "grant_type": "client_credentials",
            "client_id": self._settings.client_id,
            "client_secret": secret.get_secret_value() if secret else "",
            "scope": " ".join(self._settings.scopes),
        }
        try:
            return self._send(Ask("POST", "/oauth2/token", form=form))
        except CoupaUnknownError as error:
            raise CoupaUnreachableError(f"log in: {error}; nothing else was sent") from error
        except CoupaRefusedError as error:
            remedy = "check client_id, client_secret and scopes under [coupa]"
            raise CoupaRefusedError(f"{error}; {remedy}", status=error.status, errors=error.errors) from error


def _worth_another_try(error: Exception) -> bool | float:
    """Tell stamina whether to try again: after as long as Coupa asked for, or as long as it sees fit."""
    if isinstance(error, CoupaBusyError):
        return error.after
    return isinstance(error, CoupaUnreachableError | CoupaUnknownError)


def _bounded(response: httpx2.Response, doing: str) -> bytes:
    body = bytearray()
    for block in response.iter_bytes():
        body += block
        if len(body) > LONGEST_BODY:
            raise CoupaUnknownError(f"{doing}: the answer is longer than {LONGEST_BODY} bytes")
    return bytes(body)


def _last_id(page: Sequence[Any], before: int, path: str) -> int:
    """Return the id that the next page begins behind; CoupaError when the list does not advance."""
    last = page[-1].get("id") if isinstance(page[-1], dict) else None
    if not isinstance(last, int) or last <= before:
        raise CoupaError(f"GET {path}: the list is not ordered by id, so it cannot be read page by page")
    return last


def _checked(settings: CoupaSettings) -> str:
    """Return the base address; SettingsError when something is missing without which nothing can be asked."""
    if not settings.url.startswith(("https://", "http://")):
        raise SettingsError("coupa.url: set it to https://INSTANCE.coupahost.com")
    if not settings.client_id or settings.client_secret is None:
        raise SettingsError("coupa: set client_id, and client_secret by environment or client_secret_file")
    return settings.url.rstrip("/")
