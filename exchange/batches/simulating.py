"""The past under other limits: kept decisions made again under a proposed policy."""

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from exchange.batches import deciding
from exchange.batches.world import World
from exchange.errors import SettingsError
from exchange.ledger import decisions
from payables.decision import Decided
from payables.policy_values import PolicyError
from payables.simulator import Simulation
from payables.simulator import simulate as made_again
from payables.tolerances import Measure


def simulate(world: World, proposed: Path, since: dt.datetime | None = None) -> Simulation:
    """Make the latest decision on each record again under the policy with what a TOML file proposes laid over it.

    The file holds tolerances, or any keys of the policy; SettingsError when the policy would be wrong with them.
    """
    values = laid_over(world.settings.policy, _read(proposed))
    with world.ledger.read() as tx:
        try:
            return made_again(_past(tx, since), values)
        except PolicyError as error:
            wrong = "\n".join(f"  {problem}" for problem in error.problems)
            raise SettingsError(f"{proposed} is wrong:\n{wrong}") from None


def _past(tx: Connection, since: dt.datetime | None) -> Iterator[Decided]:
    return (deciding.load(tx, row) for row in decisions.latest(tx, since))


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: {error}") from error


def laid_over(policy: Mapping[str, Any], proposed: Mapping[str, Any]) -> dict[str, Any]:
    """Return the policy's plain values with proposed ones laid over them, tolerances measure by measure."""
    changes = proposed.get("policy", proposed)
    if set(changes) <= set(Measure):
        changes = {"tolerances": changes}
    tolerances = {**policy.get("tolerances", {}), **changes.get("tolerances", {})}
    return {**policy, **changes, "tolerances": tolerances}
