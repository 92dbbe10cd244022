"""What can go wrong with the world. Bad data is never raised: it is a finding.

Each error is a sentence, carries the exit code that scripts may rely on, and says whether trying again may help::

    ExchangeError                      1
    ├── SettingsError                  2   configuration or schedules are wrong
    ├── NotFoundError                  3   no such batch, record, flow or file
    ├── ConservationError              4   records in and records out do not agree
    ├── StoppedError                   5   the kill switch is on
    ├── FindingsError                  7   a file that was looked at has errors
    ├── BusyError                     10   somebody else holds the lease
    ├── LedgerError                   11   the ledger cannot be read or written
    ├── RemoteError                   20   a place on a partner
    │   ├── RemoteUnreachableError    21   no connection (retry)
    │   ├── RemoteRefusedError        22   login, rights or host key
    │   ├── RemoteMissingError        23   no such file or folder
    │   ├── RemoteExistsError         24   the name is taken
    │   └── RemoteDamagedError        25   what arrived is not what was sent (retry)
    ├── CoupaError                    30   the REST API
    │   ├── CoupaUnreachableError     31   not sent (retry)
    │   ├── CoupaRefusedError         32   a 4xx: Coupa said no, with its reasons
    │   ├── CoupaBusyError            33   429 or 503: not applied (retry)
    │   └── CoupaUnknownError         34   sent, and nobody knows whether it was applied
    └── EngineMissingError            40   a program or library that is needed is not installed
"""

from typing import ClassVar


class ExchangeError(Exception):
    """The exchange could not go on; ``partner`` names the one who is to blame, "" when it is none."""

    exit_code: ClassVar[int] = 1
    retry: ClassVar[bool] = False
    partner: str = ""

    def __init__(self, message: str = "") -> None:
        super().__init__(message or type(self).__doc__)


class SettingsError(ExchangeError):
    """The configuration or the schedules are wrong."""

    exit_code = 2


class NotFoundError(ExchangeError):
    """There is no such batch, record, flow or file."""

    exit_code = 3


class ConservationError(ExchangeError):
    """Records in and records out do not agree."""

    exit_code = 4


class StoppedError(ExchangeError):
    """The exchange was stopped; `exchange resume` lets it go on."""

    exit_code = 5


class FindingsError(ExchangeError):
    """A file that was looked at has errors."""

    exit_code = 7


class BusyError(ExchangeError):
    """Another process is doing this just now."""

    exit_code = 10
    retry = True


class LedgerError(ExchangeError):
    """The ledger cannot be read or written."""

    exit_code = 11
    partner = "the ledger"


class RemoteError(ExchangeError):
    """A place on a partner did not do what was asked."""

    exit_code = 20


class RemoteUnreachableError(RemoteError):
    """The partner did not answer."""

    exit_code = 21
    retry = True


class RemoteRefusedError(RemoteError):
    """The partner refused the login, the rights or showed another host key."""

    exit_code = 22


class RemoteMissingError(RemoteError):
    """There is no such file or folder on the partner."""

    exit_code = 23


class RemoteExistsError(RemoteError):
    """The name is already taken on the partner."""

    exit_code = 24


class RemoteDamagedError(RemoteError):
    """What arrived is not what was sent."""

    exit_code = 25
    retry = True


class CoupaError(ExchangeError):
    """Coupa's API did not do what was asked."""

    exit_code = 30


class CoupaUnreachableError(CoupaError):
    """The request was never sent: Coupa did not answer."""

    exit_code = 31
    retry = True


class CoupaRefusedError(CoupaError):
    """Coupa refused the request; ``status`` is the HTTP status and ``errors`` are its reasons."""

    exit_code = 32

    def __init__(self, message: str = "", *, status: int = 400, errors: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.errors = errors

    @property
    def says_taken(self) -> bool:
        """True when Coupa refused because it has this number already."""
        return any("already been taken" in reason for reason in self.errors)


class CoupaBusyError(CoupaError):
    """Coupa asked to slow down (429, 503); the request was not applied. ``after`` is in seconds."""

    exit_code = 33
    retry = True

    def __init__(self, message: str = "", *, after: float = 1.0) -> None:
        super().__init__(message)
        self.after = after


class CoupaUnknownError(CoupaError):
    """The request was sent and nobody knows whether Coupa applied it: look it up before sending again."""

    exit_code = 34


class EngineMissingError(ExchangeError):
    """A program or library that is needed is not installed."""

    exit_code = 40
