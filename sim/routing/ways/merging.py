"""Orders that a shopper gets as one parcel wherever they come from: merged at the site where that costs least.

The strategy chooses who gives what, as ever; then each site where parcels may be merged is priced: the way there from
each giver, the merging, and the way on to the shopper. One parcel from a site that has all of it is taken if that is no
dearer.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.contract.messages import COST_PARTS, Leg, Plan
from sim.network.site import SiteKind
from sim.routing.offers.lines import cents_of, lines_of
from sim.routing.offers.offers import Share
from sim.routing.ways.narrowed import part_of
from sim.routing.ways.splits import alone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.contract.messages import Parcel
    from sim.network.network import Network
    from sim.routing.offers.offers import Request
    from sim.routing.rules.columns import Columns
    from sim.routing.ways.config import MergeBlock
    from sim.routing.ways.counters import Counters
    from sim.routing.ways.means import Means

NOWHERE_TO_MERGE = "nowhere_to_merge"
PACKAGING = COST_PARTS.index("packaging")


def merge_sites(rules: MergeBlock, network: Network, columns: Columns) -> list[int]:
    """Return the sites where parcels may be merged."""
    if isinstance(rules.at, str):
        at: list[int] = np.flatnonzero(columns.number(rules.at) == 1).tolist()
        return at
    return [j for j, site in enumerate(network.sites) if SiteKind(site.kind) in rules.at]


class Merging:
    """Has the parcels of an order merged.

    Parameters
    ----------
    network
        With the sites where parcels may be merged among its places.
    places
        The place that each of these sites is.
    services
        How many services the carriers have.
    """

    def __init__(
        self, rules: MergeBlock, network: Network, counters: Counters, places: Mapping[int, int], services: int
    ) -> None:
        self._rules = rules
        self._zone = network.zone_lists
        self._handling = [site.handling for site in network.sites]
        self._counters = counters
        self._places = places
        self._services = services

    @property
    def always(self) -> bool:
        """Whether every order that would be split is merged."""
        return self._rules.when == "split"

    def plan(self, request: Request, plan: Plan, means: Means) -> Plan:
        """Return a plan that comes as one parcel, at the least cost."""
        if len(plan.parcels) < 2:
            return plan
        ways = [self._by(site, request, plan, means) for site in self._places]
        found = [way for way in ways if way is not None]
        if not plan.unfilled and not plan.backordered:
            whole = alone(request, means.choose)
            found += [whole] if whole is not None else []
        if not found:
            return Plan((), unfilled=request.order.lines, reason=NOWHERE_TO_MERGE) if self._must(request) else plan
        return min(found, key=lambda way: (cents_of(way), max([parcel.deliver_at for parcel in way.parcels])))

    def _must(self, request: Request) -> bool:
        return request.order.deliver_together

    def _by(self, site: int, request: Request, plan: Plan, means: Means) -> Plan | None:
        """Return a plan with its parcels merged at a site, None if they cannot all get there, or not on from there."""
        zone = self._zone[request.place][site]
        opens_at = means.opens_at(site, request.order.moment(request.now))
        if not zone or math.isinf(opens_at):
            return None
        parcels = [self._leg_to(site, request, parcel, means) for parcel in plan.parcels]
        given = dict.fromkeys(request.skus, 0)
        for parcel in plan.parcels:
            for sku, quantity in parcel.lines:
                given[sku] += quantity
        merged = part_of(request, list(given.values()))
        label, service, days = means.costs.rates(merged, merged.wanted).by_zone[zone]
        if not all([math.isfinite(sum(parcel.cents)) for parcel in parcels]) or math.isinf(label):
            return None
        last = max([opens_at, *(parcel.deliver_at for parcel in parcels)])
        ready = self._counters.ready(site, last, self._rules.time)
        ship_at, deliver_at = means.promises.from_hand_over(ready, site, request.place, service, days)
        handling = self._handling[site]
        cents = (
            0.0,
            self._rules.cost_per_parcel * len(parcels),
            handling.packaging_per_parcel,
            label,
            handling.fee_per_parcel,
        )
        together = tuple([parcel._replace(deliver_at=deliver_at) for parcel in parcels])
        return plan._replace(parcels=together, onward=(Leg(site, service, ship_at, deliver_at, cents),))

    def _leg_to(self, site: int, request: Request, parcel: Parcel, means: Means) -> Parcel:
        """Return a parcel on its way to the site where it is merged; the site's own units only go to the table."""
        if parcel.site == site:
            ready = self._counters.ready(site, request.order.moment(request.now))
            units = sum([quantity for _, quantity in parcel.lines])
            cents = list(means.costs.parts(site, 0.0, len(parcel.lines), units))
            cents[PACKAGING] = 0.0
            return parcel._replace(service=-1, ship_at=ready, deliver_at=ready, cents=tuple(cents), via=site)
        given = dict(parcel.lines)
        part = part_of(request, [given.get(sku, 0) for sku in request.skus], self._places[site])
        there = means.parcel(part, Share(parcel.site, part.wanted), lines_of(part.skus, part.wanted))
        return there._replace(via=site, service=there.service if there.service < self._services else -1)
