"""The catalogue of every rule that a finding or a reason may carry."""

import capture.rules
import formats.rules
import formats.xml_rules
import payables.reasons
from formats.findings import Rule

ROOMS = {
    "formats": (*formats.rules.RULES, *formats.xml_rules.RULES),
    "capture": capture.rules.RULES,
    "payables": payables.reasons.RULES,
}
RULES: dict[str, Rule] = {rule.id: rule for rules in ROOMS.values() for rule in rules}


def rule(identity: str) -> Rule:
    """Return a rule by its id; one that an older version wrote is still a rule, without a remedy."""
    return RULES.get(identity, Rule(identity, identity, ""))
