"""The client on real connections: silence, trickles, cuts, and proxies that nobody asked for."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from exchange.coupa.client import Client
from exchange.errors import CoupaUnknownError, CoupaUnreachableError
from tests.exchange.coupa.settings import settings
from tests.exchange.sshd import free_port

TOKEN = b'{"access_token": "t"}'
Act = Callable[[socket.socket], None]


class Server:
    """A server on loopback that gives out tokens and does ``act`` with every other request."""

    def __init__(self) -> None:
        self.act: Act = answer(b'{"id": 1}')
        self.requests = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        """Stop listening."""
        self._listener.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                threading.Thread(target=self._talk, args=(sock,), daemon=True).start()

    def _talk(self, sock: socket.socket) -> None:
        with suppress(OSError), sock:
            while request := received(sock):
                if b"/oauth2/token" in request:
                    answer(TOKEN)(sock)
                    continue
                self.requests += 1
                self.act(sock)


def received(sock: socket.socket) -> bytes:
    """Read a request with its body."""
    request = b""
    while b"\r\n\r\n" not in request:
        block = sock.recv(65536)
        if not block:
            return b""
        request += block
    head, _, body = request.partition(b"\r\n\r\n")
    length = next((int(line[15:]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")), 0)
    while len(body) < length:
        body += sock.recv(65536)
    return head + body


def answer(body: bytes, promised: int | None = None) -> Act:
    """Answer with a body; promise another length to cut it."""
    length = len(body) if promised is None else promised
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n".encode()

    def act(sock: socket.socket) -> None:
        sock.sendall(head + body)
        if length > len(body):
            sock.shutdown(socket.SHUT_RDWR)

    return act


def trickle(head: bytes) -> Act:
    """Send the head, then a byte now and then, for ever."""

    def act(sock: socket.socket) -> None:
        sock.sendall(head)
        while True:
            time.sleep(0.05)
            sock.sendall(b"X")

    return act


def silence(sock: socket.socket) -> None:
    """Say nothing for as long as the other side waits."""
    sock.recv(1)


def hang_up(sock: socket.socket) -> None:
    """Close without an answer."""
    sock.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def server() -> Iterator[Server]:
    """A server."""
    running = Server()
    yield running
    running.close()


def post(server: Server, **changes: float) -> object:
    client = Client(settings(server.url, **{"timeout_seconds": 0.3, "deadline_seconds": 0.6} | changes))
    try:
        return client.post("/api/invoices", body={"invoice-number": "1"})
    finally:
        client.close()


def test_an_answer_is_an_answer(server: Server) -> None:
    assert {"id": 1} == post(server)


@pytest.mark.parametrize(
    "act",
    [
        silence,
        hang_up,
        answer(b'{"id":', promised=100),
        trickle(b"HTTP/1.1 200 OK\r\nX-Slow: "),
        trickle(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n"),
    ],
    ids=["silence", "hang up", "cut in the body", "trickling head", "trickling body"],
)
def test_a_write_without_a_whole_answer_is_unknown_within_the_deadline(server: Server, act: Act) -> None:
    server.act = act
    began = time.monotonic()
    with pytest.raises(CoupaUnknownError):
        post(server)
    assert time.monotonic() - began < 1.5
    assert server.requests == 1


def test_a_server_that_takes_nothing_in_does_not_hold_an_upload_for_ever(server: Server) -> None:
    full = socket.create_server(("127.0.0.1", 0))
    client = Client(settings(server.url, timeout_seconds=0.3, deadline_seconds=0.6))
    client.get("/api/invoices/1")
    client._http.base_url = f"http://127.0.0.1:{full.getsockname()[1]}"
    with pytest.raises(CoupaUnknownError):
        client.put("/api/invoices/1/image_scan", files={"file": ("a.pdf", bytes(20 << 20), "application/pdf")})
    client.close()
    full.close()


def test_a_server_that_is_not_there_got_nothing() -> None:
    with pytest.raises(CoupaUnreachableError):
        Client(settings(f"http://127.0.0.1:{free_port()}")).post("/api/invoices")


def test_a_name_that_nobody_knows_got_nothing() -> None:
    with pytest.raises(CoupaUnreachableError):
        Client(settings("http://no-such-host.invalid")).post("/api/invoices")


def test_a_certificate_that_is_not_trusted_got_nothing(server: Server) -> None:
    with pytest.raises(CoupaUnreachableError):
        Client(settings(server.url.replace("http:", "https:"), timeout_seconds=0.5)).post("/api/invoices")
    assert server.requests == 0


def test_a_proxy_in_the_environment_sees_nothing(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    assert {"id": 1} == post(server)


def test_threads_share_a_client(server: Server) -> None:
    client = Client(settings(server.url, requests_per_second=10_000, burst=1000))
    answers: list[object] = []
    threads = [threading.Thread(target=lambda: answers.append(client.get("/api/invoices/1"))) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    client.close()
    assert [{"id": 1}] * 20 == answers
