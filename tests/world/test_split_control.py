"""Split control of the routing file holds in a simulated world, whatever the strategy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.chance.tape import Tape
from sim.ledger.audit import audit
from sim.routing.build import build_engine
from sim.study.experiment import routing_of
from sim.world.simulate import simulate
from tests.tiny import tiny

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def parcels_a_decision(folder: Path, strategy: str, **splits: Any) -> NDArray[np.int64]:
    """Return how many parcels each decision of a run had."""
    keeps = {"store_boston": ["cables"], "store_oakland": ["audio"]}  # near, but each has one thing only
    lines = {2: "50 %", 3: "50 %"}
    scenario = tiny(
        folder, demand__lines_per_order=lines, site_kinds__store__stock__keeps=keeps, routing__splits=splits
    )
    ledger = simulate(scenario, Tape(scenario, 1, 0), build_engine(routing_of(scenario), strategy, scenario.network))
    audit(ledger)
    found: NDArray[np.int64] = ledger.decisions.columns()["parcels"]
    return found


@pytest.mark.parametrize("strategy", ["nearest", "cheapest"])
def test_no_order_comes_in_more_packages_than_it_may(tmp_path: Path, strategy: str) -> None:
    assert parcels_a_decision(tmp_path, strategy, max_packages=1).max() == 1


@pytest.mark.parametrize(("complete_first", "splits"), [(False, True), (True, False)])
def test_complete_first_sends_from_a_warehouse_what_the_nearest_stores_would_split(
    tmp_path: Path, complete_first: bool, splits: bool
) -> None:
    parcels = parcels_a_decision(tmp_path, "nearest", complete_first=complete_first)
    assert bool((parcels > 1).any()) == splits
