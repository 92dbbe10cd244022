"""What fuzzing found once: each input that made a reader fail is answered by findings ever after."""

from pathlib import Path

import pytest

from tests.fuzz.targets import TARGETS

CORPUS = Path(__file__).parent / "corpus"


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*/*")), ids=lambda path: path.name)
def test_a_reader_answers_what_once_made_it_fail(path: Path) -> None:
    assert TARGETS[path.parent.name](path.read_bytes())
