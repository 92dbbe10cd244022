"""How the errors of sockets, paramiko and SFTP servers become the errors of the exchange."""

import errno
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import paramiko
from paramiko import auth_strategy, ber, buffered_pipe, hostkeys, packet, pkey, sftp, ssh_exception

from exchange.errors import (
    RemoteDamagedError,
    RemoteError,
    RemoteExistsError,
    RemoteMissingError,
    RemoteRefusedError,
    RemoteUnreachableError,
)

PARAMIKO: dict[type[Exception], type[RemoteError]] = {
    paramiko.SSHException: RemoteUnreachableError,
    paramiko.AuthenticationException: RemoteRefusedError,
    paramiko.PasswordRequiredException: RemoteRefusedError,
    paramiko.BadAuthenticationType: RemoteRefusedError,
    ssh_exception.PartialAuthentication: RemoteRefusedError,
    ssh_exception.UnableToAuthenticate: RemoteRefusedError,
    paramiko.BadHostKeyException: RemoteRefusedError,
    paramiko.ChannelException: RemoteUnreachableError,
    ssh_exception.IncompatiblePeer: RemoteRefusedError,
    ssh_exception.MessageOrderError: RemoteUnreachableError,
    paramiko.ProxyCommandFailure: RemoteUnreachableError,
    ssh_exception.NoValidConnectionsError: RemoteUnreachableError,
    ssh_exception.CouldNotCanonicalize: RemoteUnreachableError,
    ssh_exception.ConfigParseError: RemoteRefusedError,
    auth_strategy.AuthFailure: RemoteRefusedError,
    ber.BERException: RemoteRefusedError,
    hostkeys.InvalidHostKey: RemoteRefusedError,
    pkey.UnknownKeyType: RemoteRefusedError,
    buffered_pipe.PipeTimeout: RemoteUnreachableError,
    packet.NeedRekeyException: RemoteUnreachableError,
    sftp.SFTPError: RemoteUnreachableError,
}

ERRNO: dict[int, type[RemoteError]] = {
    errno.ENOENT: RemoteMissingError,
    errno.ENOTDIR: RemoteMissingError,
    errno.EEXIST: RemoteExistsError,
    errno.EACCES: RemoteRefusedError,
    errno.EPERM: RemoteRefusedError,
    errno.EROFS: RemoteRefusedError,
    errno.ELOOP: RemoteRefusedError,
    errno.EHOSTUNREACH: RemoteUnreachableError,
    errno.ENETUNREACH: RemoteUnreachableError,
    errno.EHOSTDOWN: RemoteUnreachableError,
    errno.EBADF: RemoteUnreachableError,
    errno.ENOTCONN: RemoteUnreachableError,
    errno.ESHUTDOWN: RemoteUnreachableError,
    errno.ESTALE: RemoteUnreachableError,
    errno.EIO: RemoteDamagedError,
}

# SFTP version 3 knows 1 to 8; servers that speak later versions send the others all the same.
STATUS: dict[int, tuple[type[RemoteError], str]] = {
    1: (RemoteDamagedError, "the file ended too early"),
    2: (RemoteMissingError, "there is no such file or folder"),
    3: (RemoteRefusedError, "permission denied"),
    4: (RemoteError, "the server failed"),
    5: (RemoteUnreachableError, "the server did not understand the request"),
    6: (RemoteUnreachableError, "no connection"),
    7: (RemoteUnreachableError, "connection lost"),
    8: (RemoteError, "the server cannot do that"),
    10: (RemoteMissingError, "there is no such folder"),
    11: (RemoteExistsError, "the name is taken"),
    12: (RemoteRefusedError, "the disk is write-protected"),
    14: (RemoteError, "the disk is full"),
    15: (RemoteError, "the quota is used up"),
}


class StatusError(Exception):
    """An SFTP server's answer that is not OK: its status code and text."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


FOREIGN: tuple[type[Exception], ...] = (EOFError, OSError, StatusError, *PARAMIKO)


@contextmanager
def translated(doing: str) -> Iterator[None]:
    """Raise whatever goes wrong inside as an error of the exchange that starts with what was being done."""
    try:
        yield
    except FOREIGN as error:
        raise translate(error, doing) from error


def translate(error: Exception, doing: str) -> RemoteError:
    """Return the error of the exchange that stands for a foreign one."""
    if isinstance(error, StatusError):
        kind, text = STATUS.get(error.code, (RemoteError, f"status {error.code}"))
        return kind(f"{doing}: {text}" + (f" ({error})" if str(error).lower() not in {"", text} else ""))
    return _kind(error)(f"{doing}: {_sentence(error)}")


def _kind(error: Exception) -> type[RemoteError]:
    if type(error) in PARAMIKO:
        return PARAMIKO[type(error)]
    if isinstance(error, EOFError | ConnectionError | TimeoutError | socket.gaierror):
        return RemoteUnreachableError
    if isinstance(error, OSError):  # paramiko says "Socket is closed" without a number
        return RemoteUnreachableError if error.errno is None else ERRNO.get(error.errno, RemoteError)
    return next((PARAMIKO[parent] for parent in type(error).__mro__ if parent in PARAMIKO), RemoteError)


def _sentence(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "nothing moved for too long"
    if isinstance(error, EOFError):
        return "the connection was closed"
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
