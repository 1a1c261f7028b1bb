"""What stands of an order: its parcels that may still be changed, as one entry of a batch with an offer in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.contract.messages import Line
from sim.routing.joint.entry import Entry
from sim.routing.offers.offers import Request, Share

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from sim.contract.messages import Order, Parcel
    from sim.routing.cost import ParcelCosts
    from sim.routing.joint.assigned import Sent
    from sim.routing.joint.entry import Offer
    from sim.routing.offers.offers import Basket, Objective
    from sim.routing.promise import Promises

# A promise given is not taken back: not to serve such a unit is dearer than not to serve any other.
PROMISED = 10.0


class Terms(NamedTuple):
    """By what parcels that stand are judged.

    Parameters
    ----------
    day_value
        Worth of a day to the objective, cents.
    revise_for
        What a revision of an order must save, cents.
    unserved_cents
        Price of a unit not served.
    keep_promise
        Whether a parcel that may still be handed over when it was said to is never replaced by one that will not.
    """

    objective: Objective
    costs: ParcelCosts
    promises: Promises
    max_parcels: int
    day_value: float
    revise_for: float
    unserved_cents: float
    keep_promise: bool = True


class InTime:
    """Objective: that of the terms, but infinite from where a parcel would be later than the shopper was told.

    Parameters
    ----------
    due_day
        Day by which it has to be delivered.
    ship_by
        Minute by which it has to be handed to the carrier.
    """

    def __init__(self, terms: Terms, due_day: int, ship_by: float) -> None:
        self._objective = terms.objective
        self._costs = terms.costs
        self._promises = terms.promises
        self._due_day = due_day
        self._ship_by = ship_by

    def scores(self, request: Request, basket: Basket) -> NDArray[np.float64]:
        """Return the scores of those sites that can be in time."""
        scores = self._objective.scores(request, basket)
        np.putmask(scores, self.arrival_day(request, basket) > self._due_day, np.inf)
        if self._ship_by < np.inf:
            np.putmask(scores, self._promises.ship_at(request.now) > self._ship_by, np.inf)
        return scores

    def arrival_day(self, request: Request, basket: Basket) -> NDArray[np.float64]:
        """Return the published day of delivery from each site, shape (sites,)."""
        timing = self._costs.rates(request, basket).timing.take(self._costs.zones(request.place))
        return self._promises.arrival_of(request, timing)

    def floor(self, request: Request) -> float:
        """Return the other objective's floor."""
        return self._objective.floor(request)

    def bound(self, request: Request, basket: Basket) -> float:
        """Return the other objective's bound."""
        return self._objective.bound(request, basket)


class Standing:
    """The parcels of one order that may still be changed.

    Attributes
    ----------
    order
        Their units as an order.
    due, ship_by
        What the shopper was told.
    """

    def __init__(self, sent: list[Sent]) -> None:
        units: dict[int, int] = {}
        self._by_site: dict[int, list[Parcel]] = {}
        refused = set[int]()
        for one in sent:
            self._by_site.setdefault(one.parcel.site, []).append(one.parcel)
            refused.update(one.order.refused_by)
            for sku, quantity in one.parcel.lines:
                units[sku] = units.get(sku, 0) + quantity
        lines = tuple([Line(sku, quantity) for sku, quantity in units.items()])
        self.order: Order = sent[0].order._replace(lines=lines, refused_by=tuple(sorted(refused)))
        self.due = max([one.due for one in sent])
        self.ship_by = max([one.ship_by for one in sent])

    def parcels(self) -> list[Parcel]:
        """Return the parcels themselves."""
        return [parcel for parcels in self._by_site.values() for parcel in parcels]

    def entry(
        self,
        stock: NDArray[np.int32],
        now: float,
        terms: Terms,
        held: NDArray[np.int32] | None = None,
        shut: NDArray[np.bool_] | None = None,
    ) -> Entry:
        """Return the order as an entry with the offer in force.

        A parcel that stands in its queue arrives when it was said to, not as if it were sent now. One that is late
        already may go from wherever it is delivered in time.

        Parameters
        ----------
        held
            Units that are held back from the order's channel, shape (products, sites).
        shut
            Sites that take no more of it than they have.
        """
        place = self.order.place
        ship_by = self.ship_by if terms.keep_promise and now <= self.ship_by else np.inf
        objective = InTime(terms, terms.promises.last_day(place, self.due), ship_by)
        request = Request(self.order, stock, now)
        offer = self.offer()
        score = -terms.revise_for
        for site, basket in offer:
            promised = max([terms.promises.last_day(place, parcel.deliver_at) for parcel in self._by_site[site]])
            days = float(objective.arrival_day(request, basket)[site]) - promised
            score += float(terms.objective.scores(request, basket)[site]) - terms.day_value * max(0.0, days)
        unserved = PROMISED * terms.unserved_cents
        return Entry(request, objective, terms.max_parcels, unserved, (offer, score), held, shut)

    def offer(self) -> Offer:
        """Return the offer in force."""
        place_of = {sku: k for k, (sku, _) in enumerate(self.order.lines)}
        shares = []
        for site, parcels in self._by_site.items():
            basket = [0] * len(place_of)
            for parcel in parcels:
                for sku, quantity in parcel.lines:
                    basket[place_of[sku]] += quantity
            shares.append(Share(site, tuple(basket)))
        return tuple(sorted(shares))

    def changed(self, offer: Offer) -> tuple[tuple[Parcel, ...], list[Share]]:
        """Return the parcels to withdraw and the shares to send, if another offer is to be in force."""
        stands = set(self.offer()) & set(offer)
        kept = {share.site for share in stands}
        withdrawn = [p for site, parcels in self._by_site.items() if site not in kept for p in parcels]
        return tuple(withdrawn), [share for share in offer if share not in stands]


def standing_of(sent: Iterable[Sent]) -> list[Standing]:
    """Return parcels that may still be changed, order by order."""
    by_order: dict[int, list[Sent]] = {}
    for one in sent:
        by_order.setdefault(one.order.id, []).append(one)
    return [Standing(parcels) for parcels in by_order.values()]
