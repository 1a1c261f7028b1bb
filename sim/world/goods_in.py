"""Goods on their way to sites, and what happens when they come: the dock, the shelf, the record, the news."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.scenario.feeds import Movement

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from sim.ledger.ledger import Ledger
    from sim.world.agenda import Agenda
    from sim.world.feeds import Feeds
    from sim.world.records import Records
    from sim.world.stock import Stock
    from sim.world.supply_news import SupplyNews
    from sim.world.walk_ins import WalkIns

A_SUPPLIER = -1


class GoodsIn:
    """Receives at all sites.

    Parameters
    ----------
    news
        Tells the router what is on order; None where it is not told.
    records
        What sites keep beside their shelves; None where the record is the shelf.

    Attributes
    ----------
    on_order
        Units sent for and not on the shelf yet, shape (products, sites).
    unload
        Called with a site, units, and what is to be done when its people have received them; false if they need not.
    """

    unload: Callable[[int, int, Callable[[], None]], bool] | None = None

    def __init__(
        self,
        env: Agenda,
        stock: Stock,
        feeds: Feeds,
        walk_ins: WalkIns,
        ledger: Ledger,
        news: SupplyNews | None,
        records: Records | None,
    ) -> None:
        self._env = env
        self._stock = stock
        self._feeds = feeds
        self._walk_ins = walk_ins
        self._ledger = ledger
        self._news = news
        self._records = records
        self._sites = stock.on_hand.shape[1]
        self.on_order = ledger.closing_in_transit  # as it changes; what is opened with is in there

    def send(
        self,
        site: int,
        skus: NDArray[np.int64],
        units: NDArray[np.int32],
        minutes: float,
        source: int = A_SUPPLIER,
        published: float | None = None,
    ) -> None:
        """Let goods that are on order arrive after so many minutes, from a supplier or from another site.

        Parameters
        ----------
        published
            What the router is told it takes. None: what its suppliers say.
        """
        if self._news is not None:
            self._news.ordered(self._env.now, site, skus, units, published)
        self._env.later(minutes, self._arrived, site, skus, units, source)

    def tell(self, sites: Sequence[int]) -> None:
        """Tell the router what is now on its way to some sites."""
        if self._news is not None:
            self._news.tell(self._env.now, sites)

    def _arrived(self, *goods: Any) -> None:
        receive = partial(self._receive, *goods)
        if self.unload is None or not self.unload(goods[0], int(goods[2].sum()), receive):
            receive()

    def _receive(self, site: int, skus: NDArray[np.int64], units: NDArray[np.int32], source: int) -> None:
        now = self._env.now
        self._walk_ins.catch_up(now)
        cells = skus * self._sites + site
        count = len(skus)
        columns = [np.full(count, now), skus, np.full(count, site), units, np.full(count, source)]
        self._ledger.receipts.extend(columns)
        self._stock.receive(cells, units)
        if self._records is None:
            self._on_shelf(site, skus, units)
        elif after := self._records.put_away_after[site]:
            self._records.dock(now, cells, units)
            self._env.later(after, self._put_away, site, skus, units)
        else:
            self._records.handled(now, site, skus, units)
            self._on_shelf(site, skus, units)

    def _put_away(self, site: int, skus: NDArray[np.int64], units: NDArray[np.int32]) -> None:
        assert self._records is not None, "only where there are records does anything wait at the dock"
        self._walk_ins.catch_up(self._env.now)
        self._records.put_away(self._env.now, skus * self._sites + site, units)
        self._records.handled(self._env.now, site, skus, units)
        self._on_shelf(site, skus, units)

    def _on_shelf(self, site: int, skus: NDArray[np.int64], units: NDArray[np.int32]) -> None:
        self.on_order[skus, site] -= units
        self._feeds.changed_many(skus * self._sites + site, Movement.RECEIPTS)
        if self._news is not None:
            self._news.received(site, skus)
            self.tell([site])
