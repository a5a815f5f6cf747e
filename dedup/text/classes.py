"""Classes of characters in the folding table, shared by the table, the kernels and the Python folding."""

from __future__ import annotations

from typing import Final

SEPARATOR: Final = 0  # ends a word
DROP: Final = 1  # as if it were not there: harakat, tatweel, bidi marks, zero-width characters
LETTER: Final = 2  # letters and digits
MARK: Final = 3  # joins the word it stands in, ends nothing, begins nothing
SINGLE: Final = 4  # a word of its own: scripts that write without spaces
EXPANSION: Final = 5  # folds to several characters
