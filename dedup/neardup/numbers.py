"""Number words, for the number guard: data, and the hash table the kernels take."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from dedup.boilerplate.scan import hash_words
from dedup.kernels.tables import fill_table
from dedup.text.fold import fold_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

UNITS: Final = {
    1: "واحد واحدة one", 2: "اثنان اثنين اثنتان اثنتين two", 3: "ثلاث ثلاثة three", 4: "أربع أربعة four", 5: "خمس خمسة five",
    6: "ست ستة six", 7: "سبع سبعة seven", 8: "ثمان ثماني ثمانية eight", 9: "تسع تسعة nine", 10: "عشر عشرة ten",
    11: "eleven", 12: "twelve", 13: "thirteen", 14: "fourteen", 15: "fifteen", 16: "sixteen", 17: "seventeen", 18: "eighteen",
    19: "nineteen",
}  # fmt: skip
TENS: Final = {
    20: "عشرون عشرين twenty", 30: "ثلاثون ثلاثين thirty", 40: "أربعون أربعين forty", 50: "خمسون خمسين fifty",
    60: "ستون ستين sixty", 70: "سبعون سبعين seventy", 80: "ثمانون ثمانين eighty", 90: "تسعون تسعين ninety",
}  # fmt: skip
HUNDREDS: Final = {100: "مئة مائة", 200: "مئتان مئتين مئتا مئتي مائتان مائتين مائتا مائتي"}
PROCLITICS: Final = ("", "و", "ب", "ل", "ف")  # Arabic words that lean on a number: and, with, for, so


class NumberWords(NamedTuple):
    """Open-addressing table: word hash to value, negative where the word carries "and" before it (so it may add to a unit)."""

    keys: NDArray[np.uint64]
    values: NDArray[np.int32]


def number_words() -> dict[str, int]:
    """Every folded number word; a negative value says that it begins with the Arabic "and"."""
    words: dict[str, int] = {}
    for value, spelled in (UNITS | TENS | HUNDREDS).items():
        for word in (folded for each in spelled.split() for folded in fold_words(each)):
            for clitic in PROCLITICS if not word.isascii() else ("",):
                words.setdefault(clitic + word, -value if clitic == "و" else value)
    return words


@cache
def number_table() -> NumberWords:
    """The table of `number_words` for the kernels."""
    words = number_words()
    size = 1 << (4 * len(words)).bit_length()
    keys, values = np.zeros(size, np.uint64), np.zeros(size, np.int32)
    # fill_table keeps the larger of two values, and starts from 0: values are shifted to be positive and shifted back
    fill_table(keys, values, hash_words(list(words)), np.array([value + 1000 for value in words.values()], np.int32))
    values[keys != 0] -= 1000
    return NumberWords(keys, values)
