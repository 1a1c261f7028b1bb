"""The stores a pilot can choose from, what they are like, and how some are chosen so that they stand for all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import FulfillSimError, expected_one_of
from sim.study.pilot.panel import added, markets

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sim.network.network import Network
    from sim.scenario.scenario import Scenario
    from sim.study.pilot.layout import Floats
    from sim.study.pilot.plan import Plan

LEAST = 4
"""Units without which nothing can be compared."""
CLASSES = 3
"""Into which each stratum's measure is cut, as equal in number as they can be."""


@dataclass(frozen=True, slots=True, eq=False)
class Stores:
    """The units of a pilot: stores that the roll-out is for, each alone or all of a state together.

    Parameters
    ----------
    names
        Of the units: the stores' own, or their states'.
    sites, ids
        The stores: their places among the network's sites, and their names there.
    unit
        To which unit each store belongs, shape (stores,).
    able
        Whether a store can take part, shape (stores,): one that cannot is never treated.
    measures
        What units are like: `people` to whom their stores are the nearest, `km` to the nearest site that is none of
        them, `size` for walk-in customers; a mean over their stores but for people.
    fit
        Which units have a store that can take part.
    strata
        Of each unit, a number: those of the same number are alike.
    """

    names: tuple[str, ...]
    sites: tuple[int, ...]
    ids: tuple[str, ...]
    unit: NDArray[np.int64]
    able: NDArray[np.bool_]
    measures: dict[str, Floats]
    fit: NDArray[np.bool_]
    strata: NDArray[np.int64]

    @property
    def count(self) -> int:
        """How many units there are."""
        return len(self.names)

    def treated_in(self, units: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return which stores are treated where these units are, shape (stores, ...)."""
        found: NDArray[np.bool_] = units[self.unit] & self.able.reshape(-1, *[1] * (units.ndim - 1))
        return found

    def spread(self, count: int, rng: np.random.Generator) -> NDArray[np.int64]:
        """Choose some by chance, so many from each stratum as it has of all: every store is as likely as any other.

        Systematic sampling from the strata laid end to end, each shuffled (Madow 1949).

        Raises
        ------
        FulfillSimError
            If there are not so many.
        """
        fit = np.flatnonzero(self.fit)
        if count > len(fit):
            raise FulfillSimError(f"{count} stores - expected at most the {len(fit)} that can take part")
        shuffled = fit[np.lexsort((rng.random(len(fit)), self.strata[fit]))]
        at = (np.arange(count) + rng.random()) * len(fit) / count
        return np.sort(shuffled[at.astype(np.int64)])

    def paired(self) -> list[tuple[int, int]]:
        """Return the fit stores two by two, each with the most like it that is left, the most unusual first."""
        fit = [int(j) for j in np.flatnonzero(self.fit)]
        z = np.column_stack([_standard(values) for values in self.measures.values()])
        order = sorted(fit, key=lambda j: -float((z[j] ** 2).sum()))
        found = []
        while len(order) > 1:
            first = order.pop(0)
            other = min(order, key=lambda j: float(((z[j] - z[first]) ** 2).sum()))
            order.remove(other)
            found.append((first, other))
        return found


def stores_of(scenario: Scenario, plan: Plan) -> Stores:
    """Return the stores of a plan.

    Raises
    ------
    FulfillSimError
        If a name is unknown, or fewer than four can take part.
    """
    network = scenario.network
    rows = [{"kind": site.kind, "state": site.state, "id": site.id} for site in network.sites]
    sites = [j for j, row in enumerate(rows) if plan.stores.of.holds(row)]
    ids = [network.sites[j].id for j in sites]
    for name in plan.stores.leave_out:
        if name not in ids:
            raise FulfillSimError(f"stores.leave_out: unknown {expected_one_of(name, ids)}")
    own = [network.sites[j].state if plan.stores.together == "state" else network.sites[j].id for j in sites]
    names = list(dict.fromkeys(own))
    unit = np.array([names.index(name) for name in own])
    able = np.array([name not in plan.stores.leave_out for name in ids], dtype=np.bool_)
    fit = np.bincount(unit, weights=able, minlength=len(names)) > 0
    if fit.sum() < LEAST:
        raise FulfillSimError(f"stores: {fit.sum()} can take part - expected at least {LEAST}")
    members = np.bincount(unit, minlength=len(names))
    measures = {
        name: added(unit, values, len(names)) / (1 if name == "people" else members)
        for name, values in _measures(network, sites).items()
    }
    strata = np.zeros(len(names), dtype=np.int64)
    for name in plan.stores.strata:
        rank = measures[name].argsort(kind="stable").argsort(kind="stable")
        strata = strata * CLASSES + rank * CLASSES // len(names)
    return Stores(tuple(names), tuple(sites), tuple(ids), unit, able, measures, fit, strata)


def _measures(network: Network, sites: list[int]) -> dict[str, Floats]:
    """Return what each store is like."""
    people = np.array([place.population for place in network.places], dtype=float)
    others = [j for j in range(len(network.sites)) if j not in set(sites)]
    km = network.km_between[np.ix_(sites, others)].min(axis=1) if others else np.zeros(len(sites))
    return {
        "people": added(markets(network, sites), people, len(sites)),
        "km": np.nan_to_num(km),
        "size": np.array([network.sites[j].walk_in_size for j in sites], dtype=float),
    }


@dataclass(frozen=True, slots=True)
class Balance:
    """How alike treated stores and those they are compared with are, in one measure.

    Parameters
    ----------
    apart
        Difference of the means in standard deviations; up to 0.25 does little harm (Rubin 2001).
    """

    measure: str
    treated: float
    compared: float
    all: float
    apart: float


def balance(measures: dict[str, Floats], treated: NDArray[np.bool_], compared: NDArray[np.bool_]) -> list[Balance]:
    """Return it for every measure."""
    found = []
    for name, values in measures.items():
        one, other = float(values[treated].mean()), float(values[compared].mean())
        spread = float(values.std(ddof=1))
        found.append(Balance(name, one, other, float(values.mean()), (one - other) / spread if spread > 0 else 0.0))
    return found


def _standard(values: Floats) -> Floats:
    spread = values.std()
    found: Floats = (values - values.mean()) / spread if spread > 0 else np.zeros_like(values)
    return found
