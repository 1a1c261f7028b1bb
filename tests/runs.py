"""Runs of comparisons for tests that read them: a real one of the tiny scenario, and some made up."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from sim.report.runs.compare import run_compare
from sim.scenario.load import load
from sim.study.experiment import design
from sim.study.runs.recorded import Recorded
from sim.study.runs.results import Run, find
from sim.study.worth import CONTRIBUTION, PLACED
from tests.tiny import write

EVIL = '<b onclick="x">$_{y}$&'
"""A strategy's name that a page could take for an element, and a figure for a formula."""


def real_run(folder: Path, strategies: list[str], replications: int = 3, **changes: Any) -> Run:
    """Run the tiny scenario, changed, for a day, and return the run that is left behind."""
    scenario = load(write(folder / "tiny", **changes)).with_measured_days(1)
    run_compare(design(scenario, strategies, replications, 1, by=["model"]), 1, folder / "out", True)
    return find(folder / "out", "latest")


def made_up(
    contributions: dict[str, list[float]],
    *,
    days: int = 365,
    fixed: dict[str, dict[str, Any]] | None = None,
    goals: list[tuple[str, str]] | None = None,
    hours: dict[str, list[float]] | None = None,
) -> Recorded:
    """Return a run in which only contributions (USD of all orders, by arm and replication) and hours are known.

    Parameters
    ----------
    fixed
        As in a manifest; None where it says nothing.
    goals
        Arms with an outcome each, of one goal.
    """
    arms = list(contributions)
    count = len(contributions[arms[0]])
    manifest: dict[str, Any] = {
        "resolved": {"clock": {"measure": days, "start": "2026-02-02"}, "title": "Made up", "site_kinds": {}},
        "scenario": "made_up", "seed": 1,
        **({} if fixed is None else {"fixed": fixed}),
    }  # fmt: skip
    known = {CONTRIBUTION: contributions, "delivery_hours_mean": hours or {}}
    sums = {
        (arm, name): np.column_stack([values, np.ones(count)])
        for name, by_arm in known.items()
        for arm, values in by_arm.items()
    }
    sums |= {(arm, PLACED): np.tile([0.0, 1000.0], (count, 1)) for arm in arms}
    goal = {"kpi": "order_fill_rate", "goal": "at least 98 %", "mean": 0.9, "low": 0.9, "high": 0.9}
    found = {
        "replications": count,
        "strategies": {arm: _means(hours, arm) for arm in arms},
        "differences": {arm: {} for arm in arms[1:]},
        "goals": [{**goal, "strategy": arm, "outcome": outcome} for arm, outcome in goals or ()],
    }
    return Recorded(Run(Path("made_up/run"), manifest), found, sums)


def _means(hours: dict[str, list[float]] | None, arm: str) -> dict[str, Any]:
    mean = None if hours is None else float(np.mean(hours[arm]))
    return {"delivery_hours_mean": {"mean": mean, "low": mean, "high": mean}}


def with_other_arm(run: Run, arm: str, name: str) -> None:
    """Write an arm's name anew into what a run has found."""
    path = run.folder / "comparison.json"
    path.write_text(path.read_text().replace(json.dumps(arm), json.dumps(name)))
