"""Folding for comparison only (DESIGN section 5): the table, and the same folding in Python for short texts."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from dedup.text.classes import DROP, EXPANSION, LETTER, MARK, SEPARATOR, SINGLE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class FoldTable(NamedTuple):
    """The folding table as the kernels take it; see `dedup.text.build_fold` for the format.

    Behind the entries of all code points stand those of `_pairs`.
    """

    entries: NDArray[np.uint32]
    expansions: NDArray[np.uint32]


@cache
def fold_table() -> FoldTable:
    """The shipped table, unpacked once (0.5 MB)."""
    import numpy as np

    with np.load(Path(__file__).with_name("fold_table.npz")) as shipped:
        entries = shipped["blocks"][shipped["numbers"]].ravel()
        return FoldTable(np.concatenate((entries, _pairs(entries))), shipped["expansions"])


def _pairs(entries: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """What the kernels look at first: a small entry for the first byte of a character and the lower six bits of the next byte.

    1 << 24 and the folded code point for a letter of one or two bytes, 0 for such a separator, more for whatever needs the
    entries themselves. So neither the width of a character nor its class costs a branch, and 64 KB hold it.
    """
    import numpy as np

    byte, low = np.divmod(np.arange(1 << 14), 64)
    entry = entries[np.where(byte < 0x80, byte, (byte & 0x1F) << 6 | low)]
    known = ((byte < 0x80) | ((byte >= 0xC2) & (byte < 0xE0))) & np.isin(entry >> 24, (SEPARATOR, LETTER))
    small = np.where(entry >> 24 == LETTER, entry - ((LETTER - 1) << 24), 0)
    return np.where(known, small, EXPANSION << 24).astype(np.uint32)


class _Translation(dict[int, str]):
    """What `str.translate` puts for each code point, looked up in the table on first sight."""

    def __missing__(self, code: int) -> str:
        put = self[code] = "".join(_put(entry) for entry in _entries(code))
        return put


_SLOW = "\ue000"  # a character that needs the state machine; private use, never the result of folding


def _entries(code: int) -> list[int]:
    table = fold_table()
    entry = int(table.entries[code]) if code < len(table.entries) else SINGLE << 24 | code
    if entry >> 24 != EXPANSION:
        return [entry]
    offset, count = entry & 0xFFFF, entry >> 16 & 0xFF
    return [int(part) for part in table.expansions[offset : offset + count]]


def _put(entry: int) -> str:
    kind = entry >> 24
    if kind == LETTER:
        return chr(entry & 0xFFFFFF)
    if kind == DROP:
        return ""
    return _SLOW if kind in (MARK, SINGLE) else " "


_TRANSLATION = _Translation()


def fold_words(text: str) -> list[str]:
    """The folded words of a text: what rules, shingles and equality compare. Never written out.

    >>> fold_words("إقرأ أيضاً:") == fold_words("اقرا ایضا") == ["اقرا", "ايضا"]
    True
    """
    put = text.translate(_TRANSLATION)
    return _fold_slowly(text) if _SLOW in put else put.split()


def _fold_slowly(text: str) -> list[str]:
    """The same for scripts without spaces and for marks that join their word, a character at a time."""
    words: list[str] = []
    inside = single = False
    marks = 0  # where, in the last word, the marks behind its last letter begin
    for character in text:
        for entry in _entries(ord(character)):
            kind, letter = entry >> 24, chr(entry & 0xFFFFFF)
            if kind == SINGLE or (kind == LETTER and (single or not inside)):
                words.append(letter)
                inside, single, marks = True, kind == SINGLE, 1
            elif kind == LETTER:
                words[-1] += letter
                marks = len(words[-1])
            elif kind == MARK and inside:  # marks of one letter stand in one order, however they were typed
                words[-1] = words[-1][:marks] + "".join(sorted(words[-1][marks:] + letter))
            elif kind == SEPARATOR:
                inside = False
    return words


def end_of_words(text: str, count: int) -> int:
    """Where, in the raw text, the first `count` folded words end; len(text) when there are no more."""
    seen = 0
    inside = single = False
    for i, character in enumerate(text):
        for entry in _entries(ord(character)):
            kind = entry >> 24
            if kind == SINGLE or (kind == LETTER and (single or not inside)):
                if seen == count:
                    return i
                seen += 1
                inside, single = True, kind == SINGLE
            elif kind == SEPARATOR:
                inside = False
                if seen == count:
                    return i
    return len(text)
