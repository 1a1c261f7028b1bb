"""Which inputs an output hangs on: screening by Morris, then shares of its variance by Sobol.

The sampling and the indices are SALib's. Morris tries each input from many starting points, r (k + 1) runs in all: mu*
is the mean size of its elementary effects, sigma how much they differ from place to place (Morris 1991; Campolongo et
al. 2007). Sobol's indices say what share of the output's variance an input has alone (S1) and with all it takes part
in (ST); they need N (k + 2) runs (Saltelli et al. 2010), so where a run is dear a metamodel stands in for it: a
quadratic surface fitted to a few runs, whose own fit is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.errors import FulfillSimError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LEVELS = 4
"""Of Morris's grid on each input; the usual number."""


@dataclass(frozen=True, slots=True)
class Effect:
    """What Morris finds of one input, in the output's unit over the whole range of the input.

    Parameters
    ----------
    mu
        Mean elementary effect; where it is smaller than `mu_star` the output rises in places and falls in others.
    mu_star
        Mean of their sizes, and `half_width` of its 95 % interval.
    sigma
        Their spread: large where the effect is bent or hangs on other inputs.
    """

    name: str
    mu: float
    mu_star: float
    half_width: float
    sigma: float


@dataclass(frozen=True, slots=True)
class Share:
    """An input's shares of the output's variance, each with half of its 95 % interval."""

    name: str
    alone: float
    alone_half: float
    total: float
    total_half: float


def _problem(names: Sequence[str]) -> dict[str, Any]:
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def morris_points(names: Sequence[str], trajectories: int, seed: int) -> Floats:
    """Return the points to try, each input a share of its range: `trajectories` times (inputs + 1) rows."""
    from SALib.sample import morris

    return np.asarray(morris.sample(_problem(names), trajectories, num_levels=LEVELS, seed=seed), dtype=np.float64)


def morris_effects(names: Sequence[str], points: Floats, output: Floats, seed: int) -> list[Effect]:
    """Return each input's effect, the largest first."""
    from SALib.analyze import morris

    found = morris.analyze(_problem(names), points, np.asarray(output), num_levels=LEVELS, seed=seed)
    columns = (found["mu"], found["mu_star"], found["mu_star_conf"], found["sigma"])
    effects = [Effect(name, *map(float, row)) for name, row in zip(names, zip(*columns, strict=True), strict=True)]
    return sorted(effects, key=lambda effect: -effect.mu_star)


def sobol_shares(names: Sequence[str], model: Callable[[Floats], Floats], base: int, seed: int) -> list[Share]:
    """Return each input's shares of the variance of a model's output, the largest total first.

    Parameters
    ----------
    model
        Takes points, a row each, every input a share of its range; called once with ``base * (inputs + 2)`` of them.
    base
        A power of two.

    Raises
    ------
    FulfillSimError
        If the output never changes: there is no variance to share.
    """
    from SALib.analyze import sobol as analysis
    from SALib.sample import sobol as sampling

    problem = _problem(names)
    output = np.asarray(model(sampling.sample(problem, base, calc_second_order=False, seed=seed)), dtype=np.float64)
    if np.ptp(output) == 0:
        raise FulfillSimError("the output is the same at every point - expected inputs that change it")
    found = analysis.analyze(problem, output, calc_second_order=False, seed=seed)
    columns = (found["S1"], found["S1_conf"], found["ST"], found["ST_conf"])
    shares = [Share(name, *map(float, row)) for name, row in zip(names, zip(*columns, strict=True), strict=True)]
    return sorted(shares, key=lambda share: -share.total)


class Surface:
    """A quadratic surface through runs at some points: squares and products of all inputs, by least squares.

    Parameters
    ----------
    points
        A row each, every input a share of its range.

    Raises
    ------
    FulfillSimError
        If there are too few points to fit it and to tell how well it fits.
    """

    def __init__(self, points: Floats, output: Floats) -> None:
        terms = _terms(points)
        if len(points) <= terms.shape[1] + 1:
            raise FulfillSimError(f"{len(points)} points - a quadratic surface needs at least {terms.shape[1] + 2}")
        self._coefficients, *_ = np.linalg.lstsq(terms, output, rcond=None)
        residual = output - terms @ self._coefficients
        # each point's own pull is taken out: what the surface through all others would have missed it by
        leverage = np.einsum("ij,ji->i", terms, np.linalg.pinv(terms))
        missed = residual / np.maximum(1 - leverage, 1e-9)
        spread = float(((output - output.mean()) ** 2).sum())
        self.fit = 1.0 if spread == 0 else 1 - float((missed**2).sum()) / spread
        """The share of the variance at points left out, one by one, that it predicts; 1 is all."""

    def __call__(self, points: Floats) -> Floats:
        """Return what it says at other points."""
        return np.asarray(_terms(points) @ self._coefficients, dtype=np.float64)


def _terms(points: Floats) -> Floats:
    count, inputs = points.shape
    pairs = [points[:, i] * points[:, j] for i in range(inputs) for j in range(i, inputs)]
    return np.column_stack([np.ones(count), points, *pairs])
