"""Split control over any strategy: complete first, all at once or nothing, and at most so many packages.

A strategy is held to fewer sites by asking it again as if the others had nothing; a search over splits is told the most
parcels besides, and stays exact.
"""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING

from sim.contract.messages import Plan
from sim.routing.offers.lines import cents_of, have_all
from sim.routing.ways.kits import known_kits
from sim.routing.ways.narrowed import only_from

if TYPE_CHECKING:
    from collections.abc import Callable

    from sim.contract.messages import Order, Parcel
    from sim.network.network import Network
    from sim.routing.offers.offers import Request
    from sim.routing.ways.config import SplitsBlock

    Choose = Callable[[Request], Plan]

NO_ONE_HAS_ALL = "no_one_has_all"
TOO_MANY_PACKAGES = "too_many_packages"


class SplitControl:
    """Holds plans to what an order and the configuration say of splits.

    Parameters
    ----------
    network
        The one the engine routes on.

    Attributes
    ----------
    kits
        Of the configuration; orders may have kits of their own.
    """

    def __init__(self, rules: SplitsBlock, network: Network) -> None:
        self._rules = rules
        self._services = network.services
        self.kits = known_kits(rules.kits, network)
        self._weight_kg, self._packed_cm3 = network.weight_kg, network.packed_cm3

    @property
    def always(self) -> bool:
        """Whether it has something to say of every order."""
        return self._rules.complete_first or self._rules.max_packages is not None or bool(self.kits)

    def concern(self, order: Order) -> bool:
        """Return whether it has something to say of an order."""
        return self._rules.complete_first or order.ship_together or self.most(order) is not None

    def plan(self, request: Request, choose: Choose) -> Plan:
        """Return the strategy's plan if it keeps within, else the best found that does."""
        order = request.order
        most = self.most(order)
        if order.ship_together:
            plan = alone(request, choose)
            if plan is None:
                plan = Plan((), unfilled=order.lines, reason=NO_ONE_HAS_ALL)
            return plan if most is None else self._within(request, choose, plan, most)
        whole = alone(request, choose) if self._rules.complete_first else None
        plan = choose(request) if whole is None else whole
        return plan if most is None else self._within(request, choose, plan, most)

    def most(self, order: Order) -> int | None:
        """Return the most packages an order may come in, None if that is no matter."""
        return self._rules.max_packages if order.max_packages is None else order.max_packages

    def count(self, plan: Plan) -> int:
        """Return how many packages a plan comes in."""
        return sum([self.packages(parcel) for parcel in plan.parcels])

    def packages(self, parcel: Parcel) -> int:
        """Return how many packages a carrier bills a parcel as."""
        if parcel.service < 0:
            return 1
        weight = sum([quantity * self._weight_kg[sku] for sku, quantity in parcel.lines])
        volume = sum([quantity * self._packed_cm3[sku] for sku, quantity in parcel.lines])
        return self._services[parcel.service].step(weight, volume)[0]

    def _within(self, request: Request, choose: Choose, plan: Plan, most: int) -> Plan:
        """Return a plan of at most so many packages: one that serves all if there is one."""
        if self.count(plan) <= most:
            return plan
        best = Plan((), unfilled=request.order.lines, reason=TOO_MANY_PACKAGES)
        together = request.order.ship_together
        for parcels in range(most, 0, -1):
            fewer = copy(request)
            fewer.most_parcels = parcels
            tries = [None if together else choose(fewer), alone(fewer, choose)]
            # a strategy that does not count parcels: those that gave it most may give the rest
            tries += [None if together else choose(only_from(fewer, _largest(plan, parcels)))]
            found = [each for each in tries if each is not None and self.count(each) <= most]
            best = min([best, *found], key=_open_units)
            if not _open_units(best):
                break
        return best


def alone(request: Request, choose: Choose) -> Plan | None:
    """Return the strategy's plan if all has to come from one site as one parcel; None if there is no such site."""
    able = have_all(request.rows, request.wanted)
    able[list(request.order.refused_by)] = False
    if not able.any():
        return None
    one = only_from(request, able)
    one.most_parcels = 1
    one.order = request.order._replace(groups=(tuple(request.skus),))
    plan = choose(one)
    if len(plan.parcels) > 1:  # a strategy that splits although each could give all
        tries = [choose(only_from(one, {parcel.site})) for parcel in plan.parcels]
        plan = min(tries, key=lambda each: (_open_units(each), cents_of(each)))
    whole = len(plan.parcels) == 1 and not plan.unfilled and not plan.backordered
    return plan if whole else None


def _open_units(plan: Plan) -> int:
    return sum([quantity for _, quantity in (*plan.unfilled, *plan.backordered)])


def _largest(plan: Plan, count: int) -> set[int]:
    """Return the sites that give most to a plan; among equals those named first."""
    by_units = sorted(plan.parcels, key=lambda parcel: -sum([quantity for _, quantity in parcel.lines]))
    return {parcel.site for parcel in by_units[:count]}
