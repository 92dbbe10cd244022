"""Commands of the review desk: review, approve, edit, ask-supplier, verify, autonomy."""

import getpass
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

import typer

from exchange.batches import asking, editing, rerunning, reviewing, trust
from exchange.batches.reviewing import Seen, Waiting
from exchange.batches.trust import Found, Scope
from exchange.cli.options import ConfigOption, world_of
from exchange.cli.printing import JsonOption, console, literal, print_json, print_table, tell
from exchange.cli.steering import RecordArgument, WhyOption
from exchange.cli.tables import print_held, print_records, record_row
from exchange.errors import ExchangeError
from exchange.ledger import decisions
from payables.reasons.party import AUDIT_SAMPLE


def review(
    record: Annotated[int | None, typer.Argument(help="One record in full, with a letter to its supplier.")] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """List what waits for a person: why, how long, how much is at stake, who can clear it, and what to do."""
    with world_of(config, quiet=True) as world:
        waiting = reviewing.queue(world) if record is None else [reviewing.one(world, record)]
    if as_json:
        rows = [waiting_row(one) for one in waiting]
        print_json(rows if record is None else rows[0])
    elif record is None:
        _print_queue(waiting)
    else:
        _print_one(waiting[0])


def waiting_row(one: Waiting) -> dict[str, Any]:
    """Return what waits as the JSON output shows it."""
    plain = asdict(one)
    plain |= {"age_days": one.age.days, "clearers": one.clearers}
    return {name: value for name, value in plain.items() if name != "age"}


def _print_queue(waiting: Sequence[Waiting]) -> None:
    rows = [
        (one.record, f"{one.age.days} d", one.at_stake, f"{one.number}\n{one.supplier}".strip(), _what_to_do(one))
        for one in waiting
    ]
    print_table("", ("record", "age", "at stake", "invoice", "why, and what to do"), rows, right=("age", "at stake"))
    console.print(f"{len(rows)} records wait. `exchange review RECORD` shows one in full.")


def _what_to_do(one: Waiting) -> str:
    """Return why it waits, then what to do and who clears it."""
    task = f"To do: {one.suggestion} It is cleared by {', '.join(one.clearers)}." if one.suggestion else ""
    return "\n".join(said for said in (one.explanation, task) if said)


def _print_one(one: Waiting) -> None:
    tell(literal(one.number or "(no number)", "bold"), one.supplier, one.at_stake)
    tell(one.explanation)
    for reason in one.reasons:
        who = "" if reason.suggestion == one.suggestion else f" {reason.suggestion}"
        tell(f"{reason} For {reason.clearer.value}.{who}", indent=2)
    tell("To do:", one.suggestion)
    if one.decision is not None:
        console.print(f"Decision {one.decision}: `exchange replay {one.decision}` makes it again.")
    print_table("evidence", ("what", "says", "where", "sure"), [_seen(seen) for seen in one.evidence], right=("sure",))
    if one.asked is not None:
        tell(f"The supplier was asked on {one.asked:%Y-%m-%d}.")
    if one.letter:
        console.rule("a letter to the supplier; `exchange ask-supplier` writes down that it was sent")
        console.print(literal(one.letter), highlight=False)


def _seen(seen: Seen) -> tuple[str, str, str, str]:
    box = "" if seen.box is None else f" at {', '.join(f'{side:.2f}' for side in asdict(seen.box).values())}"
    page = f"page {seen.page}{box}" if seen.page is not None else ""
    line = f"line {seen.line}" if seen.line is not None else ""
    place = " ".join(part for part in (seen.file, page or line) if part)
    return seen.what, seen.says, place, "" if seen.confidence is None else f"{seen.confidence:.0%}"


def approve(record: RecordArgument, why: WhyOption, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Load a held record into Coupa because you say so; the same as `exchange release`."""
    with world_of(config, quiet=as_json) as world:
        row = rerunning.release(world, record, getpass.getuser(), why)
    print_json(record_row(row)) if as_json else print_records([row])


ChangeArgument = Annotated[list[str], typer.Argument(metavar="FIELD=VALUE...", help="What it should say instead.")]


def edit(
    record: RecordArgument,
    changes: ChangeArgument,
    why: WhyOption,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be decided.")] = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put fields of a held record right and judge it anew: number=..., date=..., line.2.quantity=..., po_number=..."""
    told = {name.strip(): value for name, _, value in (word.partition("=") for word in changes)}
    with world_of(config, quiet=as_json) as world:
        edited = editing.edit(world, record, told, getpass.getuser(), why, dry_run=dry_run)
    if as_json:
        print_json({"changes": [asdict(one) for one in edited.changes], "record": record_row(edited.record)})
        return
    for one in edited.changes:
        tell(f"{one.field}: {one.before} is now {one.after}" if not dry_run else f"{one.field}: {one.after}")
    print_records([edited.record])
    if dry_run:
        tell("It would be judged:", edited.record["decision"])
    print_held([edited.record])
    if edited.doubt:
        tell("Nothing of this supplier passes by itself from now on:", edited.doubt)


def ask_supplier(
    record: RecordArgument,
    mail: Annotated[bool, typer.Option("--mail", help="Print a mail as `sendmail -t` takes it.")] = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print a letter that asks the supplier what is open, and write down that you asked; you send it."""
    with world_of(config, quiet=True) as world:
        asked = asking.ask(world, record, getpass.getuser())
    if as_json:
        print_json(asdict(asked))
    elif mail:
        typer.echo(asked.mail())
    else:
        tell("To:", asked.to or "(the supplier master has no e-mail address)")
        console.print(literal(f"Subject: {asked.subject}\n\n{asked.body}"), highlight=False)


def verify(
    record: RecordArgument,
    right: Annotated[bool, typer.Option("--right/--wrong", help="Whether the invoice was due as it was decided.")],
    amount: Annotated[str, typer.Option(help="How much of it was not due; else all of it.")] = "",
    why: Annotated[str, typer.Option("--why", help="What you found; it is kept for ever.")] = "",
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say whether a decision was right; the last word on each counts, and a wrong approval closes its scope."""
    found = Found(who=getpass.getuser(), why=why, right=right, wrong_amount=_amount(amount))
    with world_of(config, quiet=True) as world:
        verdict = trust.verify(world, record, found)
    if as_json:
        print_json(verdict)
        return
    counts = f"It counts in the scope: {verdict['scope']}." if verdict["counts"] else "A person decided on it anyway."
    tell(f"Decision {verdict['decision_id']} is written down as {'right' if right else 'wrong'}.", counts)


def _amount(text: str) -> Decimal | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        raise ExchangeError(f"{text!r} is not an amount; write it as 12.34.") from None


def autonomy(config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """Show how far each scope goes by itself, what it has proved, what it still must, and the sample to verify."""
    with world_of(config, quiet=True) as world, world.ledger.read() as tx:
        scopes = trust.scopes(tx, world)
        sample = [row["id"] for row in decisions.unverified(tx, AUDIT_SAMPLE.rule.id)]
    rows = [_scope_row(scope) for scope in scopes]
    if as_json:
        print_json({"scopes": rows, "sample": sample})
        return
    if rows:
        print_table("", tuple(rows[0]), [[_short(value) for value in row.values()] for row in rows])
    console.print(f"To verify: records {', '.join(map(str, sample))}." if sample else "Nothing of the sample waits.")


def _scope_row(scope: Scope) -> Mapping[str, Any]:
    stands = asdict(scope.standing) if scope.standing else {}
    names = ("verified", "wrong", "count_bound", "money_bound", "missing")
    goes = {"scope": scope.name, "configured": scope.configured.value, "effective": scope.effective.value}
    return goes | {name: stands.get(name) for name in names}


def _short(value: object) -> object:
    return f"{value:.2%}" if isinstance(value, float) else value
