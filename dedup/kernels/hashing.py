"""64-bit mixing shared by words, lines and shingles."""

from __future__ import annotations

import numpy as np

from dedup.kernels.jit import borrowing

WORD_SEED = np.uint64(0x9E3779B97F4A7C15)
PRIME = np.uint64(0x100000001B3 * 0x9E3779B1 & 0xFFFFFFFFFFFFFFFF | 1)
SECOND = np.uint64(0xC2B2AE3D27D4EB4F)


@borrowing
def mix(value: np.uint64) -> np.uint64:
    """Finalizer of splitmix64 (Steele, Lea and Flood 2014, section 5): every input bit moves every output bit."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


@borrowing
def pair(first: np.uint64, second: np.uint64) -> np.uint64:
    """Ordered hash of two hashes."""
    return mix(first * SECOND + second)


@borrowing
def ones(bits: np.uint64) -> np.uint64:
    """How many bits are set: what LLVM knows as one instruction."""
    bits -= (bits >> np.uint64(1)) & np.uint64(0x5555555555555555)
    bits = (bits & np.uint64(0x3333333333333333)) + ((bits >> np.uint64(2)) & np.uint64(0x3333333333333333))
    bits = (bits + (bits >> np.uint64(4))) & np.uint64(0x0F0F0F0F0F0F0F0F)
    return (bits * np.uint64(0x0101010101010101)) >> np.uint64(56)
