"""What an answer of Coupa's means: done, refused, busy, or nobody knows (Coupa: exception handling and error codes)."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import httpx2

from exchange.errors import (
    CoupaBusyError,
    CoupaError,
    CoupaRefusedError,
    CoupaUnknownError,
    CoupaUnreachableError,
)

NOT_SENT = (
    httpx2.ConnectError,
    httpx2.ConnectTimeout,
    httpx2.PoolTimeout,
    httpx2.ProxyError,
    httpx2.UnsupportedProtocol,
)
LONGEST_REASON = 500
LONGEST_WAIT = 60.0


def failed(error: httpx2.RequestError, doing: str) -> CoupaError:
    """Return what a broken request means: never sent, or sent with an unknown outcome."""
    reason = str(error) or type(error).__name__
    if isinstance(error, NOT_SENT):
        return CoupaUnreachableError(f"{doing}: Coupa cannot be reached ({reason})")
    return CoupaUnknownError(f"{doing}: the answer was lost ({reason})")


def check(status: int, headers: Mapping[str, str], body: bytes, doing: str) -> None:
    """Return quietly on success; raise what any other status means.

    408 and 429 are said before anything is done, and so is a 503 that names a time to come back. Any other 5xx may
    come from a gateway behind which the request was carried out: nobody knows.
    """
    if 200 <= status < 300:  # noqa: PLR2004
        return
    after = _wait(headers.get("retry-after"))
    if status in {408, 429} or (status == 503 and after is not None):  # noqa: PLR2004
        raise CoupaBusyError(f"{doing}: Coupa asks to slow down ({status})", after=1.0 if after is None else after)
    if 300 <= status < 500:  # noqa: PLR2004
        reasons = tuple(reasons_of(body))
        raise CoupaRefusedError(f"{doing}: {_refusal(status, headers, reasons)}", status=status, errors=reasons)
    raise CoupaUnknownError(f"{doing}: Coupa failed ({status}), and may have done it or not")


def parse(body: bytes, doing: str) -> Any:  # noqa: ANN401  (JSON is anything)
    """Return the JSON of a successful answer, decimals exact; CoupaUnknownError when it is something else."""
    if not body.strip():
        return {}
    try:
        return json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise CoupaUnknownError(f"{doing}: the answer is not JSON but {_start(body)!r}") from error


def reasons_of(body: bytes) -> Iterator[str]:
    """Yield the messages of ``{"errors": {"invoice": ["…", …]}}``, each once; the text itself of anything else."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        said = _start(body)
    errors = said.get("errors", said.get("error", said)) if isinstance(said, dict) else said
    yield from dict.fromkeys(text[:LONGEST_REASON] for text in _texts(errors) if text)


def _texts(said: object) -> Iterator[str]:
    if isinstance(said, dict):
        said = [*said.values()]
    if isinstance(said, list):
        for item in said:
            yield from _texts(item)
    elif said is not None:
        yield str(said).strip()


def _refusal(status: int, headers: Mapping[str, str], reasons: tuple[str, ...]) -> str:
    if status < 400:  # noqa: PLR2004
        return f"Coupa points to {headers.get('location', 'another address')!r} ({status}); is the url right?"
    return f"Coupa refused it ({status})" + (f": {'; '.join(reasons)}" if reasons else "")


def _wait(text: str | None) -> float | None:
    """Return the seconds of Retry-After, capped; a date there is taken for a short while (RFC 9110 §10.2.3)."""
    if text is None:
        return None
    return min(float(text), LONGEST_WAIT) if text.strip().isdigit() else 5.0


def _start(body: bytes) -> str:
    return " ".join(body[:LONGEST_REASON].decode("utf-8", "replace").split())
