"""Every knob, in one flat frozen record."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeVar, get_args, get_type_hints

from dedup.errors import UsageError
from dedup.memory import parse_size

if TYPE_CHECKING:
    from collections.abc import Mapping

Appended = Literal["split", "drop", "keep"]
Paragraphs = Literal["auto", "line", "block"]
Format = Literal["jsonl", "jsonl.gz", "jsonl.zst", "parquet", "txt", "dolma"]
Extractor = Literal["resiliparse", "trafilatura"]


T = TypeVar("T")


class Range(NamedTuple):
    """What a number may be. `open`: the least value itself is not allowed."""

    least: float
    most: float | None = None
    open: bool = False


SHARE: Final = Range(0, 1)
PART: Final = Range(0, 1, open=True)
COUNT: Final = Range(1)
SIZE: Final = Range(0)
GROUPS: Final = {
    "reading": "Reading",
    "stripping": "Stripping: what on a page is no part of its article",
    "comparing": "Near-duplicates",
    "writing": "Writing",
    "checking": "Limits of `dedup check`",
}


def key(default: T, group: str, means: str, bounds: Range | None = None) -> T:
    """A field with what is said of it everywhere: in help pages, in `dedup init`, in the schema for editors."""
    value: T = field(default=default, metadata={"group": group, "means": means, "bounds": bounds})
    return value


@dataclass(frozen=True, slots=True)
class Config:
    """Options of a run; names are those of the command line, with _ for -. What each means stands beside it."""

    text_key: str = key("text", "reading", "Field or column of a record that holds its text.")
    id_key: str = key("id", "reading", "Field that holds its id.")
    source_key: str = key("source", "reading", "Field that names its site.")
    extractor: Extractor = key("resiliparse", "reading", "What finds the text of an HTML page: resiliparse or trafilatura.")
    date_key: str = key("date", "reading", "Field that holds its date, for prefer = first: ISO 8601, or a number.")
    paragraphs: Paragraphs = key("auto", "reading", "What a paragraph is: line, block or auto.")
    appended: Appended = key("split", "stripping", "A second article on a page: split, drop or keep.")
    packs: tuple[str, ...] = key((), "stripping", "Rule packs beside ours.")
    disable: tuple[str, ...] = key((), "stripping", "Rules, or prefixes ending in /, not to use.")
    categories: tuple[str, ...] = key((), "stripping", "Use only rules of these categories, where any is given.")
    rules: bool = key(True, "stripping", "Hear the rules of the packs.")
    structure: bool = key(True, "stripping", "Hear the structure of a page: noise without markers.")
    repeats: bool = key(True, "stripping", "Remove lines that stand on most pages of a site.")
    flattened: bool = key(True, "stripping", "Cut pages flattened to lines, menus and all, down to their dense part.")
    repeats_min: int = key(5, "stripping", "Documents of a site a line must stand in before it counts as repeated.", COUNT)
    threshold: float = key(0.85, "comparing", "Share of a paragraph's word pairs that must stand in its twin.", PART)
    character_threshold: float = key(0.85, "comparing", "The same for runs of five letters.", PART)
    min_words: int = key(8, "comparing", "Shorter paragraphs never go as duplicates.", COUNT)
    recall: float = key(0.995, "comparing", "Share of the twins that MinHash must find where the join does not ask.", PART)
    num_perm: int = key(0, "comparing", "MinHash permutations; 0: as many as the recall needs.", SIZE)
    bands: int = key(0, "comparing", "Bands of the signature; 0: as the recall needs.", SIZE)
    rows: int = key(0, "comparing", "Rows of a band, given with bands; bands x rows is at most num_perm. 0: as the recall needs.", SIZE)
    seed: int = key(1, "comparing", "Seed of the permutations.")
    exact: bool = key(False, "comparing", "Ask for every pair, also among very many look-alikes, which may cost their square.")
    prefer: str = key("longest", "comparing", "Whose copy stays: longest, first (by date, then id), or sources in order: a,b,c.")
    remnant_ratio: float = key(0.2, "comparing", "A document that keeps a smaller share than this goes entirely ...", PART)
    remnant_characters: int = key(300, "comparing", "... if it also keeps fewer characters than this.")
    format: Format = key(
        "jsonl", "writing", "The corpus as jsonl, jsonl.gz, jsonl.zst or parquet, as a folder of txt, or as dolma documents and attributes."
    )
    report: bool = key(True, "writing", "Write report.html, the run on one page.")
    memory: str = key("", "writing", "Memory that a run may take, as 2G; what does not fit goes to disk. Empty: half of what is free.")
    threads: int = key(0, "writing", "Threads of the kernels; 0: one a processor.")
    max_boilerplate: float = key(
        0.0, "checking", "Share of characters that may be boilerplate or repeated; 0: none, nor other changes.", SHARE
    )
    max_duplicates: float = key(0.0, "checking", "Share of characters that may be duplicates or remnants.", SHARE)

    def __post_init__(self) -> None:
        """Refuse values that no run could use, in words."""
        _check_choices(self)
        _check_ranges(self)
        if bool(self.bands) != bool(self.rows):
            raise UsageError("bands and rows are given together, or both follow from recall")
        if self.num_perm and self.bands * self.rows > self.num_perm:
            raise UsageError(f"bands x rows = {self.bands * self.rows} is more than num_perm = {self.num_perm}")
        if self.memory:
            parse_size(self.memory)
        if not self.prefer.strip():
            raise UsageError("prefer must be 'longest', 'first' or names of sources, not ''")

    def public(self) -> dict[str, Any]:
        """What decides the result: not the number of threads, nor whether there is a page about it, nor the limits of `check`."""
        return {
            each.name: getattr(self, each.name)
            for each in fields(self)
            if each.name not in ("threads", "memory", "report") and each.metadata["group"] != "checking"
        }


def _check_choices(config: Config) -> None:
    for name, choices in _choices().items():
        value = getattr(config, name)
        if value not in choices:
            raise UsageError(f"{name} must be one of {', '.join(choices)}, not {value!r}")


@cache
def _choices() -> dict[str, tuple[str, ...]]:
    """The options that are one of some words. Kept: to read the types takes longer than to strip a text."""
    hints = get_type_hints(Config)
    found = {each.name: get_args(hints[each.name]) for each in fields(Config)}
    return {name: choices for name, choices in found.items() if choices and all(isinstance(choice, str) for choice in choices)}


def _check_ranges(config: Config) -> None:
    for each in fields(config):
        bounds, value = each.metadata["bounds"], getattr(config, each.name)
        if bounds is None:
            continue
        fits = value > bounds.least if bounds.open else value >= bounds.least  # so put that "not a number" fits nowhere
        if not fits or (bounds.most is not None and not value <= bounds.most):
            words = f"{'above' if bounds.open else 'at least'} {bounds.least}" + (f" and at most {bounds.most}" if bounds.most else "")
            raise UsageError(f"{each.name} must be {words}, not {value}")


def configure(base: Config, options: Mapping[str, Any]) -> Config:
    """`base` with some options replaced; an unknown name is an error that suggests the right one."""
    named: dict[str, Any] = {known(key): tuple(value) if isinstance(value, list) else value for key, value in options.items()}
    return replace(base, **named)


def known(key: str, where: str = "") -> str:
    """The name of a key as `Config` has it. Raises UsageError, with the right one, for a key that there is not."""
    names = {each.name for each in fields(Config)}
    name = key.replace("-", "_")
    if name not in names:
        near = get_close_matches(name, names, n=1)
        hint = f" Did you mean '{near[0]}'?" if near else ""
        raise UsageError(f"{where}unknown key '{key}'.{hint}")
    return name
