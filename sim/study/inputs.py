"""Not knowing the inputs beside chance: how much of an interval goes away with more replications, and how much not.

The inputs are drawn from what is believed of them, and every draw is run on the same luck. That is a crossed table,
draws of inputs by replications, and its variance has three parts (two-way random effects; Searle, Casella and
McCulloch, Variance Components): the inputs' own, the luck's own, and that of the two together. More replications make
the latter two smaller; the first stays whatever is computed, until the inputs are known better.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from sim.errors import FulfillSimError, shown
from sim.scenario.changes import parsed
from sim.study.statistics.estimate import Interval, t_quantile

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SAID = re.compile(r"([^=]+)=\s*(normal|uniform)\(\s*([^,()]+?)\s*,\s*([^,()]+?)\s*\)\s*")
_NUMBER = re.compile(r"([+-]?\d+(?:\.\d+)?)\s*([^\d\s]*)")


@dataclass(frozen=True, slots=True)
class Parts:
    """A mean over inputs and luck, and where its uncertainty comes from; variances are never less than zero.

    Parameters
    ----------
    inputs
        Variance between draws of the inputs, luck apart.
    luck
        Variance between replications of one and the same inputs, what hangs on both included.
    """

    mean: float
    inputs: float
    luck: float
    draws: int
    replications: int

    @property
    def share_of_inputs(self) -> float:
        """The share of the interval's variance that comes of not knowing the inputs; NaN where nothing varies."""
        whole = self.inputs + self.luck / self.replications
        return self.inputs / whole if whole else math.nan

    def interval(self, level: float = 0.95) -> Interval:
        """Return where the mean at the true inputs lies: chance of these replications and of the inputs together."""
        degrees = min(self.draws, self.replications) - 1  # the fewer, to be on the safe side
        variance = self.inputs * (1 + 1 / self.draws) + self.luck / self.replications
        half = t_quantile(degrees, level) * math.sqrt(variance)
        return Interval(self.mean, self.mean - half, self.mean + half)


def parts_of(table: NDArray[np.float64]) -> Parts:
    """Part the variance of a table, a row a draw of the inputs and a column a replication.

    Raises
    ------
    FulfillSimError
        If there are fewer than two of either.
    """
    draws, replications = table.shape
    if min(draws, replications) < 2:
        raise FulfillSimError(f"{draws} draws by {replications} replications - expected at least two of each")
    mean = float(table.mean())
    rows, columns = table.mean(axis=1), table.mean(axis=0)
    rest = table - rows[:, None] - columns[None, :] + mean
    together = float((rest**2).sum()) / ((draws - 1) * (replications - 1))
    inputs = max(float(rows.var(ddof=1)) - together / replications, 0.0)
    luck = max(float(columns.var(ddof=1)) - together / draws, 0.0)
    return Parts(mean, inputs, luck + together, draws, replications)


class Belief(NamedTuple):
    """What is believed of an input: a law with two numbers, in a unit.

    Parameters
    ----------
    first, second
        Of `normal` the mean and the standard deviation, of `uniform` the ends.
    """

    path: str
    law: str
    first: float
    second: float
    unit: str

    def at(self, share: float) -> str | float:
        """Return the value that has that share of the law below it, as a scenario would have it."""
        from scipy.special import ndtri

        along = float(ndtri(share)) if self.law == "normal" else share
        spread = self.second if self.law == "normal" else self.second - self.first
        number = self.first + along * spread
        return f"{number:.6g} {self.unit}" if self.unit else float(f"{number:.6g}")


def read_belief(text: str) -> Belief:
    """Read ``path=normal(mean, deviation)`` or ``path=uniform(low, high)``, each number with its unit.

    Raises
    ------
    FulfillSimError
        If it is neither.
    """
    said = _SAID.fullmatch(text)
    numbers = [_NUMBER.fullmatch(said[k]) for k in (3, 4)] if said else []
    if said is None or None in numbers:
        raise FulfillSimError(
            f"--uncertain {shown(text)} - expected path=normal(mean, deviation) or uniform(low, high)"
        )
    try:
        parsed(said[1].strip())
    except ValueError as error:
        raise FulfillSimError(f"--uncertain {error}") from None
    (first, unit), (second, other) = (number.groups() for number in numbers if number is not None)
    if unit != other:
        raise FulfillSimError(f"--uncertain {shown(text)}: {unit or 'no unit'} and {other or 'no unit'} - expected one")
    belief = Belief(said[1].strip(), said[2], float(first), float(second), unit)
    if belief.law == "normal" and belief.second <= 0:
        raise FulfillSimError(f"--uncertain {shown(text)}: {second} - expected a deviation above 0")
    if belief.law == "uniform" and belief.first >= belief.second:
        raise FulfillSimError(f"--uncertain {shown(text)} - expected the low end first")
    return belief
