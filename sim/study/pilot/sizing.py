"""Sizing a pilot: what stores do by themselves, what the roll-out would do, and what each design would say of it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sim.study.compare import Comparison
from sim.study.pilot import laid
from sim.study.pilot.designs.names import design_of
from sim.study.pilot.grid import Cell, grid
from sim.study.pilot.laid import Histories, drawn, found_in
from sim.study.pilot.people import Asked, asked_of
from sim.study.pilot.shares import Share, wilson
from sim.study.pilot.worlds import World
from sim.study.statistics.estimate import Estimate, Interval

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from sim.study.pilot.analysis import Found
    from sim.study.pilot.designs.design import Design
    from sim.study.pilot.layout import Layout, Weeks
    from sim.study.pilot.noise import Noise
    from sim.study.pilot.plan import DesignName, Plan
    from sim.study.pilot.worlds import Lived, Study

CLOSER = 3
"""Tapes on which the pilot that is proposed is looked at by store and day."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A design, and what it would say.

    Parameters
    ----------
    cells
        The grid, the cheapest first.
    cell
        The cheapest size that reaches the wanted power, by formula and laid on histories; else the largest there is.
    reached
        Whether it does.
    laid, level
        Share of pilots laid on histories that find the effect, and that find one where nothing is done.
    found
        Share of the simulated pilots that find it.
    says, bias
        The mean of their estimates, less what they would say of the same weeks with nobody treated if they are drawn by
        chance; and how far that is from the truth.
    """

    name: DesignName
    design: Design
    noise: Noise
    cells: tuple[Cell, ...]
    cell: Cell
    reached: bool
    laid: Share
    level: Share
    found: Share
    says: Interval
    bias: Interval

    def fit(self, effect: float, plan: Plan) -> bool:
        """Return whether it can be recommended: strong enough, by chance, true enough, and not crying wolf."""
        true = abs(self.bias.mean) <= plan.bias * abs(effect)
        return self.reached and self.design.by_chance and true and not self.level.low > plan.alpha


@dataclass(frozen=True, slots=True)
class Sizing:
    """What was found.

    Parameters
    ----------
    effect
        Of the whole roll-out on the mean unit.
    wanted
        The effect to be found: that, or what the plan says.
    judged
        The designs.
    chosen
        The cheapest design that can be recommended; None if there is none.
    shown
        The one whose stores are shown: the chosen, else the least wrong of those by chance that reach the power.
    proposal
        Its pilot, as it would be done.
    asked
        What that asks of the stores' people and shelves.
    whole
        The roll-out as a whole, in every KPI.
    apart
        Share of untreated units' values, in the weeks before, that the change alters all the same.
    """

    study: Study
    effect: Interval
    wanted: float
    judged: tuple[Judged, ...]
    chosen: Judged | None
    shown: Judged
    proposal: Layout
    asked: tuple[Asked, ...]
    whole: Comparison
    apart: float

    def weeks(self, of: Judged) -> Weeks:
        """Return the weeks of a design's pilot."""
        return self.study.weeks(of.cell.after)


def size(study: Study, run: Callable[[Sequence[World]], Sequence[Lived]]) -> Sizing:
    """Size a pilot.

    Parameters
    ----------
    run
        Runs worlds and returns what came of them, in the same order.
    """
    tapes = range(study.plan.pilots)
    base_worlds = [World("nobody", study.base, r) for r in tapes]
    done = run([*base_worlds, *(World("everybody", study.full, r) for r in tapes)])
    base, full = done[: len(tapes)], done[len(tapes) :]
    histories = Histories(
        tuple(study.values(each.panel) for each in base), tuple(study.values(each.panel) for each in full), study.seed
    )
    effects = histories.effects(study.weeks())
    effect = Estimate(float(effects.mean()), effects).interval()
    wanted = effect.mean if study.plan.effect is None else study.plan.effect
    first = [_first(study, name, histories, wanted) for name in study.plan.designs]
    layouts = [[_pilot(study, each, r) for r in tapes] for each in first]
    worlds = {  # designs that lay out the same pilot share its world
        (r, layout.treated.tobytes()): World(each.design.family, study.pilot(layout), r, layout)
        for each, own in zip(first, layouts, strict=True)
        for r, layout in enumerate(own)
    }
    lived = dict(zip(worlds, run(list(worlds.values())), strict=True))
    judged = tuple(
        _judged(study, each, histories, own, [lived[r, layout.treated.tobytes()] for r, layout in enumerate(own)])
        for each, own in zip(first, layouts, strict=True)
    )
    fit = [each for each in judged if each.fit(effect.mean, study.plan)]
    chosen = min(fit, key=lambda each: (each.cell.cost, -each.cell.power), default=None)
    shown = chosen or min(
        judged, key=lambda each: (not each.design.by_chance, not each.reached, abs(each.bias.mean), each.cell.cost)
    )
    proposal = _pilot(study, shown, 0)
    closer = list(tapes)[:CLOSER]
    pilots = run([World("proposal", study.pilot(proposal), r, proposal) for r in closer])
    asked = asked_of(study, proposal, [base[r].panel for r in closer], [each.panel for each in pilots])
    arms = study.experiment.arms
    whole = Comparison(
        study.experiment,
        tuple({arms[0]: one.run, arms[1]: other.run} for one, other in zip(base, full, strict=True)),
    )
    apart = _apart(study, histories, pilots)
    return Sizing(study, effect, wanted, judged, chosen, shown, proposal, asked, whole, apart)


def _pilot(study: Study, of: Judged, tape: int) -> Layout:
    """Return the pilot of a design that is simulated on a tape."""
    weeks = study.weeks(of.cell.after)
    return drawn(of.design, "pilot", study.stores, of.cell.count, weeks, study.weeks().all, study.seed, tape)


def _first(study: Study, name: DesignName, histories: Histories, wanted: float) -> Judged:
    """Choose a design's size, before any pilot of it is simulated."""
    plan, design = study.plan, design_of(name, study.plan)
    noise = design.noise(histories.base, study.stores)
    cells = grid(study, design, noise, wanted)
    possible = [cell for cell in cells if not math.isnan(cell.power)] or list(cells)
    largest = max(possible, key=lambda cell: (math.isfinite(cell.power), cell.power))
    nothing = Share(0, math.nan, math.nan, math.nan), Interval(math.nan, math.nan, math.nan)

    def at(cell: Cell, reached: bool) -> Judged:
        there, level = laid.power(
            design, histories, study.stores, cell.count, study.weeks(cell.after), alpha=plan.alpha, pilots=plan.laid
        )
        return Judged(name, design, noise, cells, cell, reached, there, level, nothing[0], nothing[1], nothing[1])

    for cell in possible:
        if cell.power >= plan.power:
            found = at(cell, True)
            # the histories' own effect is not the one that the plan asks for: then the formula alone decides
            if plan.effect is not None or found.laid.value >= plan.power:
                return found
    return at(largest, False)


def _judged(
    study: Study, of: Judged, histories: Histories, layouts: Sequence[Layout], pilots: Sequence[Lived]
) -> Judged:
    """Analyse the simulated pilots as planned, and compare what they say with the truth."""
    weeks = study.weeks(of.cell.after)
    truth = histories.effects(weeks)
    said: list[Found] = []
    without: list[float] = []
    for tape, (layout, pilot) in enumerate(zip(layouts, pilots, strict=True)):
        said.append(of.design.analyse(study.values(pilot.panel), layout, weeks))
        # with nobody treated a design by chance is right on average: what it says then is luck, and is taken off
        luck = of.design.analyse(histories.base[tape], layout, weeks).effect if of.design.by_chance else 0.0
        without.append(luck)
    effects = np.array([found.effect for found in said])
    less_luck = effects - np.array(without)
    hits = sum(found_in(found, study.plan.alpha, float(truth.mean())) for found in said)
    return replace(of, found=wilson(hits, len(said)), says=_interval(less_luck), bias=_interval(less_luck - truth))


def _interval(values: np.ndarray) -> Interval:
    return Estimate(float(values.mean()), values).interval()


def _apart(study: Study, histories: Histories, pilots: Iterable[Lived]) -> float:
    """Return in how many untreated weeks the change made a difference.

    Of the last week before, orders may still be open when the first store begins; where it is the only one, nothing can
    be told.
    """
    early = slice(0, study.plan.weeks.before - 1)
    if not early.stop:
        return 0.0
    found = []
    for pilot in pilots:
        own, base = study.values(pilot.panel), histories.base[pilot.world.replication]
        found.append(float((own.over[:, early] != base.over[:, early]).mean()))
    return float(np.mean(found))
