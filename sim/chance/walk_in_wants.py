"""What walk-in customers want of one local day: drawn, or as a table of sales says, spread over the stores' hours."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.chance.arrivals import cdf, day_luck, minute_of_day, on_time_line, span_of, weekday_level

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sim.chance.streams import Stream
    from sim.scenario.load import Scenario


NOTHING = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int32)


class WalkInSales(NamedTuple):
    """Walk-in wants of a day, in order of time.

    Parameters
    ----------
    at
        Minutes.
    cells
        ``sku * number_of_sites + site``.
    quantity
        Units.
    """

    at: NDArray[np.float64]
    cells: NDArray[np.int64]
    quantity: NDArray[np.int32]


class WalkInWants:
    """Lays out the walk-in wants of a local day; the parameters are the first of `Online`."""

    def __init__(
        self, scenario: Scenario, stream: Stream, local_day: Callable[[int, str], tuple[float, float]]
    ) -> None:
        self._scenario = scenario
        self._network = scenario.network
        self._stream = stream
        self._local_day = local_day
        self._visited = np.flatnonzero(scenario.walk_in_rates).tolist()
        self._cdfs: dict[int, NDArray[np.float64]] = {}
        # of the owners of a product's stock, the last are the walk-in customers
        self._owners = len(scenario.owners) or 1

    def wanted(self, local_day: int) -> WalkInSales:
        """Return what is wanted on a local day, wherever that is, store by store."""
        block, clock = self._scenario.file.walk_ins, self._network.clock
        at, cells, quantity = [np.empty(0)], [np.empty(0, dtype=np.int64)], [np.empty(0, dtype=np.int32)]
        for j in self._visited if block else ():
            site = self._network.sites[j]
            hours = site.hours.on(clock, local_day)
            if hours is None or block is None:
                continue
            draw = self._stream("walk_ins", site.id, local_day)
            minute: NDArray[np.float64] | None = None
            if self._scenario.given_sales is not None:
                skus, units = self._scenario.given_sales.get((local_day, j), NOTHING)
                u = draw.random(len(skus))
            else:
                level = weekday_level(block.weekday, clock, local_day) * day_luck(draw, block.day_cv)
                level *= block.year_level(clock.date_of(local_day), local_day)
                if block.totals is None:
                    u, chosen = draw.random((2, int(draw.poisson(self._scenario.walk_in_rates[j] * level))))
                    skus = np.searchsorted(self._cdf(j), chosen, side="right")
                    units = np.ones(len(skus), dtype=np.int32)
                else:
                    skus, units, u = self._totals(draw, block.totals.cv, j, level)
                    if block.totals.at is not None:
                        minute = np.full(len(skus), block.totals.at.hour * 60.0 + block.totals.at.minute)
            if minute is None:
                minute = minute_of_day(u, block.hours, span_of(hours))
            at.append(on_time_line(minute, *self._local_day(local_day, site.time_zone)))
            cells.append(self._owned(skus) * len(self._network.sites) + j)
            quantity.append(units)
        return WalkInSales(np.concatenate(at), np.concatenate(cells), np.concatenate(quantity))

    def _totals(
        self, draw: np.random.Generator, cv: float, site: int, level: float
    ) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float64]]:
        """Draw one number for each product: the products wanted, how much of each, and the luck of its moment."""
        mean = self._scenario.walk_in_rates[site] * self._scenario.usual_plan.walk_in_share[:, site] * level
        u = draw.random(len(mean))
        totals = np.rint(mean * (1 + cv * draw.standard_normal(len(mean))))
        skus = np.flatnonzero(totals > 0)
        return skus, totals[skus].astype(np.int32), u[skus]

    def _owned(self, skus: NDArray[np.int64]) -> NDArray[np.int64]:
        return skus if self._owners == 1 else skus * self._owners + self._owners - 1

    def _cdf(self, site: int) -> NDArray[np.float64]:
        found = self._cdfs.get(site)
        if found is None:
            found = self._cdfs[site] = cdf(self._scenario.usual_plan.walk_in_share[:, site])
        return found
