"""The examination goes on with goods on their way: they are announced, come early or late, and are promised once."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.contract.examination import Examination
from sim.contract.messages import Decision
from sim.contract.news import Cancellation, Receipts
from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.contract.messages import Later, Order, Plan
    from sim.contract.router import Router
    from sim.network.network import Network


class _Shipment(NamedTuple):
    """Goods on their way: when they are said to come, and when they do."""

    due: float
    comes_at: float
    sku: int
    site: int
    units: int


class SupplyExamination(Examination):
    """Also orders goods, and holds what is promised against them to what was said of them."""

    def __init__(self, router: Router, network: Network, seed: int) -> None:
        super().__init__(router, network, seed)
        self._luck = np.random.default_rng([seed, 1])  # of its own: what else happens does not depend on it
        self._shipments: list[_Shipment] = []
        self._announced: dict[int, list[_Shipment]] = {}
        self._waiting: dict[int, list[tuple[int, int, int, float]]] = {}

    def trade(self) -> None:
        """Receive what comes and order more at a few sites; some of them announce it."""
        come = [shipment for shipment in self._shipments if shipment.comes_at <= self.now]
        for shipment in come:
            self._shelf[shipment.sku, shipment.site] += shipment.units
        self._shipments = [shipment for shipment in self._shipments if shipment.comes_at > self.now]
        super().trade()
        sites = self._luck.choice(self._sites, min(2, self._sites), replace=False).tolist()
        for site in sites:
            due = self.now + float(self._luck.uniform(0.0, 2 * MINUTES_PER_DAY))
            comes_at = due + float(self._luck.choice([-300.0, 0.0, 0.0, 600.0]))
            sku, units = int(self._luck.choice(self._pool)), int(self._luck.integers(1, 5))
            self._shipments.append(_Shipment(due, max(self.now, comes_at), sku, site, units))
        if self._luck.random() < 0.7:
            self._announce({*sites, *(shipment.site for shipment in come)})

    def random_step(self) -> None:
        """Do something a host does; now and then a shopper does not want to wait any longer."""
        super().random_step()
        if self._waiting and self._luck.random() < 0.05:
            self.cancel_one()

    def cancel_one(self) -> None:
        """Call off what is kept of a random order that waits for goods."""
        if self._waiting:
            number = int(self._luck.choice(sorted(self._waiting)))
            self._observe(Cancellation(self.now, number))
            del self._waiting[number]
            self._holding.drop(number)

    def _announce(self, sites: set[int]) -> None:
        for site in sites:
            self._announced[site] = [shipment for shipment in self._shipments if shipment.site == site]
        rows = list(chain.from_iterable([self._announced[site] for site in sorted(sites)]))
        self._observe(
            Receipts(
                self.now,
                np.array(sorted(sites), dtype=np.int64),
                np.array([row.sku * self._sites + row.site for row in rows], dtype=np.int64),
                np.array([row.units for row in rows], dtype=np.int32),
                np.array([row.due for row in rows], dtype=np.float64),
            )
        )

    def _ask(self, call: Callable[[], Any], name: str, timed: bool = True) -> Any:
        answer = super()._ask(call, name, timed)
        if name.startswith("tick"):  # what is decided waits no longer, unless the decision says so
            for decision in answer:
                if isinstance(decision, Decision) and decision.order.id in self._waiting:
                    decided = {sku for sku, _ in decision.order.lines}
                    left = [one for one in self._waiting.pop(decision.order.id) if one[0] not in decided]
                    self._waiting |= {decision.order.id: left} if left else {}
        return answer

    def _check_plan(self, order: Order, plan: Plan, call: str) -> None:
        super()._check_plan(order, plan, call)
        dates, at = plan.backordered_dates, plan.backordered_at
        if not dates:
            return
        if not len(dates) == len(at) == len(plan.backordered):
            self._break("supply", f"{call}: backordered_dates and backordered_at - expected one a backordered line")
            return
        for (sku, quantity), site, later in zip(plan.backordered, at, dates, strict=True):
            if later is not None:
                self._check_date(sku, quantity, site, later, call)
                self._waiting.setdefault(order.id, []).append((sku, site, quantity, later.available_at))

    def _check_date(self, sku: int, quantity: int, site: int, later: Later, call: str) -> None:
        name = self._network.products[sku].id
        if not (0 <= site < self._sites and self.now <= later.available_at <= later.ship_at <= later.deliver_at):
            self._break(
                "supply", f"{call}: {name} waits at site {site} with {later} - expected dates to come, in order"
            )
            return
        by = later.available_at
        on_shelf = max(0, int(self._told[sku, site] - self._open[sku, site]))
        coming = sum([s.units for s in self._announced.get(site, []) if s.sku == sku and s.due <= by])
        mine = [one for one in chain.from_iterable(self._waiting.values()) if one[:2] == (sku, site) and one[3] <= by]
        promised = sum([units for _, _, units, _ in mine])
        if promised + quantity > on_shelf + coming:
            found = f"{promised} + {quantity} of {name} promised by minute {by:g}"
            self._break(
                "supply", f"{call}: {found} - expected at most {on_shelf} on the shelf and {coming} due by then"
            )
