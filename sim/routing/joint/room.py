"""Sites that are full before a batch is decided, or would be overfilled by it: who comes later has to go elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.routing.offers.lines import lines_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.contract.messages import Order
    from sim.routing.capacity.capacities import Capacities
    from sim.routing.joint.entry import Entry, Offer


class Room:
    """Which sites are shut for each order of a batch.

    A batch is solved as if limits were wide enough; then its orders take their places, the urgent first, then the
    earlier. For those that find none the site is shut, and the batch is solved again: that ends, for each time a site
    more is shut for somebody.

    Parameters
    ----------
    limits
        What sites take on at most; None: as much as comes.
    """

    def __init__(self, limits: Capacities | None, now: float) -> None:
        self._limits, self._now = limits, now
        self._shut: dict[tuple[int, bool], NDArray[np.bool_]] = {}

    def shut(self, order: Order, stands: bool) -> NDArray[np.bool_] | None:
        """Return the sites that are shut for an order, or for what stands of it, shape (sites,); None if none is."""
        full = None if self._limits is None else self._limits.full(order, self._now)
        beyond = self._shut.get((order.id, stands))
        if full is None or beyond is None:
            return beyond if full is None else full
        return full | beyond

    def overfilled(self, entries: Sequence[Entry], offers: Sequence[Offer], sites: int) -> bool:
        """Shut the sites that some offers would overfill, each for those who find no place; return whether any is."""
        if self._limits is None:
            return False
        trial, found = self._limits.trial(self._now), False
        turn = [(entry.request.order, entry, offer) for entry, offer in zip(entries, offers, strict=True)]
        for order, entry, offer in sorted(turn, key=lambda one: (-one[0].priority, one[0].placed_at, one[0].id)):
            stands = () if entry.kept is None else entry.kept[0]
            parts = [(share.site, lines_of(entry.request.skus, share.basket)) for share in offer if share not in stands]
            for site in trial.full(order, parts):
                key = order.id, entry.kept is not None
                self._shut.setdefault(key, np.zeros(sites, dtype=np.bool_))[site] = found = True
        return found
