"""An order too large to try every split: where to start, and how to go on from there.

Covering as many units as possible with a few sites is a hard problem; taking again and again the site that gives most
comes within 1 - 1/e of it (Nemhauser, Wolsey and Fisher, 1978). Each promising first site gets its own try.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from sim.routing.offers.offers import Basket, Objective, Partition, Request

FIRST_SITES = 6


def covers(request: Request, objective: Objective, max_parcels: int) -> list[Partition]:
    """Return partitions of what a few sites could give together, those that serve the most units.

    Half of them take the sites that can give most, half those that give for the least score a unit.
    """
    wanted = np.array(request.wanted)
    score = objective.scores(request, (1,) * len(wanted))
    score[list(request.order.refused_by)] = np.inf
    gives = np.clip(request.rows, 0, wanted[:, None])
    gives[:, np.isinf(score)] = 0
    found: dict[Partition, None] = {}  # an ordered set
    for by_units in (True, False):
        for site in _ranked(gives, score, by_units)[:FIRST_SITES].tolist():
            found[_cover(site, gives, wanted, score, max_parcels, by_units)] = None
    most = max(sum(map(sum, partition)) for partition in found)
    return [partition for partition in found if most and sum(map(sum, partition)) == most]


def _ranked(gives: NDArray[np.int64], score: NDArray[np.float64], by_units: bool) -> NDArray[np.intp]:
    """Return the sites in the order in which a greedy mind would ask them."""
    units = gives.sum(axis=0)
    if by_units:
        return np.lexsort((score, -units))
    return np.where(units > 0, score / np.maximum(units, 1), np.inf).argsort(kind="stable")


def _cover(
    site: int,
    gives: NDArray[np.int64],
    wanted: NDArray[np.int64],
    score: NDArray[np.float64],
    most: int,
    by_units: bool,
) -> Partition:
    """Take all that a first site has, then what another has of the rest, and so on."""
    left, gives = wanted, gives.copy()
    baskets = []
    for _ in range(most):
        basket = np.minimum(gives[:, site], left)
        if not basket.any():
            break
        baskets.append(tuple(basket.tolist()))
        left = left - basket
        gives[:, site] = 0
        site = int(_ranked(np.minimum(gives, left[:, None]), score, by_units)[0])
    return tuple(baskets)


def neighbours(partition: Partition, most: int) -> Iterator[Partition]:
    """Yield the partitions one step away: a line or one unit of it moved to another basket or a new one, or two merged.

    >>> list(neighbours(((1, 0), (0, 1)), 2))
    [((1, 1),)]
    """
    for i, j in combinations(range(len(partition)), 2):
        yield _changed(partition, {i: (), j: _sum(partition[i], partition[j])})
    for i, basket in enumerate(partition):
        for line, quantity in enumerate(basket):
            for units in {quantity, 1} if quantity else ():
                moved = tuple([units if k == line else 0 for k in range(len(basket))])
                if moved == basket:
                    continue  # to another basket: a merger, met above; to a new one: nothing changes
                rest = tuple([q - m for q, m in zip(basket, moved, strict=True)])
                for j, other in enumerate(partition):
                    if j != i:
                        yield _changed(partition, {i: rest, j: _sum(other, moved)})
                if len(partition) < most:
                    yield (*_changed(partition, {i: rest}), moved)


def _changed(partition: Partition, baskets: dict[int, Basket]) -> Partition:
    """Return the partition with some baskets replaced; an empty one is left out."""
    changed = [baskets.get(k, basket) for k, basket in enumerate(partition)]
    return tuple([basket for basket in changed if basket])


def _sum(one: Basket, other: Basket) -> Basket:
    return tuple([a + b for a, b in zip(one, other, strict=True)])
