"""When a scenario has settled: hourly series from the very first hour on, each asked by MSER-5 over a whole week."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.chance.tape import Tape
from sim.errors import FulfillSimError
from sim.ledger.orders import orders_of
from sim.routing.build import build_engine
from sim.study.experiment import routing_of
from sim.study.statistics.warm_up import WarmUp, mser, welch
from sim.world.simulate import simulate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.ledger.orders import Columns
    from sim.scenario.load import Scenario

HOURS_A_DAY = 24
WINDOW = 84
"""Hours on either side of a moving average: together a week, which has no rhythm of its own."""
LEAST_DAYS = 14


class Settling(NamedTuple):
    """One series.

    Parameters
    ----------
    hourly
        Shape (replications, hours).
    found
        Where its moving average settles, hours.
    """

    what: str
    hourly: NDArray[np.float64]
    found: WarmUp

    @property
    def days(self) -> float:
        """After how many days it has settled."""
        return self.found.cut / HOURS_A_DAY


def settling(scenario: Scenario, strategy: str, replications: int, seed: int) -> list[Settling]:
    """Run a scenario and tell where orders under way, their delivery time and their cost settle.

    Raises
    ------
    FulfillSimError
        If the run, warm-up included, is shorter than two weeks.
    """
    clock = scenario.file.clock
    days = clock.warm_up + clock.measure
    if days < LEAST_DAYS:
        raise FulfillSimError(f"{days} days with warm-up - expected at least {LEAST_DAYS}, see --days")
    hours = np.arange(HOURS_A_DAY * days)
    config = routing_of(scenario)
    series: dict[str, list[NDArray[np.float64]]] = {}
    for replication in range(replications):
        engine = build_engine(config, strategy, scenario.network)
        orders = orders_of(simulate(scenario, Tape(scenario, seed, replication), engine))
        for what, values in _series(orders, hours).items():
            series.setdefault(what, []).append(values)
    return [Settling(what, np.array(rows), mser(welch(rows, WINDOW))) for what, rows in series.items()]


def _series(orders: Columns, hours: NDArray[np.int64]) -> dict[str, NDArray[np.float64]]:
    placed = np.sort(orders["at"])
    delivered = np.sort(np.nan_to_num(orders["delivered_at"], nan=np.inf))
    moments = hours * 60.0
    under_way = np.searchsorted(placed, moments) - np.searchsorted(delivered, moments)
    return {
        "Orders under way": under_way.astype(np.float64),
        "Hours to delivery, by when ordered": _by_hour(orders, orders["delivery_hours"], hours),
        "USD an order, by when ordered": _by_hour(orders, orders["cost_cents"] / 100, hours),
    }


def _by_hour(orders: Columns, values: NDArray[np.float64], hours: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the mean of each hour's orders; an hour without any lies between its neighbours."""
    known = np.isfinite(values) & (orders["units_picked"] > 0)
    hour = np.minimum((orders["at"][known] / 60).astype(np.int64), len(hours) - 1)
    count = np.bincount(hour, minlength=len(hours))
    some = count > 0
    if not some.any():
        return np.zeros(len(hours))
    mean = np.bincount(hour, values[known], minlength=len(hours))[some] / count[some]
    return np.interp(hours, hours[some], mean)
