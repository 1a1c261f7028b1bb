"""A plan is somebody's word: what it says is checked before anything is done about it.

A foreign engine may send too much, too little, or from a place that does not exist. Said here, with the order's number,
it is an error of the router; found later, it would look like an error of the world. That a site which has refused is
asked once more is none: it is for the router to say for how long a refusal holds, and attempts are counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import RoutingError

if TYPE_CHECKING:
    from sim.contract.messages import Line, Order, Parcel, Plan
    from sim.scenario.load import Scenario


class PlanCheck:
    """Examines plans against the order they are for."""

    def __init__(self, scenario: Scenario) -> None:
        network = self._network = scenario.network
        self._collected = scenario.file.pick_up is not None
        self._trucks = scenario.file.trucks is not None
        self._merged = scenario.file.merge is not None
        self._zone = network.zone_lists
        self._sites = len(network.sites)
        self._services = len(network.services)

    def __call__(self, order: Order, plan: Plan) -> None:
        """Pass a plan that can be carried out.

        Raises
        ------
        RoutingError
            If its lines do not add up to the order's, or a parcel comes from where it cannot.
        """
        parcels = plan.parcels
        whole = len(parcels) == 1 and parcels[0].lines == order.lines and not plan.backordered and not plan.unfilled
        if not whole:  # most plans are: the whole order in one parcel
            self._check_lines(order, plan)
        lanes = self._zone[order.place]
        for parcel in parcels:
            site = parcel.site
            if not (
                0 <= site < self._sites
                and lanes[site]
                and 0 <= parcel.service < self._services
                and parcel.via < 0
                and order.collect_at < 0
            ) and not self._by_way(order, plan, parcel):
                self._refuse(order, parcel)
        if plan.onward:
            self._check_onward(order, plan)

    def _by_way(self, order: Order, plan: Plan, parcel: Parcel) -> bool:
        """Return whether a parcel gets where its order is collected, or merged: at hand, by carrier or by truck."""
        site, to = parcel.site, order.collect_at
        if to < 0 and self._merged and any(leg.site == parcel.via for leg in plan.onward):
            to = parcel.via
        elif not self._collected:
            return False
        if not (0 <= to < self._sites and 0 <= site < self._sites):
            return False
        if site == to:
            return parcel.service == -1 and parcel.via in (-1, to)
        if parcel.via != to:
            return False
        if parcel.service == -1:
            return self._trucks
        return 0 <= parcel.service < self._services and bool(self._network.zone_between[to][site])

    def _check_onward(self, order: Order, plan: Plan) -> None:
        """Pass what leaves the sites where parcels are merged, if each is met by some and can go on from there."""
        met = {parcel.via for parcel in plan.parcels}
        found = ""
        if not self._merged:
            found = "parcels are merged on their way - expected parcels straight to the shopper in this world"
        elif len({leg.site for leg in plan.onward}) < len(plan.onward):
            found = "two legs leave one site - expected one"
        for leg in plan.onward if not found else ():
            if leg.site not in met:
                found = f"a leg leaves site {leg.site}, where no parcel is merged"
            elif not self._zone[order.place][leg.site]:
                found = (
                    f"a leg leaves {self._network.sites[leg.site].id}, which does not deliver to place {order.place}"
                )
            elif not 0 <= leg.service < self._services:
                found = f"a leg goes by service {leg.service} - expected one of 0 to {self._services - 1}"
        if found:
            raise RoutingError(f"order {order.id}: {found}")

    def _check_lines(self, order: Order, plan: Plan) -> None:
        left = dict(order.lines)
        for parcel in plan.parcels:
            if not parcel.lines:
                raise RoutingError(f"order {order.id}: the plan has an empty parcel")
            self._take(left, parcel.lines, order)
        self._take(left, plan.backordered, order)
        self._take(left, plan.unfilled, order)
        if any(left.values()):
            sku = next(sku for sku, units in left.items() if units)
            wanted = dict(order.lines).get(sku, 0)
            raise RoutingError(
                f"order {order.id}: the plan has {wanted - left[sku]} units of {self._product(sku)} in parcels, "
                f"backordered and unfilled - expected the {wanted} asked for"
            )

    def _take(self, left: dict[int, int], lines: tuple[Line, ...], order: Order) -> None:
        for sku, quantity in lines:
            if quantity < 1:
                raise RoutingError(f"order {order.id}: the plan has {quantity} units of {self._product(sku)}")
            left[sku] = left.get(sku, 0) - quantity

    def _refuse(self, order: Order, parcel: Parcel) -> None:
        site, network = parcel.site, self._network
        if not 0 <= site < self._sites:
            found = f"a parcel comes from site {site} - expected one of 0 to {self._sites - 1}"
        elif order.collect_at >= 0 and self._collected:
            found = self._not_there(order, parcel)
        elif parcel.via >= 0 and self._merged:
            found = (
                f"a parcel from {network.sites[site].id} cannot be merged at site {parcel.via}: no leg leaves it, or "
            )
            found += f"service {parcel.service} does not go there"
        elif parcel.via >= 0:
            found = f"a parcel goes via site {parcel.via} - expected parcels straight to the shopper in this world"
        elif parcel.service == -1:
            found = "a parcel is handed over at the counter - expected parcels by carrier in this world"
        elif not 0 <= parcel.service < self._services:
            found = f"a parcel goes by service {parcel.service} - expected one of 0 to {self._services - 1}"
        else:
            found = f"a parcel comes from {network.sites[site].id}, which does not deliver to place {order.place}"
        raise RoutingError(f"order {order.id}: {found}")

    def _not_there(self, order: Order, parcel: Parcel) -> str:
        site, shop = self._network.sites[parcel.site].id, self._network.sites[order.collect_at].id
        if parcel.site == order.collect_at:
            return f"a parcel leaves {shop} - expected it at the counter there, service -1"
        if parcel.via != order.collect_at:
            return (
                f"a parcel from {site} does not go to {shop} - expected via {order.collect_at}, where it is collected"
            )
        if parcel.service == -1:
            return (
                f"a parcel from {site} goes to {shop} by truck - expected a block trucks in the scenario, or a service"
            )
        return f"a parcel from {site} goes to {shop} by service {parcel.service}, which does not go there"

    def _product(self, sku: int) -> str:
        known = 0 <= sku < len(self._network.products)
        return f"product {self._network.products[sku].id}" if known else f"the unknown product {sku}"
