"""Pairs of stores that are alike, one of each treated by chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.study.pilot import power
from sim.study.pilot.analysis import mean_of
from sim.study.pilot.designs.design import UNKNOWN
from sim.study.pilot.layout import Layout, from_then_on
from sim.study.pilot.noise import noise_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.study.pilot.analysis import Found
    from sim.study.pilot.layout import Values, Weeks
    from sim.study.pilot.noise import Noise
    from sim.study.pilot.power import Precision
    from sim.study.pilot.stores import Stores


@dataclass(frozen=True)
class MatchedPairs:
    """Pairs of stores that are alike, one of each by chance."""

    title = "matched pairs"
    says = "in each pair the treated store less the other, afterwards: paired t"
    family = "pairs"
    by_chance = True

    def lay(self, stores: Stores, count: int, weeks: Weeks, run: int, rng: np.random.Generator) -> Layout:
        """Draw pairs, and one of each."""
        pairs = stores.paired()
        unit = np.full(stores.count, -1)
        chosen = []
        for k, at in enumerate(np.sort(rng.choice(len(pairs), min(count, len(pairs)), replace=False))):
            unit[list(pairs[at])] = k
            chosen.append(pairs[at][int(rng.random() < 0.5)])
        return Layout(from_then_on(chosen, weeks.before, (stores.count, run)), unit)

    def analyse(self, values: Values, layout: Layout, weeks: Weeks) -> Found:
        """Compare within pairs."""
        means, ever = values.mean(weeks.late), layout.ever
        differences = np.zeros(layout.unit.max() + 1)
        for j in np.flatnonzero(layout.unit >= 0):
            differences[layout.unit[j]] += means[j] if ever[j] else -means[j]
        return mean_of(differences)

    def noise(self, histories: Sequence[Values], stores: Stores) -> Noise:
        """Return the noise of the difference within a pair."""
        one, other = np.array(stores.paired()).T
        return noise_of([each.by_week()[one] - each.by_week()[other] for each in histories])

    def precision(self, noise: Noise, stores: Stores, count: int, weeks: Weeks, by: int | None = None) -> Precision:
        """One sample of differences; which of a pair is treated is chance, so its level counts in full."""
        return power.pairs(noise.of_mean(weeks.seen(by)), count) if 2 * count <= stores.fit.sum() else UNKNOWN
