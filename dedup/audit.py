"""How many duplicates a run left: a random sample of what stays, asked against all of it by the exact join."""

from __future__ import annotations

import math
import tempfile
from contextlib import closing
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from dedup.config import Config, configure
from dedup.errors import UsageError
from dedup.io.folder import manifest_of
from dedup.neardup.match import ask
from dedup.pipeline import Silent, read_corpus
from dedup.search import cut_paragraphs, spans_of
from dedup.stages import no_outcome
from dedup.threads import thread_count
from dedup.units import make_units
from dedup.wraps import wrapping

if TYPE_CHECKING:
    from dedup.pipeline import Progress

CERTAINTY: Final = 1.96  # standard deviations: the interval holds the true value in 95 % of samples


class Audit(NamedTuple):
    """`paragraphs`: those that stay and were compared; `sample` of them were asked, and `missed` of these could have gone for
    another. `removed`: paragraphs that went. `recall`: share that went of all that should have, with the bounds of its 95 %
    interval.
    """

    paragraphs: int
    sample: int
    missed: int
    removed: int
    recall: float
    low: float
    high: float


def audit(folder: Path, sample: int = 2000, seed: int = 1, threads: int = 0, progress: Progress | None = None) -> Audit:
    """Measure the recall of a run by its output. Raises UsageError for an output that does not hold what stays."""
    manifest = manifest_of(folder)
    config = _config(manifest["config"], folder)
    workers = thread_count(threads)
    with tempfile.TemporaryDirectory() as scratch:
        corpus, _ = read_corpus([str(folder)], config, Path(scratch), progress or Silent())
        with closing(corpus.store):
            stripped = no_outcome(corpus)
            stays = np.ones(len(corpus.lines), np.bool_)
            units = make_units(corpus, stripped)
            paragraphs, titles = cut_paragraphs(corpus, units, stays, wrapping(corpus, units, stays, config), config, workers)
            spans = spans_of(corpus, paragraphs, np.flatnonzero(~titles), workers)
            generator = np.random.default_rng(seed)
            asked = np.sort(generator.choice(len(spans), min(sample, len(spans)), replace=False))
            found = ask(spans, asked, corpus.store, config, workers)
            missed = len(np.intersect1d(found.removed, asked))
    return _estimate(len(spans), len(asked), missed, int(manifest["counts"]["removed"].get("duplicate", 0)))


def _config(values: dict[str, Any], folder: Path) -> Config:
    """The options of the run, but for those of stripping: what stays is looked at as it is."""
    if values["format"] == "dolma":
        raise UsageError(f"{folder}: dolma documents hold what came in; audit a run in another format")
    known = {each.name for each in fields(Config)}
    options = {key: value for key, value in values.items() if key in known and key not in ("packs", "format")}
    return configure(Config(), options | {"text_key": "text", "id_key": "id", "source_key": "source"})


def _estimate(paragraphs: int, sample: int, missed: int, removed: int) -> Audit:
    low, high = wilson(missed, sample)

    def recall(share: float) -> float:
        left = share * paragraphs
        return removed / (removed + left) if removed + left else 1.0

    return Audit(paragraphs, sample, missed, removed, recall(missed / max(sample, 1)), recall(high), recall(low))


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """The score interval of a share (Wilson 1927), 95 %."""
    if not trials:
        return 0.0, 1.0
    share, z = hits / trials, CERTAINTY
    middle = share + z * z / (2 * trials)
    spread = z * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)
