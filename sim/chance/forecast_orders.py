"""What sites send for if they go by the forecast alone: a pure function of what there is at the start.

Each shelf's position is taken to fall by its expected demand, whatever is really sold, and is filled up by the site's
own rule. So no decision on any order moves a receipt: supply is the same under every strategy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.scenario.blocks.ordering import Reviews, to_order

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from sim.chance.supply import Opening
    from sim.scenario.load import Scenario


class ForecastOrders:
    """Keeps the expected position of every shelf; asked of one day after the other."""

    def __init__(self, scenario: Scenario, opening: Opening) -> None:
        self._plan = scenario.stock_plan
        self._rules = [block.stock for block in scenario.site_blocks]
        position = opening.on_hand.astype(np.float64)
        np.add.at(position.reshape(-1), opening.cells, opening.units)
        self._at_start = position
        self._sent_for = np.zeros(position.shape, dtype=np.int32)

    def on(self, day: int, sites: NDArray[np.int64]) -> NDArray[np.int32]:
        """Return what sites that are reviewed on a day send for, shape (products, sites)."""
        wanted = np.zeros((len(self._sent_for), len(sites)), dtype=np.int32)
        for k, j in enumerate(sites.tolist()):
            expected = self._at_start[:, j] - day * self._plan.daily_demand[:, j] + self._sent_for[:, j]
            point, level = self._plan.reorder_point[:, j], self._plan.order_up_to[:, j]
            wanted[:, k] = to_order(self._rules[j], np.rint(expected).astype(np.int32), point, level)
            self._sent_for[:, j] += wanted[:, k]
        return wanted


def sent_for(scenario: Scenario, opening: Opening, days: int) -> Iterator[tuple[int, int, NDArray[np.int32]]]:
    """Yield what is sent for on the first so many days: the day, the site, and units by product."""
    due, forecast = Reviews(scenario), ForecastOrders(scenario, opening)
    for day in range(days):
        sites = due.on(day)
        yield from ((day, j, units) for j, units in zip(sites.tolist(), forecast.on(day, sites).T, strict=True))
