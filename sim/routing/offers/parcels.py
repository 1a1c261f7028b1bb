"""From the shares that sites give to the parcels of a plan, with dates, prices and what steered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.contract.messages import Parcel, Plan
from sim.routing.offers.lines import lines_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.contract.messages import Line
    from sim.network.network import Network
    from sim.routing.cost import ParcelCosts
    from sim.routing.objective.priced import Priced
    from sim.routing.offers.offers import Request, Share
    from sim.routing.promise import Promises


class Parcels:
    """Makes parcels by some prices and promises.

    Parameters
    ----------
    objective
        Tells what steered besides cost; None if nothing did.
    """

    def __init__(self, network: Network, costs: ParcelCosts, promises: Promises, objective: Priced | None) -> None:
        self._network, self._objective = network, objective
        self._zone = network.zone_lists
        self._costs, self._promises = costs, promises

    def at(self, costs: ParcelCosts, promises: Promises) -> Parcels:
        """Return the same at other prices and promises."""
        return Parcels(self._network, costs, promises, self._objective)

    def plan(self, request: Request, shares: list[Share]) -> Plan:
        """Return the plan of some shares; what nobody gives is unfilled."""
        if len(shares) == 1 and shares[0].basket == request.wanted:
            return Plan((self.one(request, shares[0], request.order.lines),), reason="whole")
        parcels: list[Parcel] = []
        left: Sequence[int] = request.wanted
        for share in shares:
            parcels.append(self.one(request, share, lines_of(request.skus, share.basket), first=not parcels))
            left = [q - b for q, b in zip(left, share.basket, strict=True)]
        unfilled = lines_of(request.skus, left)
        return Plan(tuple(parcels), unfilled=unfilled, reason="part" if unfilled else "split")

    def one(self, request: Request, share: Share, lines: tuple[Line, ...], first: bool = True) -> Parcel:
        """Return one parcel; `first` of its order or not, which is then split."""
        site, place = share.site, request.place
        label, service, days = self._costs.rates(request, share.basket).by_zone[self._zone[place][site]]
        lane = request.order.moment(request.now), site, place, service, days, request.order.deliver_from
        ship_at, deliver_at = self._promises.dates(*lane)
        cents = self._costs.parts(site, label, len(lines), sum(share.basket))
        quantiles = () if self._promises.lateness is None else self._promises.quantiles(*lane)
        penalties = () if self._objective is None else self._objective.told(request, share, first)
        return Parcel(site, lines, service, ship_at, deliver_at, cents, -1, quantiles, penalties)
