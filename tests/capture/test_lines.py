"""Words become rows: each stands where the eye would read it."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from capture.lines import LEVEL, TALLER, Segment, sheet
from capture.words import Word
from formats.findings import Box

PARTS = st.floats(0, 1).map(lambda part: round(part, 2))
HEIGHTS = st.sampled_from([0.0, 1e-6, 0.01, 0.012, 0.022, 0.05, 0.3])


@st.composite
def words(draw: st.DrawFn) -> Word:
    top, left = draw(PARTS), draw(PARTS)
    return Word("word", Box(left, top, left + 0.01, top + draw(HEIGHTS)), 1.0, "test")


def level(left: Word, right: Word) -> float:
    """How much of the smaller word's height lies beside the other."""
    small, large = sorted((left.height, right.height))
    shared = min(left.box.bottom, right.box.bottom) - max(left.box.top, right.box.top)
    return shared / small if 0 < small and large <= TALLER * small else 0.0


def rows_of(page: Sequence[Word]) -> list[list[Word]]:
    """The rows, by a comparison of each word with all rows."""
    rows: list[list[Word]] = []
    for word in sorted(page, key=lambda word: word.box.left):
        row = max(rows, key=lambda row: level(row[-1], word), default=None)
        if row is None or level(row[-1], word) < LEVEL:
            rows.append([word])
        else:
            row.append(word)
    return sorted(rows, key=lambda row: min(word.middle for word in row))


@given(st.lists(words(), max_size=30))
def test_a_word_joins_the_row_whose_last_word_stands_most_level_with_it(page: list[Word]) -> None:
    read = sheet([(page, 0.7)])
    assert rows_of(page) == [[word for segment in row for word in segment.words] for row in read.rows]


@given(st.lists(st.text("ab", min_size=1, max_size=4), min_size=1, max_size=6), st.data())
def test_the_words_of_a_stretch_are_those_that_have_characters_in_it(texts: list[str], data: st.DataObject) -> None:
    segment = Segment(tuple(Word(text, Box(0, 0, place, 1), 1.0, "test") for place, text in enumerate(texts)), 0)
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(segment.text))] * 2)))
    begins = [len(" ".join((*texts[:place], ""))) for place in range(len(texts))]
    within = [
        word
        for word, begin in zip(segment.words, begins, strict=True)
        if begin < end and begin + len(word.text) > start
    ]
    assert (tuple(within) or segment.words) == segment.between(start, end)
