"""Errors of the libraries become errors of the exchange."""

import errno
import importlib
import inspect
import pkgutil
import socket
from collections.abc import Iterator

import paramiko
import pytest

from exchange.errors import (
    RemoteError,
    RemoteExistsError,
    RemoteMissingError,
    RemoteRefusedError,
    RemoteUnreachableError,
)
from exchange.remotes.faults import PARAMIKO, STATUS, StatusError, translate


def exceptions_of_paramiko() -> Iterator[type[Exception]]:
    for found in pkgutil.iter_modules(paramiko.__path__):
        if "win" not in found.name:
            module = importlib.import_module(f"paramiko.{found.name}")
            for _, member in inspect.getmembers(module, inspect.isclass):
                if issubclass(member, Exception) and member.__module__ == module.__name__:
                    yield member


def test_every_exception_of_paramiko_is_in_the_table() -> None:
    assert set() == set(exceptions_of_paramiko()) - set(PARAMIKO)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (FileNotFoundError(errno.ENOENT, "No such file"), RemoteMissingError),
        (FileExistsError(errno.EEXIST, "File exists"), RemoteExistsError),
        (PermissionError(errno.EACCES, "Permission denied"), RemoteRefusedError),
        (OSError(errno.ENOSPC, "No space left on device"), RemoteError),
        (ConnectionResetError(errno.ECONNRESET, "reset"), RemoteUnreachableError),
        (ConnectionRefusedError(errno.ECONNREFUSED, "refused"), RemoteUnreachableError),
        (socket.gaierror(-2, "Name or service not known"), RemoteUnreachableError),
        (OSError("Socket is closed"), RemoteUnreachableError),
        (TimeoutError(), RemoteUnreachableError),
        (EOFError(), RemoteUnreachableError),
        (paramiko.AuthenticationException("no"), RemoteRefusedError),
        (paramiko.SSHException("broken"), RemoteUnreachableError),
        (StatusError(2, "No such file"), RemoteMissingError),
        (StatusError(3, ""), RemoteRefusedError),
        (StatusError(4, "Failure"), RemoteError),
        (StatusError(11, ""), RemoteExistsError),
        (StatusError(99, "new"), RemoteError),
    ],
    ids=repr,
)
def test_an_error_has_one_meaning_and_a_sentence(error: Exception, kind: type[RemoteError]) -> None:
    translated = translate(error, "lockbox: read a.csv")
    assert kind is type(translated)
    assert str(translated).startswith("lockbox: read a.csv: ")
    assert len(str(translated)) > len("lockbox: read a.csv: ")


def test_the_status_codes_of_sftp_version_3_are_known() -> None:
    assert set(range(1, 9)) <= set(STATUS)
