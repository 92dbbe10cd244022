"""The page of measurements: each bench writes one section of it, between two comments that carry its name."""

import re
from pathlib import Path


def write_section(page: Path, name: str, text: str) -> None:
    """Replace the section of this name in a Markdown page, or add it at the end."""
    start, end = f"<!-- {name}: written by its bench -->", f"<!-- end of {name} -->"
    section = f"{start}\n{text.strip()}\n{end}\n"
    old = page.read_text(encoding="utf-8") if page.exists() else ""
    found = re.compile(f"{re.escape(start)}.*?{re.escape(end)}\n", re.DOTALL)
    new = found.sub(lambda _: section, old) if found.search(old) else f"{old.rstrip()}\n\n{section}".lstrip()
    page.write_text(new, encoding="utf-8")
