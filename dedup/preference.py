"""Which documents come before all others, by `prefer`."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

import numpy as np

from dedup.errors import UsageError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.config import Config
    from dedup.corpus import Corpus
    from dedup.units import Units


def preference_of(corpus: Corpus, units: Units, config: Config) -> NDArray[np.int64] | None:
    """Which documents come before all others: the earliest, those without a date last; or those of the sources named first."""
    if config.prefer == "longest":
        return None
    if config.prefer == "first":
        dates = {date: number for number, date in enumerate(sorted({*corpus.dates} - {""}))}
        order = np.array([dates.get(date, len(dates)) for date in corpus.dates], np.int64)
        return np.asarray(order[units.document], np.int64)
    names = _preferred(config)
    place = {name: number for number, name in reversed(list(enumerate(names)))}
    return np.array([place.get(corpus.sources[document], len(names)) for document in units.document.tolist()], np.int64)


def _preferred(config: Config) -> list[str]:
    """The sources named by `prefer`."""
    return [] if config.prefer in ("longest", "first") else [name.strip() for name in config.prefer.split(",")]


def check_preference(corpus: Corpus, config: Config) -> None:
    """Raises UsageError where `prefer` names a source that no document is of."""
    names, known = _preferred(config), set(corpus.sources)
    unknown = [name for name in names if name not in known]
    if unknown:
        near = get_close_matches(unknown[0], sorted(known), n=1)
        hint = f" Did you mean '{near[0]}'?" if near else " It takes longest, first, or names of sources with commas between them."
        raise UsageError(f"prefer: no source '{unknown[0]}' among the documents.{hint}")
