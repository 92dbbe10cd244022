"""Named points at which a test may kill or freeze the process, one at each durable step.

``EXCHANGE_KILL_AT=intent`` kills it the first time it gets there, ``intent:3`` the third time; ``EXCHANGE_STOP_AT``
freezes it until somebody lets it go on. Without them a point costs a look into the environment, far less than the
durable step beside it.
"""

import os
import signal
from collections import Counter
from enum import StrEnum

SIGNALS = {"EXCHANGE_KILL_AT": signal.SIGKILL, "EXCHANGE_STOP_AT": signal.SIGSTOP}


class Point(StrEnum):
    """Where a process may be killed; each name says what has just been done."""

    TABLES_MADE = "tables-made"
    PART_WRITTEN = "part-written"
    CONTENT_KEPT = "content-kept"
    FILE_SEEN = "file-seen"
    FILE_CLAIMED = "file-claimed"
    FILE_TAKEN_IN = "file-taken-in"
    RECORD_JUDGED = "record-judged"
    INTENT = "intent"
    SENT = "sent"
    RESULT = "result"
    IMAGE_PUT = "image-put"
    ATTACHED = "attached"
    SUBMITTED = "submitted"
    LOADED = "loaded"
    SHIPPED = "shipped"
    LOAD_SETTLED = "load-settled"
    LOAD_ACKNOWLEDGED = "load-acknowledged"
    ANSWERED = "answered"
    UPLOAD_CLAIMED = "upload-claimed"
    UPLOAD_VERIFIED = "upload-verified"
    UPLOAD_RENAMED = "upload-renamed"
    UPLOAD_PUBLISHED = "upload-published"
    VOUCHERS_WRITTEN = "vouchers-written"
    FLAGGED = "flagged"
    FLAG_SETTLED = "flag-settled"
    PAYMENTS_TAKEN_IN = "payments-taken-in"
    PAYMENT_INTENT = "payment-intent"
    PAYMENT_SENT = "payment-sent"
    PAYMENT_BOOKED = "payment-booked"
    MASTERS_WRITTEN = "masters-written"
    ORIGINAL_MOVED = "original-moved"
    ORIGINAL_TIDIED = "original-tidied"


_reached: Counter[str] = Counter()


def reached(point: Point) -> None:
    """Kill or freeze this process, with no chance to clean up, when the environment names this point."""
    for variable, number in SIGNALS.items():
        if wanted := os.environ.get(variable):
            name, _, count = wanted.partition(":")
            _reached[variable] += name == point
            if name == point and _reached[variable] == int(count or 1):
                os.kill(os.getpid(), number)
