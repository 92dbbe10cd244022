"""What more can be seen in pairs of invoices told by likenesses only: lengths, contrasts, and the company they keep.

A likeness such as 0.875 is a fraction, 7/8: it tells how long the strings are and how many edits lie between them. Two
measures that differ tell how the strings differ. And the pairs of one batch explain each other: likenesses that many
pairs share come from series and from names that are alike by themselves, and are rarely duplicates.
"""

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

NUMBER, NAME, SAME = "invoiceNumber", "suppName", "same"
LONGEST = 64
DOUBT = 3.0
EXACT = 6
COUNTED = ("invoiceNumber_damlev", "suppName_damlev", "invoiceNumber_q2", "suppName_q3", "suppName_long4",
           "suppName_long3", "invoiceNumber_long2")  # fmt: skip
CONTRASTS = (
    ("invoiceNumber_jaro", "invoiceNumber_damlev"),
    ("invoiceNumber_jaro", "invoiceNumber_jaro_inv"),
    ("invoiceNumber_damlev", "invoiceNumber_q2"),
    ("invoiceNumber_long2", "invoiceNumber_damlev"),
    ("invoiceNumber_sw", "invoiceNumber_damlev"),
    ("suppName_jaro", "suppName_damlev"),
    ("suppName_q2", "suppName_q3"),
    ("suppName_long3", "suppName_long4"),
    ("suppName_long2", "suppName_damlev"),
)
OF_NUMBER = ("invoiceNumber_damlev", "invoiceNumber_jaro", "invoiceNumber_long3")
OF_NAME = ("suppName_damlev", "suppName_long4", "suppName_q3")

Floats = NDArray[np.float64]
Columns = list[int]


def widened(names: Sequence[str], pairs: Floats) -> Floats:
    """Return the pairs with all that can be seen in them; measures that the data does not have are left out."""
    return np.column_stack([pairs, *_lengths(names, pairs), *_contrasts(names, pairs), *_company(names, pairs)])


def _lengths(names: Sequence[str], pairs: Floats) -> list[Floats]:
    """Denominator, and what numerator lacks to it, of the likenesses that are fractions of a length."""
    found = [_fractions(pairs[:, names.index(name)]) for name in COUNTED if name in names]
    return [column for both in found for column in both.T]


def _fractions(likenesses: Floats) -> Floats:
    known = {value: Fraction(value).limit_denominator(LONGEST) for value in set(likenesses.tolist())}
    parts = (known[value] for value in likenesses.tolist())
    return np.array([(part.denominator, part.denominator - part.numerator) for part in parts], dtype=float)


def _contrasts(names: Sequence[str], pairs: Floats) -> list[Floats]:
    known = [(names.index(one), names.index(two)) for one, two in CONTRASTS if {one, two} <= set(names)]
    return [pairs[:, one] - pairs[:, two] for one, two in known]


def _company(names: Sequence[str], pairs: Floats) -> list[Floats]:
    """How many pairs share the likenesses, how different those are otherwise, and what is usual among them."""
    number, name, same = ([at for at, one in enumerate(names) if one.startswith(kind)] for kind in (NUMBER, NAME, SAME))
    groups = (number, name, same, number + name, number + same, name + same, list(range(len(names))))
    keys = [_keys(pairs, group) for group in groups]
    of_number = [names.index(one) for one in OF_NUMBER if one in names]
    of_name = [names.index(one) for one in OF_NAME if one in names]
    usual = (of_name + same, of_number + same, of_number + of_name, same, of_name, of_number)
    found = [_commonness(key) for key in keys]
    found += [_variety(keys[one], keys[two]) for one, two in ((0, 1), (1, 0), (0, 2), (1, 2))]
    means = (_usual(key, pairs[:, columns]) for key, columns in zip(keys, usual, strict=False) if columns)
    return found + [column for mean in means for column in mean.T]


def _keys(pairs: Floats, columns: Columns) -> NDArray[np.int64]:
    """Return for each pair the number of the kind it is by these columns; without any all are of one kind."""
    if not columns:
        return np.zeros(len(pairs), dtype=np.int64)
    return np.unique(pairs[:, columns].round(EXACT), axis=0, return_inverse=True)[1].ravel()


def _commonness(keys: NDArray[np.int64]) -> Floats:
    return np.log1p(np.bincount(keys)[keys])


def _variety(keys: NDArray[np.int64], others: NDArray[np.int64]) -> Floats:
    """How many other kinds are seen among the pairs of a kind."""
    kinds = Counter(key for key, _ in set(zip(keys.tolist(), others.tolist(), strict=True)))
    return np.log1p([kinds[key] for key in keys.tolist()])


def _usual(keys: NDArray[np.int64], values: Floats) -> Floats:
    """Return the mean of the other pairs of the same kind, drawn to the mean of all where they are few."""
    count = np.bincount(keys)[keys][:, None]
    sums = np.column_stack([np.bincount(keys, weights=column)[keys] for column in values.T])
    return (sums - values + DOUBT * values.mean(axis=0)) / (count - 1 + DOUBT)
