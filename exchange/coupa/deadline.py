"""A hard end for a request as a whole.

httpx's time-outs count from byte to byte, so a server that sends one byte now and then could hold a request for ever,
and the time after which an unknown outcome may be looked up would have no beginning.
"""

import ssl
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import httpcore2
import httpx2

_end: ContextVar[float | None] = ContextVar("end of the request", default=None)


@contextmanager
def ends_after(seconds: float) -> Iterator[None]:
    """Let every read and write inside stop when so many seconds are over; an end outside that is nearer stays."""
    token = _end.set(time.monotonic() + left(seconds))
    try:
        yield
    finally:
        _end.reset(token)


def left(most: float) -> float:
    """Return how many seconds are left before the end, and never more than ``most``."""
    end = _end.get()
    return most if end is None else min(most, end - time.monotonic())


def remaining(timeout: float | None) -> float | None:
    """Return the shorter of a time-out and what is left before the end; TimeoutError when nothing is left."""
    seconds = left(float("inf") if timeout is None else timeout)
    if seconds <= 0:
        raise TimeoutError
    return None if seconds == float("inf") else seconds


class BoundedStream(httpcore2.NetworkStream):
    """A connection whose reads and writes respect the end of the request."""

    def __init__(self, stream: httpcore2.NetworkStream) -> None:
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Return what has arrived; ReadTimeout at the end of the request."""
        try:
            return self._stream.read(max_bytes, remaining(timeout))
        except TimeoutError as error:
            raise httpcore2.ReadTimeout("the request took too long") from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send; WriteTimeout at the end of the request."""
        try:
            self._stream.write(buffer, remaining(timeout))
        except TimeoutError as error:
            raise httpcore2.WriteTimeout("the request took too long") from error

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        """Return the encrypted connection, equally bounded."""
        return BoundedStream(self._stream.start_tls(ssl_context, server_hostname, timeout))

    def get_extra_info(self, info: str) -> object:
        """Tell what the connection knows about itself."""
        return self._stream.get_extra_info(info)


class BoundedBackend(httpcore2.SyncBackend):
    """Makes connections whose reads and writes respect the end of the request."""

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect."""
        return BoundedStream(super().connect_tcp(host, port, timeout, local_address, socket_options))


def bounded_transport(connections: int) -> httpx2.HTTPTransport:
    """Return a transport that looks at no environment variable and keeps to the end of the request."""
    transport = httpx2.HTTPTransport(trust_env=False)
    transport.close()
    transport._pool = httpcore2.ConnectionPool(  # noqa: SLF001  (httpx offers no other way to bring a backend)
        ssl_context=httpx2.create_ssl_context(trust_env=False),
        max_connections=connections,
        keepalive_expiry=3,  # servers drop idle connections after 5 s; a request sent just then has an unknown outcome
        network_backend=BoundedBackend(),
    )
    return transport
