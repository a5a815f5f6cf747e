"""rensa: RMinHashDeduplicator with LSH, full-set R-MinHash as its README shows it ("Keep unique documents")."""

from __future__ import annotations

from common import NUM_PERM, THRESHOLD, arguments, paragraphs, shingles, write
from rensa import RMinHashDeduplicator


def main() -> None:
    folder, kept, _ = arguments()
    rows = list(paragraphs(folder))
    deduplicator = RMinHashDeduplicator(threshold=THRESHOLD, num_perm=NUM_PERM, use_lsh=True)
    new = deduplicator.add_pairs((str(number), shingles(text)) for number, (_, _, text) in enumerate(rows))
    write(kept, (row for row, stays in zip(rows, new, strict=True) if stays))


if __name__ == "__main__":
    main()
