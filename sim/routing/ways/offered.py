"""Ways to fulfil an order besides sending parcels to the shopper: which orders ask for one, and their plans."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.errors import NotOfferedError
from sim.routing.asked import check_dates
from sim.routing.offers.lines import merged
from sim.routing.promise import ANY_TIME
from sim.routing.ways.arrivals import with_arrivals
from sim.routing.ways.collecting import Collecting
from sim.routing.ways.config import SplitsBlock
from sim.routing.ways.counters import Counters
from sim.routing.ways.kits import check_kits, with_kits
from sim.routing.ways.merging import Merging, merge_sites
from sim.routing.ways.splits import SplitControl
from sim.routing.ways.stated import check_stated

if TYPE_CHECKING:
    from sim.contract.messages import Order, Plan
    from sim.network.network import Network
    from sim.routing.offers.offers import Request
    from sim.routing.returns import Returns
    from sim.routing.rules.columns import Columns
    from sim.routing.ways.config import MergeBlock, PickupBlock
    from sim.routing.ways.means import Means


class Ways:
    """What an engine offers.

    Parameters
    ----------
    collecting, merging
        None where orders cannot be collected, or not be merged.

    Attributes
    ----------
    returns
        Where goods go back to; None if nobody says.
    """

    def __init__(
        self, splits: SplitControl, collecting: Collecting | None = None, merging: Merging | None = None
    ) -> None:
        self._splits = splits
        self.collecting = collecting
        self._merging = merging
        self.returns: Returns | None = None
        self._always = splits.always or (merging is not None and merging.always)

    def concern(self, order: Order) -> bool:
        """Return whether an order takes more than the usual choice."""
        return (
            self._always
            or order.collect_at >= 0
            or order.ship_together
            or order.deliver_together
            or bool(order.kits or order.pinned or order.groups)
            or order.max_packages is not None
        )

    def plan(self, request: Request, means: Means) -> Plan:
        """Return the plan of an order that they concern.

        Raises
        ------
        NotOfferedError
            If it asks for what is not offered.
        """
        order = request.order
        self.check(order)
        request = with_kits(request, self._splits.kits) if self._splits.kits else request
        controlled = means
        if self._splits.concern(order):
            controlled = means._replace(choose=lambda asked: self._splits.plan(asked, means.choose))
        if order.collect_at >= 0 and self.collecting is not None:
            return self.collecting.plan(request, controlled)
        plan = controlled.choose(request)
        merges = order.deliver_together or (self._merging is not None and self._merging.always)
        if self._merging is not None and merges and order.deliver_from == ANY_TIME:
            plan = self._merging.plan(request, plan, means)
        return plan

    def rest(self, order: Order, plan: Plan) -> Order:
        """Return what is kept of an order: what a plan sends counts against the packages that may still come."""
        most = self._splits.most(order)
        if most is not None:
            order = order._replace(max_packages=max(0, most - self._splits.count(plan)))
        return order._replace(lines=plan.backordered)

    def check(self, order: Order) -> None:
        """Pass an order that asks for nothing but what is offered.

        Raises
        ------
        NotOfferedError
            If it asks for more.
        """
        if order.max_packages is not None and order.max_packages < 0:
            raise NotOfferedError(f"order {order.id}: max_packages {order.max_packages} - expected 0 or more, or null")
        check_dates(order)
        if order.kits:
            check_kits(merged(order))
        if order.pinned or order.groups:
            check_stated(order)
        if order.collect_at >= 0:
            if self.collecting is None:
                raise NotOfferedError(f"order {order.id} is to be collected - expected a block pickup in the routing")
            self.collecting.check(order)
        elif order.deliver_together and self._merging is None:
            raise NotOfferedError(f"order {order.id} is to come as one - expected a block merge in the routing")


def usual_ways(network: Network) -> Ways:
    """Return what every engine offers: kits, and what an order says of its own splits."""
    return Ways(SplitControl(SplitsBlock(), network))


def build_ways(
    network: Network,
    columns: Columns,
    splits: SplitsBlock | None,
    pickup: PickupBlock | None,
    merge: MergeBlock | None,
) -> tuple[Network, Ways]:
    """Return what a configuration offers, and the network with the sites that goods are brought to among its places."""
    offered = np.zeros(len(network.sites), dtype=np.bool_) if pickup is None else columns.number(pickup.attribute) == 1
    brought = [] if pickup is None or pickup.transfer == "never" else np.flatnonzero(offered).tolist()
    nodes = [] if merge is None else merge_sites(merge, network, columns)
    truck = None if pickup is None else pickup.truck
    services = len(network.services)
    places: dict[int, int] = {}
    if brought or nodes:
        trucked, carried = (brought, nodes) if truck is not None else ([], [*brought, *nodes])
        cents, days = (0.0, 1) if truck is None else (truck.cost_per_parcel, truck.days)
        network, places = with_arrivals(network, trucked, list(dict.fromkeys(carried)), cents, days)
    counters = Counters(network)
    collecting = None if pickup is None else Collecting(pickup, network, counters, offered, places, services)
    at = {site: places[site] for site in nodes}
    merging = None if merge is None else Merging(merge, network, counters, at, services)
    return network, Ways(SplitControl(splits or SplitsBlock(), network), collecting, merging)
