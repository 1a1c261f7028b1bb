"""How often our own intervals are right, where the truth is known: the methods of this room on made-up replications.

A replication of the model has about `ORDERS` orders, gamma distributed, with the coefficient of variation of a week
whose days have 20 % (`WEEK`), or of one wild day (`DAY`); all its orders share how far the carriers are off.

- cost of an order: ``A + B N / E N`` plus luck, so that busy times are dear and N is in numerator and denominator:
  E cost / E N = A + B (1 + cv^2);
- its mean over replications, each replication counting once: A + B;
- of two strategies on the same luck the second costs `LESS` less, with luck of its own;
- hours to delivery: lognormal, scaled by the replication's own lognormal factor: the p-quantile of all orders is
  exp(mu + z_p sqrt(sigma^2 + tau^2)) where replications have equally many orders.
"""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.study.experiment import Experiment
from sim.study.kpis.catalogue import BY_NAME, Sums, estimate
from sim.study.runs.kept import ArmRun
from sim.study.statistics.estimate import difference, pooled_quantile, ratio_of_sums
from sim.study.statistics.selection import kim_nelson
from sim.study.until import Until, run_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sim.study.experiment import Replication
    from sim.study.statistics.estimate import Interval

ORDERS, WEEK, DAY = 200, 0.08, 0.25
A, B, LUCK, LESS = 12.0, 3.0, 0.4, 0.10
MU, SIGMA, TAU, TAIL = math.log(60), 0.5, 0.1, 0.95
Z_TAIL = 1.6448536269514722
KPI = BY_NAME["cost_per_order"]


class Cell(NamedTuple):
    """How often something was as promised.

    Parameters
    ----------
    what, replications
        Which method, on how many replications (of a sequential rule: on average).
    promised, found
        Shares.
    error
        Half of the 95 % Monte-Carlo interval of `found`.
    """

    what: str
    replications: float
    promised: float
    found: float
    error: float


def coverage(trials: int, seed: int, replications: Sequence[int] = (10, 20)) -> Iterator[Cell]:
    """Yield how often the 95 % intervals cover the truth, each method at each number of replications."""
    for what, (truth, interval) in METHODS.items():
        for count in replications:
            hits = 0
            for trial in range(trials):
                found = interval(_luck(seed, what, count, trial), count)
                hits += found.low <= truth <= found.high
            yield _cell(what, count, 0.95, hits, trials)


def sequential(trials: int, seed: int) -> Cell:
    """Return how often the interval of a difference covers it when replications were added until it was narrow."""
    until = Until({KPI: 0.05}, 60)
    experiment = Experiment({}, ("base", "other"), 5, seed)
    hits = taken = 0
    for trial in range(trials):
        rng = _luck(seed, "until", 0, trial)
        made: dict[int, Replication] = {}

        def run(
            numbers: Sequence[int], rng: np.random.Generator = rng, made: dict[int, Replication] = made
        ) -> Iterator[tuple[int, Replication]]:
            for number in numbers:
                made[number] = _replication(rng)
                yield number, made[number]

        _, runs, _ = run_until(experiment, until, run)
        pairs = [[replication[arm].sums for replication in runs] for arm in ("other", "base")]
        found = difference(*(estimate(KPI, sums) for sums in pairs)).interval()
        hits += found.low <= -LESS <= found.high
        taken += len(runs)
    return _cell("difference, --until 0.05 USD", taken / trials, 0.95, hits, trials)


def selection(trials: int, seed: int, options: int = 5) -> Cell:
    """Return how often Kim and Nelson's procedure selects the best, which leads by no more than the indifference."""
    hits = taken = 0
    for trial in range(trials):
        rng = _luck(seed, "selection", options, trial)
        shared = rng.normal(0, 1, 4_000)
        own = rng.normal(0, 0.5, (options, 4_000))

        def sample(
            those: Sequence[int], replication: int, shared: np.ndarray = shared, own: np.ndarray = own
        ) -> list[float]:
            luck = shared[replication] + own[those, replication]
            return [each + (0.0 if k == options - 1 else 0.25) for k, each in zip(those, luck.tolist(), strict=True)]

        found = kim_nelson(sample, options, indifference=0.25)
        hits += found.best == options - 1
        taken += int(found.replications.max())
    return _cell(f"best of {options} selected (KN)", taken / trials, 0.95, hits, trials)


def _mean(rng: np.random.Generator, count: int, busy: float) -> Interval:
    return ratio_of_sums(_cost(rng, _orders(rng, count, busy)), np.ones(count)).interval()


def _ratio(rng: np.random.Generator, count: int, busy: float) -> Interval:
    orders = _orders(rng, count, busy)
    return ratio_of_sums(orders * _cost(rng, orders), orders).interval()


def _difference(rng: np.random.Generator, count: int, busy: float) -> Interval:
    orders = _orders(rng, count, busy)
    cost = _cost(rng, orders)
    other = cost - LESS + rng.normal(0, LUCK / 4, count)
    return difference(ratio_of_sums(orders * other, orders), ratio_of_sums(orders * cost, orders)).interval()


def _quantile(rng: np.random.Generator, count: int) -> Interval:
    factor = rng.normal(0, TAU, (count, 1))
    hours = np.exp(MU + factor + rng.normal(0, SIGMA, (count, ORDERS)))
    return pooled_quantile(list(hours), TAIL).interval()


def _orders(rng: np.random.Generator, count: int, busy: float) -> np.ndarray:
    return rng.gamma(busy**-2, ORDERS * busy**2, count)


def _cost(rng: np.random.Generator, orders: np.ndarray) -> np.ndarray:
    cost: np.ndarray = A + B * orders / ORDERS + rng.normal(0, LUCK, len(orders))
    return cost


def _replication(rng: np.random.Generator) -> Replication:
    orders = _orders(rng, 1, WEEK)
    cost = _cost(rng, orders)
    usd = {"base": cost, "other": cost - LESS + rng.normal(0, LUCK / 4, 1)}
    return {
        arm: ArmRun(Sums({KPI.name: (float((orders * each)[0]), float(orders[0]))}, {}, 0), 0, 0.0, {})
        for arm, each in usd.items()
    }


def _luck(seed: int, what: str, count: int, trial: int) -> np.random.Generator:
    return np.random.default_rng([seed, *what.encode(), count, trial])


def _cell(what: str, replications: float, promised: float, hits: int, trials: int) -> Cell:
    found = hits / trials
    return Cell(what, replications, promised, found, 1.96 * math.sqrt(found * (1 - found) / trials))


METHODS: dict[str, tuple[float, Callable[[np.random.Generator, int], Interval]]] = {
    "mean": (A + B, partial(_mean, busy=WEEK)),
    "ratio of sums": (A + B * (1 + WEEK**2), partial(_ratio, busy=WEEK)),
    "ratio of sums, wild days": (A + B * (1 + DAY**2), partial(_ratio, busy=DAY)),
    "paired difference": (-LESS, partial(_difference, busy=WEEK)),
    "paired difference, wild days": (-LESS, partial(_difference, busy=DAY)),
    "p95 of all orders": (math.exp(MU + Z_TAIL * math.hypot(SIGMA, TAU)), _quantile),
}
