"""A run made once more from what its folder tells, to look at what its tables do not hold: single decisions.

A run is a function of its scenario, its seed and its number. It counts as the same only if its plans and parcels are.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.chance.tape import Tape
from sim.errors import FulfillSimError
from sim.routing.build import build_engine
from sim.routing.joint.engine import JointEngine
from sim.scenario.load import load
from sim.study.experiment import routing_of
from sim.study.runs.run_folder import newest, read_table
from sim.world.simulate import simulate

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from numpy.typing import NDArray

    from sim.contract.messages import Order, Plan
    from sim.ledger.ledger import Ledger
    from sim.routing.engine import Engine
    from sim.routing.joint.together import Batch, Together
    from sim.routing.view import View
    from sim.scenario.load import Scenario


class Decided(NamedTuple):
    """One decision about one order, and what it rested on.

    Parameters
    ----------
    observed_at
        Minute of the last news of each site.
    batch
        Whom it was decided with; None if alone.
    """

    now: float
    order: Order
    view: View
    plan: Plan
    observed_at: NDArray[np.float64]
    batch: Batch | None = None


COMPARED = "decisions", "parcels"
"""Tables by which a run made again is known to be the same."""


class Made(NamedTuple):
    """A run that is there, as its folder says it was made."""

    folder: Path
    scenario: Scenario
    strategy: str
    seed: int
    replication: int

    def engine(self) -> Engine:
        """Return a new engine like the one that decided."""
        return build_engine(routing_of(self.scenario), self.strategy, self.scenario.network)


def made(run: Path, scenario: str | None = None) -> Made:
    """Read how a run was made.

    Parameters
    ----------
    run
        Its folder; of a folder of runs the latest.
    scenario
        Where its scenario is, if not where it was.

    Raises
    ------
    FulfillSimError
        If it is no run of ours, or its scenario has changed since.
    """
    folder = newest(run)
    try:
        told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise FulfillSimError(f"{folder}: no run's tables - expected a folder that `fulfillsim run` wrote") from None
    asked = told.get("asked")
    if not isinstance(asked, dict):
        raise FulfillSimError(f"{folder}: does not say how it was made - expected a run of this version")
    if asked["router"] is not None:
        raise FulfillSimError(f"{folder}: decided by the service at {asked['router']}, which cannot be asked again")
    loaded = load(scenario or asked["scenario"], asked["changes"])
    loaded = loaded.with_measured_days(told["resolved"]["clock"]["measure"])
    if loaded.digest != told["scenario_sha256"]:
        raise FulfillSimError(f"{folder}: {scenario or asked['scenario']} is not what it was then - run it again")
    return Made(folder, loaded, told["strategy"], told["seed"], told["replication"])


def decisions_again(run: Made, orders: Collection[int]) -> tuple[Ledger, list[Decided]]:
    """Make a run again, and keep every decision about some orders with what it rested on.

    Raises
    ------
    FulfillSimError
        If it is not the same: this program decides otherwise than the one that made it.
    """
    engine, kept = run.engine(), list[Decided]()
    heard = engine.parts().belief.observed_at

    def one(order: Order, now: float, view: View, plan: Plan) -> None:
        if order.id in orders:
            kept.append(Decided(now, order, view, plan, heard.copy()))

    def batch(of: Batch, now: float, view: View, together: Together) -> None:
        for order, plan in zip(of.orders, together.plans, strict=True):
            if order.id in orders:
                kept.append(Decided(now, order, view, plan, heard.copy(), of))

    engine.record = one
    if isinstance(engine, JointEngine):
        engine.record_batch = batch
    ledger = simulate(run.scenario, Tape(run.scenario, run.seed, run.replication), engine)
    for name in COMPARED:
        then, now = read_table(run.folder, name), getattr(ledger, name).columns()
        if any(not np.array_equal(now[column], then[column], equal_nan=True) for column in now if column in then):
            raise FulfillSimError(f"{run.folder}: another program made it than this one - run it again")
    return ledger, kept
