"""Make the shipped folding table, `fold_table.npz`, from the Unicode database.

Run `python -m dedup.text.build_fold` after changing a rule below. The table is shipped rather than built at start-up for
two reasons: building it takes half a second, and the Unicode database differs between Python versions, which would make
the same input give different output on different machines (DESIGN, promise P5).

Each code point gets one 32-bit entry: the class in the upper byte and, below it, the folded code point (or, for class
EXPANSION, the offset of the first of several entries in `expansions`, with their count in bits 16-20).
"""

from __future__ import annotations

import sys
import unicodedata
from pathlib import Path

import numpy as np

from dedup.text.classes import DROP, EXPANSION, LETTER, MARK, SEPARATOR, SINGLE

CODE_POINTS = 0x110000
BLOCK = 256

ARABIC_LETTERS = {
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا",
    "ؤ": "و", "ئ": "ي", "ى": "ي", "ی": "ي", "ې": "ي",
    "ة": "ه", "ہ": "ه", "ە": "ه", "ھ": "ه", "ۃ": "ه", "ۀ": "ه",
    "ک": "ك", "ڪ": "ك",
}  # fmt: skip

DROPPED_RANGES = (
    (0x0591, 0x05BD), (0x05BF, 0x05BF), (0x05C1, 0x05C2), (0x05C4, 0x05C5), (0x05C7, 0x05C7), (0xFB1E, 0xFB1E),  # Hebrew points
    (0x0610, 0x061A), (0x064B, 0x065F), (0x0670, 0x0670), (0x06D6, 0x06DC), (0x06DF, 0x06E4),
    (0x06E7, 0x06E8), (0x06EA, 0x06ED), (0x0897, 0x089F), (0x08CA, 0x08FF),  # harakat and Quranic marks
    (0x0640, 0x0640),  # tatweel
    (0xFE00, 0xFE0F), (0xE0100, 0xE01EF),  # variation selectors
)  # fmt: skip

SINGLE_RANGES = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F), (0xA9E0, 0xA9FF), (0xAA60, 0xAA7F),  # Burmese
    (0x1780, 0x17FF),  # Khmer
    (0x3005, 0x3007), (0x3040, 0x30FF), (0x31F0, 0x31FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF),
    (0x1B000, 0x1B16F), (0x20000, 0x3FFFF),
)  # fmt: skip


def _within(code: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(low <= code <= high for low, high in ranges)


def fold_character(character: str) -> str:
    """What one character folds to: zero or more characters, before classes are given.

    Compatibility decomposition makes presentation forms into letters and takes marks apart, so that composed and
    decomposed spellings meet; the marks that matter (Latin, Greek, Indic ones) stay as characters of their word.
    """
    parts = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    folded = []
    for part in parts:
        code = ord(part)
        if _within(code, DROPPED_RANGES) or unicodedata.category(part) == "Cf":
            continue
        digit = unicodedata.decimal(part, None)
        folded.append(str(digit) if digit is not None else ARABIC_LETTERS.get(part, part))
    return "".join(folded)


def entry(character: str) -> int:
    """Class and code of one already folded character."""
    category = unicodedata.category(character)
    code = ord(character)
    if category[0] == "M":
        return MARK << 24 | code
    if category[0] not in "LN":
        return SEPARATOR << 24
    return (SINGLE if _within(code, SINGLE_RANGES) else LETTER) << 24 | code


def build() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Two-level table: (block number of each 256 code points, blocks, expansions)."""
    table = np.zeros(CODE_POINTS, dtype=np.uint32)
    expansions: list[int] = []
    for code in range(CODE_POINTS):
        if 0xD800 <= code <= 0xDFFF:
            continue  # surrogates are no characters: separators
        folded = fold_character(chr(code))
        if not folded:
            table[code] = DROP << 24
        elif len(folded) == 1:
            table[code] = entry(folded)
        else:
            entries = [entry(part) for part in folded]
            table[code] = EXPANSION << 24 | len(entries) << 16 | len(expansions)
            expansions.extend(entries)
    assert len(expansions) < 1 << 16, "the offset of an expansion has 16 bits"
    blocks, numbers = np.unique(table.reshape(-1, BLOCK), axis=0, return_inverse=True)
    return numbers.astype(np.uint16).ravel(), blocks.astype(np.uint32), np.array(expansions, dtype=np.uint32)


def main() -> None:
    """Write the table beside this module."""
    target = Path(__file__).with_name("fold_table.npz")
    numbers, blocks, expansions = build()
    np.savez_compressed(target, numbers=numbers, blocks=blocks, expansions=expansions)
    sys.stderr.write(f"{target.name}: {target.stat().st_size} bytes, {len(blocks)} blocks, {len(expansions)} expansion entries\n")


if __name__ == "__main__":
    main()
