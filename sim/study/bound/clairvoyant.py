"""The bound of one replication: a number below what anybody can pay, and how far below it may be."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from sim.routing.joint.whole import pick_columns
from sim.routing.prices.configuration import ConfigurationLP
from sim.study.bound.splits import ExactSplits
from sim.study.bound.supply import supply_of
from sim.units import MINUTES_PER_DAY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.chance.tape import Tape
    from sim.contract.messages import Line
    from sim.routing.prices.columns import Columns
    from sim.scenario.load import Scenario

How = Literal["exact", "Lagrangian"]
GAP = 1e-6
MOST_ROUNDS = 200
MOST_LISTED = 20_000
"""Ways of all contested orders together up to which they are listed and the integer programme is solved."""
CLOSE = 1e-4
"""Share of its cost by which a plan may be dearer than the best of the ways that were met."""
NODES = 2_000
WHOLE = 1e-9
"""Share of a sum by which floating point may be wrong, and more."""
SOLVER = 0.01
"""Cents, or units, by which a solver may be wrong, and more."""


class Problem(NamedTuple):
    """What a clairvoyant knows: place and lines of each measured order, and the units there are in all."""

    orders: list[tuple[int, tuple[Line, ...]]]
    supply: NDArray[np.int64]


class Bound(NamedTuple):
    """What the measured orders cost at least.

    Parameters
    ----------
    cents
        Nobody pays less. Whole cents, as everything that is booked.
    found_cents
        What a plan that was found costs: nobody needs to pay more than this, if he knows everything and may do all
        that the bound allows.
    orders, contested
        Measured orders, and those that want something of which there is not enough for all.
    how
        `exact`: no plan is cheaper and this one is possible, or the integer programme says so.
    """

    cents: float
    found_cents: float
    orders: int
    contested: int
    how: How

    @property
    def gap(self) -> float:
        """How far below the best plan the bound may be, as a share of that plan's cost."""
        return (self.found_cents - self.cents) / self.found_cents if self.found_cents > self.cents else 0.0


def problem_of(scenario: Scenario, tape: Tape) -> Problem:
    """Return what there is to decide in a replication."""
    clock = scenario.file.clock
    start, end = clock.warm_up * MINUTES_PER_DAY, (clock.warm_up + clock.measure) * MINUTES_PER_DAY
    days = range(clock.warm_up, clock.warm_up + clock.measure)
    orders = [(each.place, each.lines) for day in days for each in tape.shoppers(day) if start <= each.at < end]
    return Problem(orders, supply_of(scenario, tape))


def lagrangian(scenario: Scenario, problem: Problem, prices: NDArray[np.float64]) -> float:
    """Return the Lagrangian value at any prices that are not negative, shape (products, sites): nobody pays less."""
    priced = ExactSplits(scenario, *problem).cheapest(prices.ravel()).priced(prices.ravel())
    return float(priced.sum() - prices.ravel() @ problem.supply.ravel())


def bound_of(scenario: Scenario, problem: Problem) -> Bound:
    """Bound what the orders of a replication cost, whoever routes them."""
    choice = ExactSplits(scenario, *problem)
    supply = problem.supply.ravel().astype(float)
    free = choice.cheapest(np.zeros(len(supply)))
    scarce = _products(_taken(free, len(supply)) > supply, problem)
    rows = _who_want(scarce, problem)
    if not rows.any():
        cents = float(free.cost.sum())
        return Bound(cents, cents, len(problem.orders), 0, "exact")
    listed = choice.every(MOST_LISTED)
    if listed is not None:
        best = pick_columns(listed, len(problem.orders), supply, gap=0.0, nodes=NODES, seconds=None)
        if best.columns is not None:
            found, least = float(listed.cost[best.columns].sum()), _whole_cents(best.bound, SOLVER)
            if least >= found:
                return Bound(found, found, len(problem.orders), int(rows.sum()), "exact")
    return _by_prices(scenario, problem, choice, free, scarce)


def _by_prices(
    scenario: Scenario, problem: Problem, choice: ExactSplits, free: Columns, scarce: NDArray[np.bool_]
) -> Bound:
    """Find prices for the orders that contend for what is scarce, and the Lagrangian value of all orders at them.

    Parameters
    ----------
    free
        What each order would have if there were enough.
    scarce
        Products of which there is not enough for that.
    """
    supply = problem.supply.ravel().astype(float)
    known: Columns | None = None
    while True:
        rows = _who_want(scarce, problem)
        number = np.flatnonzero(rows)
        if known is not None:
            known = known._replace(of_type=np.searchsorted(number, known.of_type))
        contested = ExactSplits(scenario, [problem.orders[k] for k in number.tolist()], problem.supply)
        programme = ConfigurationLP(contested, len(supply), gap=GAP, max_rounds=MOST_ROUNDS, also=known)
        solved = programme.solve(np.ones(len(number)), supply)
        pool, beside = programme.pool, free.only(~rows)
        used = np.bincount(pool.cell, weights=pool.units * solved.plan[pool.column], minlength=len(supply))
        over = _products(used + _taken(beside, len(supply)) > supply + SOLVER, problem)
        if not (over & ~scarce).any():
            break
        scarce[over] = True  # who moves away from what is scarce takes what others had for nothing
        known = pool._replace(of_type=number[pool.of_type])
    priced = choice.cheapest(solved.prices).priced(solved.prices).sum()
    value, of_supply = float(priced), float(solved.prices @ supply)
    least = _whole_cents(value - of_supply, WHOLE * (value + of_supply))
    best = pick_columns(pool, len(number), supply - _taken(beside, len(supply)), gap=CLOSE, nodes=NODES, seconds=None)
    nothing = contested.cheapest(np.full(len(supply), np.inf)).cost  # to leave everything is always possible
    chosen = nothing if best.columns is None else pool.cost[best.columns]
    found = float(beside.cost.sum() + chosen.sum())
    least = min(least, found)
    return Bound(least, found, len(problem.orders), len(number), "exact" if least == found else "Lagrangian")


def _taken(columns: Columns, cells: int) -> NDArray[np.float64]:
    """Return the units that columns take of each cell, each of them once."""
    taken: NDArray[np.float64] = np.bincount(columns.cell, weights=columns.units, minlength=cells).astype(np.float64)
    return taken


def _products(cells: NDArray[np.bool_], problem: Problem) -> NDArray[np.bool_]:
    """Return which products some cells are of."""
    return np.asarray(cells.reshape(problem.supply.shape).any(axis=1))


def _who_want(products: NDArray[np.bool_], problem: Problem) -> NDArray[np.bool_]:
    wanted = products.tolist()
    return np.array([any([wanted[line[0]] for line in lines]) for _, lines in problem.orders], dtype=bool)


def _whole_cents(cents: float, slack: float) -> float:
    """Return the least whole number of cents that is not below an amount by more than floating point may be wrong."""
    return float(math.ceil(cents - slack))
