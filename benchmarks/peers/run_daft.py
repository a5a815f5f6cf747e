"""daft: the minhash expression, banded and grouped by its engine, joined into clusters; the first of a cluster stays.

16 bands of 8 rows use all 128 permutations and have their threshold, (1/16)^(1/8), at 0.71.
"""

from __future__ import annotations

import daft
from common import NGRAM, NUM_PERM, SEED, Clusters, arguments, paragraphs, write
from daft import col

BANDS, ROWS = 16, 8


def main() -> None:
    folder, kept, _ = arguments()
    rows = list(paragraphs(folder))
    table = daft.from_pydict({"number": list(range(len(rows))), "text": [text for _, _, text in rows]})
    signed = table.select(col("number"), col("text").minhash(num_hashes=NUM_PERM, ngram_size=NGRAM, seed=SEED).alias("signature"))
    signed = signed.with_column("signature", col("signature").cast(daft.DataType.list(daft.DataType.uint32()))).collect()
    clusters = Clusters(len(rows))
    for band in range(BANDS):
        banded = signed.select(col("number"), col("signature").slice(band * ROWS, (band + 1) * ROWS).alias("band"))
        groups = banded.groupby("band").agg(col("number").list_agg()).where(col("number").list_count() > 1)
        for group in groups.to_pydict()["number"]:
            for other in group[1:]:
                clusters.join(group[0], other)
    write(kept, (row for number, row in enumerate(rows) if clusters.leads(number)))


if __name__ == "__main__":
    main()
