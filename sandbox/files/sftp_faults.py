"""Faults of an SFTP site, on demand: each is armed for so many times and then spent."""

from dataclasses import dataclass, field
from enum import StrEnum


class SftpFaultKind(StrEnum):
    """What goes wrong on the line or on the disk."""

    CUT = "cut"
    REFUSE_LOGIN = "refuse-login"
    STALL = "stall"
    RENAME_ANSWER_LOST = "rename-answer-lost"
    DISK_FULL = "disk-full"
    DENIED = "denied"
    DISORDERLY_LISTING = "disorderly-listing"
    WRONG_SIZE = "wrong-size"


@dataclass(slots=True, kw_only=True)
class SftpFault:
    """One armed fault; ``times`` 0 lasts until it is cleared.

    ``after_bytes`` counts what a connection has moved (cut) or written (disk-full); ``seconds`` is for stall.
    ``operation`` is what is denied: list, read, write, rename or remove. A disorderly listing is turned around and
    names everything twice; a wrong size is that of a listing.
    """

    kind: SftpFaultKind
    times: int = 1
    after_bytes: int = 0
    seconds: float = 30.0
    operation: str = ""


@dataclass(slots=True)
class SftpFaults:
    """The faults that are armed at one site."""

    armed: list[SftpFault] = field(default_factory=list)

    def arm(self, fault: SftpFault) -> None:
        """Arm a fault behind those already there."""
        self.armed.append(fault)

    def clear(self) -> None:
        """Forget every fault."""
        self.armed.clear()

    def due(self, kind: SftpFaultKind, moved: int = 0, operation: str = "") -> SftpFault | None:
        """Return the first armed fault of this kind once ``moved`` bytes exceed its limit, and spend it once."""
        for fault in self.armed:
            if fault.kind is kind and fault.operation == operation and moved >= fault.after_bytes:
                self._spend(fault)
                return fault
        return None

    def _spend(self, fault: SftpFault) -> None:
        if fault.times:
            fault.times -= 1
            if not fault.times:
                self.armed.remove(fault)
