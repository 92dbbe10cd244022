"""How the exchange is: status, with an exit code for cron and Nagios."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import typer
from sqlalchemy import RowMapping

from exchange.cli.options import (
    ConfigOption,
    JsonOption,
    SchedulesOption,
    literal,
    plain,
    print_json,
    print_table,
    tell,
    world_of,
)
from exchange.errors import LedgerError, SettingsError
from exchange.ledger import records
from exchange.monitor.health import MEGABYTE, FlowHealth, Health, Level, is_alive, look
from exchange.schedule import Schedules, find_schedules_file, load_schedules

OPEN = "open"
TO_DO = (OPEN, records.HELD, records.REJECTED)


def status(config: ConfigOption = None, schedules: SchedulesOption = None, as_json: JsonOption = False) -> None:
    """Tell how the exchange is; exit 0 when nothing is wrong, 1 for a warning, 2 when it is critical, as Nagios asks.

    No partner is asked: what is known is what the ledger says.
    """
    try:
        with world_of(config, quiet=True) as world:
            health = look(world, _schedules(schedules))
    except LedgerError as error:
        print_json({"level": Level.CRITICAL.name, "error": str(error)}) if as_json else tell("CRITICAL:", error)
        raise typer.Exit(Level.CRITICAL) from None
    print_json(as_plain(health)) if as_json else _print(health)
    raise typer.Exit(health.level)


def _schedules(given: Path | None) -> Schedules | None:
    """The schedules; None where cron runs the flows and there is no such file."""
    try:
        file = find_schedules_file(given)
    except SettingsError:
        if given:
            raise
        return None
    return load_schedules(file)


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
        "alerts_waiting": health.untold,
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
    yield "alerts to be sent", str(health.untold)
    yield "disk", f"{health.free_bytes / MEGABYTE / 1024:.1f} GiB free"


COMMANDS = (status,)
