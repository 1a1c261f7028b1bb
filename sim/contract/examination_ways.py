"""Questions for routers that offer more than parcels to shoppers at once: collected orders, kits, dates, closures."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.contract.examination import FailedError
from sim.contract.messages import Line, Order
from sim.contract.news import Closed, Refusal
from sim.contract.supply_examination import SupplyExamination
from sim.errors import RoutingError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sim.contract.messages import Parcel, Plan
    from sim.contract.router import Router
    from sim.network.network import Network

WAY_LAWS = {
    "collected": "what is collected is handed over at that counter, or goes there first",
    "kits": "a site gives whole kits only",
    "together": "what must come together comes from one site or not at all",
    "closed": "no parcel from a site that is closed, or has said that it is busy",
    "pinned": "a product that is pinned comes from its site alone",
    "grouped": "products of a group come from one site",
    "dated": "nothing leaves before its order's hold is over, or arrives before the moment it is wanted from",
}


class WaysExamination(SupplyExamination):
    """An examination in which orders may say how they are to be fulfilled; a router may refuse those by name."""

    def __init__(self, router: Router, network: Network, seed: int) -> None:
        super().__init__(router, network, seed)
        self._closed_until: dict[int, float] = {}

    def ask(self, lines: Iterable[tuple[int, int]], place: int, **more: Any) -> Plan | None:
        """Send an order that says more; None if the router does not offer it."""
        self._orders += 1
        order = Order(self._orders, self.now, place, tuple(Line(*line) for line in lines))._replace(**more)
        try:
            self._router.quote(order, self.now)
        except RoutingError:
            return None
        plan = self.route(order)
        if order.ship_together and (len(plan.parcels) > 1 or (plan.parcels and (plan.unfilled or plan.backordered))):
            self._break("together", f"{self._last}: expected all of it from one site, or nothing")
        for group in order.groups:
            givers = [parcel.site for parcel in plan.parcels if {sku for sku, _ in parcel.lines} & set(group)]
            if len(givers) > 1:
                self._break("grouped", f"{self._last}: expected products {group} from one site")
        return plan

    def afresh(self, units: dict[tuple[int, int], int]) -> None:
        """Take back all that was promised, and put some units on the shelves."""
        while self._jobs:
            self.release_one()
        self.stock_only(units)

    def close(self, site: int, minutes: float) -> None:
        """Close a site for a while, or open it with a span of 0."""
        self._closed_until[site] = self.now + minutes
        self._observe(Closed(self.now, site, self.now + minutes))

    def say_busy(self, minutes: float) -> None:
        """Let the site of a random open parcel say that it has no time for it, or for any other order for a while."""
        if not self._jobs:
            return
        order, parcel = self._jobs.pop(int(self._rng.integers(len(self._jobs))))
        self._closed_until[parcel.site] = self.now + minutes
        for sku, quantity in parcel.lines:
            self._observe(Refusal(self.now, order.id, parcel.site, sku, quantity, self.now + minutes))
            self._open[sku, parcel.site] -= quantity  # and what it was told to have it still has

    def _check_parcel(self, order: Order, parcel: Parcel, call: str) -> None:
        super()._check_parcel(order, parcel, call)
        name = self._network.sites[parcel.site].id
        if self.now < self._closed_until.get(parcel.site, self.now):
            self._break("closed", f"{call}: {name} is closed")
        here = parcel.site == order.collect_at and parcel.service < 0
        if order.collect_at >= 0 and not here and parcel.via != order.collect_at:
            there = self._network.sites[order.collect_at].id
            self._break("collected", f"{call}: a parcel from {name} - expected it at the counter of, or via, {there}")
        if order.collect_at < 0 and parcel.service < 0 and parcel.via < 0:
            self._break("known", f"{call}: no service for a parcel from {name} to a shopper")
        if parcel.ship_at < order.hold_until or parcel.deliver_at < order.deliver_from:
            dates = f"ship_at {parcel.ship_at:g}, deliver_at {parcel.deliver_at:g}"
            asked = f"hold_until {order.hold_until:g} and deliver_from {order.deliver_from:g}"
            self._break("dated", f"{call}: {dates} - expected no earlier than {asked}")
        units = dict(parcel.lines)
        for sku, only in order.pinned:
            if sku in units and only != parcel.site:
                self._break("pinned", f"{call}: {name} gives what is to come from {self._network.sites[only].id} alone")
        for kit in order.kits:
            counts = {divmod(units.get(sku, 0), each) for sku, each in kit}
            if len(counts) > 1 or counts.pop()[1]:
                self._break("kits", f"{call}: {name} gives {units} - expected whole kits of {dict(kit)}")


def ways_day(exam: WaysExamination, network: Network) -> None:
    """Ask, one after the other, for each way to fulfil an order."""
    served = np.argwhere(network.zone > 0)
    place, site = (int(i) for i in served[0])
    sites = range(len(network.sites))
    full = {(sku, j): 3 for sku in range(min(2, len(network.products))) for j in sites}
    with suppress(FailedError):
        for shop in [j for j in sites if network.sites[j].attributes.get("pickup") is True][:3]:
            exam.afresh(full)
            for units in (1, 4, 4 * len(network.sites)):
                exam.ask([(0, units)], place, collect_at=shop)
            exam.afresh(full)
            exam.close(shop, 60.0)
            exam.ask([(0, 1)], place, collect_at=shop)
            exam.close(shop, 0.0)
        exam.afresh(full)
        exam.ask([(0, 3)], place, ship_together=True)
        exam.afresh(full)
        exam.ask([(0, 4)], place, ship_together=True)
        exam.afresh(full)
        exam.ask([(0, 1)], place, hold_until=exam.now + 1440.0)
        exam.pass_time(1440.0)
        exam.ask([(0, 1)], place, deliver_from=exam.now + 7 * 1440.0)
        exam.afresh(full)
        exam.close(site, 60.0)
        exam.order([(0, 1)], place)
        exam.pass_time(60.0)
        exam.order([(0, 1)], place)
        exam.afresh({(0, site): 3})
        exam.order([(0, 3)], place)
        exam.say_busy(60.0)
        exam.order([(0, 1)], place)
        exam.pass_time(60.0)
        exam.order([(0, 3)], place)
        if len(network.products) > 1:
            exam.afresh({**full, (0, site): 5, (1, site): 1})
            exam.ask([(0, 6), (1, 3)], place, kits=((Line(0, 2), Line(1, 1)),))
            exam.afresh(full)
            for only in sites:
                exam.ask([(0, 1), (1, 1)], place, pinned=((0, only), (1, only)))
            exam.afresh({(0, only): 3 for only in sites[::2]} | {(1, only): 3 for only in sites[1::2]})
            exam.ask([(0, 1), (1, 1)], place, groups=((0, 1),))
