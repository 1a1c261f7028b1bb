"""How often each design finds an effect where nothing is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.study.pilot.designs.names import design_of
from sim.study.pilot.laid import drawn, found_in
from sim.study.pilot.shares import Share, wilson

if TYPE_CHECKING:
    from sim.study.pilot.layout import Values
    from sim.study.pilot.plan import DesignName
    from sim.study.pilot.worlds import Study


def sizes_of(study: Study) -> tuple[int, int]:
    """Return the middle size that the plan asks for: how many are treated, and the weeks looked at."""
    counts, after = study.plan.stores.treated, study.plan.weeks.after
    return counts[len(counts) // 2], after[-1]


def rejections(study: Study, histories: list[Values]) -> dict[DesignName, Share]:
    """Return how often each design finds an effect where nothing was done, a pilot on each history."""
    count, after = sizes_of(study)
    weeks = study.weeks(after)
    found: dict[DesignName, Share] = {}
    for name in study.plan.designs:
        design = design_of(name, study.plan)
        hits = 0
        for tape, history in enumerate(histories):
            layout = drawn(design, "nothing", study.stores, count, weeks, history.over.shape[1], study.seed, tape)
            hits += found_in(design.analyse(history, layout, weeks), study.plan.alpha)
        found[name] = wilson(hits, len(histories))
    return found
