"""gaoya: MinHashStringIndex, filled and asked in bulk on all cores; shingles made in Rust. It compares the signatures of candidates."""

from __future__ import annotations

from common import NGRAM, NUM_PERM, THRESHOLD, arguments, paragraphs, write
from gaoya.minhash import MinHashStringIndex


def main() -> None:
    folder, kept, _ = arguments()
    rows = list(paragraphs(folder))
    texts = [text for _, _, text in rows]
    index = MinHashStringIndex(
        hash_size=32, jaccard_threshold=THRESHOLD, num_bands=None, band_size=None, num_hashes=NUM_PERM, analyzer="word",
        ngram_range=(NGRAM, NGRAM), id_container="vec",
    )  # fmt: skip
    index.par_bulk_insert_docs(list(range(len(texts))), texts)
    gone = set()
    for number, alike in enumerate(index.par_bulk_query(texts)):
        if number not in gone:
            gone.update(other for other in alike if other > number)
    write(kept, (row for number, row in enumerate(rows) if number not in gone))


if __name__ == "__main__":
    main()
