"""A process that has loaded the command line and forks a real process for each command: starting costs little then.

It reads one JSON object a line: ``{"argv", "env", "log", "limits"}`` starts a command and answers its process id,
``{"poll": pid}`` answers its exit status, null while it runs.
"""

import datetime as dt
import json
import os
import resource
import signal
import sys
import traceback
from pathlib import Path
from typing import Any

from typer.main import get_command

from exchange import cli
from exchange.cli import options
from tests.faults.guards import switch_off


def main() -> None:
    """Serve until the other end closes."""
    list(get_command(cli.app).commands.values())  # type: ignore[attr-defined]  # loads every command
    for line in sys.stdin:
        ask = json.loads(line)
        answer = _poll(ask["poll"]) if "poll" in ask else _start(ask)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _poll(pid: int) -> int | None:
    done, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if done else None


def _start(ask: dict[str, Any]) -> int:
    pid = os.fork()
    if not pid:
        try:
            code = _command(ask)
        except BaseException:  # noqa: BLE001  (the child must never come back into the loop)
            traceback.print_exc()
            code = 70
        os._exit(code)
    return pid


def _command(ask: dict[str, Any]) -> int:
    log = os.open(ask["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(log, stream)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.update(ask["env"])
    _limit(**ask["limits"])
    _set_clock(float(os.environ.get("FAULTS_CLOCK") or 0))
    switch_off(os.environ.get("FAULTS_WITHOUT", ""))
    sys.argv = ["exchange", *ask["argv"]]
    try:
        cli.main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(bool(end.code))
    else:
        code = 0
    sys.stdout.flush()
    return code


def _limit(file_bytes: int = 0, more_memory: int = 0) -> None:
    """Let no file grow beyond some bytes, and this process take no more memory than it has and some more."""
    if file_bytes:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_bytes, file_bytes))
    if more_memory:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        most = pages * resource.getpagesize() + more_memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _set_clock(seconds: float) -> None:
    """Let this process think that it is later, or earlier, than it is."""
    if seconds:
        right = options.clock
        setattr(options, "clock", lambda: right() + dt.timedelta(seconds=seconds))  # noqa: B010


if __name__ == "__main__":
    main()
