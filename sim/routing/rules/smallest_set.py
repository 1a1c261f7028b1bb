"""The smallest set of sites that has everything: sizes from one up, and of a size the first set in order.

A set is looked into only as far as what is left of the list could still complete it, product by product; the last two
sites of a set are found together, many pairs at a time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

MOST_SETS = 1_000_000
"""Sets of sites looked at before the search for the smallest one gives up; a count, so that results do not depend on
the machine."""
CHUNK = 32
"""Most first sites of a pair that are looked at together; one, two, four at first, as those asked first have most."""


class SmallestSets:
    """The sets of sites that have all that is needed.

    Parameters
    ----------
    has
        Units of each product that each site could give, shape (products, sites), sites in order.
    needs
        Units needed of each product, shape (products,).
    """

    def __init__(self, has: NDArray[np.int64], needs: NDArray[np.int64]) -> None:
        self._has, self._needs = has, needs
        self._sets = 0
        # the most that n sites from position k on could add, product by product
        self._most = [np.zeros((has.shape[0], has.shape[1] + 1), dtype=np.int64)]

    def of_size(self, size: int) -> Iterator[list[int]]:
        """Yield the sets of a size in order, as positions; nothing if none can be or the search has to give up."""
        while len(self._most) <= size:
            most = np.zeros_like(self._most[-1])
            most[:, :-1] = np.maximum.accumulate((self._has + self._most[-1][:, 1:])[:, ::-1], axis=1)[:, ::-1]
            self._most.append(most)
        if (self._most[size][:, 0] >= self._needs).all():
            yield from self._extend([], 0, self._needs, size)

    def _extend(self, chosen: list[int], start: int, needs: NDArray[np.int64], missing: int) -> Iterator[list[int]]:
        if self._sets > MOST_SETS:
            return
        able = self._has[:, start:] + self._most[missing - 1][:, start + 1 :] >= needs[:, None]
        promising = start + np.flatnonzero(able.all(axis=0))
        self._sets += len(promising)
        if missing == 1:
            yield from ([*chosen, k] for k in promising.tolist())
        elif missing == 2:
            yield from ([*chosen, *pair] for pair in self._pairs(promising, needs))
        else:
            for k in promising.tolist():
                yield from self._extend([*chosen, k], k + 1, needs - self._has[:, k], missing - 1)

    def _pairs(self, promising: NDArray[np.intp], needs: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
        behind = np.arange(self._has.shape[1])
        k, together = 0, 1
        while k < len(promising):
            first = promising[k : k + together]
            k, together = k + together, min(2 * together, CHUNK)
            self._sets += len(first) * len(behind)
            rest = needs[:, None] - self._has[:, first]
            found = (self._has[:, None, :] >= rest[:, :, None]).all(axis=0) & (behind > first[:, None])
            for row, second in np.argwhere(found).tolist():
                yield int(first[row]), second
