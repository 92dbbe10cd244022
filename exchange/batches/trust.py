"""Trust: what people found about decisions, and how far it lets each scope go by itself."""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection, RowMapping

from exchange.batches.deciding import code_version
from exchange.batches.world import World
from exchange.errors import ExchangeError, NotFoundError
from exchange.ledger import decisions, events, records
from payables.autonomy import Standing, Verified, standing
from payables.policy import Phase, PhaseRule, Policy, Target
from payables.policy_values import fingerprint as policy_hash_of
from payables.verdicts import Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a person found about a decision; ``wrong_amount`` was approved and not due, None means all of it."""

    who: str
    why: str
    right: bool
    wrong_amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """A scope of the policy: the phase it is configured for, the one it goes by, and what it rests on."""

    name: str
    configured: Phase
    effective: Phase
    standing: Standing | None


def fingerprint(policy_hash: str, code: str) -> str:
    """Return the hash of policy and code: what was earned under one is not earned under another."""
    return hashlib.sha256(f"{policy_hash}\n{code}".encode()).hexdigest()


def standings(tx: Connection, world: World) -> dict[str, Standing]:
    """Return where each scope of the policy stands; empty where the policy asks for no proof."""
    target = world.policy.autonomy
    return _standings(tx, world, target) if target else {}


def _standings(tx: Connection, world: World, target: Target) -> dict[str, Standing]:
    own = fingerprint(policy_hash_of(world.settings.policy), code_version())
    rows = [row for row in decisions.verdicts(tx) if row["counts"]]
    found = {}
    for rule, name in _named(world.policy.phases, {row["scope"] for row in rows}):
        verified = [_verified(row) for row in rows if row["scope"] == name]
        found[name] = standing(verified, target, own, rule.up_to)
    return found


def _named(rules: Iterable[PhaseRule], told: Collection[str]) -> Iterator[tuple[PhaseRule, str]]:
    """Yield each rule with its scopes among those told, one a currency; with its own where there is none.

    A scope that an earlier rule covers is that rule's.
    """
    taken: set[str] = set()
    for rule in rules:
        own = [rule.currency] if rule.currency else [name.rpartition(" in ")[2] for name in sorted(told)]
        names = [name for name in map(rule.scope_in, own) if name in told and name not in taken]
        taken.update(names)
        for name in names or [rule.scope_in(rule.currency) if rule.currency else rule.scope]:
            yield rule, name


def earned(tx: Connection, world: World) -> dict[str, Phase]:
    """Return the phase that each scope has earned."""
    return {name: one.phase for name, one in standings(tx, world).items()}


def _verified(row: RowMapping) -> Verified:
    return Verified(
        amount=row["amount"],
        wrong_amount=row["wrong_amount"],
        fingerprint=row["fingerprint"],
        automatic=row["automatic"],
    )


def scopes(tx: Connection, world: World) -> list[Scope]:
    """Return every scope of the policy, in its order."""
    known = standings(tx, world)
    return [
        Scope(name, rule.phase, _effective(rule.phase, world.policy, known.get(name)), known.get(name))
        for rule, name in _named(world.policy.phases, known)
    ]


def _effective(configured: Phase, policy: Policy, known: Standing | None) -> Phase:
    if policy.stopped:
        return Phase.MONITOR
    return known.phase if known and configured is Phase.AUTO else configured


def verify(world: World, record_id: int, found: Found) -> Mapping[str, object]:
    """Write what a person found about the latest decision on a record; NotFoundError when there is none."""
    with world.ledger.write() as tx:
        record, decision = records.get(tx, record_id), decisions.of_record(tx, record_id)
        if decision is None:
            raise NotFoundError(f"Record {record_id} was never judged; there is nothing to verify.")
        values = _values(record, decision, found) | {"at": world.clock()}
        decisions.verify(tx, values)
        told = {name: values[name] for name in ("decision_id", "scope", "amount", "wrong_amount", "automatic", "why")}
        happened = events.Event(at=world.clock(), what="verified", who=found.who, record_id=record_id, detail=told)
        events.append(tx, happened)
    return values


def _values(record: RowMapping, decision: RowMapping, found: Found) -> dict[str, object]:
    amount = abs(record["amount"] or Decimal(0))
    wrong = Decimal(0) if found.right else amount if found.wrong_amount is None else found.wrong_amount
    if not found.right and not 0 < wrong <= amount:
        raise ExchangeError(f"What was wrong must be more than nothing and at most {amount} {record['currency']}.")
    return {
        "decision_id": decision["id"],
        "who": found.who,
        "why": found.why,
        "scope": decision["scope"],
        "amount": amount,
        "wrong_amount": wrong,
        "fingerprint": fingerprint(decision["policy_hash"], decision["code"]),
        "automatic": decision["outcome"] == Decision.LOAD,
        "counts": decision["clean"],
    }
