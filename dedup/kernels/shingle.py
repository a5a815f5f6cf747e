"""Paragraphs to shingles, MinHash signatures, and what the verification compares."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.fold import ONE, Bytes, Codes, Hashes, fold_letters, hash_words
from dedup.kernels.hashing import PRIME, SECOND, mix, pair
from dedup.kernels.jit import borrowing, inlined, kernel
from dedup.kernels.numbers import digit_numbers, may_hold_digit, word_numbers
from dedup.kernels.sorting import insert_sorted, unique_sorted
from dedup.kernels.tables import fill_filter, may_be_key

Index = NDArray[np.int64]
CHARACTER_NGRAM = 5
FEW_NUMBERS = 64  # are sorted by insertion; a price list holds thousands


@borrowing
def word_shingles(words: Hashes, begin: int, n: int, out: Hashes, at: int) -> int:
    """Hashes of the word 2-grams of words[begin:begin + n] (of the only word, where there is one) into out[at:]. Returns their
    number; repeats are kept.
    """
    if n == 1:
        out[at] = mix(words[begin])
        return 1
    first, word = np.uint64(at), np.uint64(begin)
    for i in range(np.uint64(max(n - 1, 0))):
        out[first + i] = pair(words[word + i], words[word + i + ONE])
    return max(n - 1, 0)


@borrowing
def character_shingles(codes: Codes, n: int, out: Hashes, at: int) -> int:
    """Hashes of the 5-grams of the letters codes[:n] into out[at:] (of all of them, where they are fewer). Returns their number;
    repeats are kept.
    """
    if n < CHARACTER_NGRAM:
        h = SECOND
        for k in range(n):
            h = (h ^ np.uint64(codes[k])) * PRIME
        out[at] = mix(h)
        return min(n, 1)
    first = np.uint64(at)
    for i in range(np.uint64(n - CHARACTER_NGRAM + 1)):
        h = SECOND
        for k in range(np.uint64(CHARACTER_NGRAM)):
            h = (h ^ np.uint64(codes[i + k])) * PRIME
        out[first + i] = mix(h)
    return n - CHARACTER_NGRAM + 1


@borrowing
def fmix32(h: np.uint32) -> np.uint32:
    """The 32-bit finalizer of MurmurHash3, as datasketch's scheme `affine32` applies it before its permutations."""
    h = np.uint32(h ^ (h >> np.uint32(16)))  # numba widens 32-bit arithmetic: every step is cut back
    h = np.uint32(h * np.uint32(0x85EBCA6B))
    h = np.uint32(h ^ (h >> np.uint32(13)))
    h = np.uint32(h * np.uint32(0xC2B2AE35))
    return np.uint32(h ^ (h >> np.uint32(16)))


@inlined
def minhash(hashes: NDArray[np.uint32], n: int, a: NDArray[np.uint32], b: NDArray[np.uint32], out: NDArray[np.uint32]) -> None:
    """MinHash signature (Broder 1997) of n 32-bit shingle hashes by affine permutations a*h + b mod 2^32.

    Bit-equal to `datasketch.MinHash(scheme="affine32")` fed with the same hashes. Four shingles a pass keep the loop over
    permutations in vector registers (2.1 times one shingle a pass).
    """
    for k in range(a.size):
        out[k] = np.uint32(0xFFFFFFFF)
    i = 0
    while i + 4 <= n:
        h0, h1, h2, h3 = fmix32(hashes[i]), fmix32(hashes[i + 1]), fmix32(hashes[i + 2]), fmix32(hashes[i + 3])
        for k in range(a.size):
            first = min(np.uint32(a[k] * h0 + b[k]), np.uint32(a[k] * h1 + b[k]))
            second = min(np.uint32(a[k] * h2 + b[k]), np.uint32(a[k] * h3 + b[k]))
            out[k] = min(out[k], first, second)
        i += 4
    while i < n:
        h0 = fmix32(hashes[i])
        for k in range(a.size):
            out[k] = min(out[k], np.uint32(a[k] * h0 + b[k]))
        i += 1


@kernel
def minhash_sets(hashes: NDArray[np.uint32], bounds: Index, a: NDArray[np.uint32], b: NDArray[np.uint32], out: NDArray[np.uint32]) -> None:
    """Signatures (one row each of `out`) of sets hashes[bounds[i]:bounds[i + 1]]."""
    for i in range(bounds.size - 1):
        part = hashes[bounds[i] : bounds[i + 1]]
        minhash(part, part.size, a, b, out[i])


@kernel
def band_sets(
    pool: Hashes, bounds: Index, a: NDArray[np.uint32], b: NDArray[np.uint32], rows: int, short: NDArray[np.uint32],
    signature: NDArray[np.uint32], keys: Hashes,
) -> None:  # fmt: skip
    """Band keys (a row of `keys`, one a band) of sets of shingle hashes pool[bounds[i]:bounds[i + 1]]; MinHash takes their upper
    32 bits. `short` holds as many entries as the largest set.
    """
    bands = keys.shape[1]
    for i in range(bounds.size - 1):
        count = bounds[i + 1] - bounds[i]
        for s in range(count):
            short[s] = np.uint32(pool[bounds[i] + s] >> np.uint64(32))
        minhash(short, count, a, b, signature)
        for band in range(bands):
            h = np.uint64(band)
            for r in range(rows):
                h = mix(h ^ np.uint64(signature[band * rows + r]))
            keys[i, band] = h


@kernel
def shingle_spans(
    text: Bytes,
    starts: Index,
    ends: Index,
    table: Codes,
    expansions: Codes,
    characters: bool,
    scratch: Codes,
    words: Hashes,
    pool: Hashes,
    bounds: Index,
    letters: NDArray[np.int32],
) -> int:
    """Distinct shingle hashes of each span, sorted: pool[bounds[i]:bounds[i + 1]]. Returns the entries used.

    Word 2-grams, or character 5-grams where `characters`. `pool` must hold as many entries as the spans have bytes. `letters`:
    how many folded ones each span has; without `characters` only.
    """
    at = 0
    for i in range(starts.size):
        bounds[i] = at
        if characters:
            n = fold_letters(text, starts[i], ends[i], table, expansions, scratch)
            count = character_shingles(scratch, n, pool, at)
        else:
            k, letters[i] = hash_words(text, starts[i], ends[i], table, expansions, scratch, words)
            count = word_shingles(words, 0, k, pool, at)
        at += unique_sorted(pool, at, count, scratch, words)
    bounds[starts.size] = at
    return at


@kernel
def word_spans(
    text: Bytes, starts: Index, ends: Index, table: Codes, expansions: Codes, number_keys: Hashes, scratch: Codes, words: Hashes,
    pool: Hashes, bounds: Index, letters: NDArray[np.int32], spelled: NDArray[np.bool_],
) -> int:  # fmt: skip
    """Hashes of the words of each span in their order: pool[bounds[i]:bounds[i + 1]]. Returns the entries used. `pool` must hold
    as many as for `shingle_spans`. `letters`: how many folded ones each span has; `spelled`: whether there may be a number word in it.
    """
    at = 0
    number_filter = fill_filter(number_keys)
    for i in range(starts.size):
        bounds[i] = at
        k, letters[i] = hash_words(text, starts[i], ends[i], table, expansions, scratch, words)
        spelled[i] = False
        for w in range(k):
            pool[at + w] = words[w]
            spelled[i] |= may_be_key(number_filter, words[w])
        at += k
    bounds[starts.size] = at
    return at


@kernel
def number_spans(
    text: Bytes,
    starts: Index,
    ends: Index,
    table: Codes,
    expansions: Codes,
    number_keys: Hashes,
    number_values: NDArray[np.int32],
    spelled: NDArray[np.bool_],
    scratch: Codes,
    words: Hashes,
    pool: Hashes,
    bounds: Index,
) -> int:
    """Distinct numbers of each span, sorted: pool[bounds[i]:bounds[i + 1]]. Returns the entries used.

    A number is known by its value modulo 2^64. Thousands marks (a comma, full stop,
    apostrophe or their Arabic kin before exactly three digits) are dropped; words are read, "twenty-five" and
    "خمسة وعشرون" as 25, where there may be some (`spelled`).
    """
    at = 0
    number_filter = fill_filter(number_keys)
    for i in range(starts.size):
        bounds[i] = at
        end = at
        if may_hold_digit(text, starts[i], ends[i]):
            end = digit_numbers(text, starts[i], ends[i], table, pool, end)
        if spelled[i]:
            k, _ = hash_words(text, starts[i], ends[i], table, expansions, scratch, words)
            end = word_numbers(words, k, number_keys, number_values, number_filter, pool, end)
        at = distinct_numbers(pool, at, end)
    bounds[starts.size] = at
    return at


@inlined
def distinct_numbers(values: Hashes, begin: int, end: int) -> int:
    """Sort values[begin:end] and drop repeats. Returns the new end."""
    if end - begin > FEW_NUMBERS:
        values[begin:end].sort()
    last = begin
    for i in range(begin, end):
        last = insert_sorted(values, begin, last, values[i])
    return last
