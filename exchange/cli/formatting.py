"""`exchange formats` and `exchange validate`: what the layouts are, and what is wrong with a file, all offline."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.markup import escape

from capture.limits import Limits
from capture.pages import open_document
from exchange.batches.overlays import load_layout
from exchange.cli.printing import JsonOption, console, print_json, print_table
from exchange.errors import FindingsError, NotFoundError, SettingsError
from formats import delivery
from formats import sample as samples
from formats.catalogue import LAYOUTS
from formats.delivery import Kind
from formats.erp import preview as previews
from formats.erp import template as templates
from formats.examine import Examined, electronic, examine, marked
from formats.findings import Finding, Severity
from formats.layout import Layout, Totals
from formats.overlay import OverlayError
from formats.overlay import learn as learn_overlay
from formats.recognition import first_rows
from formats.text import decode

FileArgument = Annotated[Path, typer.Argument(help="The file.")]
PathsArgument = Annotated[list[Path], typer.Argument(help="Files, or folders of files.")]
OverlayOption = Annotated[Path | None, typer.Option("--overlay", help="Your own template, as `formats learn` writes.")]
LayoutOption = Annotated[str, typer.Option("--layout", help="Read flat files as this layout; else told by the header.")]
MarkedOption = Annotated[
    Path | None, typer.Option("--marked", help="Write flat files here, each row with what is wrong with it.")
]
LinesOption = Annotated[bool, typer.Option("--jsonl", help="Print one JSON object a file.")]


def list_formats(as_json: JsonOption = False) -> None:
    """List every flat-file layout and what it is."""
    rows = [
        {"name": name, "columns": len(list(layout.columns())), "summary": (layout.__doc__ or "").splitlines()[0]}
        for name, layout in LAYOUTS.items()
    ]
    if as_json:
        print_json(rows)
    else:
        print_table("formats", ("name", "columns", "what it is"), [tuple(row.values()) for row in rows])


def show_format(
    name: Annotated[str, typer.Argument(help="Its name, as `formats list` prints it.")],
    overlay: OverlayOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show every column of a layout: its type, whether it is required, and the field that it fills."""
    layout = load_layout(overlay, name)
    rows = [
        {
            "row": one.row,
            "position": one.position,
            "column": one.column,
            "type": one.kind,
            "required": one.required,
            "note": one.field or "kept as it is",
        }
        for one in layout.columns()
    ]
    if as_json:
        print_json(rows)
        return
    cells = [[*row.values()] for row in rows]
    told = [[*row[:4], "yes" if row[4] else "", row[5]] for row in cells]
    print_table(layout.name, ("row", "#", "column", "type", "required", "field"), told, right=("#",))


def learn(file: FileArgument) -> None:
    """Write an overlay, on standard output, from your own template: a file whose header rows are those you use."""
    with _opened(file).open("rb") as stream, decode(stream, file.name).stream as text:
        rows, mark = first_rows(text)
    try:
        sys.stdout.write(learn_overlay(rows, mark))
    except OverlayError as error:
        raise SettingsError(f"{file}: {error}") from None


def sample_data(
    name: Annotated[str, typer.Argument(help="The layout, as `formats list` prints it.")],
    records: Annotated[int, typer.Option(min=0, help="How many records.")] = 3,
    seed: Annotated[int, typer.Option(help="Another seed makes other data; the same makes the same.")] = 0,
    overlay: OverlayOption = None,
) -> None:
    """Write test data, on standard output, made up from a layout's declaration or your own template."""
    samples.write(load_layout(overlay, name), sys.stdout, records, seed)


def validate(
    paths: PathsArgument,
    overlay: OverlayOption = None,
    layout: LayoutOption = "",
    marked_folder: MarkedOption = None,
    json_lines: LinesOption = False,
    as_json: JsonOption = False,
) -> None:
    """Say everything that is wrong with files of any known format, offline; exit 7 if one has an error."""
    found = []
    for path in _files(paths):
        examined = _examine(path, load_layout(overlay, layout) if overlay or layout else None)
        found.append(examined)
        if marked_folder and examined.format in LAYOUTS:
            _mark(path, examined, marked_folder)
        if json_lines:
            sys.stdout.write(json.dumps(_as_json(examined), ensure_ascii=False) + "\n")
        elif not as_json:
            _print(examined)
    if as_json:
        print_json([_as_json(examined) for examined in found])
    wrong = [examined.file for examined in found if not examined.good]
    if wrong:
        _fail(f"{len(wrong)} of {len(found)} files have errors.", silent=as_json or json_lines)


def preview(
    file: FileArgument,
    template: Annotated[str, typer.Option("--template", help="A packaged template, or your own .j2 file or folder.")],
    value: Annotated[
        list[str] | None, typer.Option("--value", metavar="NAME=TEXT", help="What the template asks for; repeatable.")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what an ERP template makes of Coupa's invoice export or an e-invoice; exit 7 if one cannot be posted."""
    context = dict(_pair(text) for text in value or ())
    made = previews.preview(_opened(file).read_bytes(), file.name, _template(template), context)
    if as_json:
        findings = [_finding(finding) for finding in made.findings]
        print_json({"invoices": made.invoices, "outputs": dict(made.texts), "findings": findings})
    else:
        for name, text in made.texts.items():
            console.rule(name, align="left") if len(made.texts) > 1 else None
            sys.stdout.write(text)
        _print_findings(made.findings)
    if any(finding.severity is Severity.ERROR for finding in made.findings):
        _fail(f"{file} cannot be posted as it is.", silent=as_json)


def _fail(message: str, *, silent: bool) -> NoReturn:
    """End with the exit code for files with errors; the JSON that was printed has said why."""
    if silent:
        raise typer.Exit(FindingsError.exit_code)
    raise FindingsError(message)


def _template(name: str) -> templates.Template:
    try:
        return templates.load(name) if name in templates.names() else templates.read(Path(name))
    except KeyError:
        raise NotFoundError(f"There is no template {name}; packaged are {', '.join(templates.names())}.") from None


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals:
        raise SettingsError(f"--value {text}: write NAME=TEXT.")
    return name, value


def _opened(path: Path) -> Path:
    if not path.is_file():
        raise NotFoundError(f"There is no file {path}.")
    return path


def _files(paths: Sequence[Path]) -> Iterator[Path]:
    for path in paths:
        yield from sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else (_opened(path),)


def _examine(path: Path, layout: type[Layout[Any]] | None) -> Examined:
    """What formats say of a file, or of the e-invoice inside a PDF."""
    with path.open("rb") as stream:
        examined = examine(stream, str(path), layout)
    if examined.format != Kind.PDF:
        return examined
    paper = open_document(path.read_bytes(), str(path), Limits())
    if isinstance(paper, Finding):
        return Examined(str(path), str(Kind.PDF), (paper,), Totals())
    kind = delivery.identify(paper.embedded_xml[: delivery.HEAD]) if paper.embedded_xml else Kind.PDF
    return electronic(paper.embedded_xml, str(path), f"pdf with {kind}") if paper.embedded_xml else examined


def _mark(path: Path, examined: Examined, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with path.open("rb") as stream, (folder / path.name).open("w", newline="", encoding="utf-8") as out:
        marked(stream, examined, out)


def _as_json(examined: Examined) -> dict[str, Any]:
    totals = examined.totals
    return {
        "file": examined.file,
        "format": examined.format,
        "good": examined.good,
        "documents": totals.records,
        "money": {currency: str(amount) for currency, amount in totals.money.items()},
        "fired": sorted({finding.rule.id for finding in examined.findings}),
        "findings": [_finding(finding) for finding in examined.findings],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule.id,
        "severity": str(finding.severity),
        "line": finding.source.line,
        "column": finding.source.column,
        "record": finding.record,
        "message": finding.message,
        "remedy": finding.rule.remedy,
    }


def _print(examined: Examined) -> None:
    money = ", ".join(f"{amount:,} {currency}".strip() for currency, amount in examined.totals.money.items())
    count = examined.totals.records
    documents = f"{count} document{'' if count == 1 else 's'}" + (f", {money}" if money else "")
    errors = sum(finding.severity is Severity.ERROR for finding in examined.findings)
    verdict = "good" if examined.good else f"{errors} error{'' if errors == 1 else 's'}"
    console.print(f"[bold]{escape(examined.file)}[/] {escape(examined.format)}: {verdict}; {documents}", soft_wrap=True)
    _print_findings(examined.findings)


def _print_findings(findings: Sequence[Finding]) -> None:
    for finding in findings:
        console.print(f"  {finding.severity}: {finding}", markup=False, highlight=False, soft_wrap=True)
