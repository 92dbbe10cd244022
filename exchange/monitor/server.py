"""What other programs may ask over HTTP: /healthz is alive, /readyz could work, /metrics is for Prometheus."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import structlog
from prometheus_client import CONTENT_TYPE_LATEST

from exchange.batches.world import World
from exchange.errors import LedgerError, SettingsError
from exchange.monitor import metrics
from exchange.monitor.health import Level, Problem, look

log = structlog.get_logger()
JSON = "application/json"
NOT_READY = ("disk", "partner", "switch")  # what else is wrong keeps nothing from being worked
Answer = tuple[HTTPStatus, str, bytes]


@contextmanager
def served(world: World, listen: str) -> Iterator[int]:
    """Answer on an address of this machine until the block ends; give the port. SettingsError when it is taken."""
    host, _, port = listen.rpartition(":")
    try:
        server = _Server((host.strip("[]"), int(port)), _asked(world))
    except OSError as error:
        raise SettingsError(f"health.listen: {listen} cannot be listened on: {error.strerror}") from error
    thread = threading.Thread(target=server.serve_forever, name="health", daemon=True)
    thread.start()
    log.info("health", listen=listen)
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True


def _asked(world: World) -> type[BaseHTTPRequestHandler]:
    class Asked(BaseHTTPRequestHandler):
        """One request; anything but reading three pages is refused."""

        pages: ClassVar = {"/healthz": _alive, "/readyz": _ready, "/metrics": _metrics}
        server_version = "exchange"
        sys_version = ""
        timeout = 10

        def do_GET(self) -> None:
            page = self.pages.get(self.path.partition("?")[0])
            status, kind, body = page(world) if page else (HTTPStatus.NOT_FOUND, JSON, b'{"error": "no such page"}')
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the name that it is called by)
            """Say nothing: probes come every few seconds."""

    return Asked


def _alive(world: World) -> Answer:
    return _told(HTTPStatus.OK, {"alive": True, "owner": world.owner})


def _ready(world: World) -> Answer:
    """Ready while the ledger can be read, there is room on the disk, no partner is down and nobody said stop."""
    try:
        problems = look(world).problems
    except LedgerError as error:
        return _told(HTTPStatus.SERVICE_UNAVAILABLE, {"ready": False, "problems": {"ledger": str(error)}})
    found = {one.topic: one.message for one in problems if one.topic.split()[0] in NOT_READY and _counts(one)}
    return _told(HTTPStatus.SERVICE_UNAVAILABLE if found else HTTPStatus.OK, {"ready": not found, "problems": found})


def _counts(problem: Problem) -> bool:
    return problem.level is Level.CRITICAL or problem.topic == "switch"


def _metrics(world: World) -> Answer:
    try:
        return HTTPStatus.OK, CONTENT_TYPE_LATEST, metrics.exposition(world)
    except LedgerError as error:
        return _told(HTTPStatus.SERVICE_UNAVAILABLE, {"error": str(error)})


def _told(status: HTTPStatus, value: object) -> Answer:
    return status, JSON, json.dumps(value).encode() + b"\n"
