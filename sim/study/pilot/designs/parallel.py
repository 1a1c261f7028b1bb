"""Stores drawn by chance, all others beside them: afterwards, or with what was before taken off or allowed for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.study.pilot import power
from sim.study.pilot.analysis import adjusted, two_groups
from sim.study.pilot.designs.design import UNKNOWN, known, of_stores
from sim.study.pilot.layout import Layout, from_then_on

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.study.pilot.analysis import Found
    from sim.study.pilot.layout import Values, Weeks
    from sim.study.pilot.noise import Noise
    from sim.study.pilot.power import Precision
    from sim.study.pilot.stores import Stores


@dataclass(frozen=True)
class Parallel:
    """Some stores by chance, all others beside them, afterwards."""

    title = "parallel stores"
    says = "the treated stores against all others, afterwards: t with the pooled variance"
    family = "parallel"
    by_chance = True

    def lay(self, stores: Stores, count: int, weeks: Weeks, run: int, rng: np.random.Generator) -> Layout:
        """Draw stores that stand for all."""
        treated = from_then_on(stores.spread(count, rng), weeks.before, (stores.count, run))
        return Layout(treated, np.where(stores.fit, 0, -1))

    def analyse(self, values: Values, layout: Layout, weeks: Weeks) -> Found:
        """Compare the two groups."""
        return two_groups(known(values.mean(weeks.late), layout), layout.ever)

    def noise(self, histories: Sequence[Values], stores: Stores) -> Noise:
        """Return the noise of stores."""
        return of_stores(histories, stores)

    def precision(self, noise: Noise, stores: Stores, count: int, weeks: Weeks, by: int | None = None) -> Precision:
        """Two arms of unequal size."""
        return self._arms(noise.of_mean(weeks.seen(by)), stores, count)

    def _arms(self, variance: float, stores: Stores, count: int, lost: int = 0) -> Precision:
        control = int(stores.fit.sum()) - count
        return power.two_arms(variance, count, control, lost=lost) if control > 0 else UNKNOWN


@dataclass(frozen=True)
class Change(Parallel):
    """The same, before taken off: difference in differences."""

    title = "before and after, beside others"
    says = "the change of the treated stores against that of all others (difference in differences): t"

    def analyse(self, values: Values, layout: Layout, weeks: Weeks) -> Found:
        """Compare changes."""
        change = values.mean(weeks.late) - values.mean(weeks.early)
        return two_groups(known(change, layout), layout.ever)

    def precision(self, noise: Noise, stores: Stores, count: int, weeks: Weeks, by: int | None = None) -> Precision:
        """Levels cancel."""
        return self._arms(noise.within * (1 / weeks.before + 1 / weeks.seen(by)), stores, count)


@dataclass(frozen=True)
class Adjusted(Parallel):
    """The same, before allowed for: analysis of covariance."""

    title = "allowing for before"
    says = "the treated stores against all others, allowing for what each was before (analysis of covariance): t"

    def analyse(self, values: Values, layout: Layout, weeks: Weeks) -> Found:
        """Compare what before does not explain."""
        after, before = values.mean(weeks.late), values.mean(weeks.early)
        return adjusted(known(after, layout), before, layout.ever)

    def precision(self, noise: Noise, stores: Stores, count: int, weeks: Weeks, by: int | None = None) -> Precision:
        """What before explains cancels."""
        before = noise.of_mean(weeks.before)
        explained = noise.between**2 / before if before > 0 else 0.0
        return self._arms(max(noise.of_mean(weeks.seen(by)) - explained, 0.0), stores, count, lost=1)
