"""A receiver of webhooks over real HTTP: what it got, and what it answers."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any


class Receiver(HTTPServer):
    """Keeps each body with its headers in ``got`` and answers ``status``."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Asked)
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.status = 200

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/hook"

    def told(self, *names: str) -> list[Any]:
        """Return some values of what it took."""
        bodies = [json.loads(body) for _, body in self.got]
        return [tuple(body[name] for name in names) for body in bodies]


class _Asked(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.status < 300:
            self.server.got.append((dict(self.headers), body))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def receiver() -> Iterator[Receiver]:
    """Run a receiver until the block ends."""
    with Receiver() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
