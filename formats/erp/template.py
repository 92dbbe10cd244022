"""An ERP template: one file of Jinja2, or a folder of them whose outputs travel in a ZIP.

The packaged ones are named (``oracle-fbdi``); a customer's own is a file ``*.j2`` or a folder of ``NAME.j2`` files,
each of which makes the output ``NAME``. What a template sees is told in ``formats.erp.render``.
"""

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import BinaryIO

from formats.documents import Invoice
from formats.erp import render
from formats.findings import Finding

EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Template:
    """A template's name and its texts by the name of the output; a single text has no other name than its own."""

    name: str
    texts: Mapping[str, str]

    @property
    def ending(self) -> str:
        """What the file is that it makes: ``zip``, ``xml`` or ``csv``."""
        if len(self.texts) > 1:
            return "zip"
        text = next(iter(self.texts.values()))
        return "xml" if render.is_xml(text) else "csv"

    def write(self, invoices: Sequence[Invoice], stream: BinaryIO, context: Mapping[str, object] | None = None) -> None:
        """Write the posting file; the same invoices and context always make the same bytes.

        UnbalancedInvoiceError for an invoice that ``posting.check`` refuses; jinja2.TemplateError for a bad template.
        """
        if self.ending != "zip":
            for text in self.texts.values():
                stream.writelines(piece.encode() for piece in render.render(invoices, text, context=context))
            return
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in self.texts.items():
                with archive.open(zipfile.ZipInfo(name, EPOCH), "w", force_zip64=True) as member:
                    member.writelines(piece.encode() for piece in render.render(invoices, text, context=context))

    def check(self, context: Mapping[str, object] | None = None) -> Iterator[Finding]:
        """Yield a finding for each error in the template, by rendering a specimen with it."""
        for name, text in self.texts.items():
            yield from render.check(text, name, context)


def names() -> tuple[str, ...]:
    """The names of the packaged templates."""
    return tuple(
        sorted(entry.name.removesuffix(render.SUFFIX) for entry in _packaged().iterdir() if _is_template(entry))
    )


def load(name: str) -> Template:
    """Return a packaged template by its name; KeyError when there is none."""
    if name not in names():
        raise KeyError(name)
    entry = _packaged() / name
    return read(entry if entry.is_dir() else _packaged() / f"{name}{render.SUFFIX}")


def read(entry: Traversable) -> Template:
    """Return the template that a ``*.j2`` file is, or a folder of them; KeyError when it is neither."""
    found = sorted(entry.iterdir(), key=lambda one: one.name) if entry.is_dir() else [entry] if entry.is_file() else []
    parts = [one for one in found if one.name.endswith(render.SUFFIX)]
    if not parts:
        raise KeyError(entry.name)
    texts = {one.name.removesuffix(render.SUFFIX): one.read_text(encoding="utf-8") for one in parts}
    return Template(entry.name.removesuffix(render.SUFFIX), texts)


def _packaged() -> Traversable:
    return files("formats.erp") / "templates"


def _is_template(entry: Traversable) -> bool:
    return entry.name.endswith(render.SUFFIX) or entry.is_dir()
