"""Reading a real pilot: its table is checked cell by cell, and analysed as was registered, not otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sim.errors import Problem, ScenarioError, expected_one_of, one_of, shown
from sim.files import read_table, read_yaml, validate
from sim.scenario.tables.cells import number, text
from sim.study.pilot.layout import Values
from sim.study.pilot.registered import Registered

if TYPE_CHECKING:
    from pathlib import Path

    from sim.files import Table
    from sim.study.pilot.analysis import Found
    from sim.study.pilot.layout import Floats
    from sim.study.pilot.registered import PlannedLook

MOST_TOLD = 5
"""Missing values that are named."""
LARGEST = 1e15
"""Size of a value beyond which it is a slip of the pen, whatever its unit."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a pilot says.

    Parameters
    ----------
    look
        At which of the planned looks.
    last
        Whether that is the last.
    before
        Mean of the treated units' weeks before the first of them began.
    """

    plan: Registered
    found: Found
    look: PlannedLook
    last: bool
    before: float

    @property
    def stops(self) -> bool:
        """Whether the effect is shown by this look's own level."""
        return self.found.p < self.look.level


def read_registered(path: Path) -> Registered:
    """Read what was registered.

    Raises
    ------
    ScenarioError
        With every problem, at its line.
    """
    file = read_yaml(path)
    if "units" not in file.tree and "stores" in file.tree:
        message = "a plan that was not registered - expected registered.yaml from the folder of `fulfillsim pilot`"
        raise ScenarioError([file.problem((), message)])
    return validate(Registered, file)


def read_pilot(data: Path, plan: Registered) -> Reading:
    """Read a table of what was measured, a row a unit and week, and analyse it.

    Raises
    ------
    ScenarioError
        With every problem of the table, at its line.
    """
    table = read_table(data, {"store": text, "week": _week, "value": number(-LARGEST, LARGEST)})
    names, weeks = list(plan.units), plan.weeks
    values = np.full((len(names), weeks.all), np.nan)
    seen: dict[tuple[str, int], int] = {}
    for row in table.with_cells("store", "week", "value"):
        name, week, line = row["store"], row["week"], row["line"]
        if name not in plan.units:
            table.tell(line, "store", f"not registered: {expected_one_of(name, names)}")
        elif week > weeks.all:
            table.tell(line, "week", f"{week} - expected a week of the pilot, from 1 to {weeks.all}")
        elif (name, week) in seen:
            table.tell(line, "week", f"{name} in week {week} stands already in line {seen[name, week]}")
        else:
            seen[name, week] = line
            values[names.index(name), week - 1] = row["value"]
    if not table.problems:
        _tell_missing(table, values, names)
    last = max((week for _, week in seen), default=0)
    planned = [look for look in plan.looks if look.week == last]
    if not table.problems and not planned:
        when = one_of("", [f"week {look.week}" for look in plan.looks])
        table.tell(None, "week", f"the table ends in week {last}, when no look was planned - expected {when}")
    if table.problems:
        raise ScenarioError(table.problems)
    look = planned[0]
    layout = plan.layout
    now = weeks._replace(after=weeks.after - (weeks.all - last))
    found = plan.how.analyse(Values(values, np.ones_like(values)), layout, now)
    if not found.error > 0:
        raise ScenarioError([Problem(str(data), "value", "says nothing of an effect - expected units that differ")])
    before = float(np.nanmean(values[layout.ever][:, weeks.early]))
    return Reading(plan, found, look, look is plan.looks[-1], before)


def _tell_missing(table: Table, values: Floats, names: list[str]) -> None:
    """Tell of values that are not there: a unit without them would be left out, and nobody would know why."""
    there = np.isfinite(values).any(axis=0)
    last = int(np.flatnonzero(there)[-1]) + 1
    gaps = np.argwhere(np.isnan(values[:, :last]))
    for j, week in gaps[:MOST_TOLD].tolist():
        table.tell(None, "value", f"{names[j]} in week {week + 1} is missing - expected every unit in every week")
    if len(gaps) > MOST_TOLD:
        table.tell(None, "value", f"{len(gaps) - MOST_TOLD:,} more values are missing")


def _week(cell: str) -> int:
    if not cell.isascii() or not cell.isdigit() or int(cell) < 1:
        raise ValueError(f"{shown(cell)} - expected a week's number, the first being 1")
    return int(cell)
