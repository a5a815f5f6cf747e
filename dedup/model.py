"""What moves between the stages. Everything is frozen; spans are half open, in code points of the input text."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

Reason = Literal["boilerplate", "repeated", "duplicate", "remnant", "whitespace"]


class Location(NamedTuple):
    """A span of an input document."""

    document: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Document:
    """One article: an id, its text, where it is from, and whatever else its record held."""

    id: str
    text: str
    source: str = ""
    fields: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Removal:
    """A span that goes. `canonical` and `similarity` only for duplicates; `rule` says which witness decided."""

    start: int
    end: int
    reason: Reason
    rule: str = ""
    canonical: Location | None = None
    similarity: float | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A span that becomes a document of its own: an appended article. `part` counts from 2 and names it `<id>#<part>`."""

    start: int
    end: int
    part: int
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Edits:
    """What is to happen to one document: removals and moves, each sorted and free of overlap among themselves."""

    removals: tuple[Removal, ...] = ()
    moves: tuple[Move, ...] = ()


@dataclass(frozen=True, slots=True)
class Match:
    """A verified pair: `removed` may go as long as `kept` stays.

    `similarity`: the containment that passed, of the removed one's shingles in the kept one's. `jaccard`: of their word
    2-grams. `witness`: "equal" (same folded words), "words" or "characters" (which shingles passed).
    """

    removed: Location
    kept: Location
    similarity: float
    jaccard: float
    witness: Literal["equal", "words", "characters"]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An input that was left out, and why; `line` counts from 1 inside a JSONL file, 0 means the whole file."""

    path: str
    line: int
    why: str


@dataclass(frozen=True, slots=True)
class Passed:
    """Parts of a file that are of no kind that is read: pictures in an archive, pages that a server did not find. Counted, not
    listed.
    """

    count: int
