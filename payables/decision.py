"""A decision on record: everything it was made from, so that it can be made again, bit for bit."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from formats import stored
from formats.documents import Invoice
from payables.context import Context
from payables.judge import decide as outcome
from payables.judge import judge
from payables.judgement import Judgement
from payables.policy_values import canonical, fingerprint, policy
from payables.reasons.party import AUDIT_SAMPLE, PHASE_GATE
from payables.verdicts import Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """An invoice, what it was judged against, the policy's plain values as JSON, the day, the code, the judgement."""

    invoice: Invoice
    context: Context
    policy: str
    today: dt.date
    code: str
    judgement: Judgement

    @property
    def policy_hash(self) -> str:
        """The hash of the policy that the decision was made under."""
        return fingerprint(json.loads(self.policy))


@dataclass(frozen=True, slots=True)
class Replay:
    """A decision made again: the new judgement, and whether it is the old one in every byte."""

    judgement: Judgement
    same: bool


def decide(invoice: Invoice, context: Context, values: Mapping[str, Any], today: dt.date, *, code: str) -> Decided:
    """Judge an invoice under the policy of these plain values and return the decision with all it rests on."""
    plain = canonical(values)
    judgement = judge(invoice, context, policy(json.loads(plain)), today)
    return Decided(invoice=invoice, context=context, policy=plain, today=today, code=code, judgement=judgement)


def replay(decided: Decided) -> Replay:
    """Make the decision again from what it was made from."""
    again = judge(decided.invoice, decided.context, policy(json.loads(decided.policy), past=True), decided.today)
    return Replay(again, stored.dump(again) == stored.dump(decided.judgement))


def is_clean(judgement: Judgement) -> bool:
    """Return True when nothing but the phase of its scope or the audit sample kept the invoice from going through."""
    guards = {PHASE_GATE.rule.id, AUDIT_SAMPLE.rule.id}
    return outcome(reason for reason in judgement.reasons if reason.code not in guards) is Decision.LOAD


def to_json(decided: Decided) -> str:
    """Return the decision as JSON text that is the same for the same decision."""
    plain = json.loads(stored.dump(decided))
    accounts = plain["context"]["accounts"]
    plain["context"]["accounts"] = None if accounts is None else sorted(accounts)
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def from_json(text: str) -> Decided:
    """Return the decision that `to_json` wrote; ValueError when the text is not one."""
    return stored.load(Decided, text)
