"""Sorting of hashes: small sets, and words of 64 bits by the million."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dedup.kernels.fold import ONE
from dedup.kernels.jit import borrowing, kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dedup.kernels.fold import Codes, Hashes
    from dedup.kernels.shingle import Index

DIGIT = 8  # bits of a word that it is dealt out by at a time: as many places to write to as the nearest cache has room for
DIGITS = 64 // DIGIT


@borrowing
def insert_sorted(values: Hashes, begin: int, end: int, value: np.uint64) -> int:
    """Put a value into the ascending, distinct values[begin:end], if it is not there. Returns the new end."""
    i, first, last = np.uint64(end), np.uint64(begin), np.uint64(end)
    while i > first and values[i - ONE] > value:
        i -= ONE
    if i > first and values[i - ONE] == value:
        return end
    while last > i:
        values[last] = values[last - ONE]
        last -= ONE
    values[i] = value
    return end + 1


@kernel
def sort_words(words: Hashes, spare: Hashes) -> None:
    """Sort words; `spare` is as long and is lost. Digit by digit from the lowest one (radix sort: Knuth, volume 3, section 5.2.5, R),
    without those that all words share: 8 to 14 ns a word on any processor, where what numpy does takes from 8 to 57.
    """
    counts, moved = np.zeros((DIGITS, 1 << DIGIT), np.int64), False
    count_digits(words, counts)
    for digit in range(DIGITS):
        if tells_apart(counts[digit], words.size):
            if moved:
                deal_digit(spare, digit, counts[digit], words)
            else:
                deal_digit(words, digit, counts[digit], spare)
            moved = not moved
    if moved:
        words[:] = spare


@kernel
def sort_with(words: Hashes, numbers: Index, spare: Hashes, spare_numbers: Index) -> None:
    """`sort_words`, and each word's number goes where it goes. Of equal words the order stays."""
    counts, moved = np.zeros((DIGITS, 1 << DIGIT), np.int64), False
    count_digits(words, counts)
    for digit in range(DIGITS):
        if tells_apart(counts[digit], words.size):
            if moved:
                deal_numbers(spare, spare_numbers, digit, counts[digit], words, numbers)
            else:
                deal_numbers(words, numbers, digit, counts[digit], spare, spare_numbers)
            moved = not moved
    if moved:
        words[:] = spare
        numbers[:] = spare_numbers


@borrowing
def count_digits(words: Hashes, counts: NDArray[np.int64]) -> None:
    """How many words have each digit, a row for each place."""
    for word in words:
        for digit in range(DIGITS):
            counts[digit, digit_of(word, digit)] += 1


@borrowing
def tells_apart(counts: Index, size: int) -> bool:
    """Whether not all words have one digit in a place."""
    for count in counts:
        if count == size:
            return False
    return size > 0


@borrowing
def digit_of(word: np.uint64, digit: int) -> np.int64:
    """One of the digits of a word, counted from the lowest."""
    return np.int64((word >> np.uint64(digit * DIGIT)) & np.uint64((1 << DIGIT) - 1))


@borrowing
def deal_digit(words: Hashes, digit: int, counts: Index, out: Hashes) -> None:
    """Words in order of a digit, those of one in the order in which they stand. `counts`: of each digit; they are used up."""
    begin_each(counts)
    for word in words:
        value = digit_of(word, digit)
        out[np.uint64(counts[value])] = word
        counts[value] += 1


@borrowing
def deal_numbers(words: Hashes, numbers: Index, digit: int, counts: Index, out: Hashes, out_numbers: Index) -> None:
    """`deal_digit`, and each word's number goes where it goes."""
    begin_each(counts)
    for k in range(np.uint64(words.size)):
        value = digit_of(words[k], digit)
        at = np.uint64(counts[value])
        out[at], out_numbers[at] = words[k], numbers[k]
        counts[value] += 1


@borrowing
def begin_each(counts: Index) -> None:
    """Where each begins of which there are so many, one behind the other."""
    at = 0
    for value in range(counts.size):
        count = counts[value]
        counts[value] = at
        at += count


@kernel
def keep_first(words: Hashes) -> int:
    """Move the first of each run of equal words to the front. Returns how many there are."""
    count = np.uint64(0)
    for k in range(np.uint64(words.size)):
        new = k == 0 or words[k] != words[k - ONE]
        words[count] = words[k]
        count += np.uint64(new)
    return np.int64(count)


@kernel
def count_ranges(words: Hashes | Codes, shift: int, counts: Index) -> None:
    """Add to counts[r] the words of each range r, that is words >> shift."""
    upper = np.uint64(shift)
    for word in words:
        counts[np.int64(word >> upper)] += 1


@kernel
def deal_ranges(words: Hashes | Codes, shift: int, places: Index, out: Hashes | Codes) -> None:
    """Words of each range r to out[places[r]] and on; `places` go on with them."""
    upper = np.uint64(shift)
    for word in words:
        r = np.int64(word >> upper)
        out[places[r]] = word
        places[r] += 1


@borrowing
def unique_sorted(values: Hashes, begin: int, count: int, places: Codes, spare: Hashes) -> int:
    """Sort values[begin:begin + count] and drop repeats. Returns how many are left.

    Hashes are spread evenly: dealt out by their upper bits into as many drawers as there are hashes, nearly all stand where
    they belong, and an insertion sort has little left to do (5 ns a hash, a fifth of what numba's quicksort takes). `places` must
    hold 2 * count entries, `spare` count.
    """
    if count < 2:
        return count
    first, n = np.uint64(begin), np.uint64(count)
    bits = ONE
    while ONE << bits < n:
        bits += ONE
    upper = np.uint64(64) - bits
    for drawer in range(ONE << bits):
        places[drawer] = 0
    for i in range(n):
        places[values[first + i] >> upper] += np.uint32(1)
    at = np.uint32(0)
    for drawer in range(ONE << bits):
        size = places[drawer]
        places[drawer] = at
        at += size
    for i in range(n):
        value = values[first + i]
        place = places[value >> upper]
        spare[place] = value
        places[value >> upper] = place + np.uint32(1)
    end = begin
    for i in range(n):
        end = insert_sorted(values, begin, end, spare[i])
    return end - begin
