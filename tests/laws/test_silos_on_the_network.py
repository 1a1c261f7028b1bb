"""One stock or silos on the shipped national network: as much stock in all, on the same shoppers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sim.chance.tape import Tape
from sim.routing.build import build_engine
from sim.scenario.load import load
from sim.study.experiment import routing_of
from sim.study.kpis.catalogue import BY_NAME, Sums, estimate, sums_of
from sim.study.kpis.cohort import cohort_of
from sim.study.statistics.estimate import difference
from sim.world.simulate import simulate

WORLDS = ("unified", "silos")
REPLICATIONS = 3


@pytest.fixture(scope="module")
def worlds() -> dict[str, list[Sums]]:
    found = {}
    for world in WORLDS:
        scenario = load("one_stock_or_silos", ["silos"] if world == "silos" else [])
        clock = scenario.file.clock.model_copy(update={"warm_up": 0, "drain_limit": 3})
        file = scenario.file.model_copy(update={"clock": clock})
        short = replace(scenario, file=file).with_measured_days(2)
        routing = routing_of(short)
        found[world] = [
            sums_of(cohort_of(simulate(short, Tape(short, 1, k), build_engine(routing, "cheapest", short.network))))
            for k in range(REPLICATIONS)
        ]
    return found


@pytest.mark.parametrize("kpi", ["order_fill_rate", "unit_fill_rate"])
def test_one_stock_fills_more_than_silos(worlds: dict[str, list[Sums]], kpi: str) -> None:
    unified, silos = (estimate(BY_NAME[kpi], worlds[world]) for world in WORLDS)
    assert difference(silos, unified).interval().high < 0


@pytest.mark.parametrize("kpi", ["turned_away_rate", "cost_per_order"])
def test_silos_turn_more_shoppers_away_and_cost_more(worlds: dict[str, list[Sums]], kpi: str) -> None:
    unified, silos = (estimate(BY_NAME[kpi], worlds[world]) for world in WORLDS)
    assert difference(silos, unified).interval().low > 0
