"""An objective and its penalties as one, and the price of what is left open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from sim.routing.capacity.capacities import Capacities
    from sim.routing.objective.penalty import Counters, Penalty
    from sim.routing.offers.offers import Basket, Objective, Request, Share


class Priced:
    """Objective: another one, plus penalties, minus credits. A parcel may score below 0."""

    def __init__(self, base: Objective, penalties: Sequence[Penalty]) -> None:
        self._base = base
        self._penalties = tuple(penalties)

    def scores(self, request: Request, basket: Basket) -> NDArray[np.float64]:
        """Return the sum for each site."""
        scores = self._base.scores(request, basket)
        for penalty in self._penalties:
            scores = scores + penalty.by_site(request, basket)
        return scores

    def floor(self, request: Request) -> float:
        """Return the sum of all floors."""
        return self._base.floor(request) + sum([penalty.floor(request) for penalty in self._penalties])

    def bound(self, request: Request, basket: Basket) -> float:
        """Return the sum of all bounds."""
        return self._base.bound(request, basket) + sum([p.least(request, basket) for p in self._penalties])

    def told(self, request: Request, share: Share, first: bool = True) -> tuple[tuple[str, float], ...]:
        """Return what each penalty comes to for a chosen parcel, those of nothing left out.

        Parameters
        ----------
        first
            Whether it is the first parcel of the order, which is no split.
        """
        amounts = ((penalty.name, penalty.of(request, share)) for penalty in self._penalties)
        return tuple([(name, cents) for name, cents in amounts if cents and not (first and name == "split")])


@dataclass(frozen=True, slots=True)
class OpenPrice:
    """What it costs to leave units open.

    Parameters
    ----------
    per_order
        Once, if anything stays open.
    per_unit
        For each unit of each product, shape (products,).
    first_parcel
        What the objective counts for the first parcel of an order without meaning it, see `Split`.
    """

    per_order: float
    per_unit: tuple[float, ...]
    first_parcel: float = 0.0

    def of(self, request: Request, basket: Basket) -> float:
        """Return the price of leaving `basket` open."""
        if not any(basket):
            return 0.0
        return self.per_order + sum([q * self.per_unit[sku] for sku, q in zip(request.skus, basket, strict=True)])


class Steering(NamedTuple):
    """What a block `objective:` comes to; nothing where there is none.

    Parameters
    ----------
    counters
        What its penalties, or limits, remember; None if they remember nothing.
    limits
        What sites take on at most; None: nobody asks.
    """

    objective: Priced | None = None
    open_price: OpenPrice | None = None
    counters: Counters | None = None
    limits: Capacities | None = None
