"""Luck without a generator: uniform numbers that are a pure function of what they are for.

The same order has the same luck in any process, in any turn, and when a decision log is replayed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_STEP = 0x9E3779B97F4A7C15
_MASK = 2**64 - 1


def uniforms(count: int, *keys: int) -> NDArray[np.float64]:
    """Return numbers from 0 up to but not including 1, for some whole numbers as keys.

    They are those of the generator SplitMix64 (Steele, Lea and Flood 2014), seeded with a mix of the keys.
    """
    state = 0
    for key in keys:
        state = _mixed((state ^ (key & _MASK)) + _STEP & _MASK)
    with np.errstate(over="ignore"):
        z = np.uint64(state) + np.uint64(_STEP) * np.arange(1, count + 1, dtype=np.uint64)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z ^= z >> np.uint64(31)
    return (z >> np.uint64(11)).astype(np.float64) * 2.0**-53


def _mixed(z: int) -> int:
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & _MASK
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB & _MASK
    return z ^ (z >> 31)
