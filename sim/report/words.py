"""Numbers as people read them, and what a comparison says in plain words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.study.kpis.catalogue import BY_NAME

if TYPE_CHECKING:
    from sim.study.findings import Findings
    from sim.study.kpis.catalogue import Kpi
    from sim.study.kpis.goals import Goal
    from sim.study.statistics.difference import Difference
    from sim.study.statistics.estimate import Interval

_SCALE = {
    "USD": 1.0, "share": 100.0, "h": 1.0, "per order": 1.0, "per parcel": 1.0, "min": 1.0, "days": 1.0, "km": 1.0,
    "kg": 1.0, "per year": 1.0,
}  # fmt: skip
_DECIMALS = {
    "USD": 2, "share": 2, "h": 1, "per order": 4, "per parcel": 3, "min": 1, "days": 2, "km": 0, "kg": 3,
    "per year": 1,
}  # fmt: skip
_UNIT = {
    "USD": "USD", "share": "%", "h": "h", "per order": "", "per parcel": "", "min": "min", "days": "days", "km": "km",
    "kg": "kg", "per year": "a year",
}  # fmt: skip


def scale_of(kpi: Kpi) -> float:
    """Return what a KPI's value is multiplied by to be shown in `unit_of`."""
    return _SCALE[kpi.unit]


def unit_of(kpi: Kpi) -> str:
    """Return the unit a KPI is shown in."""
    return _UNIT[kpi.unit]


def number(kpi: Kpi, value: float, signed: bool = False) -> str:
    """Return a value of a KPI as text, shares in per cent, without the unit."""
    if math.isnan(value):
        return "n/a"
    return rounded(value * _SCALE[kpi.unit], _DECIMALS[kpi.unit], signed)


def rounded(value: float, decimals: int, signed: bool = False) -> str:
    """Return a number as text; a rounded zero has no sign: "+0.00" would suggest there was a difference."""
    text = f"{value:{'+' if signed else ''}.{decimals}f}"
    return text.lstrip("+-") if float(text) == 0 else text


def with_interval(kpi: Kpi, interval: Interval, signed: bool = False) -> str:
    """Return ``mean ± half-width`` as text."""
    half = interval.half_width
    return number(kpi, interval.mean, signed) + ("" if math.isnan(half) else f" ±{number(kpi, half)}")


def _amount(kpi: Kpi, value: float) -> str:
    unit = "points" if kpi.unit == "share" else unit_of(kpi)
    return f"{number(kpi, abs(value))} {unit}".strip()


def _limits(kpi: Kpi, interval: Interval) -> str:
    if math.isnan(interval.low):
        return "one replication has no interval"
    low, high = sorted((abs(interval.low), abs(interval.high)))
    if interval.low < 0 < interval.high:
        return f"95 % interval {number(kpi, interval.low, True)} to {number(kpi, interval.high, True)}"
    return f"95 % interval {number(kpi, low)} to {number(kpi, high)}"


_WORDS = {
    "cost_per_order": ("costs {} less an order", "costs {} more an order", "costs the same", "cost"),
    "order_fill_rate": ("fills {} fewer orders", "fills {} more orders", "fills as many orders", "fill"),
    "delivery_hours_mean": ("delivers {} sooner", "delivers {} later", "delivers as fast", "delivery time"),
}

MAIN = tuple(_WORDS)
"""The KPIs that verdicts are given on in words."""


def briefly(found: Difference) -> str:
    """Say one difference from the baseline in a few words, without its interval."""
    below, above, same, noun = _WORDS[found.kpi.name]
    if found.verdict == "equivalent":
        return same
    if found.verdict == "cannot tell":
        return f"cannot be told from it in {noun} yet"
    return (below if found.interval.mean < 0 else above).format(_amount(found.kpi, found.interval.mean))


def sentence(found: Difference) -> str:
    """Say one difference from the baseline in words."""
    below, above, same, noun = _WORDS[found.kpi.name]
    interval = found.interval
    if interval.mean == interval.low == interval.high == 0:
        return same + " exactly"
    if found.verdict == "equivalent":
        return f"{same} within {_amount(found.kpi, found.kpi.margin)}"
    if found.verdict == "cannot tell":
        more = f", about {found.more} replications would tell" if found.more else ", more replications are needed"
        return f"cannot be told from it in {noun} yet ({_limits(found.kpi, interval)}{more})"
    words = (below if interval.mean < 0 else above).format(_amount(found.kpi, interval.mean))
    return f"{words} ({_limits(found.kpi, interval)})"


def verdicts(comparison: Findings) -> list[str]:
    """Return one plain sentence per strategy, each against the baseline."""
    lines = []
    for arm in comparison.arms[1:]:
        parts = [sentence(comparison.difference(arm, name)) for name in _WORDS]
        lines.append(f"Against {comparison.baseline}, {arm} {parts[0]}, {parts[1]}, and {parts[2]}.")
    return lines


def goals_told(comparison: Findings) -> list[str]:
    """Say of each strategy which of the scenario's goals it has met, missed, or may yet meet."""
    lines = []
    for arm in comparison.arms:
        told = [
            f"{goal.kpi.title} {goal.text}: {outcome} ({reached(goal, interval)})"
            for goal, which, interval, outcome in comparison.goals
            if which == arm
        ]
        met = sum(1 for _, which, _, outcome in comparison.goals if which == arm and outcome == "met")
        if told:
            lines.append(f"{arm} has met {met} of {len(told)} goals. {'; '.join(told)}.")
    return lines


def reached(goal: Goal, interval: Interval) -> str:
    """Return what a goal is held against: the KPI, or its ratio to the baseline's."""
    if not goal.relative:
        return f"{with_interval(goal.kpi, interval)} {unit_of(goal.kpi)}".strip()
    half = interval.half_width
    return f"{interval.mean:.1%} of the baseline's" + ("" if math.isnan(half) else f" ±{half:.1%}")


_BEST = {
    "cost_per_order": "costs least",
    "order_fill_rate": "fills most",
    "delivery_hours_mean": "delivers fastest",
}


def winners(comparison: Findings) -> list[str]:
    """Say which strategy is best in cost, fill and time, and who may be as good: all are compared with the best."""
    lines = []
    for name, words in _BEST.items():
        first, *others = comparison.ranking(name)
        kpi, behind = BY_NAME[name], comparison.behind(name)
        text = f"{first} {words}: {number(kpi, comparison.kpi(first, name).mean)} {unit_of(kpi)}".strip()
        near = [arm for arm in others if not (behind[arm][0] > 0 and behind[arm][1] > kpi.margin)]
        if near:
            most = {arm: behind[arm][1] for arm in near}
            told = [f"{arm} (by {_amount(kpi, most[arm])} at most)" if most[arm] > 0 else arm for arm in near]
            text += f"; not clearly behind: {', '.join(told)}"
        elif others:
            runner_up = comparison.between(others[0], first, name).interval
            text += f"; next is {others[0]}, {_amount(kpi, runner_up.mean)} behind ({_limits(kpi, runner_up)})"
        lines.append(text + ".")
    return lines
