"""Every knob, in one flat frozen record."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Literal, get_args, get_type_hints

from dedup.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping

Appended = Literal["split", "drop", "keep"]
Paragraphs = Literal["auto", "line", "block"]
Prefer = Literal["longest", "first"]
Format = Literal["jsonl", "jsonl.gz", "jsonl.zst", "parquet", "txt", "dolma"]
Extractor = Literal["resiliparse", "trafilatura"]


@dataclass(frozen=True, slots=True)
class Config:
    """Options of a run; names are those of the command line, with _ for -.

    Reading: `text_key`, `id_key`, `source_key`: where a record (JSON, CSV, Parquet) holds them. `extractor`: what finds the
    text of an HTML page.
    Stripping: `appended`: what becomes of a second article on a page. `packs`: files of rules beside ours.
    `disable`: rule ids (or a prefix ending in `/`) that are not used. `categories`: use only rules of these, where any is
    given. `rules`, `structure`, `repeats`: whether packs, structure without markers, repetition over a source are heard.
    `flattened`: whether pages flattened to lines, menus and all, are cut down to their dense part.
    Near-duplicates: `threshold`: containment of word 2-grams above which a paragraph may go; `character_threshold`: the
    same for character 5-grams. `min_words`: below it a paragraph never goes as a duplicate of its own.
    `num_perm`, `bands`, `rows`, `seed`: MinHash and banding. `exact`: ask for every
    pair, also among very many look-alikes, which may cost their square.
    `prefer`: which document's copy stays. `remnant_ratio`, `remnant_characters`: a document that keeps a smaller share of
    its text than the ratio, and fewer characters, goes entirely.
    """

    text_key: str = "text"
    id_key: str = "id"
    source_key: str = "source"
    extractor: Extractor = "resiliparse"
    paragraphs: Paragraphs = "auto"
    appended: Appended = "split"
    packs: tuple[str, ...] = ()
    disable: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    rules: bool = True
    structure: bool = True
    repeats: bool = True
    flattened: bool = True
    repeats_min: int = 5
    threshold: float = 0.85
    character_threshold: float = 0.85
    min_words: int = 8
    num_perm: int = 128
    bands: int = 42
    rows: int = 3
    seed: int = 1
    exact: bool = False
    prefer: Prefer = "longest"
    remnant_ratio: float = 0.2
    remnant_characters: int = 300
    format: Format = "jsonl"
    threads: int = 0

    def __post_init__(self) -> None:
        """Refuse values that no run could use, in words."""
        _check_choices(self)
        for name in ("threshold", "character_threshold", "remnant_ratio"):
            value = getattr(self, name)
            if not 0 < value <= 1:
                raise UsageError(f"{name} must be above 0 and at most 1, not {value}")
        for name in ("num_perm", "bands", "rows", "min_words", "repeats_min"):
            if getattr(self, name) < 1:
                raise UsageError(f"{name} must be at least 1, not {getattr(self, name)}")
        if self.bands * self.rows > self.num_perm:
            raise UsageError(f"bands x rows = {self.bands * self.rows} is more than num_perm = {self.num_perm}")

    def public(self) -> dict[str, Any]:
        """What decides the result: everything but the number of threads."""
        values = asdict(self)
        del values["threads"]
        return values


def _check_choices(config: Config) -> None:
    hints = get_type_hints(Config)
    for each in fields(config):
        choices = get_args(hints[each.name])
        value = getattr(config, each.name)
        if choices and all(isinstance(choice, str) for choice in choices) and value not in choices:
            raise UsageError(f"{each.name} must be one of {', '.join(choices)}, not {value!r}")


def configure(base: Config, options: Mapping[str, Any], where: str = "") -> Config:
    """`base` with some options replaced; an unknown name is an error that suggests the right one."""
    known = {each.name for each in fields(Config)}
    clean: dict[str, Any] = {}
    for key, value in options.items():
        name = key.replace("-", "_")
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f" Did you mean '{near[0]}'?" if near else ""
            raise UsageError(f"{where}unknown key '{key}'.{hint}")
        clean[name] = tuple(value) if isinstance(value, list) else value
    return replace(base, **clean)
