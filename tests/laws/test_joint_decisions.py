"""Joint decisions in a random world: nothing is lost by holding and revising, and luck decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.chance.tape import Tape
from sim.ledger.audit import audit
from sim.ledger.orders import orders_of
from sim.routing.build import build_engine
from sim.study.experiment import routing_of
from sim.world.simulate import simulate
from tests.tiny import tiny

if TYPE_CHECKING:
    from pathlib import Path

    from sim.ledger.ledger import Ledger

WAYS: dict[str, dict[str, Any]] = {
    "hold": {"window": "1 h"},
    "think over": {"window": "0 min", "reevaluate_every": "2 h", "revise_for": "0 USD"},
    "both": {"window": "2 h", "reevaluate_every": "2 h", "day_value": "1 USD", "scarcity": 0.1, "past_cut_off": True},
}


def run(folder: Path, strategy: dict[str, Any], **changes: Any) -> Ledger:
    """Run a busy week with few pickers and little stock, so that parcels wait and orders compete."""
    scenario = tiny(
        folder,
        clock__measure="4 days",
        demand__shoppers_per_day=250,
        site_kinds__dc__pickers=1,
        site_kinds__dc__hours=dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "09:00-17:00"),
        routing__strategies={"this": strategy},
        **changes,
    )
    return simulate(scenario, Tape(scenario, 3, 0), build_engine(routing_of(scenario), "this", scenario.network))


def same(one: Ledger, other: Ledger) -> bool:
    """Return whether two runs left the same records of all that was decided and done."""
    return all(
        np.array_equal(column, getattr(other, table).columns()[name])
        for table in ("decisions", "parcels", "picks", "cancellations", "revisions")
        for name, column in getattr(one, table).columns().items()
    )


@pytest.mark.parametrize("way", WAYS)
def test_every_law_holds_and_every_order_of_the_cohort_ends(tmp_path: Path, way: str) -> None:
    ledger = run(tmp_path, {"choose": "batch", **WAYS[way]})
    audit(ledger)
    orders = orders_of(ledger)
    done = orders["units_picked"] + orders["units_cancelled"]
    assert (done == orders["units"])[orders["measured"]].all()
    revised = ledger.revisions.columns()["accepted"]
    assert (revised.sum() > 0) is np.bool_("reevaluate_every" in WAYS[way])


def test_the_same_world_has_the_same_end_twice(tmp_path: Path) -> None:
    first, second = (run(tmp_path, {"choose": "batch", **WAYS["both"]}) for _ in range(2))
    assert same(first, second)


def test_without_window_and_backorders_it_is_the_engine_that_decides_one_by_one(tmp_path: Path) -> None:
    nothing_kept = {"routing__backorders": ...}
    at_once = run(tmp_path, {"choose": "batch", "window": "0 min"}, **nothing_kept)
    cheapest = run(tmp_path, {"choose": "cheapest"}, **nothing_kept)
    assert same(at_once, cheapest)
