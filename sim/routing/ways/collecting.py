"""Orders that shoppers collect: from the shelf there, and what it lacks from other sites, if those may send it.

Other sites send to a shop as to a shopper, so the strategy chooses among them by its own measure. The shelf itself is
asked first, whatever the strategy: nothing is nearer. The order is ready when the last of its parcels is.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.contract.messages import COST_PARTS, Parcel, Plan
from sim.errors import NotOfferedError
from sim.routing.offers.lines import lines_of
from sim.routing.rules.reasons import Reason
from sim.routing.ways.kits import whole_kits
from sim.routing.ways.narrowed import part_of, rows_at

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from sim.contract.messages import Order
    from sim.network.network import Network
    from sim.routing.offers.offers import Request
    from sim.routing.ways.config import PickupBlock
    from sim.routing.ways.counters import Counters
    from sim.routing.ways.means import Means

# Plans of rules that place nothing: then nothing is taken from the shelf either.
NOTHING = frozenset(
    {
        Reason.INSUFFICIENT_STOCK,
        Reason.INCOMPLETE,
        Reason.PERMANENT_EXCEPTION,
        Reason.DESTINATION_REQUIRED,
    }
)
PACKAGING, LABEL = COST_PARTS.index("packaging"), COST_PARTS.index("label")


class Collecting:
    """Plans orders that are collected.

    Parameters
    ----------
    network
        With the sites where shoppers collect among its places.
    offered
        Sites where shoppers may collect, shape (sites,).
    places
        The place that each of them is, if other sites send there.
    services
        How many services the carriers have; what goes by one beyond them goes by truck.
    """

    def __init__(
        self,
        rules: PickupBlock,
        network: Network,
        counters: Counters,
        offered: NDArray[np.bool_],
        places: Mapping[int, int],
        services: int,
    ) -> None:
        self._rules = rules
        self._sites = network.sites
        self._counters = counters
        self.offered = offered
        self._places = places
        self._services = services

    @property
    def attribute(self) -> str:
        """What is true of the sites where shoppers may collect."""
        return self._rules.attribute

    def check(self, order: Order) -> None:
        """Pass an order that can be collected where it says.

        Raises
        ------
        NotOfferedError
            If nothing is handed over there.
        """
        site = order.collect_at
        if site < len(self._sites) and self.offered[site]:
            return
        named = self._sites[site].id if site < len(self._sites) else f"site {site}"
        offered = ", ".join([self._sites[j].id for j in np.flatnonzero(self.offered)[:20]]) or "none"
        found = f"order {order.id} is to be collected at {named}, which has no {self._rules.attribute}: true"
        raise NotOfferedError(f"{found} - expected one of {offered}")

    def plan(self, request: Request, means: Means) -> Plan:
        """Return who gives what, all of it ready at the counter."""
        order, site, mode = request.order, request.order.collect_at, self._rules.transfer
        opens_at = means.opens_at(site, request.order.moment(request.now))
        if math.isinf(opens_at):
            return Plan((), unfilled=order.lines, reason=Reason.CLOSED.value)
        shelf = self._on_shelf(request, request.wanted)
        missing = [q - b for q, b in zip(request.wanted, shelf, strict=True)]
        if not any(missing):
            return self._answer(Plan(()), [self._handed_over(request, shelf, means)])
        if order.ship_together:
            shelf, missing = [0] * len(shelf), list(request.wanted)
        if mode == "never":
            own = [self._handed_over(request, shelf, means)] if any(shelf) else []
            return self._answer(Plan((), unfilled=lines_of(request.skus, missing), reason="part"), own)
        asked = missing if mode == "missing_lines" else request.wanted
        part = part_of(request, asked, self._places[site])
        part.rows = rows_at(np.arange(len(self._sites)) != site, part.rows)
        sent = means.choose(part)
        if sent.reason in NOTHING:
            return sent._replace(unfilled=order.lines)
        if mode == "whole_order" and not order.ship_together:
            lacking = dict(sent.unfilled)
            shelf = self._on_shelf(request, [lacking.get(sku, 0) for sku in request.skus])
            left = [lacking.get(sku, 0) - b for sku, b in zip(request.skus, shelf, strict=True)]
            sent = sent._replace(unfilled=lines_of(request.skus, left))
        own = [self._handed_over(request, shelf, means)] if any(shelf) else []
        return self._answer(sent, own + [self._brought(parcel, site, opens_at) for parcel in sent.parcels])

    def _on_shelf(self, request: Request, wanted: Sequence[int]) -> list[int]:
        """Return how much of what is wanted is there."""
        order, site = request.order, request.order.collect_at
        if site in order.refused_by:
            return [0] * len(request.rows)
        rows = zip(wanted, request.rows, strict=True)
        return whole_kits(order, request.skus, [max(0, min(quantity, row.item(site))) for quantity, row in rows])

    def _handed_over(self, request: Request, basket: Sequence[int], means: Means) -> Parcel:
        """Return what goes from the shelf to the counter: picked and packed, but neither boxed nor labelled."""
        site, lines = request.order.collect_at, lines_of(request.skus, basket)
        ready = self._counters.ready(site, request.order.moment(request.now))
        cents = list(means.costs.parts(site, 0.0, len(lines), sum(basket)))
        cents[PACKAGING] = 0.0
        return Parcel(site, lines, -1, ready, ready, tuple(cents))

    def _brought(self, parcel: Parcel, site: int, opens_at: float) -> Parcel:
        """Return a parcel to a shop as one for the shopper who collects it there."""
        ready = self._counters.ready(site, max(parcel.deliver_at, opens_at), self._rules.receive)
        if parcel.service < self._services or self._rules.truck is None:
            return parcel._replace(deliver_at=ready, via=site)
        cents = list(parcel.cents)
        cents[LABEL] += self._rules.truck.cost_per_unit * sum([quantity for _, quantity in parcel.lines])
        return parcel._replace(deliver_at=ready, via=site, service=-1, cents=tuple(cents))

    def _answer(self, rest: Plan, parcels: list[Parcel]) -> Plan:
        """Return a plan with these parcels, and what else another says."""
        reason = "split" if len(parcels) > 1 else "whole"
        if rest.unfilled or rest.backordered:
            reason = "part" if parcels else rest.reason
        until = None
        if parcels and self._rules.hold_for is not None:
            last = max([parcel.deliver_at for parcel in parcels]) + self._rules.hold_for
            until = last if math.isfinite(last) else None
        return rest._replace(parcels=tuple(parcels), reason=reason, collect_until=until)
