"""The grid of stores and weeks: power, the smallest effect that would be seen, and what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sim.study.pilot.designs.design import Design
    from sim.study.pilot.noise import Noise
    from sim.study.pilot.plan import Plan
    from sim.study.pilot.power import Precision
    from sim.study.pilot.stores import Stores
    from sim.study.pilot.worlds import Study


@dataclass(frozen=True, slots=True)
class Cell:
    """One size of one design.

    Parameters
    ----------
    count, after
        Units, and weeks looked at.
    power
        By formula, for the effect that is to be found; NaN where the design cannot be so large.
    smallest
        Effect found with the wanted power.
    cost
        USD.
    """

    count: int
    after: int
    power: float
    smallest: float
    cost: float


def grid(study: Study, design: Design, noise: Noise, effect: float) -> tuple[Cell, ...]:
    """Return every size of a design, the cheapest first."""
    plan, stores = study.plan, study.stores
    counts = plan.stores.treated if design.by_chance else (plan.naive,)
    cells = []
    for count in counts:
        for after in plan.weeks.after:
            weeks = study.weeks(after)
            known = design.precision(noise, stores, count, weeks)
            cost = plan.cost.of(_treated(stores, count), weeks.settle + after) / 100
            cells.append(Cell(count, after, *_of(known, plan, effect), cost))
    return tuple(sorted(cells, key=lambda cell: (cell.cost, cell.count)))


def _of(known: Precision, plan: Plan, effect: float) -> tuple[float, float]:
    return known.power(effect, plan.alpha), known.smallest_effect(plan.power, plan.alpha)


def _treated(stores: Stores, count: int) -> int:
    """Return about how many stores so many units are."""
    return round(count * float(np.bincount(stores.unit[stores.able], minlength=stores.count)[stores.fit].mean()))
