"""What is done to a run: each trial brings one business day to its end through one fault, and is counted."""

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from exchange.killpoints import Point
from tests.exchange.line import Line
from tests.faults.counting import Count, count
from tests.faults.crew import KILLED
from tests.faults.letters import Letter, coded
from tests.faults.stage import Run, Stage

BY_FILE = "# BY FILE"
LATE = {"EXCHANGE_COUPA__TIMEOUT_SECONDS": "0.8", "EXCHANGE_COUPA__DEADLINE_SECONDS": "1"}
UNKNOWN = "EXCHANGE_COUPA__UNKNOWN_SECONDS"
FLOWS = ("invoices", "ok2pay", "payments")


@dataclass
class Result:
    """How a trial came out; ``happened`` is False when the fault never struck."""

    runs: int = 0
    happened: bool = True
    lost: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)
    half_visible: set[str] = field(default_factory=set)
    seconds: float = 0.0
    alarms: int = 0
    wanted_alarms: int | None = None
    guard: str = ""  # that was switched off

    @property
    def clean(self) -> bool:
        """True when the fault struck, nothing was lost, doubled or seen half, and an outage was told of once."""
        told = self.wanted_alarms in (None, self.alarms)
        return told and self.happened and not (self.lost or self.duplicated or self.half_visible)

    @property
    def as_wanted(self) -> bool:
        """True when it is clean, or when it is not and a guard was off: then it is known that the harness can see."""
        return self.clean != bool(self.guard)

    def take(self, run: Run, counted: Count, seconds: float, *, happened: bool = True) -> "Result":
        """Add a run."""
        self.runs += 1
        self.happened &= happened
        self.lost += counted.lost
        self.duplicated += counted.duplicated
        self.half_visible |= run.stage.observer.half_visible()
        self.seconds = max(self.seconds, seconds)
        self.alarms = max(self.alarms, run.alarms())
        return self


Trial = Callable[[Stage], Result]
Strike = Callable[[Run], bool]
"""Does something to a run and lets the flow go at least once; False when the fault did not strike."""


def day(run: Run, struck: str, strike: Strike, flows: Sequence[str] = FLOWS) -> tuple[bool, float]:
    """Bring one day to its end; one flow is struck. Return whether the fault struck and the seconds it cost."""
    happened, seconds = False, 0.0
    for flow in flows:
        prepare(run, flow)
        if flow == struck:
            happened = strike(run)
            seconds = run.settle(flow)
        else:
            run.settle(flow)
    return happened, seconds


def prepare(run: Run, flow: str) -> None:
    """Let the other parties do what comes before a flow."""
    if flow == "invoices":
        run.deliver()
    elif flow == "ok2pay":
        run.stage.control("coupa/approve")
    else:
        run.stage.control("erp/pay")


def struck(flow: str, strike: Strike, extra: str = "") -> Trial:
    """Return the trial of a whole day in which one flow is struck."""

    def trial(stage: Stage) -> Result:
        run = stage.run(extra)
        whole = flow != "invoices" or not stage.short
        happened, seconds = day(run, flow, strike, FLOWS if whole else FLOWS[:1])
        return Result().take(run, count(run, paid=whole), seconds, happened=happened)

    return trial


def without(guard: str, trial: Trial) -> Trial:
    """Return a trial with a guard of the exchange switched off."""

    def off(stage: Stage) -> Result:
        stage.without = guard
        try:
            result = trial(stage)
        finally:
            stage.without = ""
        result.guard = guard
        return result

    return off


def kill(flow: str, point: Point, times: int = 1, extra: str = "") -> Trial:
    """Return the trial of a process that is killed at a point; the next one is started at once."""

    def strike(run: Run) -> bool:
        """Each worker has files of its own: what one process does twice, two may do once each."""
        nth = 1 if run.stage.server else times
        return run.go(flow, kill=f"{point}:{nth}") == KILLED

    return struck(flow, strike, extra)


def armed(flow: str, **fault: object) -> Trial:
    """Return the trial of a fault that the other party plays; it must have been spent."""

    def strike(run: Run) -> bool:
        run.stage.control("faults", fault)
        run.go(flow)
        left = run.stage.control("faults", method="GET")
        return not [*left["rest"], *(one for site in left["sftp"].values() for one in site)]

    return struck(flow, strike)


def rest(flow: str, kind: str, path: str = "", method: str = "POST", **more: object) -> Trial:
    """Return the trial of a request to Coupa that goes wrong."""
    return armed(flow, kind=kind, match={"path": path, "method": method}, **more)


def bent(flow: str, party: str, bend: Callable[[Line], None], delay: float = 0.0) -> Trial:
    """Return the trial of a line to a party, bent as told while the flow runs once."""

    def strike(run: Run) -> bool:
        ready = run.stage.ready
        port = int(ready["coupa"]["url"].rpartition(":")[2]) if party == "rest" else ready["sftp"][party]["port"]
        line = Line(port, delay=delay)
        if party == "rest":
            run.url = f"http://127.0.0.1:{line.port}"
        else:
            run.sites[party] = {"port": line.port}
        run.configure()
        bend(line)
        run.go(flow)
        connections = line.connections
        line.close()
        run.sites, run.url = {}, ""
        run.configure()
        return connections > 0

    return struck(flow, strike)


def frozen(flow: str, point: Point) -> Trial:
    """Return the trial of a process that is stopped for longer than its lease while another takes over, then wakes."""

    def strike(run: Run) -> bool:
        pid = run.start("run", flow, EXCHANGE_STOP_AT=point)
        if not run.is_stopped(pid):
            return False
        time.sleep(3.5)
        run.settle(flow)
        run.thaw(pid)
        return True

    return struck(flow, strike)


def asked_to_end(run: Run) -> bool:
    """SIGTERM to every process of the flow while it works."""
    pid = run.start("run", "invoices", EXCHANGE_STOP_AT=Point.FILE_CLAIMED)
    stopped = run.is_stopped(pid)
    run.crews[pid].signal(signal.SIGTERM)
    run.thaw(pid)
    return stopped


def two_at_once(flow: str) -> Trial:
    """Return the trial of the same flow in two processes at the same time."""

    def strike(run: Run) -> bool:
        pids = [run.start("run", flow) for _ in range(2)]
        return {run.wait(pid) for pid in pids} <= {0, 10}

    return struck(flow, strike)


def older_ledger(stage: Stage) -> Result:
    """The ledger is restored from a backup that knows nothing of the day, and the lockbox delivers all again."""
    run = stage.run()
    day(run, "", lambda _: True)
    run.database = stage.server.fresh() if stage.server else f"sqlite:///{run.home / 'restored.sqlite'}"
    run.configure()
    for path in (*stage.at("lockbox/ack").iterdir(), *stage.at("lockbox/archive").iterdir()):
        path.unlink()
        stage.observer.forget(path)
    happened, seconds = day(run, "invoices", lambda _: True)
    return Result().take(run, count(run), seconds, happened=happened)


def taken_at_once(run: Run) -> bool:
    """The ERP takes a file the moment it appears, and the sender is killed before it could note that it arrived."""
    stop = threading.Event()

    def greedy() -> None:
        while not stop.wait(0.001):
            for path in run.stage.at("erp/ok2pay").glob("*.csv"):
                run.stage.control("totals", method="GET")  # the ERP looks, books and moves it away
                assert not path.exists()

    thread = threading.Thread(target=greedy, daemon=True)
    thread.start()
    killed = run.go("ok2pay", kill=Point.UPLOAD_RENAMED) == KILLED
    time.sleep(0.3)
    stop.set()
    thread.join()
    return killed and not [*run.stage.at("erp/ok2pay").glob("*.csv")]


def growing(stage: Stage) -> Result:
    """A letter appears byte by byte under its final name while flows run."""
    run = stage.run()
    letter = run.letters[0]
    path = stage.at("lockbox/outbox") / letter.name

    def write() -> None:
        with path.open("wb", buffering=0) as stream:
            for at in range(0, len(letter.content), 100):
                stream.write(letter.content[at : at + 100])
                time.sleep(0.25)

    writer = threading.Thread(target=write)
    writer.start()
    run.deliver(*run.letters[1:])
    run.go("invoices")
    writer.join()
    seconds = run.settle("invoices")
    return Result().take(run, count(run, paid=False), seconds)


def same_bytes_twice(stage: Stage) -> Result:
    """The same bytes come under two names: one invoice each, one answer, both originals tidied."""
    run = stage.run()
    twin = Letter(f"twin-{run.letters[0].name}", run.letters[0].content, {}, submitted=True)
    run.deliver(*run.letters, twin)
    seconds = run.settle("invoices")
    counted = count(run, run.letters[1:], paid=False)
    into(run, counted, run.letters[0])
    return Result().take(run, counted, seconds)


def into(run: Run, counted: Count, letter: Letter) -> None:
    """Add what is wrong with the invoices of a letter at Coupa, whatever became of its file."""
    sql = "SELECT count(*) FROM objects WHERE kind = 'invoices' AND number = ? AND status != 'voided'"
    for number in letter.invoices:
        there = run.stage.rows("coupa.sqlite", sql, number)[0][0]
        counted.lost += [f"invoice {number}"] * (there == 0)
        counted.duplicated += [f"invoice {number}"] * (there > 1)


def other_bytes(moment: str) -> Trial:
    """Return the trial of a name that is used again for other bytes, before or after the first were worked."""

    def trial(stage: Stage) -> Result:
        run = stage.run()
        stage.runs += 1
        second = coded(stage.runs, run.letters[0].name)
        run.deliver()
        if moment == "after":
            run.settle("invoices")
            run.deliver(second)
        else:
            pid = run.start("run", "invoices", EXCHANGE_STOP_AT=Point.FILE_CLAIMED)
            run.is_stopped(pid)
            run.deliver(second)
            run.thaw(pid)
        seconds = run.settle("invoices")
        counted = Count()
        for letter in (*run.letters, second):
            into(run, counted, letter)
        return Result().take(run, counted, seconds)

    return trial


def strange_times(run: Run) -> bool:
    """Letters with a time in 1970 and in the far future."""
    for letter, moment in zip(run.letters, (0, 4_000_000_000), strict=True):
        os.utime(run.stage.at("lockbox/outbox") / letter.name, (moment, moment))
    return run.go("invoices") == 0


def strange_names(run: Run) -> bool:
    """Names that are none: a link, a pipe, a folder, a line break, a sign that turns the text, a dot name."""
    outbox = run.stage.at("lockbox/outbox")
    (outbox / "link.csv").symlink_to("/etc/hostname")
    os.mkfifo(outbox / "pipe.csv")
    (outbox / "folder.csv").mkdir()
    names = ["line\nbreak.csv", "turn\u202e.csv", ".hidden.csv", "x" * 255]
    for name in names:
        (outbox / name).write_bytes(b"nothing")
    done = run.go("invoices") == 0
    for path in outbox.iterdir():
        if path.name not in {letter.name for letter in run.letters}:
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    return done


def empty_first(stage: Stage) -> Result:
    """A letter of no bytes lies there and is filled later."""
    run = stage.run()
    path = stage.at("lockbox/outbox") / run.letters[0].name
    path.touch()
    run.deliver(*run.letters[1:])
    run.go("invoices")
    run.deliver(run.letters[0])
    seconds = run.settle("invoices")
    return Result().take(run, count(run, paid=False), seconds)


def random_kills(wanted: int, seed: int) -> Trial:
    """Return the trial of days whose processes are killed at random moments until so many have died; runs are kills."""

    def trial(stage: Stage) -> Result:
        dice, result, kills = random.Random(seed), Result(), 0
        while kills < wanted:
            run = stage.run(BY_FILE if stage.runs % 4 == 3 else "")
            began = time.monotonic()
            for flow in FLOWS:
                prepare(run, flow)
                for _ in range(2):
                    kills += _killed_somewhere(run, flow, dice)
                run.settle(flow)
            result.take(run, count(run), time.monotonic() - began)
            result.runs = kills
        return result

    return trial


def _killed_somewhere(run: Run, flow: str, dice: random.Random) -> bool:
    pid = run.start("run", flow)
    time.sleep(dice.uniform(0.2, 3.0 if flow == "invoices" else 1.2))
    os.kill(dice.choice(run.crews[pid].pids), signal.SIGKILL)
    return run.wait(pid) == KILLED


def masters_killed(run: Run) -> bool:
    """The flow of suppliers is killed once its file is written in the ledger; the file still reaches the lockbox."""
    run.stage.control("exporter/run")
    before = {*run.stage.at("lockbox/inbox").iterdir()}
    killed = run.go("suppliers", kill=Point.MASTERS_WRITTEN) == KILLED
    run.settle("suppliers")
    fresh = [path for path in {*run.stage.at("lockbox/inbox").iterdir()} - before if path.suffix == ".csv"]
    return killed and len(fresh) == 1


def stale_look_up(run: Run) -> bool:
    """The answer to a create is lost, and the look-up that follows does not show the new invoice yet."""
    run.stage.control("faults", {"kind": "cut_after_commit", "match": {"path": "/api/invoices$", "method": "POST"}})
    run.go("invoices")
    stale = {"kind": "stale_lookup", "seconds": 60, "times": 6}
    run.stage.control("faults", stale | {"match": {"path": "/api/invoices$", "method": "GET"}})
    time.sleep(2.5)
    return run.go("invoices") == 0


def always_refused(run: Run) -> bool:
    """A third invoice names an account that Coupa does not have: it is held, and the others go on."""
    content = run.letters[0].content.replace(b"2000-6200-100", b"9999-0000-000").replace(b"F0", b"X0")
    run.deliver(Letter(f"refused-{run.letters[0].name}", content, {}, submitted=True))
    done = run.go("invoices") == 0
    for path in run.stage.at("lockbox/ack").glob("refused-*"):
        path.unlink()
    for path in run.stage.at("lockbox/archive").glob("*refused-*"):
        path.unlink()
    return done


def late(flow: str, path: str, method: str) -> Strike:
    """Return the strike of a request that Coupa holds and carries out, within the window, when it was given up.

    Meanwhile the flow runs once more: it must not send again what may still be carried out.
    """

    def strike(run: Run) -> bool:
        run.env = LATE | {UNKNOWN: "120"}
        run.stage.control("faults", {"kind": "hold", "match": {"path": path, "method": method}})
        run.go(flow)
        held = not run.stage.control("faults", method="GET")["rest"]
        run.go(flow)
        run.stage.control("faults", method="DELETE")
        time.sleep(0.5)
        run.env = LATE | {UNKNOWN: "2.5"}
        return held

    return strike


def name_is_taken(run: Run) -> bool:
    """A file of somebody else has just the name that ours will get; it must stay as it is, and ours must arrive."""
    pid = run.start("run", "ok2pay", EXCHANGE_STOP_AT=Point.VOUCHERS_WRITTEN)
    if not run.is_stopped(pid):
        return False
    ((path,),) = run.ledger("SELECT path FROM outgoing WHERE remote = 'erp' AND state = 'new'")
    foreign = run.stage.at("erp") / path
    foreign.write_bytes(b"somebody else's")
    run.thaw(pid)
    untouched: bool = foreign.exists() and foreign.read_bytes() == b"somebody else's"
    if untouched:
        foreign.unlink()
        run.stage.observer.forget(foreign)
    return untouched


def moved_away(run: Run) -> bool:
    """A letter is moved away after it was listed and before it was read; later it is moved back."""
    letter = run.stage.at("lockbox/outbox") / run.letters[1].name
    pid = run.start("run", "invoices", EXCHANGE_STOP_AT=Point.FILE_SEEN)
    if not run.is_stopped(pid):
        return False
    away = letter.rename(run.stage.at("lockbox/temp") / f"away-{letter.name}")
    well = run.thaw(pid) == 0
    away.rename(letter)
    return well


def vanishing(run: Run) -> bool:
    """A letter is deleted after it was listed and before it was read; later it comes again."""
    gone = run.stage.at("lockbox/outbox") / run.letters[1].name
    pid = run.start("run", "invoices", EXCHANGE_STOP_AT=Point.FILE_SEEN)
    if not run.is_stopped(pid):
        return False
    gone.unlink()
    well = run.thaw(pid) == 0
    run.deliver(run.letters[1])
    return well
