"""What more orders, more people and ship-from-store do to sites whose people have shifts, with the same luck."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sim.chance.tape import Tape
from sim.ledger.audit import audit
from sim.routing.build import build_engine
from sim.study.experiment import routing_of
from sim.study.kpis.catalogue import sums_of
from sim.study.kpis.cohort import cohort_of
from sim.world.simulate import simulate
from tests.tiny import tiny

if TYPE_CHECKING:
    from pathlib import Path

    from sim.ledger.ledger import Ledger

SHIFT = {"hours": "08:00-18:00", "people": 2}
TEMPS = {"shift": "day", "since": "2026-02-02", "until": "2026-03-30", "people": 6, "per_hour": "18 USD"}
LABOUR: dict[str, Any] = {"per_hour": "20 USD", "shifts": {"day": SHIFT}}


def world(folder: Path, strategy: str, seed: int, **changes: Any) -> Ledger:
    scenario = tiny(folder, **changes)
    ledger = simulate(scenario, Tape(scenario, seed, 0), build_engine(routing_of(scenario), strategy, scenario.network))
    audit(ledger)
    return ledger


def kpi(ledger: Ledger, name: str) -> float:
    numerator, denominator = sums_of(cohort_of(ledger)).pairs[name]
    return numerator / denominator


def minutes_for_orders(ledger: Ledger) -> float:
    labour = ledger.labour.columns()
    return float((labour["worked_min"] - labour["served_min"]).sum())


@pytest.mark.parametrize("seed", [1, 2])
def test_a_peak_makes_orders_late_and_temps_make_up_for_it(tmp_path: Path, seed: int) -> None:
    # two warehouses of two people: 40 hours of work a day, of which 60 shoppers bring some 26, 180 some 78
    dc: dict[str, Any] = {
        "site_kinds__dc__pickers": ..., "site_kinds__dc__labour": LABOUR, "site_kinds__dc__pick_time": "20 min",
        "site_kinds__dc__stock__online_share": "100 %",
    }  # fmt: skip
    peak = {**dc, "demand__shoppers_per_day": 180}
    helped = {**peak, "site_kinds__dc__labour": {**LABOUR, "temps": [TEMPS]}}
    usual, late, made_up = (
        world(tmp_path / name, "siloed", seed, **changes)
        for name, changes in (("usual", dc), ("peak", peak), ("helped", helped))
    )
    on_time = [kpi(each, "on_time_ship_rate") for each in (usual, late, made_up)]
    assert on_time[1] < on_time[0] - 0.1
    assert on_time[2] > on_time[1] + 0.1
    assert kpi(late, "pick_wait_hours") > kpi(made_up, "pick_wait_hours")
    assert kpi(made_up, "labour_cost_per_order") > kpi(late, "labour_cost_per_order")


@pytest.mark.parametrize("seed", [1, 2])
def test_ship_from_store_takes_the_time_of_store_people_and_their_customers_wait_for_it(
    tmp_path: Path, seed: int
) -> None:
    block = {**LABOUR, "shifts": {"day": {**SHIFT, "people": 1}}, "walk_ins": {"takes": "10 min"}}
    store = {"site_kinds__store__pickers": ..., "site_kinds__store__labour": block}
    silos, from_stores = (world(tmp_path / name, name, seed, **store) for name in ("siloed", "nearest"))
    alone, shared = (
        (e.labour.columns()["worked_min"] - e.labour.columns()["served_min"]).sum() for e in (silos, from_stores)
    )
    assert alone == 0
    assert shared > 60
    assert kpi(from_stores, "walk_in_wait_min") > kpi(silos, "walk_in_wait_min")
