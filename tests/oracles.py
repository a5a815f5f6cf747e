"""The rules of DESIGN section 5 in plain Python, slow and written apart from the code they are held against."""

from __future__ import annotations

import itertools
import unicodedata
from collections import Counter
from functools import cache
from typing import NamedTuple

import regex

# --------------------------------------------------------------------------------------------------------------- folding

ONE_LETTER = {
    "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ؤ": "و", "ئ": "ي", "ى": "ي", "ی": "ي", "ې": "ي", "ة": "ه",
    "ہ": "ه", "ە": "ه", "ھ": "ه", "ۃ": "ه", "ۀ": "ه", "ک": "ك", "ڪ": "ك",
}  # fmt: skip
WITHOUT_SPACES = (
    "CJK UNIFIED IDEOGRAPH", "CJK COMPATIBILITY IDEOGRAPH", "IDEOGRAPHIC ITERATION", "IDEOGRAPHIC CLOSING", "IDEOGRAPHIC NUMBER",
    "HIRAGANA", "KATAKANA", "HENTAIGANA", "THAI", "LAO", "KHMER", "MYANMAR",
)  # fmt: skip
MINNAN = "KATAKANA LETTER MINNAN"  # tone letters: they belong to the kana before them
POINTED = ("ARABIC", "HEBREW")
WORD = regex.compile("SM*|L[LM]*")


def assigned(character: str) -> bool:
    """Whether this Python's Unicode database knows a character."""
    return unicodedata.category(character) not in ("Cn", "Cs")


@cache
def fold_one(character: str) -> tuple[tuple[str, str], ...]:
    """What a character folds to: (kind, character), kind L for letters and digits, M mark, S a word of its own, blank for a border."""
    return tuple(
        _kind(part) for part in unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold()) if not _vanishes(part)
    )


def _vanishes(part: str) -> bool:
    name = unicodedata.name(part, "")
    pointing = unicodedata.category(part) == "Mn" and name.startswith(POINTED)
    return pointing or unicodedata.category(part) == "Cf" or part == "ـ" or name.startswith("VARIATION SELECTOR")


def _kind(part: str) -> tuple[str, str]:
    digit = unicodedata.decimal(part, None)
    part = ONE_LETTER.get(part, part) if digit is None else str(digit)
    category, name = unicodedata.category(part)[0], unicodedata.name(part, "")
    if category == "M":
        return "M", part
    if category not in "LN":
        return " ", " "
    return ("S" if name.startswith(WITHOUT_SPACES) and not name.startswith(MINNAN) else "L"), part


def fold(text: str) -> list[str]:
    """Folded words."""
    folded = [part for character in text for part in fold_one(character)]
    for at in range(1, len(folded)):  # marks of one letter stand in one order
        here = at
        while here and folded[here][0] == "M" == folded[here - 1][0] and folded[here][1] < folded[here - 1][1]:
            folded[here - 1], folded[here] = folded[here], folded[here - 1]
            here -= 1
    kinds = "".join(kind for kind, _ in folded)
    letters = "".join(letter for _, letter in folded)
    return [letters[match.start() : match.end()] for match in WORD.finditer(kinds)]


# ----------------------------------------------------------------------------------------------------------------- lines

FINALS = frozenset(".!?؟۔。！？।։።")
CLOSERS = frozenset("\"')]»’“”„…\xa0\u200e\u200f") | {chr(code) for code in range(33)}
BULLETS = frozenset("*->+·»«•‣›⁃∙‐‑‒–—―") | {chr(code) for code in [*range(0x2580, 0x2600), *range(0x2794, 0x27C0)]}
LINE = regex.compile(r"([^\r\n]*)(\r\n|\r|\n|$)")


class OracleLine(NamedTuple):
    """A non-blank line: bytes and code points where it stands, its folded words, and what the scan should note."""

    start: int
    end: int
    character: int
    characters: int
    words: tuple[str, ...]
    final: bool
    bullet: bool
    after_blank: bool


def is_blank(line: str) -> bool:
    """Whether a line shows nothing: white space, controls, zero-width characters, direction marks."""
    return all(character.isspace() or character < " " or unicodedata.category(character) == "Cf" for character in line)


def lines(text: str) -> list[OracleLine]:
    """The non-blank lines of a document."""
    found: list[OracleLine] = []
    at = 0
    after_blank = True
    while at < len(text):
        match = LINE.match(text, at)
        assert match
        line = match[1]
        if not is_blank(line):
            start = len(text[:at].encode())
            body = line.strip("".join(map(chr, range(33))))
            found.append(
                OracleLine(
                    start, start + len(line.encode()), at, len(line), tuple(fold(line)), ends_sentence(body), has_bullet(body), after_blank
                )
            )
        after_blank = is_blank(line)
        at = match.end()
    return found


def ends_sentence(line: str) -> bool:
    """Whether a full stop or its kin ends a line, closing quotes and brackets aside."""
    while line and line[-1] in CLOSERS:
        line = line[:-1]
    return bool(line) and line[-1] in FINALS


def has_bullet(line: str) -> bool:
    """Whether a line begins with a bullet and white space."""
    return len(line) > 1 and line[0] in BULLETS and line[1] in " \t\xa0"


# -------------------------------------------------------------------------------------------------------------- shingles


def word_shingles(text: str) -> frozenset[tuple[str, ...]]:
    """Word 2-grams, the only word where there is one."""
    words = fold(text)
    return frozenset(itertools.pairwise(words)) if len(words) != 1 else frozenset([(words[0],)])


def character_shingles(text: str) -> frozenset[str]:
    """5-grams of letters over word borders, all letters where there are fewer."""
    letters = "".join(fold(text))
    return frozenset(letters[k : k + 5] for k in range(max(len(letters) - 4, min(1, len(letters)))))


def containment(part: frozenset, whole: frozenset) -> float:
    """Share of one set that is in another."""
    return len(part & whole) / max(len(part), 1)


# --------------------------------------------------------------------------------------------------------------- numbers

UNITS = {
    1: "واحد واحده one", 2: "اثنان اثنين اثنتان اثنتين two", 3: "ثلاث ثلاثه three", 4: "اربع اربعه four", 5: "خمس خمسه five",
    6: "ست سته six", 7: "سبع سبعه seven", 8: "ثمان ثماني ثمانيه eight", 9: "تسع تسعه nine",
}  # fmt: skip
TENS = {
    20: "عشرون عشرين twenty", 30: "ثلاثون ثلاثين thirty", 40: "اربعون اربعين forty", 50: "خمسون خمسين fifty", 60: "ستون ستين sixty",
    70: "سبعون سبعين seventy", 80: "ثمانون ثمانين eighty", 90: "تسعون تسعين ninety",
}  # fmt: skip
OTHERS = {
    10: "عشر عشره ten", 11: "eleven", 12: "twelve", 13: "thirteen", 14: "fourteen", 15: "fifteen", 16: "sixteen", 17: "seventeen",
    18: "eighteen", 19: "nineteen", 100: "ميه مايه", 200: "ميتان ميتين ميتا ميتي مايتان مايتين مايتا مايتي",
}  # fmt: skip
VALUES = {word: value for table in (UNITS, TENS, OTHERS) for value, words in table.items() for word in words.split()}
NUMERAL = regex.compile(r"\d+(?:[,.'’٬٫،]\d{3}(?!\d))*")


def numbers(text: str) -> frozenset[int]:
    """Every number of a text: digits of any script, thousands marks dropped, and number words."""
    plain = "".join(_digit(character) for character in text)
    found = {int(regex.sub(r"\D", "", match)) % 2**64 for match in NUMERAL.findall(plain)}
    words = [read_word(word) for word in fold(text)]
    k = 0
    while k < len(words):
        value, _ = words[k]
        after, joined = words[k + 1] if k + 1 < len(words) else (0, False)
        k += 1
        if (0 < value < 10 and after in TENS and joined) or (value in TENS and 0 < after < 10 and not joined):
            value += after
            k += 1
        if value:
            found.add(value)
    return frozenset(found)


def _digit(character: str) -> str:
    folded = fold_one(character)
    return folded[0][1] if len(folded) == 1 and folded[0][1] in "0123456789" else character if not character.isdecimal() else " "


def read_word(word: str) -> tuple[int, bool]:
    """A number word's value, and whether "and" leans on it."""
    if word in VALUES:
        return VALUES[word], False
    if not word.isascii() and word[:1] in "وبلف" and word[1:] in VALUES and not VALUES_ARE_ASCII[word[1:]]:
        return VALUES[word[1:]], word[0] == "و"
    return 0, False


VALUES_ARE_ASCII = {word: word.isascii() for word in VALUES}


# ------------------------------------------------------------------------------------------------------------------ match


def may_go(removed: str, kept: str, threshold: float, character_threshold: float) -> bool:
    """The rule of containment with the number guard."""
    words = containment(word_shingles(removed), word_shingles(kept))
    characters = containment(character_shingles(removed), character_shingles(kept)) if words >= 0.65 else 0.0
    return (words >= threshold or characters >= character_threshold) and numbers(removed) <= numbers(kept)


def letters(text: str) -> int:
    """Folded letters of a text."""
    return sum(map(len, fold(text)))


def components(count: int, edges: list[tuple[int, int]]) -> list[int]:
    """The smallest node that each node is connected to, by search."""
    near: dict[int, set[int]] = {node: {node} for node in range(count)}
    for a, b in edges:
        near[a].add(b)
        near[b].add(a)
    found = []
    for node in range(count):
        seen, waiting = {node}, [node]
        while waiting:
            for other in near[waiting.pop()] - seen:
                seen.add(other)
                waiting.append(other)
        found.append(min(seen))
    return found


def multiset(text: str) -> Counter[str]:
    """How often each character occurs."""
    return Counter(text)
