"""A policy from plain values, as they stand in a configuration file; everything wrong is named at once."""

import hashlib
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from payables.policy import CodingRule, DuplicateRules, Gates, Level, Phase, PhaseRule, Policy, Target
from payables.reasons.agreed import KINDS as AGREED
from payables.reasons.party import UNUSUAL
from payables.tolerances import TWO_SIDED, UNLIMITED, Combine, Limit, Measure, Scope, Tolerance, Tolerances
from payables.verdicts import Decision

T = TypeVar("T")

STARTING_POINT: Mapping[str, Any] = {
    "currencies": [],
    "chart_of_accounts": "",
    "charts": {},
    "matching": "3-way",
    "without_account": "draft",
    "order_required": [],
    "max_age_days": 365,
    "max_days_ahead": 30,
    "gates": {"amount": {"*": "100000"}, "confidence": 0.95, "new_supplier": "draft", "bank_change": "hold"},
    "tolerances": {
        "price": {"above": {"percent": 2, "amount": 50, "combine": "all"}, "below": "unlimited"},
        "quantity": {"above": "none"},
        "amount_line": {"above": "none"},
        "order_total": {"above": {"percent": 2, "amount": 100, "combine": "all"}},
        "tax": {
            "above": {"percent": "unlimited", "amount": "0.05"},
            "below": {"percent": "unlimited", "amount": "0.05"},
        },
        "charges": {"above": {"percent": 5, "amount": 100, "combine": "all"}},
        "total": {
            "above": {"percent": "unlimited", "amount": "0.02"},
            "below": {"percent": "unlimited", "amount": "0.02"},
        },
        "budget": {"above": {"percent": "unlimited", "amount": 100}},
        "supplier_budget": {"above": {"percent": "unlimited", "amount": 500}},
    },
    "phases": [{"phase": "assist"}],
}


class PolicyError(ValueError):
    """The policy is wrong or incomplete; ``problems`` names each key."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


class _Reader:
    """Reads values and collects what is wrong with them."""

    def __init__(self, *, past: bool) -> None:
        self.problems: list[str] = []
        self.past = past

    def wrong(self, key: str, problem: str, instead: T) -> T:
        self.problems.append(f"{key}: {problem}")
        return instead

    def table(self, value: object, key: str) -> Mapping[str, Any]:
        return value if isinstance(value, Mapping) else self.wrong(key, f"{value!r} is not a table", {})

    def rows(self, value: object, key: str) -> list[tuple[str, Mapping[str, Any]]]:
        if isinstance(value, str) or not isinstance(value, Sequence):
            return self.wrong(key, f"{value!r} is not a list", [])
        return [(f"{key}[{index}]", self.table(row, f"{key}[{index}]")) for index, row in enumerate(value)]

    def names(self, value: object, key: str) -> frozenset[str]:
        if isinstance(value, str) or not isinstance(value, Iterable):
            return self.wrong(key, f"{value!r} is not a list", frozenset[str]())
        return frozenset(str(name) for name in value)

    def number(self, value: object, key: str) -> Decimal:
        try:
            number = Decimal("NaN") if isinstance(value, bool) else Decimal(str(value))
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or number < 0:
            return self.wrong(key, f"{value!r} is not a number from 0", Decimal(0))
        return number

    def whole(self, value: object, key: str) -> int:
        number = self.number(value, key)
        return int(number) if number == int(number) else self.wrong(key, f"{value!r} is not a whole number", 0)

    def share(self, value: object, key: str) -> float:
        number = self.number(value, key)
        return float(number) if 0 < number < 1 else self.wrong(key, f"{value!r} is not between 0 and 1", 0.5)

    def flag(self, value: object, key: str) -> bool:
        return value if isinstance(value, bool) else self.wrong(key, f"{value!r} is neither true nor false", False)

    def choice(self, value: object, key: str, choices: Mapping[str, T]) -> T:
        known = choices.get(str(value))
        if known is not None:
            return known
        return self.wrong(key, f"{value!r} is none of {', '.join(choices)}", next(iter(choices.values())))

    def known(self, values: Mapping[str, Any], key: str, names: Iterable[str]) -> None:
        for name in sorted(set(values) - set(names)):
            self.wrong(f"{key}{name}", "is not known", None)


CURRENCY = re.compile(r"[A-Z]{3}")  # ISO 4217
_OUTCOMES = {"load": Decision.LOAD, "draft": Decision.DRAFT, "hold": Decision.HOLD}
_STOPPING = {"draft": Decision.DRAFT, "hold": Decision.HOLD}
KEYS = (
    "currencies",
    "chart_of_accounts",
    "charts",
    "autonomy",
    "routing",
    "matching",
    "without_account",
    "order_required",
    "max_age_days",
    "max_days_ahead",
    "number_length",
    "max_tax_percent",
    "order_runner_up",
    "line_runner_up",
    "stopped",
    "gates",
    "phases",
    "tolerances",
    "scopes",
    "coding",
    "units",
    "duplicates",
    "controls",
)


def policy(values: Mapping[str, Any], *, past: bool = False) -> Policy:
    """Return the policy; raise PolicyError naming every key that is wrong, unknown, or unset and must not be.

    One that decisions were made by in the ``past`` is read as it was meant: an `up_to` could be of any currency.
    """
    reader = _Reader(past=past)
    reader.known(values, "", KEYS)
    built = Policy(
        tolerances=_tolerances(reader, values),
        gates=_gates(reader, values.get("gates")),
        phases=tuple(_phase(reader, key, row) for key, row in reader.rows(values.get("phases", []), "phases")),
        coding=tuple(_coding(reader, key, row) for key, row in reader.rows(values.get("coding", []), "coding")),
        units=_units(reader, values.get("units", [])),
        duplicates=_duplicates(reader, values.get("duplicates", {})),
        controls=_controls(reader, values.get("controls", {})),
        charts=_charts(reader, values.get("charts", {})),
        autonomy=_autonomy(reader, values["autonomy"]) if "autonomy" in values else None,
        routing=_routing(reader, values.get("routing", {})),
        **_plain(reader, values),
    )
    if reader.problems:
        raise PolicyError(reader.problems)
    return built


def canonical(values: Mapping[str, Any]) -> str:
    """Return the values as JSON that is the same for the same policy, whatever the order of keys."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), default=str)


def fingerprint(values: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the canonical values, in hex: the configuration hash that a decision is kept with."""
    return hashlib.sha256(canonical(values).encode()).hexdigest()


def _plain(reader: _Reader, values: Mapping[str, Any]) -> dict[str, Any]:
    readers: dict[str, Callable[[object, str], object]] = {
        "currencies": reader.names,
        "order_required": reader.names,
        "chart_of_accounts": lambda value, _: str(value),
        "matching": lambda value, key: reader.choice(value, key, {level.value: level for level in Level}),
        "without_account": lambda value, key: reader.choice(value, key, _STOPPING),
        "max_age_days": reader.whole,
        "max_days_ahead": reader.whole,
        "number_length": reader.whole,
        "max_tax_percent": reader.number,
        "order_runner_up": lambda value, key: float(reader.number(value, key)),
        "line_runner_up": lambda value, key: float(reader.number(value, key)),
        "stopped": reader.flag,
    }
    return {key: read(values[key], key) for key, read in readers.items() if key in values}


def _tolerances(reader: _Reader, values: Mapping[str, Any]) -> Tolerances:
    table = reader.table(values.get("tolerances", {}), "tolerances")
    for measure in Measure:
        if measure.value not in table:
            reader.wrong(f"tolerances.{measure}", 'is not set; write a limit, "none" or "unlimited"', None)
    rows = reader.rows(values.get("scopes", []), "scopes")
    return Tolerances(
        default=_measures(reader, table, "tolerances"), scopes=tuple(_scope(reader, key, row) for key, row in rows)
    )


def _scope(reader: _Reader, key: str, row: Mapping[str, Any]) -> Scope:
    measures = {name: value for name, value in row.items() if name not in {"supplier", "commodity"}}
    supplier, commodity = str(row.get("supplier", "")), str(row.get("commodity", ""))
    if not supplier and not commodity:
        reader.wrong(key, "names neither a supplier nor a commodity", None)
    return Scope(supplier, commodity, _measures(reader, measures, key))


def _measures(reader: _Reader, table: Mapping[str, Any], key: str) -> dict[Measure, Tolerance]:
    reader.known(table, f"{key}.", [measure.value for measure in Measure])
    known = [measure for measure in Measure if measure.value in table]
    return {measure: _tolerance(reader, measure, table[measure.value], f"{key}.{measure}") for measure in known}


def _tolerance(reader: _Reader, measure: Measure, value: object, key: str) -> Tolerance:
    if isinstance(value, str):
        return Tolerance(_limit(reader, value, key), _limit(reader, value, key))
    table = reader.table(value, key)
    sides = ("above", "below") if measure in TWO_SIDED else ("above",)
    reader.known(table, f"{key}.", sides)
    limits = [_limit(reader, table.get(side), f"{key}.{side}") for side in sides]
    return Tolerance(*limits)


def _limit(reader: _Reader, value: object, key: str) -> Limit:
    if value is None:
        return reader.wrong(key, 'is not set; write a limit, "none" or "unlimited"', UNLIMITED)
    if value == "unlimited":
        return UNLIMITED
    if value == "none":
        return Limit(Decimal(0), Decimal(0))
    table = reader.table(value, key)
    reader.known(table, f"{key}.", ("percent", "amount", "combine"))
    percent, amount = (_bound(reader, table.get(name), f"{key}.{name}") for name in ("percent", "amount"))
    return Limit(percent, amount, _combine(reader, table, key))


def _bound(reader: _Reader, value: object, key: str) -> Decimal | None:
    if value is None:
        return reader.wrong(key, 'is not set; write a number or "unlimited"', None)
    return None if value == "unlimited" else reader.number(value, key)


def _combine(reader: _Reader, table: Mapping[str, Any], key: str) -> Combine:
    bounds = [table.get("percent"), table.get("amount")]
    if "combine" not in table:
        if "unlimited" not in bounds:
            reader.wrong(f"{key}.combine", 'is not set; write "all" (both must hold) or "any" (one is enough)', None)
        return Combine.ALL
    combine = reader.choice(table["combine"], f"{key}.combine", {choice.value: choice for choice in Combine})
    if combine is Combine.ANY and "unlimited" in bounds:
        reader.wrong(key, '"any" with an unlimited side limits nothing', None)
    return combine


def _gates(reader: _Reader, value: object) -> Gates:
    table = reader.table(value, "gates")
    reader.known(table, "gates.", ("amount", "confidence", "new_supplier", "bank_change", "fields"))
    amounts = table.get("amount")
    by_currency = amounts if isinstance(amounts, Mapping) else {"*": amounts}
    if "*" not in by_currency:
        reader.wrong("gates.amount.*", "is not set", None)
    optional: dict[str, Any] = {
        name: reader.choice(table[name], f"gates.{name}", _OUTCOMES)
        for name in ("new_supplier", "bank_change")
        if name in table
    }
    if "fields" in table:
        optional["fields"] = tuple(sorted(reader.names(table["fields"], "gates.fields")))
    return Gates(
        amount={currency: _bound(reader, limit, f"gates.amount.{currency}") for currency, limit in by_currency.items()},
        confidence=float(_bound(reader, table.get("confidence"), "gates.confidence") or 0),
        **optional,
    )


def _phase(reader: _Reader, key: str, row: Mapping[str, Any]) -> PhaseRule:
    reader.known(row, f"{key}.", ("phase", "suppliers", "po_backed", "credit_note", "currency", "up_to"))
    currency = row.get("currency", "")
    if currency and not CURRENCY.fullmatch(str(currency)):
        reader.wrong(f"{key}.currency", f"{currency!r} is no code such as EUR", None)
    if "up_to" in row and not currency and not reader.past:
        reader.wrong(f"{key}.currency", "is not set, and up_to is an amount of it", None)
    return PhaseRule(
        phase=reader.choice(row.get("phase"), f"{key}.phase", {phase.value: phase for phase in Phase}),
        suppliers=reader.names(row.get("suppliers", []), f"{key}.suppliers"),
        po_backed=row.get("po_backed"),
        credit_note=row.get("credit_note"),
        currency=str(currency),
        up_to=reader.number(row["up_to"], f"{key}.up_to") if "up_to" in row else None,
    )


def _coding(reader: _Reader, key: str, row: Mapping[str, Any]) -> CodingRule:
    reader.known(row, f"{key}.", ("account", "supplier", "contains", "chart_of_accounts"))
    if not row.get("account"):
        reader.wrong(f"{key}.account", "is not set", None)
    return CodingRule(**{str(name): str(value) for name, value in row.items()} | {"account": str(row.get("account"))})


def _units(reader: _Reader, value: object) -> dict[tuple[str, str], Decimal]:
    factors: dict[tuple[str, str], Decimal] = {}
    for key, row in reader.rows(value, "units"):
        factor = reader.number(row.get("factor"), f"{key}.factor")
        if not factor or not row.get("from") or not row.get("to"):
            reader.wrong(key, "needs from, to and a factor above 0", None)
            continue
        factors[str(row["from"]).upper(), str(row["to"]).upper()] = factor
    return factors


def _duplicates(reader: _Reader, value: object) -> DuplicateRules:
    table = reader.table(value, "duplicates")
    reader.known(table, "duplicates.", ("near_days", "least_amount"))
    return DuplicateRules(
        near_days=reader.whole(table.get("near_days", 7), "duplicates.near_days"),
        least_amount=reader.number(table.get("least_amount", 0), "duplicates.least_amount"),
    )


def _controls(reader: _Reader, value: object) -> dict[str, Decision]:
    table = reader.table(value, "controls")
    reader.known(table, "controls.", [kind.rule.id for kind in (*UNUSUAL, *AGREED)])
    return {code: reader.choice(outcome, f"controls.{code}", _OUTCOMES) for code, outcome in table.items()}


def _charts(reader: _Reader, value: object) -> dict[str, str]:
    return {currency: str(chart) for currency, chart in reader.table(value, "charts").items()}


def _autonomy(reader: _Reader, value: object) -> Target:
    table = reader.table(value, "autonomy")
    shares = ("count", "money", "confidence", "audit")
    reader.known(table, "autonomy.", (*shares, "seed"))
    if not table.get("seed"):
        reader.wrong("autonomy.seed", "is not set; write a text that nobody outside can guess", None)
    given = {name: reader.share(table[name], f"autonomy.{name}") for name in shares if name in table}
    return Target(**given, seed=str(table.get("seed", "")))


def _routing(reader: _Reader, value: object) -> bool:
    table = reader.table(value, "routing")
    reader.known(table, "routing.", ("enabled",))
    return reader.flag(table.get("enabled", False), "routing.enabled")
