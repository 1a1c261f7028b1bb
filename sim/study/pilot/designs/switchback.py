"""Units that go back and forth."""

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
class Switchback:
    """Units that go back and forth by blocks of weeks."""

    block: int
    title = "switchback"
    says = "on and off by chance, half of the time; least squares with a level of each unit and of each week: t"
    family = "switchback"
    by_chance = True

    def lay(self, stores: Stores, count: int, weeks: Weeks, run: int, rng: np.random.Generator) -> Layout:
        """Draw units, and for each the half of the blocks in which it is on."""
        chosen, unit = drawn(stores, count, rng)
        treated = np.zeros((stores.count, run), dtype=np.bool_)
        for number, j in enumerate(chosen.tolist()):
            treated[j, weeks.before :] = self._on(run - weeks.before, number, rng)
        return Layout(treated, unit)

    def analyse(self, values: Values, layout: Layout, weeks: Weeks) -> Found:
        """Estimate the effect from all weeks since the first switch."""
        part, since = layout.unit >= 0, slice(weeks.before, weeks.all)
        return levels_and_weeks(values.by_week()[part, since], layout.treated[part, since])

    def noise(self, histories: Sequence[Values], stores: Stores) -> Noise:
        """Return the noise of units."""
        return of_stores(histories, stores)

    def precision(self, noise: Noise, stores: Stores, count: int, weeks: Weeks, by: int | None = None) -> Precision:
        """Hussey and Hughes for what one draw treats."""
        if not LEAST_UNITS <= count <= stores.fit.sum() or weeks.settle + weeks.after < 2 * self.block:
            return UNKNOWN
        layout = self.lay(stores, count, weeks, weeks.all, np.random.Generator(np.random.Philox(1)))
        design = layout.treated[layout.unit >= 0, weeks.before : weeks.upto(by)]
        return wedge.precision(design, noise.within, noise.between)

    def _on(self, weeks: int, number: int, rng: np.random.Generator) -> NDArray[np.bool_]:
        """Return the weeks in which a unit is on: one block of every two, by chance; every other unit ends on."""
        blocks = -(-weeks // self.block)
        pairs = np.array([(a, not a) for a in rng.random(-(-blocks // 2)) < 0.5]).ravel()[:blocks]
        if blocks % 2:
            pairs[-1] = bool(number % 2)
        return np.repeat(pairs, self.block)[:weeks]
