"""A sweep from its points to its results: every point is a variant of the scenario, compared with it as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from sim.errors import Problem, ScenarioError
from sim.report.comparison.bound import print_bounds, told_of
from sim.report.runs.compare import View, run_compare
from sim.report.stale import FRESHEST, KPIS, cadences, draw_stale
from sim.report.sweep import Sweep
from sim.scenario.load import load
from sim.study.bound.freeze import load_frozen
from sim.study.bound.runs import Wanted
from sim.study.experiment import design
from sim.study.kpis.catalogue import kpi_named

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rich.console import Console

    from sim.scenario.load import Scenario
    from sim.study.compare import Comparison
    from sim.study.search.space import Point


class HowToRun(NamedTuple):
    """How often, how long, on which luck, by whom and to where.

    Parameters
    ----------
    days
        Measured days; None: the scenario's own.
    root
        Results go to ``<root>/<scenario>/<run>/``.
    """

    replications: int
    days: int | None
    seed: int
    workers: int
    root: Path
    as_json: bool = False
    fresh: bool = False


def run_sweep(
    scenario: str | Path, points: list[Point], strategies: list[str] | None, kpis: list[str], how: HowToRun
) -> Comparison:
    """Run a scenario at many points, write its folder and print.

    Raises
    ------
    ScenarioError
        With what is wrong at any of the points, before the first run.
    FulfillSimError
        If a KPI or a strategy is unknown.
    """
    sweep = Sweep(points, [kpi_named(name) for name in kpis])
    return run_points(scenario, points, strategies, how, View(sweep.draw, sweep.show))


def run_stale(
    scenario: str | Path,
    strategies: list[str] | None,
    how: HowToRun,
    copy_to: Path | None = None,
    myopic: str | None = None,
    frozen: bool = False,
) -> Comparison:
    """Run a scenario with stock told at every cadence, and draw the price of stale stock.

    Parameters
    ----------
    copy_to
        A folder to draw it into a second time, beside the results; None: no other.
    myopic
        From which strategy the gap to the clairvoyant bound is measured; None: there is to be no bound.
    frozen
        Whether to freeze what reacts to decisions.
    """
    loaded, values = load_frozen(scenario, freeze=frozen)
    points = cadences(loaded)
    sweep = Sweep(points, [kpi_named(name) for name in KPIS], FRESHEST)
    wanted = None if myopic is None else Wanted(myopic, values)

    def show(comparison: Comparison, console: Console) -> None:
        sweep.show(comparison, console)
        print_bounds(told_of(comparison), console)

    comparison = run_points(scenario, points, strategies, how, View(draw_stale, show), values, wanted)
    if copy_to is not None:
        draw_stale(comparison, copy_to / "figures")
    return comparison


def run_points(
    scenario: str | Path,
    points: list[Point],
    strategies: list[str] | None,
    how: HowToRun,
    view: View,
    values: Mapping[str, Any] | None = None,
    bound: Wanted | None = None,
) -> Comparison:
    """Run a scenario as it stands and at many points, all on the same luck.

    Parameters
    ----------
    values
        What is different in all of them, by path.
    bound
        What is asked of a clairvoyant bound; None: there is to be none.
    """
    base = load(scenario, values=values, said="--frozen")
    variants = all_at(scenario, points, values)
    if how.days is not None:
        base = base.with_measured_days(how.days)
        variants = {name: each.with_measured_days(how.days) for name, each in variants.items()}
    besides = None if bound is None else bound.myopic
    experiment = design(base, strategies, how.replications, how.seed, None, variants, besides=besides)
    return run_compare(experiment, how.workers, how.root, how.as_json, fresh=how.fresh, view=view, bound=bound)


def all_at(scenario: str | Path, points: list[Point], values: Mapping[str, Any] | None = None) -> dict[str, Scenario]:
    """Load a scenario at many points, by name, with values by path that are different in all of them.

    Raises
    ------
    ScenarioError
        With what is wrong at any of them, each problem once.
    """
    found: dict[str, Scenario] = {}
    problems: dict[Problem, None] = {}
    for point in points:
        try:
            found[point.name] = load(scenario, values={**(values or {}), **point.values}, said="--over")
        except ScenarioError as error:
            problems |= dict.fromkeys(error.problems)
    if problems:
        raise ScenarioError(list(problems))
    return found
