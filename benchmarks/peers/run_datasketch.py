"""datasketch: MinHash and MinHashLSH, a paragraph inserted where none alike is there yet."""

from __future__ import annotations

from common import NUM_PERM, SEED, THRESHOLD, arguments, paragraphs, shingles, write
from datasketch import MinHash, MinHashLSH


def main() -> None:
    folder, kept, _ = arguments()
    rows = list(paragraphs(folder))
    index = MinHashLSH(threshold=THRESHOLD, num_perm=NUM_PERM)
    stays = []
    sets = ([shingle.encode("utf-8") for shingle in shingles(text)] for _, _, text in rows)
    for number, sketch in enumerate(MinHash.generator(sets, num_perm=NUM_PERM, seed=SEED)):
        if not index.query(sketch):
            index.insert(number, sketch, check_duplication=False)
            stays.append(rows[number])
    write(kept, stays)


if __name__ == "__main__":
    main()
