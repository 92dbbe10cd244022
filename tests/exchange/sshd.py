"""A real OpenSSH server for one test run: its own host keys, its own port, SFTP only, as the current user."""

import getpass
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from exchange.settings import RemoteSettings

SSHD = shutil.which("sshd") or "/usr/sbin/sshd"
HERE = Path(SSHD).exists() and shutil.which("ssh-keygen") is not None
CONFIG = """
Port {port}
ListenAddress 127.0.0.1
{host_keys}
PidFile {folder}/sshd.pid
AuthorizedKeysFile {folder}/authorized_keys
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
Subsystem sftp internal-sftp
{extra}
"""


@dataclass(frozen=True)
class Sshd:
    """A running server: where it listens, what it shows, and the key it lets in."""

    port: int
    folder: Path
    pid: int

    def public_key(self, kind: str = "ed25519") -> str:
        """Return a host key as it stands in its .pub file."""
        return (self.folder / f"host_{kind}.pub").read_text(encoding="ascii").strip()

    def settings(self, root: Path, **changes: Any) -> RemoteSettings:
        """Return the settings of a remote whose root is a folder of this machine."""
        values: dict[str, Any] = {
            "host": "127.0.0.1",
            "port": self.port,
            "user": getpass.getuser(),
            "key_file": str(self.folder / "user"),
            "host_keys": (self.public_key(),),
            "path": str(root),
            "timeout_seconds": 10,
        }
        return RemoteSettings(**(values | changes))


@contextmanager
def running_sshd(folder: Path, extra: str = "", kinds: tuple[str, ...] = ("ed25519", "rsa")) -> Iterator[Sshd]:
    """Run a server until the block ends; it is stopped by its own process id."""
    folder.mkdir(parents=True, exist_ok=True)
    with suppress(PermissionError):  # only a privileged sshd asks for it
        Path("/run/sshd").mkdir(exist_ok=True)
    for name, kind in [("user", "ed25519"), *((f"host_{kind}", kind) for kind in kinds)]:
        make_key(folder / name, kind)
    shutil.copy(folder / "user.pub", folder / "authorized_keys")
    port = free_port()
    host_keys = "\n".join(f"HostKey {folder}/host_{kind}" for kind in kinds)
    config = folder / "sshd_config"
    config.write_text(CONFIG.format(port=port, folder=folder, host_keys=host_keys, extra=extra), encoding="ascii")
    with (folder / "sshd.log").open("wb") as log:
        server = subprocess.Popen([SSHD, "-D", "-e", "-f", str(config)], stdout=log, stderr=log)
    try:
        _wait_for(port, server)
        yield Sshd(port, folder, server.pid)
    finally:
        server.terminate()
        server.wait(10)


def make_key(path: Path, kind: str, passphrase: str = "") -> None:
    """Make a key pair unless it is there."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        command = ["ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-C", "test", "-f", str(path)]
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def free_port() -> int:
    """Return a port of the loopback interface that was free a moment ago."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    for _ in range(200):
        with socket.socket() as sock:
            if sock.connect_ex(("127.0.0.1", port)) == 0:
                return
        if server.poll() is not None:
            break
        time.sleep(0.05)
    raise RuntimeError(f"sshd did not start; see its log ({sys.platform}, uid {os.getuid()})")
