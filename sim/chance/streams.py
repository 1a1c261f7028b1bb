"""Named streams of luck: a pure function of (seed, replication, source, entity, day), never of what happened."""

from __future__ import annotations

import hashlib
from typing import Protocol

import numpy as np


def stream(seed: int, replication: int, source: str, entity: str = "", day: int = 0) -> np.random.Generator:
    """Return the generator of one source of luck.

    The key is hashed from the names, so that adding an entity or a source shifts no other stream. Two calls with the
    same arguments give the same numbers in any process.
    """
    name = f"{seed}\x1f{replication}\x1f{source}\x1f{entity}\x1f{day}".encode()
    digest = hashlib.blake2b(name, digest_size=16).digest()
    return np.random.Generator(np.random.Philox(key=np.frombuffer(digest, dtype=np.uint64)))


class Stream(Protocol):
    """The generator of one source of luck of a replication, for one entity and day."""

    def __call__(self, source: str, entity: str, day: int) -> np.random.Generator:
        """Return a fresh one."""
        ...
