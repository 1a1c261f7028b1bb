"""Pilots laid on histories: other stores drawn again and again, each treated one as it is when all are.

What they do to one another is not in it; for that a pilot has to be simulated as a world of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.chance.streams import stream
from sim.study.pilot.layout import Layout, Values, Weeks
from sim.study.pilot.shares import Share, by_history

if TYPE_CHECKING:
    from sim.study.pilot.analysis import Found
    from sim.study.pilot.designs.design import Design
    from sim.study.pilot.stores import Stores


@dataclass(frozen=True, slots=True, eq=False)
class Histories:
    """The same weeks twice on each of several tapes: nobody treated, and everybody.

    Parameters
    ----------
    seed
        Where the drawn pilots come from.
    """

    base: tuple[Values, ...]
    full: tuple[Values, ...]
    seed: int

    @property
    def run(self) -> int:
        """Weeks of a history."""
        return int(self.base[0].over.shape[1])

    def effects(self, weeks: Weeks) -> np.ndarray:
        """Return the true effect on each tape: the mean over units, all treated less none, in the late weeks."""
        late = weeks.late
        both = zip(self.full, self.base, strict=True)
        return np.array([float(np.nanmean(full.mean(late) - base.mean(late))) for full, base in both])


def drawn(design: Design, name: str, stores: Stores, count: int, weeks: Weeks, run: int, seed: int, k: int) -> Layout:
    """Return the `k`-th pilot of a design, by luck of its own."""
    return design.lay(stores, count, weeks, run, stream(seed, k, name, design.family))


def mixed(base: Values, full: Values, layout: Layout) -> Values:
    """Return a history with the treated weeks of the treated units as they are when all are treated."""
    return Values(np.where(layout.treated, full.over, base.over), np.where(layout.treated, full.under, base.under))


def found_in(found: Found, alpha: float, effect: float = 0.0) -> bool:
    """Return whether an analysis rejects no effect; of an effect, only on its own side."""
    return found.p < alpha and (not effect or found.effect * effect > 0)


def power(
    design: Design, histories: Histories, stores: Stores, count: int, weeks: Weeks, *, alpha: float, pilots: int
) -> tuple[Share, Share]:
    """Return how often the effect is found where it is there, and where nothing is done at all."""
    effect = float(histories.effects(weeks).mean())
    there: list[list[bool]] = [[] for _ in histories.base]
    nothing: list[list[bool]] = [[] for _ in histories.base]
    for k in range(pilots if design.by_chance else len(histories.base)):
        tape = k % len(histories.base)
        layout = drawn(design, "laid", stores, count, weeks, histories.run, histories.seed, k)
        base = histories.base[tape]
        with_effect = design.analyse(mixed(base, histories.full[tape], layout), layout, weeks)
        there[tape].append(found_in(with_effect, alpha, effect))
        nothing[tape].append(found_in(design.analyse(base, layout, weeks), alpha))
    return by_history(there), by_history(nothing)
