"""Why each rule takes what it takes: in the words of its pack, or of the witness that is no pack."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import xxhash

from dedup.cache import digest_of, kept
from dedup.errors import DedupError
from dedup.report.sentences import WITNESSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

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
    from dedup.boilerplate.packs import read_pack, shipped_packs

    hashes = manifest.get("packs", {})
    notes = []
    if any(hashes.get(name) not in (None, digest) for name, digest in _hashes(shipped_packs()).items()):
        notes.append("the packs of this version are not those of the run")
    whys = WITNESSES | _shipped()
    for name in manifest["config"].get("packs", ()):
        path = Path(name)
        if not path.is_file():
            notes.append(f"the rule pack {name} is not there any more: why its rules hold cannot be said")
            continue
        if _hashes([path])[path.name] != hashes.get(path.name):
            notes.append(f"the rule pack {name} was changed since the run")
        try:
            whys |= {rule.id: rule.why for rule in read_pack(path)}
        except DedupError as error:
            notes.append(str(error))
    return whys, notes


def _shipped() -> dict[str, str]:
    """Of our own packs; kept between runs, since reading them takes longer than writing a report."""
    from dedup.boilerplate.packs import load_rules, shipped_packs

    return kept("whys", digest_of(shipped_packs()), lambda: {rule.id: rule.why for rule in load_rules().rules})


def _hashes(packs: Iterable[Path]) -> dict[str, str]:
    """As the manifest has them."""
    return {path.name: xxhash.xxh3_128_hexdigest(path.read_bytes()) for path in packs}
