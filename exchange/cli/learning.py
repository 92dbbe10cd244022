"""The commands of what reading learned: a supplier's paper, how sure it is, and whose paper has changed."""

import getpass
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.markup import escape

from exchange.batches import correcting, drifting
from exchange.cli.options import ConfigOption, world_of
from exchange.cli.printing import JsonOption, console, plain, print_json, print_table
from exchange.cli.steering import RecordArgument, WhyOption
from exchange.ledger import drift

RightOption = Annotated[
    list[str] | None, typer.Option("--right", metavar="FIELD=VALUE", help="What stands on the page; repeatable.")
]
SupplierArgument = Annotated[str, typer.Argument(help="The supplier's number in Coupa.")]


def learn(
    record: RecordArgument, right: RightOption = None, config: ConfigOption = None, as_json: JsonOption = False
) -> None:
    """Learn a supplier's paper from a corrected record, put a held record right, and write the supplier's template."""
    pairs = [word.partition("=") for word in right or ()]
    with world_of(config, quiet=as_json) as world:
        told = {name.strip(): value for name, _, value in pairs}
        learned = correcting.correct(world, record, told, getpass.getuser())
    if as_json:
        print_json(asdict(learned))
        return
    console.print(f"{learned.supplier}: learned {', '.join(learned.fields)}; {escape(str(learned.file))}")
    for name in learned.unseen:
        console.print(f"    {name} is not seen on the page, so the template learned nothing about it")
    if learned.doubt:
        console.print(f"    nothing of this supplier passes by itself from now on: {learned.doubt}")


def show(config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """List, by supplier and layout, how sure reading was and how often it was corrected, and what is in doubt."""
    with world_of(config, quiet=True) as world, world.ledger.read() as tx:
        layouts = [plain(one) for one in drift.by_layout(tx)]
        doubts = [plain(one) for one in drift.doubts(tx)]
    if as_json:
        print_json({"layouts": layouts, "doubts": doubts})
        return
    rows = [
        (
            one["supplier_number"] or "(unknown)",
            one["layout"],
            one["pages"],
            one["corrected"],
            f"{one['confidence']:.3f}",
        )
        for one in layouts
    ]
    columns = ("supplier", "layout", "pages", "corrected", "mean confidence")
    print_table("reading by supplier and layout", columns, rows, right=columns[2:])
    told = [(one["supplier_number"], f"{one['at']:%Y-%m-%d}", one["why"], _review(one)) for one in doubts]
    print_table("doubts", ("supplier", "since", "why", "reviewed"), told)


def reopen(supplier: SupplierArgument, why: WhyOption, config: ConfigOption = None) -> None:
    """Let a supplier's pages pass by themselves again, after a person looked at them."""
    with world_of(config, quiet=True) as world:
        drifting.reopen(world, supplier, getpass.getuser(), why)
    console.print(f"Pages of supplier {supplier} are judged as others are again.", markup=False)


def _review(doubt: dict[str, Any]) -> str:
    return f"{doubt['reviewed_by']}: {doubt['review']}" if doubt["reviewed_at"] else "OPEN"
