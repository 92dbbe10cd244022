"""The files to start from: settings, schedules and policy, with what each key means written above it."""

import textwrap
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from exchange.cli.declared import Key, Section, as_toml, sections
from exchange.errors import ExchangeError
from exchange.flow import TITLES, FlowName
from exchange.schedule import Blackout, Schedule
from exchange.settings import Settings

SETTINGS_NAME, SCHEDULES_NAME = "exchange.toml", "schedules.yaml"
ASKED = frozenset(
    ["home", "time_zone", "coupa.url", "coupa.client_id"]
    + [f"{site}.{key}" for site in ("lockbox", "erp") for key in ("host", "user", "host_keys")]
)
TIMES = {
    FlowName.SUPPLIERS: "0 5 * * *",
    FlowName.ACCOUNTS: "10 5 * * *",
    FlowName.PURCHASE_ORDERS: "15 * * * *",
    FlowName.RECEIPTS: "20 * * * *",
    FlowName.INVOICES: "*/5 * * * *",
    FlowName.INVOICE_UPDATES: "25 * * * *",
    FlowName.OK2PAY: "30 * * * *",
    FlowName.PAYMENTS: "45 * * * *",
}
HEAD = """\
# Settings of the exchange. A line that begins with "#" and a key shows the default.
# Secrets: write KEY_file = "path" instead of KEY, or set EXCHANGE_TABLE__KEY in the environment.
# `exchange check` proves it all before the first run.
"""
SCHEDULES_HEAD = """\
# What moves, when. `exchange serve` follows this file; a mistake in it is named with its line.
"""


def write(folder: Path, *, force: bool) -> list[Path]:
    """Write both files into a folder, both or none; ExchangeError when one is there and ``force`` is not given."""
    texts = {folder / SETTINGS_NAME: settings_text(folder), folder / SCHEDULES_NAME: schedules_text()}
    there = [str(path) for path in texts if path.exists()]
    if there and not force:
        raise ExchangeError(
            f"{' and '.join(there)} would be overwritten; --force does it, --folder names another place."
        )
    folder.mkdir(parents=True, exist_ok=True)
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    return list(texts)


def settings_text(folder: Path) -> str:
    """Return a settings file with every key, its paths below a folder; what a house must tell is not commented out."""
    parts = [line for section in sections(Settings) for line in _section(section, folder.absolute())]
    return "\n".join([HEAD, *parts, policy_text()])


def policy_text() -> str:
    """Return the policy table to start from."""
    return (files("exchange") / "starting" / "policy.toml").read_text(encoding="utf-8")


def schedules_text() -> str:
    """Return a schedules file with every flow and every key explained."""
    lines = [SCHEDULES_HEAD + "# Zone of all times that name none.", "time_zone: UTC", ""]
    lines += ["# Times in which nothing is started; each entry has", *_explained(Blackout), "blackout: []", ""]
    lines += ["# The flows and when they are due; each entry has", *_explained(Schedule), "schedules:"]
    for flow, cron in TIMES.items():
        lines += [f"  - flow: {flow}  # {TITLES[flow]}", f'    cron: "{cron}"']
    return "\n".join(lines) + "\n"


def _explained(model: type[Blackout | Schedule]) -> Iterator[str]:
    for section in sections(model):
        for key in section.keys:
            yield f"#   {key.name}: {key.description}" + (f" (default {key.default})" if key.default else "")


def _section(section: Section, folder: Path) -> Iterator[str]:
    if section.name:
        yield f"# {section.description}"
        yield f"[{section.name}]"
    for key in section.keys:
        if key.type != "table":  # the policy stands at the end, in words of its own
            yield from textwrap.wrap(key.description, 110, initial_indent="# ", subsequent_indent="# ")
            yield _line(section, key, folder)
    yield ""


def _line(section: Section, key: Key, folder: Path) -> str:
    path = f"{section.name}.{key.name}".lstrip(".")
    shown = "" if path in ASKED else "# "
    if key.secret:
        file = folder / "secrets" / f"{section.name.split('.')[0]}-{key.name.replace('_', '-')}"
        return f"{shown}{key.name}_file = {as_toml(file)}"
    if not key.default:
        return f'#   {key.name} = "..."'  # there is no default that TOML could spell
    return f"{shown}{key.name} = {as_toml(folder / 'exchange-home') if path == 'home' else key.default}"
