"""What sites have on order, told to the router with the published date, whenever it changes.

The date is that of the supplier's published lead time, the mean of its law in whole days: when the goods really come
only nature knows. What was ordered before the start is told as if it had been ordered at the first review.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.contract.news import Receipts
from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.contract.router import Router
    from sim.scenario.load import Scenario


NOTHING: tuple[NDArray[Any], ...] = (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int32), np.zeros(0))


class _OnOrder:
    """What is on its way to one site, shipment by shipment. Its columns are told as they are: they never change.

    Attributes
    ----------
    shipments
        The list of products of each shipment, by which it is known.
    columns
        Cells, units and dates of all of them, one after the other.
    """

    __slots__ = ("columns", "shipments")

    def __init__(self) -> None:
        self.shipments: list[NDArray[np.int64]] = []
        self.columns = NOTHING

    def add(self, skus: NDArray[np.int64], *columns: NDArray[Any]) -> None:
        self.shipments.append(skus)
        self.columns = tuple([np.concatenate(both) for both in zip(self.columns, columns, strict=True)])

    def drop(self, skus: NDArray[np.int64]) -> None:
        start = 0
        for k, shipment in enumerate(self.shipments):
            if shipment is skus:
                end = start + len(skus)
                self.columns = tuple([np.concatenate((column[:start], column[end:])) for column in self.columns])
                del self.shipments[k]
                return
            start += len(shipment)


class SupplyNews:
    """Keeps what is on its way to each site, and tells it."""

    def __init__(self, scenario: Scenario, router: Router) -> None:
        self._router = router
        leads = [block.stock.supply_lead.build().mean for block in scenario.site_blocks]
        self._published = [max(1, round(lead / MINUTES_PER_DAY)) * MINUTES_PER_DAY for lead in leads]
        self._on_order = [_OnOrder() for _ in leads]

    def ordered(
        self, now: float, site: int, skus: NDArray[np.int64], units: NDArray[np.int32], takes: float | None = None
    ) -> None:
        """Note that goods are on their way, and how long they should take if that is not as a supplier says."""
        published = self._published[site] if takes is None else takes
        cells = skus * len(self._on_order) + site
        self._on_order[site].add(skus, cells, units, np.full(len(skus), now + published))

    def received(self, site: int, skus: NDArray[np.int64]) -> None:
        """Note that a shipment, known by its very list of products, has come."""
        self._on_order[site].drop(skus)

    def tell(self, now: float, sites: Sequence[int]) -> None:
        """Tell the router all that is on its way to some sites."""
        columns = [self._on_order[site].columns for site in sites]
        if len(columns) != 1:
            columns = [tuple([np.concatenate(each) for each in zip(NOTHING, *columns, strict=True)])]
        self._router.observe(Receipts(now, np.array(sites, dtype=np.int64), *columns[0]))
