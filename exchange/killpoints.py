"""Named points at which a test may kill the process, one at each durable step.

``EXCHANGE_KILL_AT=intent`` kills it the first time it gets there, ``intent:3`` the third time. Without the variable a
point costs a look into the environment, far less than the durable step beside it.
"""

import os
import signal
from collections import Counter
from enum import StrEnum

VARIABLE = "EXCHANGE_KILL_AT"


class Point(StrEnum):
    """Where a process may be killed; each name says what has just been done."""

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
    """Kill this process, with no chance to clean up, when the environment names this point."""
    wanted = os.environ.get(VARIABLE)
    if not wanted:
        return
    name, _, count = wanted.partition(":")
    if name == point:
        _reached[name] += 1
        if _reached[name] == int(count or 1):
            os.kill(os.getpid(), signal.SIGKILL)
