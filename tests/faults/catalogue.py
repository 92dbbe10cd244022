"""All faults: the kill points, and the seventy of the fault list; each has its trial, or the reason why it has none."""

from collections.abc import Callable
from dataclasses import dataclass

from exchange.killpoints import Point
from tests.exchange.line import Line
from tests.faults import machine, outages, trials
from tests.faults.outages import away
from tests.faults.poison import BAD, poisoned
from tests.faults.trials import BY_FILE, Trial, armed, bent, frozen, kill, rest, struck

POSTGRES = "postgresql"
GUARD = "guard"


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
    Point.TABLES_MADE: struck("invoices", machine.upgrade_cut_short),
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
    *(
        Fault("11", f"no right to {operation}, {party}", armed(flow, party=party, kind="denied", operation=operation))
        for party, flow, operations in (
            ("lockbox", "invoices", ("list", "read", "write", "rename")),
            ("erp", "ok2pay", ("write", "rename")),
        )
        for operation in operations
    ),
    Fault("12", "partner's disk full", armed("ok2pay", party="erp", kind="disk-full", after_bytes=100), alarms=1),
    Fault("13", "server without posix-rename or fsync", reason="neither is used or needed: tests/exchange/remotes"),
    Fault("14", "listing turned around, all twice", armed("invoices", party="lockbox", kind="disorderly-listing")),
    Fault("15", "listing shows another size than the content", armed("invoices", party="lockbox", kind="wrong-size")),
    Fault("16", "partner takes the file right after the rename", struck("ok2pay", trials.taken_at_once), quick=True),
    Fault("17", "letter grows while flows run", trials.growing),
    Fault("18", "letter grows again after it was stable", trials.other_bytes("after")),
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
    Fault("19", "moved away between list and open", struck("invoices", trials.moved_away)),
    Fault("20", "deleted between list and open", struck("invoices", trials.vanishing)),
    Fault("26", "drop folder unmounted and back", outages.unmounted_drop),
    Fault("27", "storm of 10,000 events", outages.storm_in_drop),
    Fault("28", "no events at all", outages.silent_drop),
    Fault("35", "read-only disk", struck("invoices", machine.read_only_disk), alarms=1),
    Fault("36", "out of memory", struck("invoices", machine.out_of_memory)),
    Fault("40", "clock set forward by an hour", struck("invoices", machine.clock_set(0, 3600))),
    Fault("40", "clock set back by some seconds", struck("invoices", machine.clock_set(4, 0))),
    Fault("44", "flow and rerun of its batch", struck("invoices", machine.rerun_beside_run)),
    Fault("46", "ledger migration interrupted", struck("invoices", machine.upgrade_cut_short)),
    Fault("29", "times in 1970 and in the future", struck("invoices", trials.strange_times)),
    Fault("30", "links, pipes, folders and names that are none", struck("invoices", trials.strange_names)),
    Fault("32", "frozen after the intent", frozen("invoices", Point.INTENT), quick=True),
    Fault("32", "frozen before the rename", frozen("ok2pay", Point.UPLOAD_VERIFIED)),
    Fault("32", "frozen after a payment's intent", frozen("payments", Point.PAYMENT_INTENT)),
    Fault("32", "frozen between two records", GUARDS["fence"]),
    Fault("33", "SIGTERM in the middle", struck("invoices", trials.asked_to_end)),
    Fault("34", "disk full", struck("invoices", outages.full_disk), alarms=1),
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
    Fault("41", "daylight saving", reason="a moved clock: tests/exchange/test_daemon.py, test_schedule.py"),
    Fault("42", "leap day, month end", reason="a moved clock: tests/exchange/test_schedule.py"),
    Fault("43", "two processes at once, invoices", trials.two_at_once("invoices"), quick=True),
    Fault("43", "two processes at once, Ok2Pay", trials.two_at_once("ok2pay")),
    Fault("43", "two processes at once, payments", trials.two_at_once("payments")),
    Fault("45", "old and new version side by side", reason="needs a released former version"),
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
    Fault("54", "201 about something else", rest("invoices", "other_answer", "/api/invoices$")),
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
    *(Fault(str(number), name, struck("invoices", poisoned(*bad))) for (number, name), bad in BAD.items()),
    Fault("70", "OpenPGP: wrong key, unsigned, expired, cut", reason="rules of their own: tests/exchange/test_pgp.py"),
]
