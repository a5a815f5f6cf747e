"""Why each rule takes what it takes: in the words of its pack, or of the witness that is no pack."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

WITNESSES: Final = {
    "appended/after-marker": "another article begins here: a title and prose after a read-also marker",
    "appended/byline": "another article begins here: a title over a byline of its own",
    "appended/title-among-related": "another article begins here: its title is one of the related titles of the page",
    "appended/known-title": "another article begins here: its title is that of another document",
    "appended/topic": "another article begins here: under a marker, a title that the text below takes up",
    "density/flattened": "outside the dense part of a page that was flattened to lines, menus and all",
    "repeated/furniture": "a short line at the edge of most pages of this site",
    "repeated/teasers": "a lead of another article in the list of teasers that this site puts under its pages",
    "structure/glued-headlines": "several headlines run together into one line",
    "structure/known-headline": "the headline of another document, in a list of headlines",
    "structure/title-broken": "a headline broken into lines of a word or two",
    "structure/title-repeat": "the headline of the page once more",
    "structure/title-tail": "the end of the headline once more",
    "structure/unknown-list": "a list of headlines below the article",
    "structure/woven-headline": "a headline of another article between paragraphs",
}
REASONS: Final = {
    "boilerplate": "furniture of the page, by a rule or by its structure",
    "repeated": "lines that stand on most pages of a site",
    "duplicate": "paragraphs whose content stands in one that stays",
    "remnant": "the little that duplicates left of a document",
    "whitespace": "blank lines around what went",
    "appended": "an article that stood on another's page",
}


def whys_of(manifest: Mapping[str, Any]) -> tuple[dict[str, str], list[str]]:
    """By rule of the packs that the run used; and what has to be said of packs that are gone or were changed since."""
    from dedup.boilerplate.packs import load_rules, shipped_packs
    from dedup.errors import DedupError

    hashes = manifest.get("packs", {})
    notes = []
    usable = []
    for name in manifest["config"].get("packs", ()):
        path = Path(name)
        if not path.is_file():
            notes.append(f"the rule pack {name} is not there any more: why its rules hold cannot be said")
        else:
            usable.append(name)
            if _hash(path) != hashes.get(path.name):
                notes.append(f"the rule pack {name} was changed since the run")
    if any(_hash(path) != hashes.get(path.name) for path in shipped_packs()):
        notes.append("the packs of this version are not those of the run")
    try:
        rules = load_rules(usable).rules
    except DedupError as error:
        notes.append(str(error))
        rules = load_rules().rules
    return WITNESSES | {rule.id: rule.why for rule in rules}, notes


def _hash(path: Path) -> str:
    import xxhash

    return xxhash.xxh3_128_hexdigest(path.read_bytes())
