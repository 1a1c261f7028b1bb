"""Orders that are collected: made ready at a counter, told of, collected, or put back when nobody comes.

1. Each parcel of the order reaches the counter: from the shelf when it is packed, from elsewhere when it is received.
2. When all of it is there that ever will be, the shopper is told, after the store's message delay.
3. He comes as long after as is his luck, when the store is open; one who comes after the time it is held finds nothing.
4. What nobody came for is put back on the shelf, and its price paid back.
"""

from __future__ import annotations

import math
from collections import Counter as Units
from typing import TYPE_CHECKING

import numpy as np

from sim.scenario.blocks.feeds import Movement
from sim.units import round_cents

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.chance.collectors import Collects
    from sim.contract.messages import Line
    from sim.ledger.ledger import Ledger
    from sim.scenario.load import Scenario
    from sim.world.agenda import Agenda
    from sim.world.news.feeds import Feeds
    from sim.world.orders.open_order import OpenOrder
    from sim.world.returns.returns import Returns
    from sim.world.sites.dock import Outcome
    from sim.world.sites.site import SiteAtWork
    from sim.world.stock.stock import Stock
    from sim.world.stock.walk_ins import WalkIns


class Counter:
    """What waits for one shopper.

    Attributes
    ----------
    coming
        Parcels on their way to the counter.
    parcels
        Their numbers and what is in them.
    units
        There already, by product.
    ready_at
        When all of it was there.
    until
        How long the plan has it held; minus infinity if it does not say.
    """

    __slots__ = ("collects", "coming", "parcels", "ready_at", "units", "until")

    def __init__(self, collects: Collects) -> None:
        self.collects = collects
        self.coming = 0
        self.parcels: list[tuple[int, tuple[Line, ...]]] = []
        self.units = Units[int]()
        self.ready_at = math.inf
        self.until = -math.inf


class PickUp:
    """The counters of all stores.

    Parameters
    ----------
    over
        Called with an order when it is collected or put back.

    Attributes
    ----------
    staged
        Units at counters or on their way there, by site.
    returns
        What comes back of what is collected; None where nothing does.
    """

    returns: Returns | None = None

    def __init__(
        self,
        env: Agenda,
        scenario: Scenario,
        sites: Sequence[SiteAtWork],
        stock: Stock,
        feeds: Feeds,
        walk_ins: WalkIns,
        ledger: Ledger,
        over: Callable[[OpenOrder], None],
    ) -> None:
        assert scenario.file.pick_up is not None, "only where orders are collected"
        self._env = env
        self._block = scenario.file.pick_up
        self._margin = 0.0 if self._block.extra is None else self._block.extra.margin
        self._sites = sites
        self._stock = stock
        self._feeds = feeds
        self._walk_ins = walk_ins
        self._ledger = ledger
        self._over = over
        self._price = [product.price_cents for product in scenario.network.products]
        self.staged = ledger.closing_staged

    def expect(self, open_order: OpenOrder, collects: Collects) -> None:
        """Take note of an order that is to be collected."""
        order = open_order.order
        open_order.counter = Counter(collects)
        self._ledger.pick_ups.append((order.id, order.placed_at, collects.site, collects.added, collects.at_kerb))

    def bring(self, open_order: OpenOrder, number: int, lines: tuple[Line, ...], outcome: Outcome) -> None:
        """Take note of a parcel on its way to the counter; one that arrives beyond the calendar never does.

        One that is lost or spoilt on its way is waited for until that is known.
        """
        counter = open_order.counter
        assert counter is not None, "the order is collected"
        counter.coming += 1
        at, sound = outcome
        site = counter.collects.site
        if sound:
            counter.parcels.append((number, lines))
            self.staged[site] = self.staged.get(site, 0) + sum([quantity for _, quantity in lines])
        if at < math.inf:
            self._env.later(max(0.0, at - self._env.now), self._arrived, open_order, lines if sound else ())

    def _arrived(self, open_order: OpenOrder, lines: tuple[Line, ...]) -> None:
        counter = open_order.counter
        assert counter is not None, "the order is collected"
        counter.coming -= 1
        counter.units.update({sku: quantity for sku, quantity in lines if quantity})
        if open_order.open_units == 0:
            self.see_to(open_order)

    def see_to(self, open_order: OpenOrder) -> None:
        """Tell the shopper, if all that will ever come is there; if that is nothing, the order is over."""
        counter, now = open_order.counter, self._env.now
        if counter is None or counter.coming:
            return
        if not counter.units:
            self._over(open_order)
            return
        counter.ready_at = now
        site = self._sites[counter.collects.site]
        told_at = now + site.message_delay
        comes_at, until = told_at + counter.collects.after, max(told_at + self._block.hold, counter.until)
        if comes_at < math.inf:
            comes_at = site.open_time.done(comes_at, site.open_time.worked(comes_at))
        ends = self._collected if comes_at <= until else self._put_back
        self._env.later(max(0.0, min(comes_at, until) - now), ends, open_order)

    def _collected(self, open_order: OpenOrder) -> None:
        counter, block = open_order.counter, self._block
        assert counter is not None, "the order is collected"
        minutes, extra = block.minutes, counter.collects.extra_cents
        if counter.collects.at_kerb and block.kerb is not None:
            minutes += block.kerb.minutes
        if self.returns is not None:
            for number, lines in counter.parcels:
                self.returns.delivered(open_order, number, lines, self._env.now)
        self._book(open_order, counter, True, minutes, extra)

    def _put_back(self, open_order: OpenOrder) -> None:
        counter, now = open_order.counter, self._env.now
        assert counter is not None, "the order is collected"
        site = counter.collects.site
        self._walk_ins.catch_up(now)
        skus = np.array(list(counter.units), dtype=np.int64)
        units = np.array(list(counter.units.values()), dtype=np.int32)
        cells = skus * len(self._sites) + site
        self._stock.receive(cells, units)
        self._feeds.changed_many(cells, Movement.RECEIPTS)
        for sku, quantity in counter.units.items():
            self._ledger.put_back.append((open_order.order.id, now, sku, site, quantity))
        self._book(open_order, counter, False, self._block.put_back * int(units.sum()), 0)

    def _book(self, open_order: OpenOrder, counter: Counter, collected: bool, minutes: float, extra: int) -> None:
        units, site = sum(counter.units.values()), counter.collects.site
        value = sum([quantity * self._price[sku] for sku, quantity in counter.units.items()])
        self.staged[site] -= units
        row = (
            open_order.order.id, self._env.now, site, counter.ready_at, units, collected, value,
            round_cents(minutes * self._block.per_hour / 60), extra, round_cents(extra * self._margin),
        )  # fmt: skip
        self._ledger.hand_overs.append(row)
        self._over(open_order)
