"""Write the pages of docs/ that are made from the code: configuration.md, rules.md and commands.md.

python scripts/make_docs.py            write them
python scripts/make_docs.py --check    exit 1 and name the pages that are stale
"""

import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import typer
from typer.main import get_command

import sandbox.__main__
from exchange.batches.catalogue import ROOMS
from exchange.cli import app
from exchange.cli.declared import Section, items, sections
from exchange.schedule import Schedules
from exchange.settings import Settings

DOCS = Path(__file__).parents[1] / "docs"
MADE = "<!-- Made by `make docs` from the code; change it there. -->\n"


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or only compare them; return the exit code."""
    stale = [name for name, text in pages().items() if _differs(DOCS / name, text)]
    if "--check" in arguments:
        print("\n".join(f"docs/{name} is stale: run `make docs`" for name in stale) or "docs/ is up to date")
        return 1 if stale else 0
    for name in stale:
        (DOCS / name).write_text(pages()[name], encoding="utf-8")
        print(f"wrote docs/{name}")
    return 0


def pages() -> dict[str, str]:
    """Return the text of every page by its name."""
    return {"configuration.md": configuration(), "rules.md": rules(), "commands.md": commands()}


def configuration() -> str:
    """Return every key of the settings and of the schedules."""
    lines = [
        "# Configuration",
        "",
        MADE,
        "`exchange init` writes both files to start from; `exchange check` proves them. A key that nobody knows is",
        "an error that names it.",
        "",
        "## exchange.toml",
        "",
        "Found by `--config`, else `$EXCHANGE_CONFIG`, else `./exchange.toml`. Any key may come from the environment:",
        "`EXCHANGE_COUPA__CLIENT_SECRET` is `client_secret` of `[coupa]`. A secret may stand in a file of its own:",
        '`client_secret_file = "/run/secrets/coupa"`.',
        "",
        *_sections(sections(Settings), "the top of the file"),
        "Every key of `policy` is explained in [policy.md](policy.md).",
        "",
        "## schedules.yaml",
        "",
        "Found by `--schedules`, else `$EXCHANGE_SCHEDULES`, else `./schedules.yaml`. A mistake in it is named with",
        "its line. Every value is read as text first, so `010` stays `010`.",
        "",
        *_sections(sections(Schedules), "the top of the file"),
    ]
    for name, field in Schedules.model_fields.items():
        item = items(field)
        if item is not None:
            lines += _sections(sections(item), f"each entry of {name}")
    return "\n".join(lines).rstrip() + "\n"


def rules() -> str:
    """Return every rule that a finding or a reason may carry."""
    lines = ["# Rules", "", MADE, "What a finding or a reason may say, and what to do about it. Ids are permanent."]
    for room, known in ROOMS.items():
        lines += ["", f"## {room}", ""]
        rows = [
            (f"<a id='{rule.id}'></a>`{rule.id}`", rule.severity.value, rule.title, rule.remedy)
            for rule in sorted(known, key=lambda rule: rule.id)
        ]
        lines += _table(("rule", "severity", "what it says", "what to do"), rows)
    return "\n".join(lines) + "\n"


def commands() -> str:
    """Return every command of both programs with its arguments and options."""
    lines = ["# Commands", "", MADE]
    lines += ["Exit codes are listed in [howto/operate.md](howto/operate.md).", ""]
    lines += _program("exchange", app)
    lines += _program("exchange-sandbox", sandbox.__main__.app)
    return "\n".join(lines).rstrip() + "\n"


def _program(name: str, program: typer.Typer) -> Iterator[str]:
    group: Any = get_command(program)
    yield from (f"## {name}", "", str(group.help), "")
    for called, command in _leaves(name, group):
        yield from (f"### {called}", "", " ".join(str(command.help).split()), "")
        rows = [(_names(one), _default(one), one.help or "") for one in command.params if one.name != "help"]
        if rows:
            yield from (*_table(("", "default", "what it is"), rows), "")


def _leaves(name: str, group: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401  (typer's own click)
    """Yield every command with all the words that call it."""
    for command in group.commands.values():
        called = f"{name} {command.name}"
        yield from _leaves(called, command) if hasattr(command, "commands") else [(called, command)]


def _names(parameter: Any) -> str:  # noqa: ANN401  (typer's own click)
    if not parameter.opts[0].startswith("-"):
        return f"`{parameter.metavar or parameter.name.upper()}`"
    return ", ".join(f"`{name}`" for name in parameter.opts)


def _default(parameter: Any) -> str:  # noqa: ANN401  (typer's own click)
    if parameter.required:
        return "required"
    default = parameter.default
    return "" if default in (None, False, "") or callable(default) else f"`{default}`"


def _sections(found: Iterable[Section], top: str) -> Iterator[str]:
    for section in found:
        if not section.keys:
            continue
        yield from (f"### {f'`[{section.name}]`' if section.name else top.capitalize()}", "", section.description, "")
        rows = [
            (
                f"`{key.name}`" + (f", `{key.name}_file`" if key.secret else ""),
                key.type,
                _code(key.default),
                key.description,
            )
            for key in section.keys
        ]
        yield from (*_table(("key", "type", "default", "what it is"), rows), "")


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"


def _differs(path: Path, text: str) -> bool:
    return not path.is_file() or path.read_text(encoding="utf-8") != text


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
