"""One process: Coupa's REST API and the control face on one HTTP port, an SFTP server for each party, two clocks."""

import asyncio
import contextlib
import logging
import os
import signal
import socket
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from starlette.routing import Mount

from sandbox.control import control_routes
from sandbox.coupa.app import build_app
from sandbox.coupa.settings import Settings
from sandbox.files.sftp import SftpAddress
from sandbox.store import Json
from sandbox.world import Credentials, World, open_world, write_secret

log = logging.getLogger("sandbox")


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to serve; port 0 takes a free one, ``export_seconds`` 0 leaves the exporter to the control face."""

    state: Path
    seed: Json | None = None
    host: str = "127.0.0.1"
    http_port: int = 0
    sftp_ports: Mapping[str, int] = field(default_factory=dict)
    loader_seconds: float = 5.0
    export_seconds: float = 0.0
    requests_per_second: float = 25.0
    token_seconds: int = 86399
    ready_file: Path | None = None


async def serve(options: Options, announce: Callable[[dict[str, Any]], None]) -> None:
    """Serve until SIGTERM or SIGINT; ``announce`` gets the addresses once everything listens."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    ready_files = [options.state / "ready.json", *([options.ready_file] if options.ready_file else [])]
    world = open_world(options.state, options.seed)
    try:
        async with contextlib.AsyncExitStack() as running:
            for path in ready_files:
                path.unlink(missing_ok=True)
                running.callback(path.unlink, missing_ok=True)
            ready = await _start(world, options, running)
            for path in ready_files:
                write_secret(path, ready)
            announce(ready)
            await stop.wait()
    finally:
        world.close()


async def _start(world: World, options: Options, running: contextlib.AsyncExitStack) -> dict[str, Any]:
    """Start everything, leave its end to ``running``, and return the ready file's content."""
    addresses = {}
    for party, site in world.sites.items():
        addresses[party] = await site.start(options.host, options.sftp_ports.get(party, 0))
        running.push_async_callback(site.stop)
    url = await _start_http(world, options, running)
    for seconds, work in ((options.loader_seconds, world.load), (options.export_seconds, world.export)):
        if seconds:
            running.push_async_callback(_cancel, asyncio.create_task(_every(seconds, work)))
    return _ready(url, addresses, world.credentials)


async def _start_http(world: World, options: Options, running: contextlib.AsyncExitStack) -> str:
    listening = socket.create_server((options.host, options.http_port))
    settings = Settings(
        clients={world.credentials.client_id: world.credentials.client_secret},
        rate=options.requests_per_second,
        token_seconds=options.token_seconds,
    )
    beside = [Mount("/_sandbox", routes=control_routes(world))]
    app = build_app(world.store, settings, faults=world.faults, beside=beside)
    config = uvicorn.Config(app, log_level="warning", access_log=False, lifespan="off", timeout_graceful_shutdown=2)
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))

    async def end() -> None:
        server.should_exit = True
        await task

    running.push_async_callback(end)
    while not server.started:
        if task.done():
            task.result()
        await asyncio.sleep(0.01)
    host, port = listening.getsockname()[:2]
    return f"http://{host}:{port}"


class _Server(uvicorn.Server):
    """A uvicorn server that leaves signals to the process it lives in."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _every(seconds: float, work: Callable[[], object]) -> None:
    """Do the work again and again; what goes wrong is logged and tried again next time."""
    while True:
        await asyncio.sleep(seconds)
        try:
            await asyncio.to_thread(work)
        except Exception:
            log.exception("%s failed", work.__name__)


async def _cancel(task: asyncio.Task[None]) -> None:
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


def _ready(url: str, addresses: Mapping[str, SftpAddress], credentials: Credentials) -> dict[str, Any]:
    return {
        "coupa": {"url": url, "client_id": credentials.client_id, "client_secret": credentials.client_secret},
        "sftp": {party: asdict(address) for party, address in addresses.items()},
        "control": {"url": f"{url}/_sandbox", "token": credentials.control_token},
        "pid": os.getpid(),
    }
