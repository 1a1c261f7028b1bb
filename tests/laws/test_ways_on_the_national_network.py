"""Ways to fulfil on the shipped national network, in paired differences over the same tapes.

A day in transit is worth 4 USD there, so that the engine has a use for couriers.
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, Any

import pytest
from ruamel.yaml import YAML

from sim.chance.tape import Tape
from sim.ledger.audit import audit
from sim.routing.build import build_engine
from sim.scenario.load import load, shipped_scenarios
from sim.study.experiment import routing_of
from sim.study.kpis.catalogue import BY_NAME, Sums, estimate, sums_of
from sim.study.kpis.cohort import cohort_of
from sim.study.statistics.estimate import Interval, difference
from sim.world.simulate import simulate

if TYPE_CHECKING:
    from pathlib import Path

    from sim.scenario.load import Scenario

AS_IT_IS: dict[str, Any] = {
    "clock.warm_up": "1 day",
    "clock.measure": "1 day",
    "routing.strategies.balanced.day_value": "4 USD",
    "network.sites": "sites.csv",
    "network.site_attributes": ["pickup"],
}
CHANGES: dict[str, dict[str, Any]] = {
    "pick_up": {
        "says": "A third of the shoppers within 40 km of a store that has all of it collect their order",
        "set": {
            "routing.pickup": {},
            "pick_up": {
                "within": "40 km", "share": "33 %", "arrives": {"law": "lognormal", "mean": "20 h", "cv": 1},
                "no_show": "6 %", "hold": "3 days", "minutes": "3 min", "put_back": "2 min", "per_hour": "18 USD",
            },
        },
    },
    "courier": {
        "says": "Couriers deliver within 50 miles on the day of the hand-over, for 9 USD",
        "set": {
            "carriers.services.courier": {
                "rates": "courier.csv", "discount": "0 %", "surcharge": "0 USD", "fuel": "0 %", "dim_divisor": 139,
                "dim_from_cubic_inch": 0, "business_days": [0, 1, 1, 1, 1, 1, 1, 1], "reach": "80 km",
                "hours": {"law": "uniform", "low": "30 min", "high": "2 h"},
                "works": ["mon", "tue", "wed", "thu", "fri", "sat"],
                "late": {"share": "2 %", "extra_days": {1: "100 %"}},
            },
        },
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Sums]]:
    """Return what becomes of three replications as it is, and with each change."""
    folder: Path = tmp_path_factory.mktemp("ways")
    shipped = shipped_scenarios()["us_electronics"].parent / "sites.csv"
    with shipped.open(newline="", encoding="utf-8") as file:
        header, *sites = csv.reader(file)
    kind = header.index("kind")
    write(folder / "sites.csv", [[*header, "pickup"], *([*row, str(row[kind] == "store").lower()] for row in sites)])
    write(folder / "courier.csv", [["max_lb", *(f"zone_{k}" for k in range(1, 9))], [50, *[9] * 8]])
    path = folder / "scenario.yaml"
    with path.open("w", encoding="utf-8") as file:
        YAML().dump({"extends": "us_electronics", "set": AS_IT_IS, "changes": CHANGES}, file)
    scenarios = {"as it is": load(path)} | {name: load(path, [name]) for name in CHANGES}
    return {name: [run(scenario, r) for r in range(3)] for name, scenario in scenarios.items()}


def write(path: Path, rows: list[list[Any]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)


def run(scenario: Scenario, replication: int) -> Sums:
    router = build_engine(routing_of(scenario), "balanced", scenario.network)
    ledger = simulate(scenario, Tape(scenario, 1, replication), router)
    audit(ledger)
    return sums_of(cohort_of(ledger))


def change(runs: dict[str, list[Sums]], name: str, kpi: str) -> Interval:
    return difference(*(estimate(BY_NAME[kpi], runs[arm]) for arm in (name, "as it is"))).interval()


def test_pick_up_saves_labels_and_boxes_and_costs_staff_time(runs: dict[str, list[Sums]]) -> None:
    assert change(runs, "pick_up", "label_per_order").high < 0
    assert change(runs, "pick_up", "packaging_per_order").high < 0
    assert change(runs, "pick_up", "cost_per_order").high < 0
    assert estimate(BY_NAME["pick_up_per_order"], runs["pick_up"]).value > 0


def test_orders_to_be_collected_are_ready_long_before_others_are_delivered(runs: dict[str, list[Sums]]) -> None:
    kpis = ("ready_hours_mean", "delivery_hours_mean")
    ready, delivered = (estimate(BY_NAME[name], runs["pick_up"]).value for name in kpis)
    assert ready < delivered / 2


def test_pick_up_moves_units_from_warehouses_to_stores(runs: dict[str, list[Sums]]) -> None:
    assert change(runs, "pick_up", "mix_dc").high < 0
    assert change(runs, "pick_up", "mix_pick_up").low > 0


def test_a_courier_shortens_transit_and_delivery(runs: dict[str, list[Sums]]) -> None:
    assert change(runs, "courier", "delivery_hours_mean").high < 0
    assert change(runs, "courier", "transit_hours").high < 0
