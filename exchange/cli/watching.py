"""How the exchange is, and who is told: status, with an exit code for cron and Nagios, and alerts."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Annotated, Any

import typer
from sqlalchemy import RowMapping

from exchange.batches.world import World
from exchange.cli.options import ConfigOption, SchedulesOption, schedules_of, world_of
from exchange.cli.printing import JsonOption, literal, plain, print_json, print_table, tell
from exchange.errors import ExchangeError, LedgerError, NotFoundError
from exchange.ledger import outages, records
from exchange.monitor import channels
from exchange.monitor.channels import Message, NotToldError
from exchange.monitor.health import MEGABYTE, FlowHealth, Health, Level, is_alive, look

OPEN = "open"
TO_DO = (OPEN, records.HELD, records.REJECTED)


def status(config: ConfigOption = None, schedules: SchedulesOption = None, as_json: JsonOption = False) -> None:
    """Tell how the exchange is; exit 0 when nothing is wrong, 1 for a warning, 2 when it is critical, as Nagios asks.

    No partner is asked: what is known is what the ledger says.
    """
    try:
        with world_of(config, quiet=True) as world:
            health = look(world, schedules_of(schedules))
    except LedgerError as error:
        print_json({"level": Level.CRITICAL.name, "error": str(error)}) if as_json else tell("CRITICAL:", error)
        raise typer.Exit(Level.CRITICAL) from None
    print_json(as_plain(health)) if as_json else _print(health)
    raise typer.Exit(health.level)


def as_plain(health: Health) -> dict[str, Any]:
    """Return what there is to know as plain values."""
    return {
        "level": health.level.name,
        "problems": [asdict(one) | {"level": one.level.name} for one in health.problems],
        "at": health.at,
        "running": [plain(row) | {"alive": is_alive(row, health.at)} for row in health.owners],
        "stopped": plain(health.stopped) if health.stopped else None,
        "flows": [_flow(flow) for flow in health.flows],
        "oldest_unfinished_file": _file(health.oldest) if health.oldest else None,
        "quarantined": [_file(row) for row in health.quarantined],
        "partners_that_failed": [plain(row) for row in health.partners],
        "alerts_waiting": [plain(row) for row in health.untold],
        "disk_free_bytes": health.free_bytes,
    }


def _flow(flow: FlowHealth) -> dict[str, Any]:
    last = flow.last
    return {
        "flow": flow.flow,
        "last_batch": last["id"] if last else None,
        "started": last["started_at"] if last else None,
        "outcome": (last["outcome"] or "under way") if last else None,
        "last_done": flow.well,
        "next_slot": flow.due,
        "late": flow.late or None,
        "records": dict(_counted(flow)),
    }


def _counted(flow: FlowHealth) -> Iterator[tuple[str, int]]:
    """The records by outcome; what has none yet is open."""
    yield OPEN, sum(count for state, count in flow.records.items() if state not in records.OUTCOMES)
    for state in records.OUTCOMES:
        yield state, flow.records.get(state, 0)


def _file(row: RowMapping) -> dict[str, Any]:
    return {name: row[name] for name in ("name", "flow", "sha256", "taken_at", "batch_id", "tries", "reason")}


def _print(health: Health) -> None:
    tell(literal(f"{health.level.name}:", "bold"), _headline(health))
    flows = [_cells(flow) for flow in health.flows]
    columns = ("flow", "batch", "last began (UTC)", "outcome", "next slot (UTC)", *TO_DO)
    print_table("", columns, flows, right=TO_DO)
    print_table("facts", ("what", "how it is"), list(_facts(health)))
    for problem in sorted(health.problems, key=lambda one: -one.level):
        tell(literal(problem.level.name, "bold"), problem.message)
        if problem.remedy:
            tell(literal(problem.remedy, "dim"), indent=4)


def _headline(health: Health) -> str:
    """The first line, which a monitoring system shows: everything that is wrong, the worst first."""
    worst = sorted(health.problems, key=lambda one: -one.level)
    return "; ".join(problem.message for problem in worst) or "nothing is wrong"


def _cells(flow: FlowHealth) -> Sequence[object]:
    told, counts = _flow(flow), dict(_counted(flow))
    began = f"{told['started']:%m-%d %H:%M}" if told["started"] else "never"
    due = f"{flow.due.astimezone(dt.UTC):%m-%d %H:%M}" if flow.due else ""
    return (flow.flow, told["last_batch"], began, told["outcome"], due, *(counts[state] or "" for state in TO_DO))


def _facts(health: Health) -> Iterator[tuple[str, str]]:
    alive = [row for row in health.owners if is_alive(row, health.at)]
    for row in alive:
        ago = (health.at - row["seen_at"]).total_seconds()
        yield f"{row['role']} is alive", f"{row['owner']} since {row['started_at']:%Y-%m-%d %H:%M} UTC, {ago:.0f} s ago"
    if not alive:
        yield "daemon", "none runs"
    yield "kill switch", f"on: {health.stopped['value']}" if health.stopped else "off"
    yield (
        "oldest unfinished file",
        f"{health.oldest['name']}, {health.waited.total_seconds() / 3600:.1f} hours" if health.oldest else "none",
    )
    yield "files in quarantine", str(len(health.quarantined))
    yield "partners", ", ".join(f"{row['name']} fails" for row in health.partners) or "none failed last time"
    yield "alerts to be sent", str(len(health.untold))
    yield "disk", f"{health.free_bytes / MEGABYTE / 1024:.1f} GiB free"


def alerts(
    test: Annotated[bool, typer.Option("--test", help="Send a message on every channel now.")] = False,
    limit: Annotated[int, typer.Option(min=1, help="How many of the newest.")] = 20,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what people were told is wrong and whether it still is, or try every channel; exit 1 when one fails."""
    with world_of(config, quiet=True) as world:
        if test:
            _try(world, as_json=as_json)
            return
        with world.ledger.read() as tx:
            rows, waiting = outages.latest(tx, limit), outages.waiting(tx)
    if as_json:
        print_json({"outages": [plain(row) for row in rows], "waiting": [plain(row) for row in waiting]})
        return
    cells = [(f"{row['since']:%Y-%m-%d %H:%M}", _until(row), row["topic"], row["message"]) for row in rows[::-1]]
    print_table("", ("since (UTC)", "until (UTC)", "topic", "what is wrong"), cells)
    for row in waiting:
        tell(f"{row['channel']} has not taken that {row['topic']} has {row['what']}:", row["error"] or "not tried yet")
    if not rows:
        tell("Nobody was told of anything yet.")


def _until(row: RowMapping) -> str:
    return f"{row['ended_at']:%Y-%m-%d %H:%M}" if row["ended_at"] else "still so"


def _try(world: World, *, as_json: bool) -> None:
    """Tell every channel that this is a test."""
    found = channels.channels(world.settings.alerts)
    if not found:
        raise NotFoundError("There is no channel. Set webhook or mail_to under [alerts].")
    at = world.clock()
    message = Message(id=f"test.{at:%Y%m%dT%H%M%S}", what="test", topic="test", text="This is a test.", since=at)
    failed = {}
    for name, channel in found.items():
        try:
            channel.tell(message)
        except NotToldError as error:
            failed[name] = str(error)
    if as_json:
        print_json({name: failed.get(name, "taken") for name in found})
        raise typer.Exit(ExchangeError.exit_code if failed else 0)
    for name in found:
        tell(f"{name}:", failed.get(name, "taken; look whether it arrived"))
    if failed:
        raise ExchangeError(f"Not everybody can be told: {', '.join(failed)}.")
