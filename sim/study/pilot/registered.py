"""The pilot as it was registered: who is treated when, and how it will be analysed, before anything is known."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from pydantic import Field, model_validator

from sim.fields import Between, Count, Model, Name, PositiveCount, Share, Text, plain, whole
from sim.study.pilot import looks
from sim.study.pilot.designs.names import design_of
from sim.study.pilot.layout import Layout, Weeks
from sim.study.pilot.outcomes import BY_NAME
from sim.study.pilot.plan import DesignName, Plan

if TYPE_CHECKING:
    from sim.study.pilot.designs.design import Design
    from sim.study.pilot.sizing import Sizing

Spell = tuple[Annotated[int, Between(whole, 1, 1_000)], Annotated[int, Between(whole, 1, 1_000)]]


class PlannedLook(Model):
    """When it is looked at, and the two-sided level that the p value of that day must be below."""

    week: PositiveCount
    level: Annotated[float, Between(plain, 0, 1)]


class Unit(Model):
    """A store, or a state.

    Parameters
    ----------
    group
        With whom it is taken together: its pair.
    treated
        First and last week of each spell, the first week of the pilot being 1.
    """

    group: Count
    treated: tuple[Spell, ...] = ()


class Registered(Model):
    """What `pilot` writes and `pilot-read` goes by."""

    scenario: Text
    treatment: Text
    begins: Text
    outcome: Text
    expected: Annotated[float, Between(plain, -1e12, 1e12)]
    """Effect of the whole roll-out."""
    design: DesignName
    alpha: Share
    before: PositiveCount
    settle: Count
    after: PositiveCount
    waves: PositiveCount
    block: PositiveCount
    naive: PositiveCount
    looks: tuple[PlannedLook, ...] = Field(min_length=1)
    units: dict[Name, Unit] = Field(min_length=1)

    @model_validator(mode="after")
    def _holds(self) -> Registered:
        for name, unit in self.units.items():
            for first, last in unit.treated:
                if not first <= last <= self.weeks.all:
                    raise ValueError(
                        f"units.{name}: weeks {first} to {last} - expected weeks from 1 to {self.weeks.all}"
                    )
        if self.outcome not in BY_NAME:
            raise ValueError(f"outcome {self.outcome} - expected one of {', '.join(BY_NAME)}")
        return self

    @property
    def weeks(self) -> Weeks:
        """Its weeks."""
        return Weeks(self.before, self.settle, self.after)

    @property
    def how(self) -> Design:
        """Its design."""
        plan = Plan(begins="sends", waves=self.waves, block=self.block, naive=self.naive)
        return design_of(self.design, plan)

    @property
    def layout(self) -> Layout:
        """Who is treated when, the units in the order in which they stand."""
        treated = np.zeros((len(self.units), self.weeks.all), dtype=np.bool_)
        for row, unit in zip(treated, self.units.values(), strict=True):
            for first, last in unit.treated:
                row[first - 1 : last] = True
        return Layout(treated, np.array([unit.group for unit in self.units.values()]))


def looks_of(sizing: Sizing) -> list[PlannedLook]:
    """Return when the shown pilot is looked at; how much is known by then is read off the noise."""
    study, shown = sizing.study, sizing.shown
    weeks = sizing.weeks(shown)
    count = min(study.plan.looks, weeks.after)
    after = sorted({math.ceil(weeks.after * (k + 1) / count) for k in range(count)})
    errors = [shown.design.precision(shown.noise, study.stores, shown.cell.count, weeks, by=k).error for k in after]
    told = {
        k: (errors[-1] / error) ** 2 if error > 0 else 1.0 for k, error in zip(after, errors, strict=True)
    }  # fmt: skip
    rising = after[-1:]  # the last look is at the end; one before that tells hardly less than the next is left out
    for k in reversed(after[:-1]):
        if told[k] >= looks.CLOSEST and told[rising[0]] - told[k] >= looks.CLOSEST:
            rising.insert(0, k)
    found = looks.looks([told[k] for k in rising], study.plan.alpha, study.plan.spending)
    return [PlannedLook(week=weeks.upto(k), level=look.level) for k, look in zip(rising, found, strict=True)]


def registered(sizing: Sizing) -> dict[str, Any]:
    """Return the shown pilot as plain values, for a file."""
    study, shown, layout = sizing.study, sizing.shown, sizing.proposal
    plan, weeks = study.plan, sizing.weeks(shown)
    units = {
        name: {"group": int(group), "treated": _spells(row[: weeks.all])}
        for name, group, row in zip(study.stores.names, layout.unit, layout.treated, strict=True)
        if group >= 0
    }
    return {
        "scenario": study.base.scenario.name,
        "treatment": study.treatment,
        "begins": plan.begins,
        "outcome": plan.outcome,
        "expected": round(sizing.effect.mean, 6),
        "design": shown.name,
        "alpha": f"{100 * plan.alpha:g} %",
        "before": weeks.before,
        "settle": weeks.settle,
        "after": weeks.after,
        "waves": plan.waves,
        "block": plan.block,
        "naive": plan.naive,
        "looks": [{"week": look.week, "level": look.level} for look in looks_of(sizing)],
        "units": units,
    }


def _spells(row: np.ndarray) -> list[list[int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], row.astype(np.int8), [0]])))
    return [[int(start) + 1, int(end)] for start, end in zip(edges[::2], edges[1::2], strict=True)]
