"""The worlds of a pilot: nobody treated, everybody treated, and chosen stores in chosen weeks, on the same tapes."""

from __future__ import annotations

import gc
import time
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.chance.tape import Tape
from sim.errors import FulfillSimError
from sim.routing.build import build_engine
from sim.scenario.blocks.exceptions import Where
from sim.scenario.blocks.roll_out import On, RollOutBlock, Started
from sim.scenario.load import load
from sim.study.experiment import Experiment, Variant, design, lived, reduced
from sim.study.pilot import panel
from sim.study.pilot.layout import Layout, Values, Weeks
from sim.study.pilot.outcomes import BY_NAME
from sim.study.pilot.panel import DAYS, Panel, panel_of
from sim.study.pilot.stores import Stores, stores_of
from sim.study.runs import kept as stored
from sim.study.runs.kept import ArmRun, Kept, key_of

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from sim.study.pilot.plan import Plan


class World(NamedTuple):
    """A world to be run.

    Parameters
    ----------
    role
        What it is for.
    layout
        Who is treated when; None where `variant` says it all.
    """

    role: str
    variant: Variant
    replication: int
    layout: Layout | None = None


class Lived(NamedTuple):
    """What came of one."""

    world: World
    run: ArmRun
    panel: Panel


@dataclass(frozen=True)
class Study:
    """A scenario, a change of it that is to be piloted, and the plan.

    Parameters
    ----------
    experiment
        The scenario as it stands, and changed: what the roll-out is judged by as a whole.
    treatment
        Name of the change.
    """

    experiment: Experiment
    treatment: str
    plan: Plan
    stores: Stores

    @property
    def strategy(self) -> str:
        """By which orders are routed."""
        return self.experiment.what(self.experiment.arms[0])[1]

    @property
    def base(self) -> Variant:
        """Nobody is treated."""
        return self.experiment.variants[self.experiment.what(self.experiment.arms[0])[0]]

    @property
    def full(self) -> Variant:
        """Everybody is."""
        return self.experiment.variants[self.treatment]

    @property
    def seed(self) -> int:
        """Where all luck comes from."""
        return self.experiment.seed

    def weeks(self, after: int | None = None) -> Weeks:
        """Return the weeks of a pilot that is looked at for so long; None: the longest."""
        block = self.plan.weeks
        return Weeks(block.before, block.settle, max(block.after) if after is None else after)

    def values(self, of: Panel) -> Values:
        """Return the plan's outcome, by unit and week."""
        return Values(*of.pair(BY_NAME[self.plan.outcome])).of_units(self.stores.unit)

    def pilot(self, layout: Layout) -> Variant:
        """Return the world in which these stores are treated in these weeks."""
        scenario, config = self.full
        clock = scenario.file.clock
        first = clock.start + timedelta(days=clock.warm_up)
        started = Started(
            of=self.plan.stores.of, on=_on(self.stores.treated_in(layout.treated), self.stores.ids, first)
        )
        block = RollOutBlock.model_validate({self.plan.begins: started})
        return Variant(replace(scenario, file=scenario.file.model_copy(update={"roll_out": block})), config)


def study_of(argument: str | Path, treatment: str, plan: Plan, strategy: str | None = None, seed: int = 1) -> Study:
    """Read the scenario and its change, and set the measured weeks.

    Raises
    ------
    FulfillSimError
        If a name is unknown, or the change is not what the plan says begins.
    """
    block = plan.weeks
    days = DAYS * Weeks(block.before, block.settle, max(block.after)).all
    base, changed = (load(argument, changes).with_measured_days(days) for changes in ((), treatment.split("+")))
    if plan.begins == "collects" and changed.file.pick_up is None:
        raise FulfillSimError(f"begins: collects - expected a change with a block `pick_up`; {treatment} has none")
    if changed.file.roll_out is not None:
        raise FulfillSimError(f"{treatment} has a block roll_out - expected none: the pilot says who begins when")
    chosen = None if strategy is None else [strategy]
    experiment = design(base, chosen, plan.pilots, seed, None, {treatment: changed})
    return Study(experiment, treatment, plan, stores_of(changed, plan))


def run_world(study: Study, root: Path | None, world: World) -> Lived:
    """Run a world, or find it among those that are kept."""
    kept = None if root is None else Kept(root)
    key = key_of(*world.variant, study.strategy, study.seed, world.replication) + "-weeks"
    found = None if kept is None else kept.arrays(key)
    if found is None:
        start = time.perf_counter()
        scenario, config = world.variant
        tape = Tape(scenario, study.seed, world.replication)
        ledger, orders = lived(scenario, tape, build_engine(config, study.strategy, scenario.network), study.strategy)
        seen = panel_of(ledger, orders, scenario.network, study.stores.sites)
        found = {**stored.written(reduced(ledger, orders, start)), **seen.written()}
        del ledger, orders
        gc.collect()  # see run_replication
        if kept is not None:
            kept.keep_arrays(key, found)
    return Lived(world._replace(variant=study.base), stored.read(found), panel.read(found))


def _on(treated: NDArray[np.bool_], ids: tuple[str, ...], first: date) -> tuple[On, ...]:
    """Return treated weeks as days, stores that are treated alike together."""
    weeks = treated.shape[1]
    spans: dict[tuple[int, int], list[str]] = {}
    for name, row in zip(ids, treated, strict=True):
        edges = np.flatnonzero(np.diff(np.concatenate([[0], row.astype(np.int8), [0]])))
        for start, end in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            spans.setdefault((start, end), []).append(name)
    return tuple(
        On(
            where=Where(sites=tuple(names)),
            first=str(first + timedelta(days=DAYS * start)),
            last=None if end == weeks else str(first + timedelta(days=DAYS * end - 1)),
        )
        for (start, end), names in spans.items()
    )
