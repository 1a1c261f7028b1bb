"""Orders of unlike priority: the more urgent decide first, all of one priority together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sim.routing.joint.batch import Solved, solve_batch, take
from sim.routing.joint.clock import Clock

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from sim.routing.joint.batch import Limits
    from sim.routing.joint.entry import Entry, Offer


def solve_by_priority(entries: Sequence[Entry], stock: NDArray[np.int32], limits: Limits) -> Solved:
    """Decide on many orders at once, the highest priority first; what is in force is never taken away by it.

    Within one priority it does not matter who is named first, nor who came first: the total score decides, and only of
    orders that are alike in it the earlier has the unit. The bound is that of all decisions that let the urgent go
    first.
    """
    ranks = sorted({_rank(entry) for entry in entries}, reverse=True)
    if len(ranks) < 2:
        return solve_batch(entries, stock, limits)
    clock, left = Clock(limits.seconds), stock.copy()
    for entry in entries:
        if entry.kept is not None:
            take(entry, entry.kept[0], left)
    offers: list[Offer] = [()] * len(entries)
    solved: list[Solved] = []
    served = 0.0
    for rank in ranks:
        turn = [k for k, entry in enumerate(entries) if _rank(entry) == rank]
        for entry in [entries[k] for k in turn]:
            give_back(entry, left)
        mine = [entries[k].on(left) for k in turn]
        solved.append(solve_batch(mine, left, replace(limits, seconds=clock.left())))
        for k, entry, offer in zip(turn, mine, solved[-1].offers, strict=True):
            offers[k] = offer
            take(entry, offer, left)
            served += entry.score(offer) - entry.unserved_cents * entry.unserved(offer)
    value, bound = sum([each.value for each in solved]), sum([each.bound for each in solved])
    ways = {each.way for each in solved}
    way = next(way for way in ("joint", "first come", "own choice") if way in ways)
    return Solved(tuple(offers), value, bound, (value - bound) / max(served, 1.0), way, any(s.limited for s in solved))


def give_back(entry: Entry, left: NDArray[np.int32]) -> None:
    """Put what is in force of an entry back to what is left."""
    for sku, site, quantity in () if entry.kept is None else entry.units(entry.kept[0]):
        left[sku, site] += quantity


def before_each_priority(
    entries: Sequence[Entry], offers: Sequence[Offer], stock: NDArray[np.int32]
) -> Iterator[tuple[list[Entry], NDArray[np.int32]]]:
    """Yield the entries of each priority, the highest first, before the stock that they could choose from."""
    left = stock.copy()
    for entry in entries:
        if entry.kept is not None:
            take(entry, entry.kept[0], left)
    for rank in sorted({_rank(entry) for entry in entries}, reverse=True):
        mine = [(entry, offer) for entry, offer in zip(entries, offers, strict=True) if _rank(entry) == rank]
        for entry, _ in mine:
            give_back(entry, left)
        yield [entry.on(left.copy()) for entry, _ in mine], left.copy()
        for entry, offer in mine:
            take(entry, offer, left)


def _rank(entry: Entry) -> int:
    return entry.request.order.priority
