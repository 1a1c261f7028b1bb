"""What sites have on order, told to the router with the published date, whenever it changes.

The date is that of the supplier's published lead time, the mean of its law in whole days: when the goods really come
only nature knows. What was ordered before the start is told as if it had been ordered at the first review.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.contract.news import Receipts
from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.contract.router import Router
    from sim.scenario.load import Scenario


class _Shipment(NamedTuple):
    skus: NDArray[np.int64]
    cells: NDArray[np.int64]
    units: NDArray[np.int32]
    due: NDArray[np.float64]


class SupplyNews:
    """Keeps what is on its way to each site, and tells it."""

    def __init__(self, scenario: Scenario, router: Router) -> None:
        self._router = router
        leads = [block.stock.supply_lead.build().mean for block in scenario.site_blocks]
        self._published = [max(1, round(lead / MINUTES_PER_DAY)) * MINUTES_PER_DAY for lead in leads]
        self._on_order: list[list[_Shipment]] = [[] for _ in leads]

    def ordered(
        self, now: float, site: int, skus: NDArray[np.int64], units: NDArray[np.int32], takes: float | None = None
    ) -> None:
        """Note that goods are on their way, and how long they should take if that is not as a supplier says."""
        published = self._published[site] if takes is None else takes
        cells = skus * len(self._on_order) + site
        self._on_order[site].append(_Shipment(skus, cells, units, np.full(len(skus), now + published)))

    def received(self, site: int, skus: NDArray[np.int64]) -> None:
        """Note that a shipment, known by its very list of products, has come."""
        self._on_order[site] = [shipment for shipment in self._on_order[site] if shipment.skus is not skus]

    def tell(self, now: float, sites: Sequence[int]) -> None:
        """Tell the router all that is on its way to some sites."""
        coming = [shipment for site in sites for shipment in self._on_order[site]]
        news = Receipts(
            now,
            np.array(sites, dtype=np.int64),
            np.concatenate([np.zeros(0, dtype=np.int64), *[shipment.cells for shipment in coming]]),
            np.concatenate([np.zeros(0, dtype=np.int32), *[shipment.units for shipment in coming]]),
            np.concatenate([np.zeros(0), *[shipment.due for shipment in coming]]),
        )
        self._router.observe(news)
