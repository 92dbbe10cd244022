"""The sample day as the tests see it: files, twins, and the CSVs inside, read without the product."""

import csv
import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).parents[2] / "sample_files"
TWIN = ".expected.json"
Rows = Mapping[str, list[dict[str, str]]]


def deliveries() -> list[Path]:
    """Return what the lockbox delivers, in the order of the names."""
    return sorted(path for path in (SAMPLES / "lockbox").iterdir() if not path.name.endswith(TWIN))


def twin(delivery: Path) -> dict[str, Any]:
    """Return the twin of a delivery."""
    made: dict[str, Any] = json.loads(delivery.with_name(delivery.name + TWIN).read_bytes())
    return made


def seed() -> dict[str, list[dict[str, Any]]]:
    """Return Coupa as it stands that morning."""
    made: dict[str, list[dict[str, Any]]] = json.loads((SAMPLES / "coupa" / "seed.json").read_bytes())
    return made


def members(delivery: Path) -> dict[str, bytes]:
    """Return the members of a ZIP, or the file itself."""
    if delivery.suffix != ".zip":
        return {delivery.name: delivery.read_bytes()}
    with zipfile.ZipFile(delivery) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def tables(delivery: Path) -> Iterator[tuple[str, Rows]]:
    """Yield the CSVs of a delivery as rows by row type; broken ones fail in the reader."""
    for name, content in members(delivery).items():
        if name.endswith(".csv"):
            yield name, table(content.decode())


def table(text: str) -> Rows:
    """Return the rows of an invoice import by row type, each against its own schema row."""
    schema: dict[str, list[str]] = {}
    made: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in csv.reader(io.StringIO(text, newline=""), strict=True):
        if row[0] in schema:
            made[row[0]].append(dict(zip(schema[row[0]], row, strict=True)))
        else:
            schema[row[0]] = row
    return made
