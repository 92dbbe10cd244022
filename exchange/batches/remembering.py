"""Remembering: what an engine read in a picture is kept in a folder, for whoever measures the same pages often."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

from PIL import Image

from capture.engines import Engines
from capture.paper import Engine, Words
from capture.words import Word
from formats.findings import Box


class Remembered:
    """An engine that keeps what it read in a folder, so that a page is never recognised twice."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.name = engine.name
        self._engine = engine
        self._folder = folder

    def read(self, picture: Image.Image, page: int) -> Words:
        """The words of the picture, as they were read the first time."""
        pixels = hashlib.sha256(picture.tobytes() + repr(picture.size).encode()).hexdigest()
        file = self._folder / f"{pixels}.{self.name}.json"
        if file.is_file():
            kept = json.loads(file.read_text(encoding="utf-8"))
            return tuple(Word(text, Box(*box), sure, self.name, page) for text, box, sure in kept)
        words = self._engine.read(picture, page)
        rows = [(one.text, (one.box.left, one.box.top, one.box.right, one.box.bottom), one.confidence) for one in words]
        self._folder.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps(rows), encoding="utf-8")
        return words


def remembering(engines: Engines, folder: Path | None) -> Engines:
    """The engines, with a memory if there is a folder for it."""
    if folder is None:
        return engines
    every = (engines.first, engines.second, engines.heavier)
    first, second, heavier = (one and Remembered(one, folder) for one in every)
    return replace(engines, first=first, second=second, heavier=heavier)
