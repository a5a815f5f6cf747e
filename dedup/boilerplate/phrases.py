"""The ways into rules, by the word that leads there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, cast

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from dedup.boilerplate.packs import Anchor, Rule, Words


class Phrase(NamedTuple):
    """One way into a rule: the folded words and where they must stand."""

    words: Words
    anchor: Anchor
    rule: Rule


class Packed(Sequence["Words"]):
    """Folded phrases as one string, as which a cache gives them back; told apart when they are asked for."""

    __slots__ = ("_text",)

    def __init__(self, phrases: Iterable[Words]) -> None:
        """None of them is empty."""
        self._text = "\n".join(map(" ".join, phrases))

    def __getitem__(self, number: Any) -> Any:
        return list(self)[number]

    def __iter__(self) -> Iterator[Words]:
        return (tuple(phrase.split(" ")) for phrase in self._text.split("\n") if phrase)

    def __len__(self) -> int:
        return self._text.count("\n") + bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Packed) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)


class Phrases(Mapping[str, tuple[Phrase, ...]]):
    """Phrases by a word. Each is made when its word is first asked for: to load the tuples of all from a cache took 0.04 s."""

    def __init__(self, rows: dict[str, str], rules: tuple[Rule, ...]) -> None:
        """`rows`: for each word the phrases, a line each: number of the rule, anchor, words."""
        self._rows, self._rules = rows, rules
        self._made: dict[str, tuple[Phrase, ...]] = {}

    @classmethod
    def of(cls, index: Mapping[str, Iterable[Phrase]], rules: tuple[Rule, ...]) -> Phrases:
        """Of phrases of some rules."""
        number = {rule.id: k for k, rule in enumerate(rules)}
        rows = {word: "\n".join(" ".join((str(number[each.rule.id]), each.anchor, *each.words)) for each in index[word]) for word in index}
        return cls(rows, rules)

    def __getitem__(self, word: str) -> tuple[Phrase, ...]:
        """Those of a word. Raises KeyError where there are none."""
        found = self._made.get(word)
        if found is None:
            found = self._made[word] = tuple(map(self._phrase, self._rows[word].split("\n")))
        return found

    def _phrase(self, row: str) -> Phrase:
        number, anchor, *words = row.split(" ")
        return Phrase(tuple(words), cast("Anchor", anchor), self._rules[int(number)])

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __reduce__(self) -> tuple[type[Phrases], tuple[dict[str, str], tuple[Rule, ...]]]:
        return Phrases, (self._rows, self._rules)
