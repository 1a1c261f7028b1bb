"""What a design is: who is treated when, how that is analysed, and how well the effect will be known by formula."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Protocol

import numpy as np

from sim.study.pilot.noise import Noise, noise_of
from sim.study.pilot.power import Precision

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.study.pilot.analysis import Found
    from sim.study.pilot.layout import Floats, Layout, Values, Weeks
    from sim.study.pilot.stores import Stores

LEAST_UNITS = 4
"""Below which a design with a level of each unit tells nothing."""
UNKNOWN = Precision(math.inf, 0)


class Design(Protocol):
    """One way to pilot.

    Attributes
    ----------
    family
        Designs of one family lay out the same pilot, and analyse it differently.
    by_chance
        Whether stores are drawn, so that with no effect its estimate is right on average.
    """

    title: str
    says: str
    family: str
    by_chance: bool

    def lay(self, stores: Stores, count: int, weeks: Weeks, run: int, rng: np.random.Generator) -> Layout:
        """Lay one out in a run of so many weeks."""
        ...

    def analyse(self, values: Values, layout: Layout, weeks: Weeks) -> Found:
        """Analyse what came of it."""
        ...

    def noise(self, histories: Sequence[Values], stores: Stores) -> Noise:
        """Return the noise of its units where nothing is tried."""
        ...

    def precision(self, noise: Noise, stores: Stores, count: int, weeks: Weeks, by: int | None = None) -> Precision:
        """Return how well the effect will be known, by so many of the weeks looked at, or by the end."""
        ...


def drawn(stores: Stores, count: int, rng: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Draw units, spread over the strata; return them in the order drawn, and of every store its unit, -1 if none."""
    chosen = rng.permutation(stores.spread(count, rng))
    unit = np.full(stores.count, -1)
    unit[chosen] = np.arange(count)
    return chosen, unit


def of_stores(histories: Sequence[Values], stores: Stores) -> Noise:
    """Return the noise of the stores that can take part."""
    return noise_of([each.by_week()[stores.fit] for each in histories])


def known(values: Floats, layout: Layout) -> Floats:
    """Leave out who takes no part."""
    return np.where(layout.unit >= 0, values, np.nan)
