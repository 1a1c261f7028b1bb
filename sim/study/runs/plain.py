"""A comparison as plain values, such as JSON has; limits that cannot be known are None."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sim.study.kpis.breakdown import MEASURES
from sim.study.kpis.catalogue import KPIS

if TYPE_CHECKING:
    from sim.study.compare import Comparison
    from sim.study.statistics.estimate import Interval


def plain_values(comparison: Comparison, run_dir: str) -> dict[str, Any]:
    """Return the comparison as plain values; limits that cannot be known are None."""
    return {
        "scenario": comparison.experiment.scenario.name,
        "baseline": comparison.baseline,
        "replications": comparison.count,
        "orders": comparison.orders_routed,
        "strategies": {arm: {kpi.name: _kpi(comparison, arm, kpi.name) for kpi in KPIS} for arm in comparison.arms},
        "differences": _differences(comparison),
        "behind_the_best": _behind(comparison),
        **({"by": _groups(comparison)} if comparison.experiment.by else {}),
        **({"goals": _goals(comparison)} if comparison.goals else {}),
        **({"bound": comparison.against_bound.as_json()} if comparison.against_bound else {}),
        "run_dir": run_dir,
    }


def _kpi(comparison: Comparison, arm: str, name: str) -> dict[str, Any]:
    outcome = comparison.outcomes.get((arm, name))
    return {**_limits(comparison.kpi(arm, name)), **({"goal": outcome} if outcome else {})}


def _behind(comparison: Comparison) -> dict[str, dict[str, Any]]:
    """Return how far each strategy may lie behind the best of the others; KPIs without are left out."""
    found = {kpi.name: comparison.behind(kpi.name) for kpi in KPIS}
    return {
        name: {arm: {"least": low, "most": high} for arm, (low, high) in behind.items()}
        for name, behind in found.items()
        if not any(math.isnan(low) for low, _ in behind.values())
    }


def _groups(comparison: Comparison) -> dict[str, Any]:
    """Return what each group came to in each strategy, and its difference from the baseline."""
    return {
        by: {
            arm: {
                group: {
                    m.name: {
                        **_limits(comparison.of_group(arm, by, group, m)),
                        "difference": _limits(comparison.of_group(arm, by, group, m, less_baseline=True)),
                    }
                    for m in MEASURES
                }
                for group in comparison.groups(by)
            }
            for arm in comparison.arms
        }
        for by in comparison.experiment.by
    }


def _goals(comparison: Comparison) -> list[dict[str, Any]]:
    return [
        {"kpi": goal.kpi.name, "goal": goal.text, "strategy": arm, **_limits(interval), "outcome": outcome}
        for goal, arm, interval, outcome in comparison.goals
    ]


def _differences(comparison: Comparison) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {arm: {} for arm in comparison.arms[1:]}
    for kpi in KPIS:
        for arm, p_holm in comparison.family(kpi.name).items():
            one = comparison.difference(arm, kpi.name)
            told = {"p": one.p, "p_holm": p_holm, **comparison.pairing(arm, kpi.name)._asdict()}
            found[arm][kpi.name] = {**_limits(one.interval), "verdict": one.verdict, **_known(told)}
    return found


def _limits(interval: Interval) -> dict[str, float | None]:
    return _known({"mean": interval.mean, "low": interval.low, "high": interval.high})


def _known(values: dict[str, float]) -> dict[str, float | None]:
    """Return values as JSON knows them: NaN is None."""
    return {name: None if value != value else value for name, value in values.items()}
