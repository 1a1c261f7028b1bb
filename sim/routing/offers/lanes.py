"""Site and carrier in one decision: the least cost of an order over lanes, exactly.

A *lane* is a site and a carrier. It is charged once, by the lowest weight tier that holds its billable weight; so units
on a lane that is paid for anyway travel free up to the next tier, and a greedy choice unit by unit is not the best one.
The search goes product by product over all ways to spread it over the lanes, remembers the loads it has met, and leaves
a branch that cannot beat the best plan found.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.errors import RoutingError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MOST_BRANCHES = 2_000_000
# Weights and volumes are sums of decimals: what meets a limit exactly must not be found above it.
DIGITS = 9


@dataclass(frozen=True, slots=True)
class Lane:
    """A site and one of its carriers.

    Parameters
    ----------
    tiers, rates
        Upper billable weights, ascending, and the price of each.
    dim_factor
        Weight that a unit of volume counts as.
    most_volume
        Most volume the carrier takes from the site.
    handling
        Cost of handling a unit of volume at the site.
    """

    site: int
    carrier: str
    tiers: tuple[float, ...]
    rates: tuple[float, ...]
    dim_factor: float
    most_volume: float
    handling: float

    def delivery(self, weight: float, volume: float) -> float | None:
        """Return the price of a load, None if the lane cannot carry it."""
        if round(volume, DIGITS) > self.most_volume:
            return None
        tier = bisect_left(self.tiers, round(max(weight, volume * self.dim_factor), DIGITS))
        return self.rates[tier] if tier < len(self.rates) else None


@dataclass(frozen=True, slots=True)
class LanePlan:
    """The best plan found.

    Parameters
    ----------
    units
        Units of each product on each lane, by product then lane.
    optimal
        Whether no plan can be cheaper; false if the search was cut short.
    """

    units: tuple[tuple[int, ...], ...]
    delivery: float
    handling: float
    optimal: bool

    @property
    def cost(self) -> float:
        """Return the whole cost."""
        return self.delivery + self.handling


def least_cost_lanes(
    lanes: Sequence[Lane],
    stock: Sequence[Sequence[int]],
    wanted: Sequence[int],
    weight: Sequence[float],
    volume: Sequence[float],
    *,
    idle_charged: bool = False,
) -> LanePlan:
    """Return the cheapest way to send all that is wanted.

    Parameters
    ----------
    stock
        Units of each product at each site, by product then site.
    wanted, weight, volume
        Units wanted of each product, and the weight and volume of one.
    idle_charged
        Whether a lane costs its lowest tier even if nothing travels on it.

    Raises
    ------
    RoutingError
        If stock and lanes cannot carry it all.
    """
    search = _Search(lanes, stock, wanted, weight, volume, idle_charged)
    plan = search.run()
    if plan is None:
        raise RoutingError("no way to send all that is wanted - stock or the carriers' capacity is too small")
    return plan


class _Search:
    def __init__(
        self,
        lanes: Sequence[Lane],
        stock: Sequence[Sequence[int]],
        wanted: Sequence[int],
        weight: Sequence[float],
        volume: Sequence[float],
        idle_charged: bool,
    ) -> None:
        self._lanes = lanes
        self._stock, self._wanted, self._weight, self._volume = stock, wanted, weight, volume
        self._idle_charged = idle_charged
        # the bulkiest first: they decide the tiers, and what is small finds its place afterwards
        self._order = sorted((p for p in range(len(wanted)) if wanted[p]), key=lambda p: -wanted[p] * volume[p])
        cheapest = [self._least_handling(p) for p in range(len(wanted))]
        self._handling_to_come = [sum(cheapest[p] for p in self._order[k:]) for k in range(len(self._order) + 1)]
        self._seen: list[dict[tuple[float, ...], float]] = [{} for _ in self._order]
        self._best = float("inf")
        self._plan: LanePlan | None = None
        self._branches = 0

    def run(self) -> LanePlan | None:
        empty = [(0.0, 0.0)] * len(self._lanes)
        self._extend(0, empty, 0.0, {})
        if self._plan is None or self._branches <= MOST_BRANCHES:
            return self._plan
        return LanePlan(self._plan.units, self._plan.delivery, self._plan.handling, optimal=False)

    def _least_handling(self, product: int) -> float:
        """Return the handling of a product from the cheapest sites that have it, whatever the carriers take."""
        left, cost = self._wanted[product], 0.0
        sites = {lane.site: lane.handling for lane in self._lanes}
        for site, handling in sorted(sites.items(), key=lambda item: item[1]):
            units = min(left, self._stock[product][site])
            cost += units * self._volume[product] * handling
            left -= units
        return cost

    def _delivery(self, load: Sequence[tuple[float, float]]) -> float | None:
        total = 0.0
        for lane, (weight, volume) in zip(self._lanes, load, strict=True):
            if weight == volume == 0 and not self._idle_charged:
                continue
            price = lane.delivery(weight, volume)
            if price is None:
                return None
            total += price
        return total

    def _extend(
        self, k: int, load: list[tuple[float, float]], handling: float, units: dict[int, tuple[int, ...]]
    ) -> None:
        self._branches += 1
        delivery = self._delivery(load)
        if delivery is None or self._branches > MOST_BRANCHES:
            return
        if delivery + handling + self._handling_to_come[k] >= self._best - 1e-9:
            return
        if k == len(self._order):
            self._best = delivery + handling
            idle = (0,) * len(self._lanes)
            by_product = tuple(units.get(p, idle) for p in range(len(self._wanted)))
            self._plan = LanePlan(by_product, delivery, handling, optimal=True)
            return
        met = tuple(round(x, DIGITS) for pair in load for x in pair)
        if self._seen[k].get(met, float("inf")) <= handling:
            return
        self._seen[k][met] = handling
        product = self._order[k]
        weight, volume = self._weight[product], self._volume[product]
        for spread in self._spreads(product):
            more = [(w + n * weight, v + n * volume) if n else (w, v) for (w, v), n in zip(load, spread, strict=True)]
            extra = sum(n * volume * lane.handling for n, lane in zip(spread, self._lanes, strict=True) if n)
            self._extend(k + 1, more, handling + extra, {**units, product: spread})

    def _spreads(self, product: int) -> Iterator[tuple[int, ...]]:
        """Yield every way to spread a product over the lanes within stock, all on the cheapest lane first."""
        stock = list(self._stock[product])
        order = sorted(range(len(self._lanes)), key=lambda i: (self._lanes[i].handling, self._lanes[i].rates))
        spread = [0] * len(order)

        def fill(position: int, left: int) -> Iterator[tuple[int, ...]]:
            if left == 0:
                yield tuple(spread)
                return
            if position == len(order):
                return
            i = order[position]
            site = self._lanes[i].site
            for n in range(min(left, stock[site]), -1, -1):
                spread[i] = n
                stock[site] -= n
                yield from fill(position + 1, left - n)
                stock[site] += n
            spread[i] = 0

        return fill(0, self._wanted[product])
