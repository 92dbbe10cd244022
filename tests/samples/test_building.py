"""The sample day can be made again from its originals, byte for byte, and says where each comes from."""

import re
import subprocess
import sys
from pathlib import Path

from tests.samples.day import SAMPLES, deliveries, members

LICENCES = {"Apache-2.0", "CC BY 4.0", "EUPL-1.2", "MIT"}


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def provenance() -> dict[str, list[str]]:
    text = (SAMPLES / "README.md").read_text(encoding="utf-8")
    table = text.split("<!-- originals: begin -->")[1].split("<!-- originals: end -->")[0]
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in table.strip().splitlines()[2:]]
    return {row[0].strip("`"): row for row in rows}


def test_building_gives_exactly_what_is_committed(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-B", SAMPLES / "build.py", "--into", tmp_path], check=True, timeout=60)
    made = {folder: files(tmp_path / folder) for folder in ("lockbox", "coupa")}
    assert made == {folder: files(SAMPLES / folder) for folder in ("lockbox", "coupa")}
    assert (tmp_path / "README.md").read_bytes() == (SAMPLES / "README.md").read_bytes()


def test_the_provenance_table_lists_every_original_and_no_other() -> None:
    kept = SAMPLES / "originals"
    present = {path.relative_to(kept).as_posix() for path in kept.rglob("*") if path.is_file()}
    assert set(provenance()) == present - {"LICENSES.md"}


def test_every_original_has_a_source_and_a_licence_that_allows_shipping() -> None:
    for name, row in provenance().items():
        assert re.match(r"github\.com/[\w-]+/[\w-]+ `.+`", row[2]), name
        assert (row[3] in LICENCES, "invoice2data" in row[2]) == (True, False), name


def test_the_originals_stay_small() -> None:
    assert sum(path.stat().st_size for path in (SAMPLES / "originals").rglob("*")) < 8_000_000


def test_every_original_is_delivered_unless_only_its_values_are_used() -> None:
    delivered = {content for path in deliveries() for content in members(path).values()}
    kept = {name: (SAMPLES / "originals" / name).read_bytes() for name in provenance()}
    only_values = {name for name, content in kept.items() if content not in delivered}
    assert {name for name in only_values if not name.startswith(("adventureworks/", "cen_BIS_", "cxml_"))} == set()
