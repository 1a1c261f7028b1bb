r"""Many orders at once: the assignment of least total score that the stock allows, and a proof of how good it is.

    min  sum_o score_o x_o      one variable for each offer of each order
    s.t. exactly one offer an order; no cell gives more than it has; x in {0, 1}

1. Each order's own choice. If the stock is enough for all, that is the optimum, and no solver was asked.
2. First come, first served: the bar, and the answer if nothing better is found.
3. Offers worth having, found by pricing the scarce stock (`ConfigurationLP`). Its Lagrangian value is a bound of the
   whole problem with all offers of all sites, because the pricing problem is each order's exact choice among them.
4. The best whole choice among the offers found, by branch and bound.
5. If the gap is still too wide: all offers that a better solution could contain. With value U and Lagrangian value L at
   prices pi, an offer whose priced score exceeds its order's least priced score by U - L or more is in none; so what
   is optimal among the others is optimal.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from sim.routing.joint.clock import Clock
from sim.routing.joint.scarcity import ScarceChoice
from sim.routing.joint.whole import pick_columns
from sim.routing.prices.configuration import ConfigurationLP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.routing.joint.entry import Choice, Entry, Offer
    from sim.routing.prices.columns import Columns


@dataclass(frozen=True, slots=True)
class Limits:
    """When to stop.

    Parameters
    ----------
    gap
        When value and bound are this close, relative to the value of what is served.
    rounds
        Most linear programmes.
    nodes
        Most nodes of a search tree.
    offers
        Most offers looked at to close the gap.
    seconds
        Most time altogether; None in a simulation. It only guards a service: see `Solved.limited`.
    """

    gap: float = 1e-4
    rounds: int = 60
    nodes: int = 1000
    offers: int = 20_000
    seconds: float | None = None


class Solved(NamedTuple):
    """A joint decision.

    Parameters
    ----------
    offers
        One an order, in the order they were asked for.
    value
        Total score, units not served at their price.
    bound
        No decision scores less, whichever sites and splits it uses.
    gap
        How far from it, relative to the score of what is served alone.
    way
        How it was found: every order's own choice, first come first served, or better than that.
    limited
        Whether the clock cut a search short: it cannot be repeated.
    """

    offers: tuple[Offer, ...]
    value: float
    bound: float
    gap: float
    way: Literal["own choice", "first come", "joint"]
    limited: bool = False


def solve_batch(entries: Sequence[Entry], stock: NDArray[np.int32], limits: Limits) -> Solved:
    """Decide on many orders at once.

    The orders may stand in any order: they are looked at by time and number.

    Parameters
    ----------
    stock
        Units that may be taken, shape (products, sites).
    """
    turn = sorted(range(len(entries)), key=lambda k: (_when(entries[k]), k))
    solved = _solve([entries[k] for k in turn], stock, limits)
    offers: list[Offer] = [()] * len(entries)
    for k, offer in zip(turn, solved.offers, strict=True):
        offers[k] = offer
    return solved._replace(offers=tuple(offers))


def _when(entry: Entry) -> tuple[float, int, tuple[object, ...]]:
    order = entry.request.order
    return order.placed_at, order.id, order.lines


def _solve(entries: list[Entry], stock: NDArray[np.int32], limits: Limits) -> Solved:
    clock = Clock(limits.seconds)
    for entry in entries:
        entry.request.deadline = clock.deadline
    alone = [entry.choose(None, {}) for entry in entries]
    bound = sum([choice.bound for choice in alone])
    offers, conflict = _first_come(entries, stock, alone)
    first = _solved(entries, offers, bound, "first come" if conflict else "own choice")
    cut = any([entry.request.limited for entry in entries])
    if not conflict or first.gap <= limits.gap or clock.over():
        return first._replace(limited=cut or (conflict and first.gap > limits.gap))
    exact = [k for k, entry in enumerate(entries) if entry.exact]
    large = [k for k, entry in enumerate(entries) if not entry.exact]
    joint = _Joint([entries[k] for k in exact], stock, [alone[k] for k in exact], [offers[k] for k in exact], limits)
    chosen, tight, in_time = joint.solve(clock)
    offers = [()] * len(entries)
    left = stock.copy()
    for k, offer in zip(exact, chosen, strict=True):
        offers[k] = offer
        take(entries[k], offer, left)
    for k in large:  # too many ways to split: on what is left
        offers[k] = entries[k].choose(left, {}).offer
        take(entries[k], offers[k], left)
    bound = max(bound, tight + sum([alone[k].bound for k in large]))
    better = _solved(entries, offers, bound, "joint")
    if better.value >= first.value:
        better = _solved(entries, list(first.offers), bound, "first come")
    return better._replace(limited=not in_time or any([entry.request.limited for entry in entries]))


def _first_come(entries: list[Entry], stock: NDArray[np.int32], alone: list[Choice]) -> tuple[list[Offer], bool]:
    """Let one order after the other choose from what is left; tell whether any had to choose otherwise."""
    left, conflict, offers = stock.copy(), False, []
    for entry, choice in zip(entries, alone, strict=True):
        offer = choice.offer
        if not entry.fits(offer, left):
            conflict = True
            offer = entry.choose(left, {}).offer
        take(entry, offer, left)
        offers.append(offer)
    return offers, conflict


def take(entry: Entry, offer: Offer, left: NDArray[np.int32]) -> None:
    """Take what an offer takes off what is left."""
    for sku, site, quantity in entry.units(offer):
        left[sku, site] -= quantity


def _solved(
    entries: list[Entry], offers: list[Offer], bound: float, way: Literal["own choice", "first come", "joint"]
) -> Solved:
    value = served = 0.0
    for entry, offer in zip(entries, offers, strict=True):
        score = entry.score(offer)
        value += score
        served += score - entry.unserved_cents * entry.unserved(offer)
    bound = min(bound, value)
    return Solved(tuple(offers), value, bound, (value - bound) / max(served, 1.0), way)


class _Joint:
    """Steps 3 to 5 for the orders whose every offer can be tried."""

    def __init__(
        self,
        entries: list[Entry],
        stock: NDArray[np.int32],
        alone: list[Choice],
        first: list[Offer],
        limits: Limits,
    ) -> None:
        self._limits = limits
        self._choice = ScarceChoice(entries, stock, alone)
        self._best = first
        self._value = sum([entry.score(offer) for entry, offer in zip(entries, first, strict=True)])
        unserved = sum([e.unserved_cents * e.unserved(offer) for e, offer in zip(entries, first, strict=True)])
        self._slack = limits.gap * max(self._value - unserved, 1.0)  # a gap of less than this will do
        self._in_time = True

    def solve(self, clock: Clock) -> tuple[list[Offer], float, bool]:
        """Return an offer an order, a bound of the total score, and whether the clock cut nothing short."""
        choice, limits = self._choice, self._limits
        programme = ConfigurationLP(
            choice,
            len(choice.stock),
            gap=self._slack / 4 / max(self._value, 1.0),
            max_rounds=limits.rounds,
            also=choice.columns(enumerate(self._best)),
            stop=clock.over,
        )
        weights = np.ones(len(choice.entries))
        priced = programme.solve(weights, choice.stock)
        if clock.over():  # its last choices were cut short, and with them its bound
            return self._best, -np.inf, False
        bound = priced.bound
        if self._value - bound <= self._slack:
            return self._best, bound, True
        self._pick(programme.pool, clock)
        if self._value - bound <= self._slack:
            return self._best, bound, self._in_time
        worthy = None if clock.over() else self._worthy(priced.prices)
        if clock.over():
            return self._best, bound, False
        if worthy is not None:
            bound = max(bound, min(self._pick(worthy, clock), self._value))
        return self._best, bound, self._in_time

    def _pick(self, columns: Columns, clock: Clock) -> float:
        """Take the best whole choice among some columns if it is better; return the bound of such choices."""
        choice, limits = self._choice, self._limits
        gap = self._slack / 4 / max(abs(self._value), 1.0)
        picked = pick_columns(
            columns, len(choice.entries), choice.stock, gap=gap, nodes=limits.nodes, seconds=clock.left()
        )
        self._in_time &= picked.in_time
        if picked.columns is not None and (value := float(columns.cost[picked.columns].sum())) < self._value:
            self._best, self._value = choice.offers(columns, picked.columns), value
        return picked.bound

    def _worthy(self, prices: NDArray[np.float64]) -> Columns | None:
        """Return all offers that a better solution could contain, None if they are too many."""
        choice = self._choice
        found = choice.at(prices)
        lagrangian = sum([c.score for c in found]) - float(prices @ choice.stock)
        room = self._value - lagrangian
        rows = choice.rows(prices)
        offers: list[list[tuple[int, Offer]]] = []
        open_to = self._limits.offers
        for number, (entry, least) in enumerate(zip(choice.entries, found, strict=True)):
            below = entry.below(least.score + room, rows[entry.pool], open_to)
            if below is None:
                return None
            below |= {least.offer, self._best[number]}
            open_to -= len(below)
            offers.append([(number, offer) for offer in sorted(below)])
        return choice.columns(chain.from_iterable(offers)) if open_to >= 0 else None
