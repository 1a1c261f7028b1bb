"""Goals that a scenario states for its KPIs, and whether an experiment shows that they are met.

goals:
  order_fill_rate: at least 98 %
  inventory_accuracy: 99.5 %                       # at least or at most, whichever is good
  delivery_hours_mean: 25 % faster than the baseline

A goal is met if the whole 95 % interval lies on its good side, missed if none of it does, and not yet certain else. A
goal relative to the baseline is judged by the ratio of both on the same tapes.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sim import units
from sim.errors import Problem, expected_one_of, shown
from sim.fields import plain
from sim.study.kpis.catalogue import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sim.files import YamlFile
    from sim.study.kpis.kpi import Kpi
    from sim.study.statistics.estimate import Interval

Outcome = Literal["met", "missed", "not yet certain"]

_READ: dict[str, Callable[[Any], float]] = {
    "share": units.share,
    "USD": lambda value: units.cents(value) / 100,
    "h": lambda value: units.minutes(value) / 60,
    "min": units.minutes,
    "days": lambda value: units.minutes(value) / units.MINUTES_PER_DAY,
    "per order": lambda value: plain(float(value)),
    "per parcel": lambda value: plain(float(value)),
    "per year": lambda value: plain(float(value)),
    "km": units.kilometres,
    "kg": units.kilograms,
}
_EXAMPLE = {
    "share": "98 %",
    "USD": "9.50 USD",
    "h": "60 h",
    "min": "20 min",
    "per order": "1.2",
    "per parcel": "1.2",
    "days": "9 days",
    "per year": "12",
    "km": "800 km",
    "kg": "2 kg",
}
_RELATIVE = re.compile(r"(.+ ?%) (faster|lower|less|fewer|higher|more) than the baseline")
_BOUND = re.compile(r"(?:at (least|most) )?(.+)")


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal.

    Parameters
    ----------
    text
        As it is written.
    side
        Whether the KPI has to be at least or at most `value`.
    relative
        Whether `value` is a ratio to the baseline.
    """

    kpi: Kpi
    text: str
    side: Literal["least", "most"]
    value: float
    relative: bool = False

    def judge(self, interval: Interval) -> Outcome:
        """Say what an interval of the KPI, or of its ratio to the baseline, means."""
        sign = 1 if self.side == "least" else -1
        if math.isnan(interval.low):
            return "not yet certain"
        worst, best = sorted((sign * interval.low, sign * interval.high))
        if worst >= sign * self.value:
            return "met"
        return "missed" if best < sign * self.value else "not yet certain"


def read_goal(name: str, text: object) -> Goal:
    """Read a goal.

    Raises
    ------
    ValueError
        If there is no such KPI, or the text is none of what a goal can be.
    """
    if name not in BY_NAME:
        raise ValueError(f"no such KPI - {expected_one_of(name, BY_NAME)}")
    kpi = BY_NAME[name]
    written = str(text).strip()
    if found := _RELATIVE.fullmatch(written):
        change = units.share(found[1])
        falls = found[2] in ("faster", "lower", "less", "fewer")
        if kpi.better == ("high" if falls else "low"):
            raise ValueError(f"{shown(written)} is a change for the worse - expected the other direction")
        return Goal(kpi, written, "most" if falls else "least", 1 - change if falls else 1 + change, relative=True)
    found = _BOUND.fullmatch(written)
    try:
        value = _READ[kpi.unit](found[2] if found else "")
    except ValueError:
        example = _EXAMPLE[kpi.unit]
        expected = f"'at least {example}', '{example}' or '10 % lower than the baseline'"
        raise ValueError(f"{shown(written)} - expected a goal such as {expected}") from None
    side = found[1] if found and found[1] else {"high": "least", "low": "most", "neither": "least"}[kpi.better]
    return Goal(kpi, written, "least" if side == "least" else "most", value)


def read_goals(goals: Mapping[str, object]) -> tuple[Goal, ...]:
    """Read goals that are known to be right."""
    return tuple(read_goal(name, text) for name, text in goals.items())


def problems_of_goals(source: YamlFile, goals: Mapping[str, object], block: str = "goals") -> list[Problem]:
    """Tell every goal that cannot be read; they stand in a block of the file."""
    problems = []
    for name, text in goals.items():
        try:
            read_goal(name, text)
        except ValueError as error:
            problems.append(source.problem((block, name), str(error)))
    return problems
