"""Paragraphs to shingles, MinHash signatures, and what the verification compares."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.kernels.fold import Bytes, Codes, Hashes, code_at, fold_codes, word_hashes
from dedup.kernels.hashing import PRIME, SECOND, mix, pair
from dedup.kernels.jit import inlined, kernel
from dedup.kernels.lines import look_up

Index = NDArray[np.int64]
CHARACTER_NGRAM = 5
WORD_NGRAM = 2


@inlined
def word_shingles(words: Hashes, n: int, out: Hashes) -> int:
    """Hashes of the word 2-grams (of the only word, where there is one). Returns their number; repeats are kept."""
    if n == 1:
        out[0] = mix(words[0])
        return 1
    for i in range(n - 1):
        out[i] = pair(words[i], words[i + 1])
    return max(n - 1, 0)


@inlined
def character_shingles(codes: Codes, n: int, out: Hashes) -> int:
    """Hashes of the 5-grams of letters, word borders left out. Returns their number; repeats are kept."""
    letters = 0
    h = np.uint64(0)
    window = np.zeros(CHARACTER_NGRAM, np.uint64)
    count = 0
    for i in range(n):
        if codes[i] == 0:
            continue
        window[letters % CHARACTER_NGRAM] = np.uint64(codes[i])
        letters += 1
        if letters >= CHARACTER_NGRAM:
            h = SECOND
            for k in range(CHARACTER_NGRAM):
                h = (h ^ window[(letters + k) % CHARACTER_NGRAM]) * PRIME
            out[count] = mix(h)
            count += 1
    if count == 0 and letters > 0:
        h = SECOND
        for k in range(letters):
            h = (h ^ window[k]) * PRIME
        out[0] = mix(h)
        count = 1
    return count


@inlined
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
def gather_sets(rows: Index, pool: Hashes, bounds: Index, target: Index, out: Hashes) -> None:
    """Copy set i of a pool to out[target[rows[i]]:]."""
    for i in range(rows.size):
        at = target[rows[i]]
        for k in range(bounds[i + 1] - bounds[i]):
            out[at + k] = pool[bounds[i] + k]


@inlined
def unique_sorted(values: Hashes, n: int) -> int:
    """Sort values[:n] and drop repeats. Returns how many are left."""
    part = values[:n]
    part.sort()
    count = 0
    for i in range(n):
        if i == 0 or part[i] != part[i - 1]:
            part[count] = part[i]
            count += 1
    return count


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
        n = fold_codes(text, starts[i], ends[i], table, expansions, scratch)
        if characters:
            count = character_shingles(scratch, n, pool[at:])
        else:
            k = word_hashes(scratch, n, words)
            letters[i] = n - max(k - 1, 0)
            count = word_shingles(words, k, pool[at:])
        at += unique_sorted(pool[at:], count)
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
    scratch: Codes,
    words: Hashes,
    pool: Hashes,
    bounds: Index,
) -> int:
    """Distinct numbers of each span, sorted: pool[bounds[i]:bounds[i + 1]]. Returns the entries used.

    A number is known by its value modulo 2^64. Thousands marks (a comma, full stop,
    apostrophe or their Arabic kin before exactly three digits) are dropped; words are read, "twenty-five" and
    "خمسة وعشرون" as 25.
    """
    at = 0
    for i in range(starts.size):
        bounds[i] = at
        count = digit_numbers(text, starts[i], ends[i], table, pool[at:])
        n = fold_codes(text, starts[i], ends[i], table, expansions, scratch)
        k = word_hashes(scratch, n, words)
        count = word_numbers(words, k, number_keys, number_values, pool[at:], count)
        at += unique_sorted(pool[at:], count)
    bounds[starts.size] = at
    return at


@inlined
def digit_of(code: int, table: Codes) -> int:
    """The value of a digit of any script, or -1."""
    if code >= table.size:
        return -1
    entry = np.int64(table[code])
    value = entry & 0xFFFFFF
    return value - 0x30 if entry >> 24 == 2 and 0x30 <= value <= 0x39 else -1


@inlined
def digit_numbers(text: Bytes, start: int, end: int, table: Codes, out: Hashes) -> int:
    """Numbers written in digits of any script. Returns how many."""
    count = 0
    held = False  # a number that may go on behind a thousands mark
    value = np.uint64(0)
    joined = False  # exactly one mark stands between it and what follows
    i = start
    while i < end:
        code, width = code_at(text, i)
        if digit_of(code, table) < 0:
            is_mark = code in (0x2C, 0x2E, 0x27, 0x2019, 0x66C, 0x66B, 0x60C)
            joined = is_mark and held and not joined
            i += width
            if held and not joined:
                out[count] = value
                count += 1
                held = False
            continue
        run = np.uint64(0)
        digits = 0
        while i < end:
            code, width = code_at(text, i)
            digit = digit_of(code, table)
            if digit < 0:
                break
            run = run * np.uint64(10) + np.uint64(digit)
            digits += 1
            i += width
        if held and joined and digits == 3:
            value = value * np.uint64(1000) + run
        else:
            if held:
                out[count] = value
                count += 1
            value = run
            held = True
        joined = False
    if held:
        out[count] = value
        count += 1
    return count


@inlined
def word_numbers(words: Hashes, k: int, keys: Hashes, values: NDArray[np.int32], out: Hashes, count: int) -> int:
    """Numbers written in words, appended to out[:count]. Returns the new count."""
    i = 0
    while i < k:
        value = look_up(keys, values, words[i])
        if value != 0:
            following = look_up(keys, values, words[i + 1]) if i + 1 < k else 0
            amount = abs(value)
            if amount < 10 and -90 <= following <= -20:  # five and-twenty
                amount -= following
                i += 1
            elif 20 <= amount <= 90 and 0 < following < 10:  # twenty five
                amount += following
                i += 1
            out[count] = np.uint64(amount)
            count += 1
        i += 1
    return count
