"""The house rules: what holds for every room, whatever it does."""

import ast
import importlib.util
import re
import subprocess
import tomllib
from collections import Counter
from collections.abc import Iterator
from inspect import getmembers, isclass
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from importlinter.cli import lint_imports
from typer.main import get_command

import exchange.errors
from exchange.batches.catalogue import ROOMS, RULES
from exchange.cli import app
from exchange.cli.declared import Section, items, sections
from exchange.errors import ExchangeError
from exchange.ledger.database import open_ledger
from exchange.ledger.schema import METADATA
from exchange.schedule import Schedules, load_schedules
from exchange.settings import Settings
from payables import policy_values
from payables.tolerances import Measure
from sandbox.__main__ import app as sandbox_app

ROOT = Path(__file__).parents[1]
PACKAGES = ("exchange", "formats", "capture", "payables", "sandbox")
LONGEST_FILE, LONGEST_FUNCTION, LONGEST_FLOW, LONGEST_README = 500, 50, 15, 150
TEXTS = {".py", ".md", ".toml", ".yaml", ".txt", ".j2", ".sql", ".html", ""}
# Spelt in halves, so that this file does not break its own rule.
BANNED = ["/wo" + "rk/", "../sha" + "red", "TO" + "DO", "FIX" + "ME", "raise NotImplemented" + "Error", "py" + "pi.org"]
Function = ast.FunctionDef | ast.AsyncFunctionDef


def test_every_import_contract_is_kept() -> None:
    assert 0 == lint_imports(config_filename=str(ROOT / "pyproject.toml"))


def test_everything_public_has_a_docstring() -> None:
    assert [] == [
        f"{path}:{getattr(node, 'lineno', 1)} {getattr(node, 'name', '')}"
        for path, tree in _trees(*PACKAGES)
        for node in _public(tree)
        if not ast.get_docstring(node)
    ]


def test_no_file_is_longer_than_five_hundred_lines() -> None:
    lengths = {
        path: len(path.read_text(encoding="utf-8").splitlines()) for path in _files(*PACKAGES, "tests", "scripts")
    }
    assert {} == {path: length for path, length in lengths.items() if length > LONGEST_FILE}


def test_no_function_is_longer_than_fifty_lines() -> None:
    assert [] == [
        f"{path}:{function.lineno} {function.name} has {_length(function)} lines"
        for path, tree in _trees(*PACKAGES, "tests", "scripts")
        for function in ast.walk(tree)
        if isinstance(function, Function) and _length(function) > LONGEST_FUNCTION
    ]


def test_every_flow_reads_as_a_table_of_contents() -> None:
    flows = [
        (path.stem, node)
        for path, tree in _trees("exchange/flows")
        for node in ast.walk(tree)
        if isinstance(node, Function) and node.name == "run"
    ]
    assert flows
    assert [] == [name for name, run in flows if _length(run) > LONGEST_FLOW]


def test_every_settings_and_schedules_key_is_described() -> None:
    declared = [*sections(Settings), *sections(Schedules), *_entries()]
    assert [] == [section.name for section in declared if not section.description]
    assert [] == [f"{section.name}.{key.name}" for section in declared for key in section.keys if not key.description]


def test_every_rule_says_what_is_wrong_and_what_to_do() -> None:
    assert [] == [rule.id for rule in RULES.values() if not rule.title.strip() or not rule.remedy.strip()]


def test_rule_ids_are_kebab_case_and_belong_to_one_room() -> None:
    ids = Counter(rule.id for rules in ROOMS.values() for rule in rules)
    assert [] == [rule for rule, times in ids.items() if times > 1]
    assert [] == [rule for rule in ids if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule)]


def test_every_command_and_every_option_has_help() -> None:
    commands = [command for program in (app, sandbox_app) for command in _commands(program)]
    assert [] == [command.name for command in commands if not command.help]
    assert [] == [
        f"{command.name} {parameter.name}"
        for command in commands
        for parameter in command.params
        if not getattr(parameter, "help", "")
    ]


@pytest.mark.parametrize("page", ["configuration.md", "rules.md", "commands.md"])
def test_the_generated_pages_are_up_to_date(page: str) -> None:
    assert _make_docs().pages()[page] == (ROOT / "docs" / page).read_text(encoding="utf-8"), "run `make docs`"


def test_every_policy_key_and_measure_is_documented() -> None:
    text = (ROOT / "docs" / "policy.md").read_text(encoding="utf-8")
    known = [*policy_values.KEYS, *(measure.value for measure in Measure)]
    assert [] == [key for key in known if f"`{key}`" not in text]


def test_every_exit_code_is_documented_and_means_one_thing() -> None:
    errors = [kind for _, kind in getmembers(exchange.errors, isclass) if issubclass(kind, ExchangeError)]
    codes = Counter(kind.exit_code for kind in errors)
    text = (ROOT / "docs" / "howto" / "operate.md").read_text(encoding="utf-8")
    assert [] == [code for code, times in codes.items() if times > 1]
    assert [] == [code for code in codes if f"\n| {code} | " not in text]


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [
        *project["project"]["dependencies"],
        *(name for extra in project["project"]["optional-dependencies"].values() for name in extra),
        *(name for group in project["dependency-groups"].values() for name in group),
    ]
    text = (ROOT / "docs" / "decisions.md").read_text(encoding="utf-8")
    names = [re.split(r"[^A-Za-z0-9-]", entry)[0] for entry in wanted]
    assert [] == [name for name in names if f"| `{name}` | " not in text]


def test_the_readme_fits_in_a_hundred_and_fifty_lines() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= LONGEST_README


def test_links_between_pages_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    assert [] == [
        f"{page.name}: {target}"
        for page in pages
        for target in re.findall(r"\]\((?!http)([^)#]+)", page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]


def test_no_file_speaks_of_what_only_its_makers_know() -> None:
    assert [] == [
        f"{path}: {word}"
        for path in _kept_files()
        for word in BANNED
        if word in path.read_text(encoding="utf-8", errors="replace")
    ]


def test_the_migrations_make_the_tables_of_the_schema(tmp_path: Path) -> None:
    ledger = open_ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    with ledger.engine.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), METADATA)
    ledger.close()
    assert [] == differences


def test_the_schedules_of_the_house_are_well_formed() -> None:
    assert load_schedules(ROOT / "schedules.yaml").schedules


def _files(*folders: str) -> Iterator[Path]:
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def _trees(*folders: str) -> Iterator[tuple[Path, ast.Module]]:
    for path in _files(*folders):
        yield path.relative_to(ROOT), ast.parse(path.read_text(encoding="utf-8"))


def _public(tree: ast.Module) -> Iterator[ast.Module | ast.ClassDef | Function]:
    """The module, its public classes and functions, and the public methods of those classes."""
    yield tree
    for node in tree.body:
        if isinstance(node, ast.ClassDef | Function) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from (one for one in node.body if isinstance(one, Function) and _is_told(one))


def _is_told(method: Function) -> bool:
    overloads = [name for name in method.decorator_list if isinstance(name, ast.Name) and name.id == "overload"]
    return not method.name.startswith("_") and not overloads


def _length(function: Function) -> int:
    """The lines of a function without its signature and its docstring."""
    documented = ast.get_docstring(function) is not None
    body = function.body[1:] if documented else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def _entries() -> Iterator[Section]:
    for field in Schedules.model_fields.values():
        entry = items(field)
        if entry is not None:
            yield from sections(entry)


def _commands(program: Any) -> list[Any]:
    group: Any = get_command(program)
    return list(group.commands.values())


def _make_docs() -> Any:
    spec = importlib.util.spec_from_file_location("make_docs", ROOT / "scripts" / "make_docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _kept_files() -> list[Path]:
    """The texts that are kept in the repository; everything below the folder where there is no repository."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        listed = "\0".join(
            str(path.relative_to(ROOT)) for folder in (*PACKAGES, "docs") for path in (ROOT / folder).rglob("*")
        )
    kept = [ROOT / name for name in listed.split("\0") if name and not name.startswith("sample_files/originals/")]
    return [path for path in kept if path.suffix in TEXTS and path.is_file()]
