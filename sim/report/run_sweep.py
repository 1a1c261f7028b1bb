"""A sweep from its points to its results: every point is a variant of the scenario, compared with it as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.errors import FulfillSimError, Problem, ScenarioError, expected_one_of
from sim.report.run_compare import View, run_compare
from sim.report.sweep import Sweep
from sim.scenario.load import load
from sim.study.experiment import design
from sim.study.kpis import BY_NAME

if TYPE_CHECKING:
    from pathlib import Path

    from sim.scenario.load import Scenario
    from sim.study.compare import Comparison
    from sim.study.space import Point


def run_sweep(
    scenario: str | Path,
    points: list[Point],
    strategies: list[str] | None,
    kpis: list[str],
    replications: int,
    days: int | None,
    seed: int,
    workers: int,
    root: Path,
    as_json: bool = False,
    fresh: bool = False,
) -> Comparison:
    """Run a scenario at many points, write ``<root>/<scenario>/<run>/`` and print.

    Raises
    ------
    ScenarioError
        With what is wrong at any of the points, before the first run.
    FulfillSimError
        If a KPI or a strategy is unknown.
    """
    for name in kpis:
        if name not in BY_NAME:
            raise FulfillSimError(f"unknown KPI {expected_one_of(name, BY_NAME)}")
    base = load(scenario)
    variants = all_at(scenario, points)
    if days is not None:
        base, variants = base.with_measured_days(days), {n: v.with_measured_days(days) for n, v in variants.items()}
    experiment = design(base, strategies, replications, seed, None, variants)
    sweep = Sweep(points, [BY_NAME[name] for name in kpis])
    return run_compare(experiment, workers, root, as_json, fresh=fresh, view=View(sweep.draw, sweep.show))


def all_at(scenario: str | Path, points: list[Point]) -> dict[str, Scenario]:
    """Load a scenario at many points, by name.

    Raises
    ------
    ScenarioError
        With what is wrong at any of them, each problem once.
    """
    found: dict[str, Scenario] = {}
    problems: dict[Problem, None] = {}
    for point in points:
        try:
            found[point.name] = load(scenario, values=point.values, said="--over")
        except ScenarioError as error:
            problems |= dict.fromkeys(error.problems)
    if problems:
        raise ScenarioError(list(problems))
    return found
