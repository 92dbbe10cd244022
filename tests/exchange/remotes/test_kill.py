"""A process that is killed while it puts a file leaves nothing half, and the next one finishes."""

import io
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from exchange.remotes import open_remote
from tests.exchange.line import Line
from tests.exchange.remotes.grounds import make_folders
from tests.exchange.remotes.law import BIG
from tests.exchange.sshd import Sshd

PUT = """
import io, sys
from pathlib import Path
from exchange.remotes import open_remote
from exchange.settings import RemoteSettings
settings = RemoteSettings.model_validate_json(sys.argv[1])
content = Path(sys.argv[2]).read_bytes()
remote = open_remote(settings)
print("ready", flush=True)
remote.put(io.BytesIO(content), "inbox/a.csv", temporary="temp")
"""


@pytest.mark.parametrize("milliseconds", [0, 80, 160, 240, 400])
def test_a_file_is_absent_or_whole_whenever_the_kill_comes(server: Sshd, tmp_path: Path, milliseconds: int) -> None:
    make_folders(tmp_path / "root")
    (tmp_path / "content").write_bytes(BIG)
    line = Line(server.port, delay=0.001)
    settings = server.settings(tmp_path / "root", port=line.port)
    command = [sys.executable, "-c", PUT, settings.model_dump_json(), str(tmp_path / "content")]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(milliseconds / 1000)
        process.send_signal(signal.SIGKILL)
    final = tmp_path / "root/inbox/a.csv"
    assert not final.exists() or BIG == final.read_bytes()
    remote = open_remote(settings)
    remote.put(io.BytesIO(BIG), "inbox/a.csv", temporary="temp")
    remote.close()
    line.close()
    assert [BIG, []] == [final.read_bytes(), list((tmp_path / "root/temp").iterdir())]
