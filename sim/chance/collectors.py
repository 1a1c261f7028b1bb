"""Who collects what he orders: at which store, how long after the notice, and what else he does there.

All of it is luck of the shopper's own, by his number: whoever wants to collect does so whatever the others do.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.chance.shopper import PER_DAY
from sim.laws import LEAST_LUCK

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from sim.chance.shopper import Shopper
    from sim.chance.streams import Hashed
    from sim.network.network import Network
    from sim.scenario.blocks.pick_up import PickUpBlock
    from sim.scenario.load import Scenario

# Shoppers who come only because they can collect have the upper half of a day's numbers.
FIRST_ADDED = PER_DAY // 2
WANTS, SHIPS, COMES, ARRIVES, AT_THE_KERB, BUYS_MORE, SPENDS = range(7)


class Collects(NamedTuple):
    """A shopper who wants to collect.

    Parameters
    ----------
    after
        Minutes from the notice to his arrival; infinite if he never comes.
    otherwise_ships
        Whether he has it sent if his store cannot promise all of it.
    added
        Whether he would not have come otherwise.
    extra_cents
        What he spends besides, if he comes.
    """

    site: int
    after: float
    otherwise_ships: bool = True
    added: bool = False
    at_kerb: bool = False
    extra_cents: int = 0


class Collectors:
    """Picks them out of a day's shoppers.

    Parameters
    ----------
    luck
        Of a shopper: ``luck(number, draw)``.
    """

    def __init__(self, scenario: Scenario, block: PickUpBlock, luck: Hashed) -> None:
        self._block = block
        self._luck = luck
        self._from, self._stores = _offered_when(scenario, block)
        self._wants = [block.wants(name) for name in scenario.channels]
        self._arrives = block.arrives.build()
        self._kerb = 0.0 if block.kerb is None else block.kerb.share
        self._extra = None if block.extra is None else (block.extra.share, block.extra.build())

    def among(self, shoppers: Callable[[int], list[Shopper]]) -> Callable[[int], list[Shopper]]:
        """Return the same shoppers of any day, those who collect marked; who came for nothing else stays away."""

        def marked(day: int) -> list[Shopper]:
            return [row for row in map(self._marked, shoppers(day)) if row is not None]

        return marked

    def _marked(self, row: Shopper) -> Shopper | None:
        site = self._stores[bisect_right(self._from, row.at) - 1][row.place]
        added = row.id % PER_DAY >= FIRST_ADDED
        if site < 0:
            return None if added else row
        at_home = row.deliver_from > -math.inf  # who names a day is there to take it in
        if not added and (at_home or self._luck(row.id, WANTS) >= self._wants[row.channel]):
            return row
        return row._replace(collects=self._collects(row.id, site, added))

    def _collects(self, number: int, site: int, added: bool) -> Collects:
        luck, block = self._luck, self._block
        after, extra = math.inf, 0
        if luck(number, COMES) >= block.no_show:
            after = self._arrives.quantile(max(luck(number, ARRIVES), LEAST_LUCK))
            if self._extra is not None and luck(number, BUYS_MORE) < self._extra[0]:
                extra = round(self._extra[1].quantile(max(luck(number, SPENDS), LEAST_LUCK)))
        ships = not added and luck(number, SHIPS) < block.ship_otherwise
        return Collects(site, after, ships, added, luck(number, AT_THE_KERB) < self._kerb, extra)


def _offered_when(scenario: Scenario, block: PickUpBlock) -> tuple[list[float], list[list[int]]]:
    """Return the minutes from which something else holds, and from each on the store where people of a place collect.

    The first is before any shopper.
    """
    roll_out = scenario.file.roll_out
    if roll_out is None or roll_out.collects is None:
        return [-math.inf], [stores_in_reach(scenario.network, block).tolist()]
    spans = roll_out.collects.spans(scenario.network.sites, scenario.file.clock.start)
    edges = {edge for each in spans.values() for span in each for edge in span if 0 < edge < math.inf}
    since = [-math.inf, *sorted(edges)]
    stores = []
    for edge in since:
        now = max(edge, 0.0)
        off = [j for j, each in spans.items() if not any(start <= now < end for start, end in each)]
        stores.append(stores_in_reach(scenario.network, block, off).tolist())
    return since, stores


def stores_in_reach(network: Network, block: PickUpBlock, off: Sequence[int] = ()) -> NDArray[np.int64]:
    """Return the store where people of each place collect, shape (places,): -1 where none is near enough.

    Parameters
    ----------
    off
        Sites that do not offer it now.
    """
    offered = np.array([site.attributes.get(block.attribute) is True for site in network.sites])
    offered[list(off)] = False
    away = np.where(offered, network.distance_km, np.inf)
    away[~(away <= block.within)] = np.inf  # an unknown distance is out of reach
    store: NDArray[np.int64] = np.where(np.isfinite(away.min(axis=1)), away.argmin(axis=1), -1)
    return store
