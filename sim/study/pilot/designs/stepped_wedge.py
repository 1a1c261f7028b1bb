"""Stores that begin in waves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.study.pilot import wedge
from sim.study.pilot.analysis import levels_and_weeks
from sim.study.pilot.designs.design import LEAST_UNITS, UNKNOWN, drawn, of_stores
from sim.study.pilot.layout import Layout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sim.study.pilot.analysis import Found
    from sim.study.pilot.layout import Values, Weeks
    from sim.study.pilot.noise import Noise
    from sim.study.pilot.power import Precision
    from sim.study.pilot.stores import Stores


@dataclass(frozen=True)
class SteppedWedge:
    """Stores that begin in waves; those still to come are compared with."""

    waves: int
    title = "stepped wedge"
    says = "stores begin in waves; least squares with a random level of each store and a fixed one of each week: t"
    family = "wedge"
    by_chance = True

    def lay(self, stores: Stores, count: int, weeks: Weeks, run: int, rng: np.random.Generator) -> Layout:
        """Draw stores, and the wave of each."""
        chosen, unit = drawn(stores, count, rng)
        treated = np.zeros((stores.count, run), dtype=np.bool_)
        treated[chosen, : weeks.all] = self._waves(count, weeks)
        treated[:, weeks.all :] = treated[:, [weeks.all - 1]]
        return Layout(treated, unit)

    def analyse(self, values: Values, layout: Layout, weeks: Weeks) -> Found:
        """Estimate the effect from all weeks but those after a store's start."""
        found = np.where(_settling(layout.treated, weeks), np.nan, values.by_week())[layout.unit >= 0, : weeks.all]
        return levels_and_weeks(found, layout.treated[layout.unit >= 0, : weeks.all])

    def noise(self, histories: Sequence[Values], stores: Stores) -> Noise:
        """Return the noise of stores."""
        return of_stores(histories, stores)

    def precision(self, noise: Noise, stores: Stores, count: int, weeks: Weeks, by: int | None = None) -> Precision:
        """Hussey and Hughes, of what is looked at: the weeks after its start are missing of each store."""
        if count > stores.fit.sum() or count < LEAST_UNITS:
            return UNKNOWN
        design = self._waves(count, weeks)
        seen, so_far = ~_settling(design, weeks), slice(weeks.upto(by))
        return wedge.precision(design[:, so_far], noise.within, noise.between, seen=seen[:, so_far])

    def _waves(self, count: int, weeks: Weeks) -> NDArray[np.bool_]:
        waves = max(2, min(self.waves, weeks.settle + weeks.after, count))
        step = max(1, (weeks.settle + weeks.after) // waves)
        starts = weeks.before + step * (np.arange(count) * waves // count)
        found: NDArray[np.bool_] = np.arange(weeks.all) >= starts[:, np.newaxis]
        return found


def _settling(treated: NDArray[np.bool_], weeks: Weeks) -> NDArray[np.bool_]:
    """Return the weeks just after each store's start that are not looked at."""
    long_since = np.pad(treated, ((0, 0), (weeks.settle, 0)))[:, : treated.shape[1]]
    found: NDArray[np.bool_] = treated & ~long_since
    return found
