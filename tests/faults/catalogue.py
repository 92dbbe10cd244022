"""All faults: the kill points, and the seventy of the fault list; each has its trial, or the reason why it has none."""

from collections.abc import Callable
from dataclasses import dataclass

from exchange.killpoints import Point
from tests.exchange.line import Line
from tests.faults import outages, trials
from tests.faults.outages import away
from tests.faults.trials import BY_FILE, Trial, armed, bent, frozen, kill, rest, struck

TRUNCATED = "tests/formats and tests/capture prove it on the reader: the outcome is a finding, before anything is sent"
POSTGRES = "postgresql"
GUARD = "guard"
MACHINE = "needs a machine of its own"


@dataclass(frozen=True)
class Fault:
    """One row: its number in the list (or "guard"), what goes wrong, and the trial or the reason."""

    number: str
    name: str
    trial: Trial | None = None
    reason: str = ""
    quick: bool = False
    alarms: int | None = None  # how many there must be; None: counted only
    only: str = ""  # the one database that it makes sense on


def kill_points() -> list[Fault]:
    """Return one row for each kill point."""
    return [Fault("31", f"killed at {point}", trial, quick=point in QUICK) for point, trial in KILLS.items()]


QUICK = (Point.SENT, Point.ATTACHED, Point.PAYMENT_SENT, Point.ORIGINAL_MOVED)
KILLS: dict[Point, Trial] = {
    Point.PART_WRITTEN: kill("invoices", Point.PART_WRITTEN),
    Point.CONTENT_KEPT: kill("invoices", Point.CONTENT_KEPT),
    Point.FILE_SEEN: kill("invoices", Point.FILE_SEEN),
    Point.FILE_CLAIMED: kill("invoices", Point.FILE_CLAIMED),
    Point.FILE_TAKEN_IN: kill("invoices", Point.FILE_TAKEN_IN),
    Point.RECORD_JUDGED: kill("invoices", Point.RECORD_JUDGED, 2),
    Point.INTENT: kill("invoices", Point.INTENT),
    Point.SENT: kill("invoices", Point.SENT),
    Point.RESULT: kill("invoices", Point.RESULT),
    Point.IMAGE_PUT: kill("invoices", Point.IMAGE_PUT),
    Point.ATTACHED: kill("invoices", Point.ATTACHED),
    Point.SUBMITTED: kill("invoices", Point.SUBMITTED),
    Point.LOADED: kill("invoices", Point.LOADED, 2),
    Point.SHIPPED: kill("invoices", Point.SHIPPED, extra=BY_FILE),
    Point.LOAD_SETTLED: kill("invoices", Point.LOAD_SETTLED, extra=BY_FILE),
    Point.LOAD_ACKNOWLEDGED: kill("invoices", Point.LOAD_ACKNOWLEDGED, extra=BY_FILE),
    Point.ANSWERED: kill("invoices", Point.ANSWERED),
    Point.UPLOAD_CLAIMED: kill("invoices", Point.UPLOAD_CLAIMED),
    Point.UPLOAD_VERIFIED: kill("invoices", Point.UPLOAD_VERIFIED, 2),
    Point.UPLOAD_RENAMED: kill("ok2pay", Point.UPLOAD_RENAMED),
    Point.UPLOAD_PUBLISHED: kill("ok2pay", Point.UPLOAD_PUBLISHED),
    Point.VOUCHERS_WRITTEN: kill("ok2pay", Point.VOUCHERS_WRITTEN),
    Point.FLAGGED: kill("ok2pay", Point.FLAGGED),
    Point.FLAG_SETTLED: kill("ok2pay", Point.FLAG_SETTLED),
    Point.PAYMENTS_TAKEN_IN: kill("payments", Point.PAYMENTS_TAKEN_IN),
    Point.PAYMENT_INTENT: kill("payments", Point.PAYMENT_INTENT),
    Point.PAYMENT_SENT: kill("payments", Point.PAYMENT_SENT),
    Point.PAYMENT_BOOKED: kill("payments", Point.PAYMENT_BOOKED),
    Point.MASTERS_WRITTEN: struck("invoices", trials.masters_killed),
    Point.ORIGINAL_MOVED: kill("invoices", Point.ORIGINAL_MOVED),
    Point.ORIGINAL_TIDIED: kill("payments", Point.ORIGINAL_TIDIED),
}


GUARDS: dict[str, Trial] = {
    "fence": frozen("invoices", Point.LOADED),
    "intent": kill("invoices", Point.SENT),
    "window": struck("invoices", trials.late("invoices", "/attachments$", "POST")),
    "look-up": kill("payments", Point.PAYMENT_SENT),
    "no-replace rename": struck("ok2pay", trials.name_is_taken),
    "temporary name": armed("ok2pay", party="erp", kind="disk-full", after_bytes=100),
    "last step": struck("ok2pay", trials.taken_at_once),
}
"""A trial that fails when a guard of the exchange is switched off: so it is known that the harness can see."""


def guards() -> list[Fault]:
    """Return one row for each guard, which is switched off."""
    return [Fault(GUARD, guard, trials.without(guard, trial)) for guard, trial in GUARDS.items()]


def _cut(direction: str, size: int) -> Callable[[Line], None]:
    def bend(line: Line) -> None:
        setattr(line, f"cut_{direction}", size)

    return bend


def _slow(_: Line) -> None:
    """Only delayed."""


FAULTS = [
    Fault("1", "download cut at its first byte", armed("invoices", party="lockbox", kind="cut", after_bytes=1)),
    Fault(
        "1", "download cut in the middle", armed("invoices", party="lockbox", kind="cut", after_bytes=700), quick=True
    ),
    Fault("2", "upload cut at its first byte", armed("ok2pay", party="erp", kind="cut", after_bytes=1)),
    Fault("2", "upload cut in the middle", armed("ok2pay", party="erp", kind="cut", after_bytes=300)),
    Fault("3", "answer to the rename lost, lockbox", armed("invoices", party="lockbox", kind="rename-answer-lost")),
    Fault("3", "answer to the rename lost, ERP", armed("ok2pay", party="erp", kind="rename-answer-lost"), quick=True),
    Fault("4", "line stalls without closing", armed("invoices", party="lockbox", kind="stall", seconds=5)),
    Fault("5", "very slow line", bent("ok2pay", "erp", _slow, delay=0.15)),
    Fault("6", "50 ms delay each way", bent("invoices", "lockbox", _slow, delay=0.05)),
    Fault("7", "lockbox refuses connections for a while", away("invoices", "lockbox"), alarms=1, quick=True),
    Fault("7", "ERP refuses connections for a while", away("ok2pay", "erp"), alarms=1),
    Fault("7", "lockbox dies while the daemon serves", outages.away_from_daemon, alarms=1),
    Fault("8", "login refused", armed("invoices", party="lockbox", kind="refuse-login"), alarms=1),
    Fault("9", "host key changed", struck("invoices", outages.other_host_key), alarms=1),
    Fault("10", "too many sessions", reason="a process has one session with a partner and one channel in it"),
    Fault(
        "11",
        "permission denied",
        reason="not run: the harness may be root; a file without rights is passed over, a folder is exit code 22",
    ),
    Fault("12", "partner's disk full", armed("ok2pay", party="erp", kind="disk-full", after_bytes=100), alarms=1),
    Fault("13", "server without posix-rename or fsync", reason="neither is used or needed: tests/exchange/remotes"),
    Fault("14", "listing in another order, with duplicates", reason="sorted by name: tests/exchange/remotes"),
    Fault(
        "15",
        "listing shows another size than the content",
        reason="not run: such a file is passed over until both agree; tests/exchange/remotes for short answers",
    ),
    Fault("16", "partner takes the file right after the rename", struck("ok2pay", trials.taken_at_once), quick=True),
    Fault("17", "letter grows while flows run", trials.growing),
    Fault("18", "letter grows again after it was stable", trials.other_bytes("after")),
    Fault("19", "moved away between list and open", struck("invoices", trials.vanishing)),
    Fault("20", "deleted between list and open", reason="as 19, for a reader both are one"),
    Fault("21", "same bytes under two names", trials.same_bytes_twice),
    Fault("22", "name used again for other bytes, during", trials.other_bytes("during"), quick=True),
    Fault("22", "name used again for other bytes, after", trials.other_bytes("after")),
    Fault(
        "23",
        "marker before data",
        reason="no partner of these flows sends markers; the content says whether it is whole",
    ),
    Fault("22", "our name has other bytes at the ERP", GUARDS["no-replace rename"]),
    Fault("24", "marker never comes", reason="as 23"),
    Fault("25", "zero bytes at first", trials.empty_first),
    Fault(
        "26",
        "drop folder unmounted and back",
        reason="not run: needs a mount; a folder that is not there is an error of one look",
    ),
    Fault("27", "storm of 10,000 events", reason="not run: events only wake one look at the folder, however many come"),
    Fault("28", "no events at all", reason="not run: the folder is looked at every poll_seconds whatever events come"),
    Fault("29", "times in 1970 and in the future", struck("invoices", trials.strange_times)),
    Fault("30", "links, pipes, folders and names that are none", struck("invoices", trials.strange_names)),
    Fault("32", "frozen after the intent", frozen("invoices", Point.INTENT), quick=True),
    Fault("32", "frozen before the rename", frozen("ok2pay", Point.UPLOAD_VERIFIED)),
    Fault("32", "frozen after a payment's intent", frozen("payments", Point.PAYMENT_INTENT)),
    Fault("32", "frozen between two records", GUARDS["fence"]),
    Fault("33", "SIGTERM in the middle", struck("invoices", trials.asked_to_end)),
    Fault("34", "disk full", struck("invoices", outages.full_disk), alarms=1),
    Fault("35", "read-only disk", reason=f"{MACHINE}; to a process it is as 34"),
    Fault("36", "out of memory", reason=f"{MACHINE}; to a process it is as 31, killed at random"),
    Fault("37", "ledger locked for three seconds", struck("invoices", outages.locked_ledger), alarms=0),
    Fault(
        "38",
        "database killed while an invoice is sent",
        struck("invoices", outages.killed_database("invoices", Point.SENT)),
        only=POSTGRES,
    ),
    Fault(
        "38",
        "database killed while a payment is sent",
        struck("payments", outages.killed_database("payments", Point.PAYMENT_SENT)),
        only=POSTGRES,
    ),
    Fault("38", "database away while the daemon serves", outages.daemon_without_database, alarms=1, only=POSTGRES),
    Fault("38", "queue emptied, its workers killed", struck("invoices", outages.emptied_queue), only=POSTGRES),
    Fault("39", "ledger older than the world", trials.older_ledger),
    Fault(
        "40", "clock jumps", reason="not run: needs a clock of its own; a request's time is told by the monotonic clock"
    ),
    Fault("41", "daylight saving", reason="a moved clock: tests/exchange/test_schedule.py"),
    Fault("42", "leap day, month end", reason="a moved clock: tests/exchange/test_schedule.py"),
    Fault("43", "two processes at once, invoices", trials.two_at_once("invoices"), quick=True),
    Fault("43", "two processes at once, Ok2Pay", trials.two_at_once("ok2pay")),
    Fault("43", "two processes at once, payments", trials.two_at_once("payments")),
    Fault("44", "daemon and rerun of one batch", reason="to the ledger they are two processes: 43"),
    Fault("45", "old and new version side by side", reason="needs a released former version"),
    Fault("46", "ledger migration interrupted", reason="not run: a migration is one transaction"),
    Fault("47", "token expires in the middle", rest("invoices", "token_expiry", "/api/invoices$")),
    Fault("48", "429", rest("invoices", "status", "/api/invoices$", status=429, times=2)),
    Fault("49", "500 before anything was done", rest("invoices", "status", "/api/invoices$", status=500)),
    Fault("49", "503 at a payment", rest("payments", "status", r"/api/invoices/\d+$", "PUT", status=503)),
    Fault("48", "408", rest("invoices", "status", "/api/invoices$", status=408)),
    Fault("50", "time-out before it was committed", rest("invoices", "cut_before_commit", "/api/invoices$")),
    Fault("50", "time-out, committed later", rest("invoices", "latency", "/api/invoices$", seconds=2.2)),
    Fault("50", "attachment carried out when we have given up", GUARDS["window"]),
    Fault(
        "50", "invoice made when we have given up", struck("invoices", trials.late("invoices", "/invoices$", "POST"))
    ),
    Fault("50", "payment booked when we have given up", struck("payments", trials.late("payments", r"/\d+$", "PUT"))),
    Fault("51", "committed, answer lost: create", rest("invoices", "cut_after_commit", "/api/invoices$"), quick=True),
    Fault("51", "committed, answer lost: attach", rest("invoices", "cut_after_commit", "/attachments$")),
    Fault("51", "committed, answer lost: submit", rest("invoices", "cut_after_commit", "/submit$", "PUT")),
    Fault("51", "committed, answer lost: flag", rest("ok2pay", "cut_after_commit", r"/api/invoices/\d+$", "PUT")),
    Fault(
        "51",
        "committed, answer lost: payment",
        rest("payments", "cut_after_commit", r"/api/invoices/\d+$", "PUT"),
    ),
    Fault("52", "cut in the body of an answer", bent("invoices", "rest", _cut("down", 40_000))),
    Fault("53", "200 with a page for people", rest("invoices", "html_200", "/api/invoices$")),
    Fault(
        "54", "201 about something else", reason="not run: an answer about another invoice is an unknown outcome, as 51"
    ),
    Fault(
        "55",
        "number refused as already taken",
        reason="tests/exchange/test_by_file.py, tests/exchange/coupa: held with Coupa's reason",
    ),
    Fault("56", "look-up is stale", struck("invoices", trials.stale_look_up)),
    Fault("57", "look-up finds two", reason="Coupa refuses a number twice for a supplier; payments need exactly one"),
    Fault(
        "58",
        "page boundary shifts while listing",
        reason="pages begin behind an id: tests/exchange/coupa/test_client.py",
    ),
    Fault("59", "one record is always refused", struck("invoices", trials.always_refused)),
    *(
        Fault(str(number), name, reason=TRUNCATED)
        for number, name in (
            (60, "unclosed quote"),
            (61, "wrong number of columns"),
            (62, "BOM, UTF-16, cp1252, NUL"),
            (63, "CR, LF, CRLF"),
            (64, "NA, leading zeros, 1E5"),
            (65, "cells that are formulas"),
            (66, "wrong trailer"),
            (67, "XML attacks"),
            (68, "ZIP attacks"),
            (69, "damaged images"),
        )
    ),
    Fault("70", "PGP", reason="there is no PGP yet"),
]
