"""Kits: products that belong together, of which a site gives whole kits only.

A kit is one line to whoever chooses: it is wanted so many times, and a site has it as often as its scarcest part goes.
What is chosen is told in units again. So a search over splits stays exact, and rules need not know of kits; where rules
ask for a price they see that of the kit's first product.
"""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.contract.messages import Line
from sim.errors import NotOfferedError, RoutingError, expected_one_of
from sim.routing.offers.offers import Share
from sim.routing.strategies.least_score import LeastScore
from sim.routing.ways.stated import as_stated

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from sim.contract.messages import Order
    from sim.network.network import Network
    from sim.routing.objective.priced import OpenPrice
    from sim.routing.offers.offers import Basket, Objective, Request
    from sim.routing.rules.decide import Answer
    from sim.routing.rules.notes import Notes
    from sim.routing.strategies.by_rules import ByRules
    from sim.routing.strategies.strategy import Strategy


class KitLine(NamedTuple):
    """A line of a folded request: lines of the order, and how much of each is in one of it."""

    members: tuple[int, ...]
    units: tuple[int, ...]


def check_kits(order: Order) -> None:
    """Pass an order that asks for whole kits.

    Raises
    ------
    NotOfferedError
        If a kit is of nothing, a product stands in two, or the order has a part of one.
    """
    if not all(order.kits):
        raise NotOfferedError(f"order {order.id}: kits[{order.kits.index(())}]: no products - expected at least one")
    parts = [sku for kit in order.kits for sku, _ in kit]
    if len(set(parts)) < len(parts):
        raise NotOfferedError(f"order {order.id}: a product stands in two kits or twice in one - expected it in one")
    wanted = dict(order.lines)
    for k, kit in enumerate(order.kits):
        # what a refusal sends back may be a part of a kit: its other part is on its way
        if not order.refused_by and any(sku in wanted for sku, _ in kit) and not _count(kit, wanted):
            found = ", ".join([str(wanted.get(sku, 0)) for sku, _ in kit])
            one = ", ".join([str(units) for _, units in kit])
            raise NotOfferedError(f"order {order.id}: kits[{k}]: {found} units - expected a whole multiple of {one}")


def whole_ones(order: Order) -> tuple[tuple[Line, ...], ...]:
    """Return the kits that an order still makes whole ones of; what a refusal has broken is loose."""
    wanted = dict(order.lines)
    return tuple([kit for kit in order.kits if _count(kit, wanted)])


def known_kits(stated: Sequence[Mapping[str, int]], network: Network) -> tuple[tuple[Line, ...], ...]:
    """Return kits that are told by the names of their products.

    Raises
    ------
    RoutingError
        If a product is unknown.
    """
    sku_of = {product.id: sku for sku, product in enumerate(network.products)}
    for k, kit in enumerate(stated):
        for name in kit:
            if name not in sku_of:
                raise RoutingError(f"splits.kits[{k}]: unknown product {expected_one_of(name, sku_of)}")
    return tuple([tuple([Line(sku_of[name], units) for name, units in kit.items()]) for kit in stated])


def with_kits(request: Request, kits: Sequence[tuple[Line, ...]]) -> Request:
    """Return a request whose order states those kits that it makes whole ones of, besides its own."""
    wanted = dict(request.order.lines)
    taken = {sku for kit in request.order.kits for sku, _ in kit}
    stated = list(request.order.kits)
    for kit in kits:
        if _count(kit, wanted) and not taken & {sku for sku, _ in kit}:
            stated.append(kit)
            taken |= {sku for sku, _ in kit}
    if len(stated) == len(request.order.kits):
        return request
    in_kits = copy(request)
    in_kits.order = request.order._replace(kits=tuple(stated))
    return in_kits


def whole_kits(order: Order, skus: Sequence[int], basket: list[int]) -> list[int]:
    """Return what is left of a basket if of each kit only whole ones are taken."""
    wanted = dict(order.lines) if order.kits else {}
    for kit in order.kits:
        if _count(kit, wanted):
            at = [skus.index(sku) for sku, _ in kit]
            most = min([basket[i] // units for i, (_, units) in zip(at, kit, strict=True)])
            for i, (_, units) in zip(at, kit, strict=True):
                basket[i] = most * units
    return basket


class Folded:
    """A request in which each kit is one line.

    Attributes
    ----------
    whole, request
        The request as it came, and as it is chosen upon.
    """

    def __init__(self, whole: Request) -> None:
        self.whole = whole
        lines: dict[int, KitLine] = {i: KitLine((i,), (1,)) for i in range(len(whole.skus))}
        wanted = dict(zip(whole.skus, whole.wanted, strict=True))
        for kit in whole.order.kits:
            if not _count(kit, wanted):
                continue
            members = sorted([(whole.skus.index(sku), units) for sku, units in kit])
            for i, _ in members:
                del lines[i]
            lines[members[0][0]] = KitLine(tuple([i for i, _ in members]), tuple([units for _, units in members]))
        self._lines = [lines[i] for i in sorted(lines)]
        self.request = folded = copy(whole)
        folded.skus = [whole.skus[line.members[0]] for line in self._lines]
        folded.wanted = tuple([whole.wanted[line.members[0]] // line.units[0] for line in self._lines])
        folded.rows = [self._row(line) for line in self._lines]
        folded.rates = {}

    def unfold(self, basket: Sequence[int]) -> Basket:
        """Return so many of each folded line in units of the order's lines."""
        units = [0] * len(self.whole.skus)
        for line, count in zip(self._lines, basket, strict=True):
            for i, each in zip(line.members, line.units, strict=True):
                units[i] = count * each
        return tuple(units)

    def choose(self, strategy: Strategy) -> list[Share]:
        """Return what each chosen site gives, in units."""
        if isinstance(strategy, LeastScore):
            price = None if strategy.open_price is None else self._of_kits(strategy.open_price)
            strategy = LeastScore(_InUnits(strategy.objective, self), strategy.max_parcels, price)
        shares = strategy.choose(self.request)
        self.whole.limited |= self.request.limited
        return [Share(site, self.unfold(basket)) for site, basket in shares]

    def answer(self, answer: Answer) -> Answer:
        """Return what rules answered, in units."""
        gives = {site: list(self.unfold(basket)) for site, basket in answer.gives.items()}
        later = {site: list(self.unfold(basket)) for site, basket in answer.later.items()}
        return replace(answer, gives=gives, later=later, unfilled=list(self.unfold(answer.unfilled)))

    def _of_kits(self, price: OpenPrice) -> OpenPrice:
        """Return what it costs to leave folded lines open: a kit costs what its units do."""
        per_unit = list(price.per_unit)
        for sku, line in zip(self.request.skus, self._lines, strict=True):
            members = zip(line.members, line.units, strict=True)
            per_unit[sku] = sum([each * price.per_unit[self.whole.skus[i]] for i, each in members])
        return replace(price, per_unit=tuple(per_unit))

    def _row(self, line: KitLine) -> NDArray[np.int32]:
        rows = [self.whole.rows[i] // units for i, units in zip(line.members, line.units, strict=True)]
        scarcest: NDArray[np.int32] = np.minimum.reduce(rows)
        return scarcest


class _InUnits:
    """An objective of baskets in units, asked about baskets in kits."""

    def __init__(self, objective: Objective, folded: Folded) -> None:
        self._objective, self._folded = objective, folded

    def scores(self, request: Request, basket: Basket) -> NDArray[np.float64]:
        """Return the score of one parcel from each site."""
        return self._objective.scores(self._folded.whole, self._folded.unfold(basket))

    def floor(self, request: Request) -> float:
        """Return a bound that no parcel can score below."""
        return self._objective.floor(self._folded.whole)

    def bound(self, request: Request, basket: Basket) -> float:
        """Return a bound that no parcel with a basket can score below."""
        return self._objective.bound(self._folded.whole, self._folded.unfold(basket))


def _count(kit: Sequence[Line], wanted: dict[int, int]) -> int:
    """Return how many kits some units make, 0 if they do not come out even."""
    counts = {divmod(wanted.get(sku, 0), units) for sku, units in kit}
    count, rest = counts.pop()
    return 0 if counts or rest else count


def chosen(strategy: Strategy, request: Request) -> list[Share]:
    """Return what each site gives that a strategy chooses: as the order states it, whole kits where there are any."""
    stated = bool(request.order.pinned or request.order.groups)
    asked = as_stated(request) if stated else request
    shares = Folded(asked).choose(strategy) if asked.order.kits else strategy.choose(asked)
    request.limited |= asked.limited
    return shares


def answered(strategy: ByRules, request: Request, observed_at: NDArray[np.float64], notes: Notes | None) -> Answer:
    """Return what rules answer, whole kits where there are any."""
    if not request.order.kits:
        return strategy.answer(request, observed_at, notes)
    folded = Folded(request)
    return folded.answer(strategy.answer(folded.request, observed_at, notes))
