"""Drifting records on the shipped national network, in paired differences over the same tapes.

Stores are lean and lose more than real ones, so that a few short replications tell the sign.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML

from sim.chance.tape import Tape
from sim.ledger.audit import audit
from sim.routing.build import build_engine
from sim.scenario.load import load
from sim.study.experiment import routing_of
from sim.study.kpis.catalogue import BY_NAME, Sums, estimate, sums_of
from sim.study.kpis.cohort import cohort_of
from sim.study.statistics.estimate import Interval, difference
from sim.world.simulate import simulate
from tests.tiny import tiny

if TYPE_CHECKING:
    from pathlib import Path

    from sim.scenario.load import Scenario

ONCE_UNCOUNTED: dict[str, Any] = {
    "clock.warm_up": "1 day",
    "clock.measure": "2 days",
    "site_kinds.store.stock.days_of_cover": 2,
    "site_kinds.store.stock.carried_from": 0.5,
    "site_kinds.store.records": {
        "shrink": {"of_demand": "4 %"},
        "errors": {
            "receive": {"scanned": "0.1 %", "unscanned": "10 %"},
            "pick": {"scanned": "0.1 %", "unscanned": "10 %"},
            "till": {"scanned": "0.1 %", "unscanned": "20 %"},
        },
        "counted_before": "5 days",
    },
}
CHANGES: dict[str, dict[str, Any]] = {
    "counts": {
        "says": "Stores count every product every night",
        "set": {
            "site_kinds.store.counting": {
                "classes": [{"value": "100 %", "every": "1 day"}], "per_product": "30 s", "per_hour": "18 USD",
            }
        },
    },
    "scans": {
        "says": "Stores scan a barcode whenever goods are handled",
        "set": {"site_kinds.store.records.scanning": {"receive": True, "pick": True, "till": True}},
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Sums]]:
    """Return what becomes of three replications as it was, and with each change."""
    path: Path = tmp_path_factory.mktemp("lean") / "scenario.yaml"
    with path.open("w", encoding="utf-8") as file:
        YAML().dump({"extends": "us_electronics", "set": ONCE_UNCOUNTED, "changes": CHANGES}, file)
    scenarios = {"as it was": load(path)} | {name: load(path, [name]) for name in CHANGES}
    return {name: [run(scenario, number) for number in range(3)] for name, scenario in scenarios.items()}


def run(scenario: Scenario, replication: int) -> Sums:
    router = build_engine(routing_of(scenario), "nearest", scenario.network)
    ledger = simulate(scenario, Tape(scenario, 1, replication), router)
    audit(ledger)
    return sums_of(cohort_of(ledger))


def change(runs: dict[str, list[Sums]], name: str, kpi: str) -> Interval:
    return difference(*(estimate(BY_NAME[kpi], runs[arm]) for arm in (name, "as it was"))).interval()


@pytest.mark.parametrize("name", ["counts", "scans"])
@pytest.mark.parametrize("kpi", ["record_accuracy", "unit_accuracy"])
def test_counting_and_scanning_make_records_truer(runs: dict[str, list[Sums]], name: str, kpi: str) -> None:
    assert change(runs, name, kpi).low > 0


def test_counts_break_fewer_promises(runs: dict[str, list[Sums]]) -> None:
    assert change(runs, "counts", "oversell_rate").high < 0


def test_counting_costs_labour(runs: dict[str, list[Sums]]) -> None:
    assert change(runs, "counts", "count_cost_per_order").low > 0


def test_scanning_picks_sends_fewer_wrong_units(runs: dict[str, list[Sums]]) -> None:
    assert change(runs, "scans", "mis_ship_rate").high < 0


@pytest.mark.parametrize(
    "better", [{"scanning": {"receive": True, "pick": True, "till": True}}, {"on_short_pick": "set_to_zero"}],
    ids=["scanning", "booking an empty shelf empty"],
)  # fmt: skip
def test_scanning_and_booking_what_was_found_empty_break_fewer_promises(tmp_path: Path, better: dict[str, Any]) -> None:
    drift = {name: {"scanned": 0, "unscanned": "20 %"} for name in ("receive", "pick", "till")}
    usual = {"errors": drift} if "scanning" in better else {"shrink": {"of_demand": "10 %"}}
    arms = []
    for name, records in (("plain", {}), ("better", better)):
        scenario = tiny(
            tmp_path / name, site_kinds__store__records=usual | records,
            site_kinds__store__stock__days_of_cover=2, clock__measure="14 days", walk_ins__units_per_store_day=60,
            demand__shoppers_per_day=120,
        )  # fmt: skip
        arms.append([run(scenario, number) for number in range(8)])
    worse, truer = (estimate(BY_NAME["oversell_rate"], sums) for sums in arms)
    assert difference(truer, worse).interval().high < 0
