"""Goods on their way to sites, and what happens when they come: the dock, the shelf, the record, the news."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.scenario.blocks.feeds import Movement
from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from sim.chance.supply import Opening
    from sim.ledger.ledger import Ledger
    from sim.world.agenda import Agenda
    from sim.world.news.feeds import Feeds
    from sim.world.news.supply_news import SupplyNews
    from sim.world.stock.records import Records
    from sim.world.stock.stock import Stock
    from sim.world.stock.walk_ins import WalkIns

A_SUPPLIER = -1


class Goods(NamedTuple):
    """Products that are on their way to a site together."""

    number: int
    due_at: float
    site: int
    skus: NDArray[np.int64]
    units: NDArray[np.int32]
    source: int


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
        self._coming: dict[int, Goods] = {}
        self._sent = 0
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
        self._sent += 1
        goods = self._coming[self._sent] = Goods(self._sent, self._env.now + minutes, site, skus, units, source)
        self._env.later(minutes, self._arrived, goods)

    def send_for_opening(self, opening: Opening) -> None:
        """Let what was ordered before the start arrive when it is due."""
        site = opening.cells % self._sites
        seams = np.flatnonzero((np.diff(opening.arrives) != 0) | (np.diff(site) != 0)) + 1
        for cells, units, days in zip(
            np.split(opening.cells, seams),
            np.split(opening.units, seams),
            np.split(opening.arrives, seams),
            strict=True,
        ):
            if cells.size:
                skus, j = divmod(cells, self._sites)
                self.send(int(j[0]), skus, units, int(days[0]) * MINUTES_PER_DAY)
        self.tell(range(self._sites))

    def tell(self, sites: Sequence[int]) -> None:
        """Tell the router what is now on its way to some sites."""
        if self._news is not None:
            self._news.tell(self._env.now, sites)

    def close(self) -> None:
        """Write down what has been sent for and is not on a shelf when the run ends."""
        for goods in self._coming.values():
            count = len(goods.skus)
            columns = [np.full(count, goods.due_at), goods.skus, np.full(count, goods.site), goods.units]
            self._ledger.closing_receipts.extend(columns)

    def _arrived(self, goods: Goods) -> None:
        receive = partial(self._receive, goods)
        if self.unload is None or not self.unload(goods.site, int(goods.units.sum()), receive):
            receive()

    def _receive(self, goods: Goods) -> None:
        now, site, count = self._env.now, goods.site, len(goods.skus)
        self._walk_ins.catch_up(now)
        cells = goods.skus * self._sites + site
        columns = [np.full(count, now), goods.skus, np.full(count, site), goods.units, np.full(count, goods.source)]
        self._ledger.receipts.extend(columns)
        self._stock.receive(cells, goods.units)
        if self._records is None:
            self._on_shelf(goods)
        elif after := self._records.put_away_after[site]:
            self._records.dock(now, cells, goods.units)
            self._env.later(after, self._put_away, goods)
        else:
            self._records.handled(now, site, goods.skus, goods.units)
            self._on_shelf(goods)

    def _put_away(self, goods: Goods) -> None:
        assert self._records is not None, "only where there are records does anything wait at the dock"
        self._walk_ins.catch_up(self._env.now)
        self._records.put_away(self._env.now, goods.skus * self._sites + goods.site, goods.units)
        self._records.handled(self._env.now, goods.site, goods.skus, goods.units)
        self._on_shelf(goods)

    def _on_shelf(self, goods: Goods) -> None:
        del self._coming[goods.number]
        self.on_order[goods.skus, goods.site] -= goods.units
        self._feeds.changed_many(goods.skus * self._sites + goods.site, Movement.RECEIPTS)
        if self._news is not None:
            self._news.received(goods.site, goods.skus)
            self.tell([goods.site])
