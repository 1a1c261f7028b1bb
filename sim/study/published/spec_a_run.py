"""Every policy of the synthetic multi-item experiment on the same orders, and both hindsight bounds.

The instance is the unit of statistics: sequences of one instance share its stock and its order types.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.chance.streams import stream
from sim.routing.prices.configuration import ConfigurationLP
from sim.study.published.choosing import (
    equal_intervals,
    exact,
    nearest_live,
    serve,
    serve_drawn,
    shrinking_intervals,
)
from sim.study.published.exact import ExactSubsets
from sim.study.published.outcome import Lines, Outcome, lines_of, outcome_of
from sim.study.published.planned import serve_planned
from sim.study.published.rounding import admitted, correlated, dilated, draw, force_open, independent, static
from sim.study.published.spec_a import Instance, Shape, generate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from sim.routing.prices.aggregated import Shares
    from sim.study.published.choosing import Pricing

BASELINE = "myopic"
BOUNDS = ("hindsight", "hindsight_configuration")


@dataclass(frozen=True, slots=True)
class Design:
    """How much to run.

    Parameters
    ----------
    solves
        How often the policies with configuration prices solve for them, in equal intervals.
    planned
        How often the policies that follow the plan solve for it, in shrinking intervals.
    sampled
        How often the policy with averaged prices solves for them, in shrinking intervals.
    futures
        Sampled futures whose prices it averages.
    """

    instances: int = 16
    sequences: int = 2
    seed: int = 1
    solves: tuple[int, ...] = (1, 10, 40, 200)
    planned: tuple[int, ...] = (1, 10, 40)
    sampled: int = 40
    futures: int = 8
    shape: Shape = field(default_factory=Shape)


class Sums(NamedTuple):
    """One row over the sequences of one instance.

    Parameters
    ----------
    ratio
        Mean cost over the value of the aggregated LP.
    """

    cost: float
    ratio: float
    orders: int
    boxes: int
    units: int
    dropped: int


def configuration_row(solves: int) -> str:
    """Return the name of the row with configuration prices solved for so often."""
    return f"configuration_{solves}"


def planned_row(solves: int) -> str:
    """Return the name of the row that follows the configuration plan, solved for so often."""
    return f"planned_{solves}"


def run_instance(design: Design, number: int) -> dict[str, Sums]:
    """Return every row's sums over the sequences of one instance."""
    instance = generate(design.seed, number, design.shape)
    run = _Run(design, number, instance)
    per_sequence = [run.sequence(each) for each in range(design.sequences)]
    return {
        row: Sums(
            sum(outcomes[row].cost for outcomes in per_sequence),
            sum(outcomes[row].cost for outcomes in per_sequence) / design.sequences / run.plan.value,
            *(sum(column) for column in zip(*(outcomes[row][1:] for outcomes in per_sequence), strict=True)),
        )
        for row in per_sequence[0]
    }


def run_instances(design: Design, workers: int) -> Iterator[tuple[int, dict[str, Sums]]]:
    """Yield the instances as they finish, in any order; the numbers do not depend on `workers`."""
    if workers <= 1 or design.instances == 1:
        for number in range(design.instances):
            yield number, run_instance(design, number)
        return
    from joblib import Parallel, delayed, parallel_config

    def numbered(number: int) -> tuple[int, dict[str, Sums]]:
        return number, run_instance(design, number)

    with parallel_config(backend="loky", inner_max_num_threads=1):
        parallel = Parallel(n_jobs=min(workers, design.instances), return_as="generator_unordered", batch_size=1)
        yield from parallel(delayed(numbered)(number) for number in range(design.instances))


class _Run:
    """One instance with what is solved once for all its sequences."""

    def __init__(self, design: Design, number: int, instance: Instance) -> None:
        self._design = design
        self._number = number
        self._instance = instance
        self._subsets = ExactSubsets(instance)
        self._opening = instance.stock.ravel().astype(float)
        self.plan: Shares = instance.aggregated.solve(instance.shape.periods * instance.rate, self._opening)

    def sequence(self, sequence: int) -> dict[str, Outcome]:
        """Run every policy on one sequence."""
        instance = self._instance
        orders = instance.sequence(self._design.seed, self._number, sequence)
        lines = lines_of(instance, orders)
        nodes = self._rounded(orders, lines, sequence) | self._chosen(orders, sequence)
        found = {row: outcome_of(instance, lines, node) for row, node in nodes.items()}
        for row, bound in zip(BOUNDS, self._hindsight(instance.counts(orders)), strict=True):
            found[row] = Outcome(bound, 0, 0, 0, 0)
        return found

    def _rounded(self, orders: NDArray[np.int64], lines: Lines, sequence: int) -> dict[str, NDArray[np.int64]]:
        """Return the nodes chosen by the rules that draw from the shares of the aggregated LP."""
        instance, plan = self._instance, self.plan

        def drawn(row: str, rounding: Callable[..., NDArray[np.int64]]) -> NDArray[np.int64]:
            luck = stream(self._design.seed, sequence, f"spec_a_{row}", str(self._number))
            return draw(rounding, instance, lines, static(instance) if row == "static" else plan.share, luck)

        rules = {
            "static": independent,
            "independent": independent,
            "correlated": correlated,
            "dilated": dilated,
            "force_open": force_open,
        }
        draws = {row: drawn(row, rounding) for row, rounding in rules.items()}
        nodes = {row: admitted(instance, lines, node) for row, node in draws.items()}
        prices = plan.prices.reshape(instance.stock.shape)
        for row in ("dilated", "force_open"):
            nodes[f"{row}_fallback"] = serve_drawn(instance, orders, draws[row], exact(self._subsets), prices)
        return nodes

    def _chosen(self, orders: NDArray[np.int64], sequence: int) -> dict[str, NDArray[np.int64]]:
        """Return the nodes chosen by the policies that look at the stock at hand."""
        instance, periods = self._instance, len(orders)
        best = exact(self._subsets)
        nodes = {
            "nearest_live": serve(instance, orders, nearest_live(instance)),
            BASELINE: serve(instance, orders, best),
            "bid_price": serve(instance, orders, best, self._aggregated),
            "bid_price_10": serve(instance, orders, best, self._aggregated, equal_intervals(periods, 10)),
        }
        for solves in self._design.solves:
            starts = equal_intervals(periods, solves)
            nodes[configuration_row(solves)] = serve(instance, orders, best, self._configuration(), starts)
        solves, futures = self._design.sampled, self._design.futures
        luck = stream(self._design.seed, sequence, "spec_a_futures", str(self._number))
        starts = shrinking_intervals(periods, solves)
        nodes[f"sampled_{solves}"] = serve(instance, orders, best, self._configuration(futures, luck), starts)
        for solves in self._design.planned:
            starts = shrinking_intervals(periods, solves)
            nodes[planned_row(solves)] = serve_planned(instance, orders, best, self._programme(), starts)
        return nodes

    def _aggregated(self, periods: int, stock: NDArray[np.int64]) -> NDArray[np.float64]:
        if periods == self._instance.shape.periods:
            return self.plan.prices.reshape(stock.shape)
        found = self._instance.aggregated.solve(periods * self._instance.rate, stock.ravel().astype(float))
        return found.prices.reshape(stock.shape)

    def _programme(self) -> ConfigurationLP:
        """Return a programme with a pool of its own, so that no row depends on which others are run."""
        return ConfigurationLP(self._subsets, self._opening.size)

    def _configuration(self, futures: int = 0, luck: np.random.Generator | None = None) -> Pricing:
        """Return configuration prices for expected orders or, with `luck`, their mean over sampled futures."""
        programme = self._programme()

        def prices(periods: int, stock: NDArray[np.int64]) -> NDArray[np.float64]:
            units = stock.ravel().astype(float)
            expected = periods * self._instance.rate
            if luck is None:
                return programme.solve(expected, units).prices.reshape(stock.shape)
            samples = [programme.solve(luck.poisson(expected).astype(float), units).prices for _ in range(futures)]
            mean: NDArray[np.float64] = np.mean(samples, axis=0).reshape(stock.shape)
            return mean

        return prices

    def _hindsight(self, counts: NDArray[np.float64]) -> tuple[float, float]:
        """Return what nobody can go below who knew all orders: by the aggregated and by the configuration LP."""
        return (
            self._instance.aggregated.solve(counts, self._opening).value,
            self._programme().solve(counts, self._opening).bound,
        )
