"""An SSH session with a partner whose host key is pinned: dial, meet, log in, open the SFTP channel."""

import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import paramiko

from exchange.errors import RemoteRefusedError, SettingsError
from exchange.remotes.faults import translated
from exchange.remotes.host_keys import ALGORITHMS, Pins, algorithms_of, fingerprint
from exchange.remotes.wire import Wire
from exchange.settings import RemoteSettings

logging.getLogger("paramiko").addHandler(logging.NullHandler())  # every error is raised; none needs printing

WINDOW_BYTES = 4 << 20
READ_AHEAD_BYTES = 256 << 10
KEEPALIVE_SECONDS = 30
FAST_CIPHERS = ("aes128-gcm@openssh.com", "aes256-gcm@openssh.com")

HUNG_UP = ("transport shut down", "Authentication timeout")

Introduction = tuple[paramiko.Transport, paramiko.PKey]
Login = Callable[[paramiko.Transport], list[str]]


class ReadAhead(socket.socket):
    """A socket for paramiko, which asks for a few bytes at a time: each system call fetches all that is there."""

    _ahead = memoryview(b"")

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        """Return up to so many bytes, empty at the end."""
        if not self._ahead:
            self._ahead = memoryview(super().recv(max(bufsize, READ_AHEAD_BYTES), flags))
        block, self._ahead = self._ahead[:bufsize], self._ahead[bufsize:]
        return bytes(block)


def dial(host: str, port: int, timeout: float) -> socket.socket:
    """Return a connected socket that sends small packets at once: paramiko asks, waits, and asks again."""
    plain = socket.create_connection((host, port), timeout)
    sock = ReadAhead(plain.family, plain.type, plain.proto, plain.detach())
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    return sock


def meet(host: str, port: int, timeout: float, pins: Pins) -> paramiko.Transport:
    """Return an encrypted line to a server that has shown a pinned key; RemoteRefusedError for any other key.

    A server has a key of each kind and shows one; those that are not pinned are left out of the next question.
    """
    shown: list[str] = []
    for transport, key in _introductions(host, port, timeout, pins.algorithms):
        if pins.accept(key):
            return transport
        shown.append(f"{key.get_name()} {fingerprint(key.asbytes())}")
        transport.close()
    raise RemoteRefusedError(
        f"{host}:{port} showed host key {', '.join(shown)}, which is not pinned; nothing was sent. "
        "Ask the partner whether the key was changed; if so, add the new one to host_keys and drop the old one later."
    )


def host_keys(host: str, port: int = 22, timeout: float = 30) -> list[str]:
    """Return all host keys that a server shows, as "ssh-ed25519 AAAA… SHA256:…"; none of them is thereby trusted."""
    found = []
    with translated(f"connect to {host}:{port}"):
        for transport, key in _introductions(host, port, timeout, ALGORITHMS):
            found.append(f"{key.get_name()} {key.get_base64()} {fingerprint(key.asbytes())}")
            transport.close()
    return found


def _introductions(host: str, port: int, timeout: float, algorithms: tuple[str, ...]) -> Iterator[Introduction]:
    """Connect again and again, each time without the kinds of key already shown, until the server has no other."""
    shown = False
    while algorithms:
        try:
            transport = _introduce(dial(host, port, timeout), timeout, algorithms)
        except paramiko.ssh_exception.IncompatiblePeer:
            if shown:
                return
            raise
        key = transport.get_remote_server_key()
        yield transport, key
        shown, used = True, algorithms_of(key.get_name())
        algorithms = tuple(name for name in algorithms if name not in used)


def _introduce(sock: socket.socket, timeout: float, algorithms: tuple[str, ...]) -> paramiko.Transport:
    transport = paramiko.Transport(sock)
    options = transport.get_security_options()
    options.ciphers = tuple(dict.fromkeys([*FAST_CIPHERS, *options.ciphers]))
    options.key_types = algorithms
    transport.banner_timeout = transport.auth_timeout = timeout
    transport.handshake_timeout = transport.channel_timeout = timeout
    try:
        transport.start_client(timeout=timeout)
        transport.get_remote_server_key()
    except BaseException:
        transport.close()
        raise
    return transport


def log_in(transport: paramiko.Transport, settings: RemoteSettings) -> None:
    """Log in with key file, agent and password, in this order, until the server is content."""
    tried = []
    for name, login in _logins(settings):
        tried.append(name)
        if _let_in(transport, login):
            return
    if not tried:
        raise SettingsError(f"{settings.host}: set password, key_file or agent, or nobody can log in")
    raise RemoteRefusedError(f"{settings.host} refused the login of {settings.user} by {', then '.join(tried)}")


def _let_in(transport: paramiko.Transport, login: Login) -> bool:
    """Return whether the server is content; EOFError when it hung up, which paramiko reports as a refusal."""
    try:
        return not login(transport)
    except paramiko.AuthenticationException as error:
        if any(sign in str(error) for sign in HUNG_UP):
            raise EOFError from error
        return False


def _logins(settings: RemoteSettings) -> Iterator[tuple[str, Login]]:
    user, password = settings.user, settings.password
    if settings.key_file:
        key = load_key(settings)
        yield f"key {fingerprint(key.asbytes())}", partial(_by_key, user, key)
    if settings.agent:
        with closing(paramiko.Agent()) as agent:
            for held in agent.get_keys():
                yield f"agent key {fingerprint(held.asbytes())}", partial(_by_key, user, held)
    if password:
        secret = password.get_secret_value()
        yield "password", lambda transport: transport.auth_password(user, secret)


def _by_key(user: str, key: paramiko.PKey, transport: paramiko.Transport) -> list[str]:
    return transport.auth_publickey(user, key)


def load_key(settings: RemoteSettings) -> paramiko.PKey:
    """Return the private key of the settings; SettingsError says what is wrong with it."""
    secret = settings.key_passphrase.get_secret_value() if settings.key_passphrase else None
    path = Path(settings.key_file).expanduser()
    kinds: tuple[type[paramiko.PKey], ...] = (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey)
    problems = set()
    for kind in kinds:
        try:
            return kind.from_private_key_file(str(path), secret)
        except paramiko.PasswordRequiredException:
            raise SettingsError(f"key_file {path} is encrypted: set key_passphrase") from None
        except OSError as error:
            raise SettingsError(f"key_file {path}: {error.strerror}") from error
        except (paramiko.SSHException, ValueError) as error:
            problems.add(str(error))
    raise SettingsError(f"key_file {path} cannot be read: {'; '.join(sorted(problems))}")


def open_wire(transport: paramiko.Transport, timeout: float) -> Wire:
    """Open the SFTP channel; from now on a line that is silent for so long is given up."""
    with _closed_after(transport, timeout):
        channel = transport.open_session(window_size=WINDOW_BYTES, timeout=timeout)
        channel.settimeout(timeout)
        channel.invoke_subsystem("sftp")
    transport.set_keepalive(KEEPALIVE_SECONDS)
    return Wire(channel)


@contextmanager
def _closed_after(transport: paramiko.Transport, seconds: float) -> Iterator[None]:
    """Close the line when the block takes too long: paramiko waits for a subsystem without an end."""
    timer = threading.Timer(seconds, transport.close)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
