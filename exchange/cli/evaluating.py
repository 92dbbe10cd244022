"""Evaluating: labelled documents are read, and what was promised is compared with what was right."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from capture import labelled
from capture.calibration import Sample
from capture.confidence import CRITICAL
from capture.engines import Engines
from capture.fields.supplier import Directory
from capture.labelled import Label
from capture.pages import open_document
from capture.paper import Paper
from capture.reader import read
from exchange.batches.progress import Progress
from exchange.errors import NotFoundError, SettingsError
from formats.documents import Supplier

TRUTH = "truth.jsonl"
SENDER = ("supplier",)


@dataclass(frozen=True, slots=True)
class Readings:
    """The labelled values as they were read when the supplier master knew the senders, and when it was empty.

    ``incomplete`` are the documents in which a critical value was not found.
    """

    known: list[Sample]
    unknown: list[Sample]
    incomplete: set[str]

    @property
    def fitting(self) -> list[Sample]:
        """What a model is fitted on: everything once, and the senders a second time without a master."""
        seen = {(sample.document, sample.field, sample.features) for sample in self.known}
        more = [one for one in self.unknown if (one.document, one.field, one.features) not in seen]
        return [*self.known, *more]


def read_labels(path: Path) -> list[Label]:
    """The labels of a file, or of ``truth.jsonl`` in a folder; errors name file and line."""
    file = path / TRUTH if path.is_dir() else path
    if not file.is_file():
        raise NotFoundError(f"There is no {file}; it holds one labelled document a line.")
    labels = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                labels.append(labelled.load(line))
            except ValueError as error:
                raise SettingsError(f"{file}:{number}: {error}") from error
    return labels


def read_all(folder: Path, labels: Sequence[Label], engines: Engines, progress: Progress) -> Readings:
    """Read every labelled page; what cannot be opened, or is read from an e-invoice, says nothing about reading."""
    names = sorted({str(label.fields["supplier_name"]) for label in labels if label.fields.get("supplier_name")})
    master = Directory.of(Supplier(number=str(number), name=name) for number, name in enumerate(names))
    nobody = Directory.of(())
    readings = Readings([], [], set())
    for number, label in enumerate(labels, 1):
        progress.advance(number, len(labels), label.id)
        for paper in _paper(folder, label):
            known = read(paper, master, engines)
            readings.known.extend(labelled.samples(label, known))
            readings.incomplete.update([label.id] if set(CRITICAL) - known.evidence.keys() else ())
            readings.unknown.extend(labelled.samples(label, read(paper, nobody, engines)))
    return readings


def _paper(folder: Path, label: Label) -> Iterator[Paper]:
    file = folder / label.file
    if not file.is_file():
        raise NotFoundError(f"There is no {file}, which {label.id} is a label of.")
    paper = open_document(file.read_bytes(), label.file)
    if isinstance(paper, Paper) and paper.embedded_xml is None:
        yield paper
