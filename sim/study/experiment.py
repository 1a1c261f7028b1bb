"""Several strategies on the same tapes: the place where names become objects.

The unit of work is one replication of all strategies: it keeps pairs together, and a tape is read many times once made.
"""

from __future__ import annotations

import gc
import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from sim.chance.tape import Tape
from sim.errors import FulfillSimError, ScenarioError, expected_one_of
from sim.files import validate
from sim.ledger.audit import audit
from sim.ledger.orders import orders_of
from sim.money.charges import charge
from sim.routing.build import build_engine
from sim.routing.config import RoutingConfig
from sim.study.checks.ways_agree import disagreements
from sim.study.kpis.breakdown import BY, checked, groups_of
from sim.study.kpis.catalogue import sums_of
from sim.study.kpis.cohort import cohort_of
from sim.study.runs.kept import ArmRun, key_of
from sim.study.runs.store import write_parquet
from sim.study.workers import spread
from sim.world.simulate import simulate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from sim.contract.router import Router
    from sim.ledger.ledger import Ledger
    from sim.ledger.orders import Columns
    from sim.scenario.load import Scenario
    from sim.study.runs.kept import Kept

USUAL = "cheapest"
"""The strategy that changes of a scenario are tried with if none is named."""
BASE = "base"
"""The scenario as it stands, where it is compared with itself changed."""


class Variant(NamedTuple):
    """A scenario, as it stands or changed, and its routing configuration."""

    scenario: Scenario
    config: RoutingConfig


@dataclass(frozen=True, slots=True)
class Experiment:
    """Which strategies to run, in which variants of a scenario, how often, on which luck.

    Parameters
    ----------
    arms
        Strategy names, the baseline first; with variants ``<variant>/<strategy>``.
    variants
        By name; alone under `BASE` where nothing is changed.
    by
        By what the comparison tells orders apart beside the KPIs, see `sim.study.kpis.breakdown`.
    """

    variants: Mapping[str, Variant]
    arms: tuple[str, ...]
    replications: int
    seed: int
    by: tuple[str, ...] = ()

    @property
    def scenario(self) -> Scenario:
        """The scenario as it stands."""
        return self.variants[BASE].scenario

    @property
    def config(self) -> RoutingConfig:
        """Its routing configuration."""
        return self.variants[BASE].config

    @property
    def kind(self) -> str:
        """What an arm is called in this experiment, in the plural."""
        return "strategies" if len(self.variants) == 1 else "arms"

    def what(self, arm: str) -> tuple[str, str]:
        """Return an arm's variant and strategy."""
        variant, slash, strategy = arm.rpartition("/")
        return (variant, strategy) if slash else (BASE, strategy)


Replication = dict[str, ArmRun]


def routing_of(scenario: Scenario) -> RoutingConfig:
    """Check a scenario's block `routing:`.

    Raises
    ------
    ScenarioError
        With every problem found.
    """
    config = validate(RoutingConfig, scenario.source, ("routing",))
    if problems := disagreements(scenario, config):
        raise ScenarioError(problems)
    return config


def design(
    scenario: Scenario,
    strategies: list[str] | None,
    replications: int,
    seed: int,
    baseline: str | None = None,
    changes: Mapping[str, Scenario] | None = None,
    by: Iterable[str] = (),
    besides: str | None = None,
) -> Experiment:
    """Turn what was asked for into an experiment.

    Parameters
    ----------
    strategies
        Names from the scenario's block `routing:`; None means all that are active, no drafts, or with changes only
        `cheapest`, and where there is no such strategy the first.
    baseline
        What the others are compared with, a strategy or an arm; None means the first.
    changes
        The same scenario changed, by name: all strategies are run in each as well.
    by
        By what orders are to be told apart: `model`, `region`.
    besides
        A strategy that is run as well, in the last place if it is not among the others.

    Raises
    ------
    FulfillSimError
        If a name is unknown.
    """
    variants = {name: Variant(each, routing_of(each)) for name, each in {BASE: scenario, **(changes or {})}.items()}
    names = list(dict.fromkeys(strategies or variants[BASE].config.live(scenario.file.clock.start)))
    if not names:
        raise FulfillSimError("no strategy is active on the scenario's first day - name one, or give it status: active")
    if changes and not strategies:
        names = [USUAL if USUAL in names else names[0]]
    if baseline in variants[BASE].config.strategies and baseline not in names:
        names.insert(0, baseline)
    if besides is not None and besides not in names:
        names.append(besides)
    for variant, (_, config) in variants.items():
        for name in names:
            if name not in config.strategies:
                where = f"{variant}: " if changes else ""
                raise FulfillSimError(f"{where}unknown strategy {expected_one_of(name, config.strategies)}")
    arms = [f"{variant}/{name}" if changes else name for variant in variants for name in names]
    if baseline is not None:
        first = f"{BASE}/{baseline}" if changes and "/" not in baseline else baseline
        if first not in arms:
            known = arms if changes else variants[BASE].config.strategies
            raise FulfillSimError(f"unknown strategy {expected_one_of(baseline, known)}")
        arms = [first, *(arm for arm in arms if arm != first)]
    return Experiment(variants, tuple(arms), replications, seed, checked(by))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a study's runs go.

    Parameters
    ----------
    folder
        Takes the tables of orders, ``orders/strategy=<arm>/replication=<number>.parquet``; None: nobody wants them.
    kept
        Runs made before are looked up here and new ones kept; None: all is run.
    """

    folder: Path | None = None
    kept: Kept | None = None

    def orders_of(self, arm: str, replication: int) -> Path | None:
        """Return where the orders of a run go."""
        if self.folder is None:
            return None  # a slash would make folders of an arm's name
        return self.folder / "orders" / f"strategy={quote(arm, safe='')}" / f"replication={replication}.parquet"


NOWHERE = Place()


def lived(scenario: Scenario, tape: Tape, router: Router, strategy: str = "") -> tuple[Ledger, Columns]:
    """Run a router on a tape; return its ledger, charged and audited, and its orders.

    Parameters
    ----------
    strategy
        Whose fixed costs it bears, if a strategy of the scenario has any.
    """
    ledger = simulate(scenario, tape, router)
    orders = orders_of(ledger)
    charge(ledger, scenario, orders, strategy)
    audit(ledger, orders)
    return ledger, orders


def reduced(ledger: Ledger, orders: Columns, start: float, orders_to: Path | None = None) -> ArmRun:
    """Keep of a run what the KPIs need.

    Parameters
    ----------
    start
        When it was begun, by `time.perf_counter`.
    """
    cohort = cohort_of(ledger, orders)
    if orders_to is not None:
        write_parquet(orders_to, cohort.orders)
    groups = groups_of(ledger, orders, cohort.site_costs, BY)
    return ArmRun(sums_of(cohort), len(orders["order"]), time.perf_counter() - start, groups)


def run_router(
    scenario: Scenario, tape: Tape, router: Router, strategy: str = "", orders_to: Path | None = None
) -> ArmRun:
    """Run a router on a tape, audit the ledger, and keep what the KPIs need; see `lived`."""
    start = time.perf_counter()
    ledger, orders = lived(scenario, tape, router, strategy)
    return reduced(ledger, orders, start, orders_to)


def run_arm(experiment: Experiment, arm: str, tape: Tape, orders_to: Path | None) -> ArmRun:
    """Run one strategy on a tape."""
    variant, strategy = experiment.what(arm)
    scenario, config = experiment.variants[variant]
    return run_router(scenario, tape, build_engine(config, strategy, scenario.network), strategy, orders_to)


def run_replication(experiment: Experiment, replication: int, place: Place = NOWHERE) -> tuple[int, Replication]:
    """Run all arms of an experiment on the same luck, but for those that are kept."""
    runs = {}
    for name, variant in experiment.variants.items():
        tape: Tape | None = None
        for arm in experiment.arms:
            of, strategy = experiment.what(arm)
            if of != name:
                continue
            key = key_of(*variant, strategy, experiment.seed, replication) if place.kept else ""
            target = place.orders_of(arm, replication)
            found = _found(place.kept, key, target) if place.kept else None
            if found is None:
                tape = Tape(variant.scenario, experiment.seed, replication) if tape is None else tape
                gc.freeze()  # what is there before is no garbage of the run, and need not be looked through
                found = run_arm(experiment, arm, tape, target)
                if place.kept is not None:
                    place.kept.keep(key, found, target)
                gc.collect()  # a world that is over is one big cycle: it would lie about until the next is half built
                gc.unfreeze()
            runs[arm] = found
    return replication, {arm: runs[arm] for arm in experiment.arms}


def _found(kept: Kept, key: str, orders_to: Path | None) -> ArmRun | None:
    """Return a run that is kept, with its orders if they are wanted."""
    run = kept.find(key)
    if run is None or orders_to is None:
        return run
    return run if kept.orders_to(key, orders_to) else None


def _one_of(experiment: Experiment, place: Place, replication: int) -> tuple[int, Replication]:
    return run_replication(experiment, replication, place)


def run_tasks(
    tasks: Sequence[tuple[Experiment, int]], workers: int, place: Place = NOWHERE
) -> Iterator[tuple[int, Replication]]:
    """Yield replications of several experiments as they finish, in any order, each with the number of its task."""
    yield from spread(partial(_one_task, place), list(enumerate(tasks)), workers)


def _one_task(place: Place, task: tuple[int, tuple[Experiment, int]]) -> tuple[int, Replication]:
    number, (experiment, replication) = task
    return number, run_replication(experiment, replication, place)[1]


def run_all(
    experiment: Experiment,
    workers: int,
    place: Place = NOWHERE,
    numbers: Sequence[int] | None = None,
    backend: str | None = None,
) -> Iterator[tuple[int, Replication]]:
    """Yield the replications of an experiment as they finish, in any order.

    The results do not depend on `workers`, nor on the backend.

    Parameters
    ----------
    numbers
        Which replications to run; None means all that were planned.
    backend
        A cluster to run them on, ``dask://host:port``; None means this machine.
    """
    numbers = range(experiment.replications) if numbers is None else numbers
    yield from spread(partial(_one_of, experiment, place), numbers, workers, backend)
