"""Named streams of luck: a pure function of (seed, replication, source, entity, day), never of what happened."""

from __future__ import annotations

import hashlib
from array import array
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.random.bit_generator import ISeedSequence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray


def stream(seed: int, replication: int, source: str, entity: str = "", day: int = 0) -> np.random.Generator:
    """Return the generator of one source of luck.

    The key is hashed from the names, so that adding an entity or a source shifts no other stream. Two calls with the
    same arguments give the same numbers in any process.
    """
    return np.random.Generator(_philox(_key_of(f"{seed}\x1f{replication}\x1f{source}\x1f{entity}\x1f{day}")))


def _key_of(name: str) -> NDArray[np.uint64]:
    return np.frombuffer(hashlib.blake2b(name.encode(), digest_size=16).digest(), dtype=np.uint64)


class _Key(ISeedSequence):
    """A key that is known. Given as `Philox(key=...)` it costs twice as much: it is then drawn by the machine first."""

    def __init__(self, key: NDArray[np.uint64]) -> None:
        self._key = key

    def generate_state(self, n_words: int, dtype: Any = np.uint32) -> NDArray[Any]:
        """Return it, whatever is asked for."""
        return self._key


def _philox(key: NDArray[np.uint64]) -> np.random.Philox:
    return np.random.Philox(_Key(key))  # type: ignore[arg-type]


class Uniforms:
    """The first uniforms of any stream of a replication, from one generator that is given its key each time."""

    def __init__(self, seed: int, replication: int) -> None:
        self._whose = f"{seed}\x1f{replication}"
        self._philox = _philox(np.zeros(2, dtype=np.uint64))
        self._draw = np.random.Generator(self._philox)
        self._fresh = self._philox.state

    def __call__(self, source: str, entity: str, day: int, size: int) -> NDArray[np.float64]:
        """Return `size` of them: the same as `stream` gives, in a sixth of the time."""
        self._fresh["state"]["key"] = _key_of(f"{self._whose}\x1f{source}\x1f{entity}\x1f{day}")
        self._philox.state = self._fresh
        return self._draw.random(size)


class Stream(Protocol):
    """The generator of one source of luck of a replication, for one entity and day."""

    def __call__(self, source: str, entity: str, day: int) -> np.random.Generator:
        """Return a fresh one."""
        ...


_MASK = 2**64 - 1
_STEP, _FIRST, _SECOND = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB


class Hashed:
    """Luck of things too many to lay out: a uniform for any whole numbers that name one, by splitmix64."""

    def __init__(self, seed: int, replication: int, source: str) -> None:
        name = f"{seed}\x1f{replication}\x1f{source}".encode()
        self._key = int.from_bytes(hashlib.blake2b(name, digest_size=8).digest(), "little")

    def __call__(self, *names: int) -> float:
        """Return the uniform of one thing."""
        z = self._key
        for name in names:
            z = (z ^ name) + _STEP & _MASK
            z = (z ^ z >> 30) * _FIRST & _MASK
            z = (z ^ z >> 27) * _SECOND & _MASK
            z ^= z >> 31
        return (z >> 11) * 2.0**-53

    def many(self, *names: NDArray[np.uint64]) -> NDArray[np.float64]:
        """Return the uniforms of many things, the same as one by one."""
        return _uniforms(np.full(len(names[0]), self._key, dtype=np.uint64), names)


# uniforms laid out at a time, and how often
BLOCK, BLOCKS_KEPT = 256, 1024


class Counted(Hashed):
    """The same of things whose first name is their number in a row: laid out many at a time, in a fifth of the time."""

    def __init__(self, seed: int, replication: int, source: str) -> None:
        super().__init__(seed, replication, source)
        self._block = lru_cache(maxsize=BLOCKS_KEPT)(self._lay_out)

    def __call__(self, number: int, *others: int) -> float:  # type: ignore[override]  # nothing is without a name
        """Return the uniform of one thing."""
        return self._block(number // BLOCK, *others)[number % BLOCK]

    def _lay_out(self, block: int, *others: int) -> array[float]:
        """Return the uniforms of the things in a block that share their other names."""
        numbers = np.arange(block * BLOCK, (block + 1) * BLOCK, dtype=np.uint64)
        return array("d", self.many(numbers, *[np.full_like(numbers, name) for name in others]).tobytes())


def one_of_each(sources: Sequence[Hashed], *names: NDArray[np.uint64]) -> NDArray[np.float64]:
    """Return a uniform of each of some sources, the same as one by one."""
    return _uniforms(np.array([source._key for source in sources], dtype=np.uint64), names)


def _uniforms(z: NDArray[np.uint64], names: Sequence[NDArray[np.uint64]]) -> NDArray[np.float64]:
    for name in names:
        z = (z ^ name) + np.uint64(_STEP)
        z = (z ^ z >> np.uint64(30)) * np.uint64(_FIRST)
        z = (z ^ z >> np.uint64(27)) * np.uint64(_SECOND)
        z ^= z >> np.uint64(31)
    luck: NDArray[np.float64] = np.multiply(z >> np.uint64(11), 2.0**-53, dtype=np.float64)
    return luck
