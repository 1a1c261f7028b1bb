"""What is done where nobody thinks of a design."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.study.pilot import power
from sim.study.pilot.analysis import mean_of
from sim.study.pilot.designs.design import known, of_stores
from sim.study.pilot.layout import Layout, from_then_on

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.study.pilot.analysis import Found
    from sim.study.pilot.layout import Values, Weeks
    from sim.study.pilot.noise import Noise
    from sim.study.pilot.power import Precision
    from sim.study.pilot.stores import Stores


@dataclass(frozen=True)
class Naive:
    """The best stores, before and after."""

    best: int
    title = "best stores, before and after"
    says = "the stores with most people near them, after less before: paired t"
    family = "naive"
    by_chance = False

    def lay(self, stores: Stores, count: int, weeks: Weeks, run: int, rng: np.random.Generator) -> Layout:
        """Take the best."""
        people = np.where(stores.fit, stores.measures["people"], -1.0)
        best = np.argsort(-people, kind="stable")[: self.best]
        unit = np.full(stores.count, -1)
        unit[best] = np.arange(len(best))
        return Layout(from_then_on(best, weeks.before, (stores.count, run)), unit)

    def analyse(self, values: Values, layout: Layout, weeks: Weeks) -> Found:
        """Compare each with itself."""
        return mean_of(known(values.mean(weeks.late) - values.mean(weeks.early), layout))

    def noise(self, histories: Sequence[Values], stores: Stores) -> Noise:
        """Return the noise of stores."""
        return of_stores(histories, stores)

    def precision(self, noise: Noise, stores: Stores, count: int, weeks: Weeks, by: int | None = None) -> Precision:
        """As if no week were better or worse for all."""
        return power.pairs(noise.within * (1 / weeks.before + 1 / weeks.seen(by)), self.best)
