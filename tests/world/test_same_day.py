"""A courier delivers some hours after he collected, within his reach; who orders by the cut-off has it today."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import pytest

from sim.contract.messages import Plan
from sim.errors import ScenarioError
from sim.ledger.orders import orders_of
from sim.network.file import to_plain
from sim.routing.build import build_engine
from sim.scenario.load import load
from sim.study.experiment import routing_of
from sim.world.simulate import simulate
from tests.tiny import TABLES, TREE, write
from tests.world.hand_made import (
    BOSTON,
    CABLE,
    DC_EAST,
    IN_CHICAGO,
    PLAIN_LUCK,
    HandMadeTape,
    ObedientRouter,
    at,
    parcel,
    shopper,
    stocked,
)
from tests.world.orders.test_pick_up import rows, run

if TYPE_CHECKING:
    from pathlib import Path

    from sim.scenario.load import Scenario

GROUND, COURIER = 0, 1
FEE = {"courier.csv": [TABLES["rates.csv"][0], [70, 6, 1, 1, 1]]}


def with_courier(**changes: Any) -> dict[str, Any]:
    """Return carriers of which one delivers the same day, within 150 miles, for 6 USD."""
    carriers = deepcopy(TREE["carriers"])
    courier = {
        **deepcopy(carriers["services"]["ground"]), "rates": "courier.csv", "fuel": "0 %", "reach": "241 km",
        "business_days": [0, 1, 2, 3], "hours": {"law": "uniform", "low": "30 min", "high": "90 min"},
    }  # fmt: skip
    carriers["services"]["courier"] = {**courier, **changes}
    return carriers


def world(folder: Path, **changes: Any) -> Scenario:
    own: dict[str, Any] = {"walk_ins": ..., "carriers": with_courier(), "site_kinds__store__pick_up": "17:00"}
    return stocked(folder, {(CABLE, BOSTON): 9, (CABLE, DC_EAST): 9}, FEE, **own | changes)


@pytest.mark.parametrize(("luck", "minutes"), [(0.5, 60), (0.25, 45)])
def test_he_delivers_hours_after_the_hand_over_by_the_luck_of_the_parcel(
    tmp_path: Path, luck: float, minutes: float
) -> None:
    plan = Plan((parcel(BOSTON, {CABLE: 1}, service=COURIER),))
    order = shopper(1, at(0, 8), {CABLE: 1}, luck=(*PLAIN_LUCK[:3], luck) * 4)
    ledger = run(world(tmp_path), [order], ObedientRouter(plan))
    assert rows(ledger, "parcels", "handed_at", "delivered_at", "label_cents") == [
        (at(0, 17), at(0, 17) + minutes, 600)
    ]


def test_a_late_one_comes_on_a_working_day_after(tmp_path: Path) -> None:
    plan = Plan((parcel(BOSTON, {CABLE: 1}, service=COURIER),))
    order = shopper(1, at(0, 8), {CABLE: 1}, luck=(0.5, 0.5, 0.01, 0.5) * 4)
    ledger = run(world(tmp_path), [order], ObedientRouter(plan))
    assert rows(ledger, "parcels", "delivered_at") == [(at(1, 14, 30),)]


# the store asks for two hours before 17:00, and needs a quarter of one
@pytest.mark.parametrize(("hour", "promised", "delivered"), [(14.9, 0, 0), (15.1, 1, 0), (16.9, 1, 1)])
def test_our_engine_promises_today_to_who_orders_by_the_cut_off_and_the_courier_keeps_it(
    tmp_path: Path, hour: float, promised: int, delivered: int
) -> None:
    scenario = world(tmp_path)
    tape = HandMadeTape(scenario, [shopper(1, at(0, 0) + 60 * hour, {CABLE: 1})])
    ledger = simulate(scenario, tape, build_engine(routing_of(scenario), "cheapest", scenario.network))
    assert rows(ledger, "parcels", "site", "service") == [(BOSTON, COURIER)]
    orders = orders_of(ledger)
    assert orders["promised_delivery"].tolist() == [at(promised, 20)]
    assert orders["delivered_at"].tolist() == [at(delivered, 18)]


def test_beyond_his_reach_ground_goes_whatever_his_table_says(tmp_path: Path) -> None:
    scenario = world(tmp_path)
    tape = HandMadeTape(scenario, [shopper(1, at(0, 8), {CABLE: 1}, place=IN_CHICAGO)])
    ledger = simulate(scenario, tape, build_engine(routing_of(scenario), "cheapest", scenario.network))
    assert rows(ledger, "parcels", "service") == [(GROUND,)]


def test_a_network_file_tells_his_reach(tmp_path: Path) -> None:
    tree = to_plain(world(tmp_path).network)
    near = {lane["zone"] for lane in tree["lanes"] if lane.get("within_km") == 241}
    of_courier = tree["services"][1]
    assert [zone for zone in near if zone not in of_courier["not_to"]] == sorted(near)
    assert of_courier["not_to"] == [1, 2, 3, 4]


@pytest.mark.parametrize("changes", [{"hours": None}, {"business_days": [1, 1, 2, 3]}])
def test_the_same_day_and_hours_go_together(tmp_path: Path, changes: dict[str, Any]) -> None:
    with pytest.raises(ScenarioError, match="expected `hours` where, and only where, business_days has a 0"):
        load(write(tmp_path, FEE, carriers=with_courier(**changes)))
