"""How many permutations, bands and rows a search needs, from the recall asked of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from dedup.neardup.minhash import band_recall, containment_jaccard

if TYPE_CHECKING:
    from dedup.config import Config

LENGTH_RATIO: Final = 1.5  # of the twins that banding must find; where lengths differ more the join finds them
PERMUTATIONS: Final = (32, 64, 96, 128, 192, 256, 384, 512)
SELECTIVE_ROWS: Final = 3  # with fewer, pairs that share a fifth of their words are candidates: taken only where nothing else will do


class Banding(NamedTuple):
    """MinHash permutations that are made, and how their minima are banded."""

    num_perm: int
    bands: int
    rows: int

    def recall(self, jaccard: float) -> float:
        """Probability that a pair of this Jaccard similarity becomes a candidate."""
        import numpy as np

        return float(band_recall(np.array([jaccard]), self.bands, self.rows)[0])


def hardest_jaccard(threshold: float) -> float:
    """Jaccard similarity of the least alike twins that banding is asked for: containment at the threshold, lengths 1 to 1.5."""
    return containment_jaccard(threshold, LENGTH_RATIO)


def banding_of(config: Config) -> Banding:
    """The banding of a run: as typed in, else the cheapest with the recall asked for.

    Cheapest: fewest permutations; of these most rows, which make the fewest candidates.
    """
    if config.bands and config.rows:
        return Banding(max(config.num_perm, config.bands * config.rows), config.bands, config.rows)
    asked = hardest_jaccard(config.threshold)
    made = (config.num_perm,) if config.num_perm else PERMUTATIONS
    for least in (SELECTIVE_ROWS, 2, 1):
        for num_perm in made:
            for rows in range(16, least - 1, -1):
                banding = Banding(num_perm, max(num_perm // rows, 1), rows)
                if num_perm >= rows and banding.recall(asked) >= config.recall:
                    return banding
    return Banding(made[-1], made[-1], 1)
