"""Sourcing rules from a file, on the engine's own belief, prices and promises."""

from __future__ import annotations

from functools import lru_cache, partial
from operator import mul
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.contract.news import Refusal
from sim.errors import RoutingError, expected_one_of
from sim.routing.belief.velocity import Velocity, VelocityBlock
from sim.routing.capacity.usage import Usage
from sim.routing.objective.penalty import Counters
from sim.routing.objective.priced import Steering
from sim.routing.rules.columns import Columns
from sim.routing.rules.decide import decide
from sim.routing.rules.filters import NotRefusedWithin
from sim.routing.rules.situation import Situation
from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from sim.contract.messages import Order, Parcel
    from sim.contract.news import News
    from sim.network.network import Network
    from sim.routing.cost import ParcelCosts
    from sim.routing.offers.offers import Basket, Request
    from sim.routing.promise import Promises
    from sim.routing.rules.config import Rules
    from sim.routing.rules.decide import Answer, StepTrace
    from sim.routing.rules.notes import Notes
    from sim.routing.rules.standing import Standing


MOST_STANDING = 500_000
"""Sites, over all places and channels, of which is kept what stands still in the rules."""

NOTHING_STEERS = Steering()
NOTHING: frozenset[str] = frozenset()


class ByRules:
    """Decides by rules; remembers what capacity and refusal rules ask for, and nothing else.

    Parameters
    ----------
    may_serve
        Sites that may serve, shape (sites,).
    steering
        What rules that look at cost find besides.
    """

    def __init__(
        self,
        rules: Rules,
        network: Network,
        *,
        costs: ParcelCosts,
        promises: Promises,
        may_serve: NDArray[np.bool_],
        steering: Steering = NOTHING_STEERS,
    ) -> None:
        self.rules = rules
        self.steering = steering
        self._costs, self._promises = costs, promises
        self._columns = site_columns(network)
        self._destination = [{"id": p.id, "state": p.state, **p.attributes} for p in network.places]
        self._distance = network.distance_km
        self._found = [not np.isnan(row).all() for row in self._distance]
        self._drive_min = network.drive_min
        self._reached = list((network.zone > 0) & may_serve)
        self._standing = lru_cache(maxsize=MOST_STANDING // len(network.sites) + 1)(_nothing_known)
        self._worth = [product.price_cents for product in network.products]
        truths = [frozenset(k for k, v in product.attributes.items() if v is True) for product in network.products]
        self._truths = truths if any(truths) else None
        products = {product.id: sku for sku, product in enumerate(network.products)}
        self._together = _known_products(rules.together, products)
        _check_names(rules, network)
        self._unsplit = [product.category in rules.unsplit_categories for product in network.products]
        takes_backorders = self._columns.number("backorderable") == 1
        self._backorderable = takes_backorders if rules.backorder else None
        counters = steering.counters or Counters(Usage(network, self._columns), len(network.sites))
        self._counters, self._usage, self._record = counters, counters.usage, counters.record
        learns = rules.looks_at_sales()
        shape = len(network.products), len(network.sites)
        self._velocity = Velocity(rules.velocity or VelocityBlock(), *shape) if learns else None
        periods = [f.period for step in rules.steps for f in step.filters if isinstance(f, NotRefusedWithin)]
        self._remember_min = max(periods, default=0.0)
        self._refusals: dict[int, dict[int, float]] = {}

    def answer(self, request: Request, observed_at: NDArray[np.float64], notes: Notes | None = None) -> Answer:
        """Return who gives what.

        Parameters
        ----------
        observed_at
            Minute of the last news of each site.
        notes
            Take down why, if given: from a copy of all that was looked at, when somebody asks. What steers besides
            looks at counters that go on, so there it is told at once.
        """
        situation = self.situation(request, observed_at)
        # sites that this very order may not be sent from are no matter of its place
        usual = situation.may_serve is self._reached[request.place]
        known = self._standing(request.place, request.order.channel) if usual else None
        if notes is None:
            return decide(self.rules, situation, None, known)
        if notes.at_once or self.steering.objective is not None:
            told: list[StepTrace] = []
            answer = decide(self.rules, situation, told, known)
            notes.take(lambda passes: passes.extend(told))
            return answer
        answer = decide(self.rules, situation, None, known)
        notes.take(partial(decide, self.rules, situation.keep()))
        return answer

    def situation(self, request: Request, observed_at: NDArray[np.float64]) -> Situation:
        """Return a request as the rules see it."""
        order, place, skus = request.order, request.place, request.skus
        may_serve, days_since = self._not_refused(request)
        pinned, worth = dict(order.pinned), tuple([self._worth[sku] for sku in skus])
        doubt, usage = self.rules.doubt, self._usage.at(request.now)
        certainty = wrong = None
        objective = self.steering.objective
        self._counters.observed_at = observed_at
        if doubt is not None:
            usage = {**usage, "refusal_rate": self._record.refusal_rate(doubt)}
            certainty = self._record.certainty(doubt, request.now - observed_at)
            wrong = (1 - certainty) * doubt.refusal_cost
        return Situation(
            self._columns,
            request.wanted,
            tuple(skus),
            request.rows,
            may_serve=may_serve,
            distance_km=self._distance[place] if self._found[place] else None,
            drive_min=None if self._drive_min is None else self._drive_min[place],
            destination=self._destination[place],
            backorderable=self._later(request),
            called_for=self._called_for(skus),
            order_value=sum(map(mul, worth, request.wanted)),
            unit_value=worth,
            groups=self._groups(skus, order.groups),
            channel=order.channel,
            priority=order.priority,
            preferred=order.preferred,
            pinned=tuple([pinned.get(sku, -1) for sku in skus]) if pinned else (),
            rejects=max(len(order.refused_by), len(self._refusals.get(order.id, ()))),
            days_since_refusal=days_since,
            usage=usage,
            size=(len(order.lines), sum([n for _, n in order.lines])) if order.kits else None,
            asked=self._usage.asked(order),
            per_week=None if self._velocity is None else [self._velocity.per_week(sku, request.now) for sku in skus],
            certainty=None if certainty is None else [certainty],  # a site's counts are of one age
            cost=lambda basket: self._price(request, basket, wrong),
            cost_floor=None if objective is None else objective.floor(request),
            open_price=self.steering.open_price,
            arrival_day=lambda basket, chance=None: self._days(request, basket, chance),
        )

    def booked(self, order: Order, parcel: Parcel, now: float) -> None:
        """Hear that a parcel was promised."""
        self._counters.booked(order, parcel, now)
        if self._velocity is not None:
            self._velocity.promised(parcel.site, parcel.lines, now)

    def hear(self, news: News) -> None:
        """Learn what rules may ask of news."""
        self._counters.hear(news)
        if self._velocity is not None:
            self._velocity.hear(news)
        if isinstance(news, Refusal):
            self._refused(news)

    def lost(self, cell: int, units: int, at: float) -> None:
        """Take work that nobody has heard of for work that is not there."""
        self._counters.lost(cell, units, at)

    def _refused(self, refusal: Refusal) -> None:
        """Remember who refused an order, for as long as a rule may ask."""
        if self._remember_min:
            oldest = refusal.at - self._remember_min
            if len(self._refusals) > 1000:  # orders long settled need no memory
                recent = {k: v for k, v in self._refusals.items() if max(v.values()) > oldest}
                self._refusals = recent
            self._refusals.setdefault(refusal.order, {})[refusal.site] = refusal.at

    def _later(self, request: Request) -> list[NDArray[np.bool_]] | None:
        """Return who takes orders for later supply of each line: if that is looked at, who has it on its way."""
        takes = self._backorderable
        if takes is None or request.covers is None:
            return None if takes is None else [takes] * len(request.skus)
        return [takes & covered for covered in request.covers(request)]

    def _called_for(self, skus: Sequence[int]) -> frozenset[str]:
        """Return the attributes that are true of any product."""
        return NOTHING if self._truths is None else NOTHING.union(*[self._truths[sku] for sku in skus])

    def _groups(self, skus: Sequence[int], stated: tuple[tuple[int, ...], ...]) -> tuple[tuple[int, ...], ...]:
        """Return the lines that come from one site together: the order's own groups first, each line in one group."""
        if not (stated or self._together or self.rules.unsplit_categories):
            return ()
        free = dict.fromkeys(range(len(skus)))
        groups = []
        for wanted in (*stated, *self._together):
            group = tuple(line for line in free if skus[line] in wanted)
            for line in group:
                del free[line]
            groups.append(group)
        groups += [(line,) for line in free if self._unsplit[skus[line]]]
        return tuple(group for group in groups if group)

    def memory(self, order: Order, now: float) -> dict[str, Any]:
        """Return all that is remembered and may bear on a decision about an order, as what JSON knows."""
        skus = list(dict.fromkeys([sku for sku, _ in order.lines]))
        sales = {} if self._velocity is None else {"per_week": self._velocity.told(skus, now)}
        return {
            **self._counters.memory(order, now),
            "refused_at": [[site, at] for site, at in self._refusals.get(order.id, {}).items()],
            **sales,
        }

    def recall(self, memory: Mapping[str, Any], order: Order) -> None:
        """Remember what `memory` says."""
        if self._velocity is not None:
            skus = dict.fromkeys([sku for sku, _ in order.lines])
            self._velocity.recall(dict(zip(skus, memory["per_week"], strict=True)))
        self._counters.recall(memory, order)
        self._refusals = {order.id: {site: at for site, at in memory["refused_at"]}} if memory["refused_at"] else {}

    def forget(self) -> None:
        """Remember nothing."""
        self._counters.forget()
        self._refusals = {}
        if self._velocity is not None:
            self._velocity.forget()

    def _not_refused(self, request: Request) -> tuple[NDArray[np.bool_], NDArray[np.float64] | None]:
        """Return who may serve, and how long ago each site refused where that is for a rule to judge."""
        reached: NDArray[np.bool_] = self._reached[request.place]
        known = self._refusals.get(request.order.id, {})
        unjudged = [site for site in request.order.refused_by if site not in known]
        if unjudged:
            reached = reached.copy()
            reached[unjudged] = False
        if not known:
            return reached, None
        days = np.full(len(self._columns), np.nan)
        for site, at in known.items():
            days[site] = (request.now - at) / MINUTES_PER_DAY
        return reached, days

    def _price(self, request: Request, basket: Basket, wrong: NDArray[np.float64] | None) -> NDArray[np.float64]:
        """Return the price of a parcel from each site, with what a refusal is expected to cost."""
        objective = self.steering.objective
        cents = self._costs.by_site(request, basket) if objective is None else objective.scores(request, basket)
        return cents if wrong is None else cents + wrong

    def _days(self, request: Request, basket: Basket, chance: float | None) -> NDArray[np.float64]:
        """Return how many days from now a parcel with `basket` would arrive from each site."""
        timing = self._costs.rates(request, basket).timing.take(self._costs.zones(request.place))
        days: NDArray[np.float64] = self._promises.arrival_of(request, timing, chance)
        return days - request.now // MINUTES_PER_DAY


def _nothing_known(place: int, channel: str) -> dict[tuple[int, int], Standing]:
    return {}


def site_columns(network: Network) -> Columns:
    """Return what rules may look at of a network's sites: their kind, state and attributes."""
    return Columns(
        tuple(site.id for site in network.sites),
        [{"kind": site.kind.value, "state": site.state, **site.attributes} for site in network.sites],
    )


def _check_names(rules: Rules, network: Network) -> None:
    """Refuse categories to keep whole, and sites to rank, that the network does not have."""
    known = {product.category for product in network.products}
    for name in rules.unsplit_categories:
        if name not in known:
            raise RoutingError(f"unsplit_categories: {expected_one_of(name, known)}")
    sites = [site.id for site in network.sites]
    for k, step in enumerate(rules.steps):
        for name in (name for rule in (*step.rank, *step.weigh) for name in rule.ranks or ()):
            if name not in sites:
                raise RoutingError(f"steps[{k}]: given ranks: {expected_one_of(name, sites)}")


def _known_products(groups: Sequence[Sequence[str]], products: Mapping[str, int]) -> tuple[tuple[int, ...], ...]:
    for name in (name for group in groups for name in group):
        if name not in products:
            raise RoutingError(f"together: {expected_one_of(name, products)}")
    return tuple(tuple(products[name] for name in group) for group in groups)
