"""What a store lacks of an order to be collected comes from elsewhere, by truck or by carrier, to its counter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sim.contract.messages import Plan
from sim.ledger.fates import Goes
from sim.ledger.orders import orders_of
from sim.routing.build import build_engine
from sim.study.experiment import routing_of
from sim.world.simulate import simulate
from tests.world.collecting import collecting, collector, via_counter
from tests.world.hand_made import BOSTON, CABLE, DC_EAST, HandMadeTape, at, parcel, shopper
from tests.world.orders.test_pick_up import CounterRouter, rows, run

if TYPE_CHECKING:
    from pathlib import Path

TRUCKS: dict[str, Any] = {"cost_per_parcel": "2 USD", "cost_per_unit": "0.25 USD", "arrive": "07:30"}
STOCK = {(CABLE, DC_EAST): 9, (CABLE, BOSTON): 1}


def all_from_the_dc(service: int) -> Plan:
    return Plan((via_counter(DC_EAST, {CABLE: 3}, service),))


def test_a_truck_leaves_with_the_carriers_pick_up_and_is_there_the_next_morning(tmp_path: Path) -> None:
    scenario = collecting(tmp_path, STOCK, trucks=TRUCKS)
    ledger = run(scenario, [collector(1, at(0, 8), {CABLE: 3})], CounterRouter(all_from_the_dc(-1)))
    assert rows(ledger, "parcels", "packed_at", "handed_at", "delivered_at", "goes") == [
        (at(0, 8, 15), at(0, 18), at(1, 7, 30), Goes.TO_COUNTER)
    ]
    assert rows(ledger, "hand_overs", "ready_at", "at", "units") == [(at(1, 7, 30), at(1, 7, 31) + 300, 3)]
    assert rows(ledger, "parcels", "packaging_cents", "label_cents") == [(70, 275)]
    assert orders_of(ledger)["ready_hours"].tolist() == [23.5]


def test_a_late_truck_takes_days_more(tmp_path: Path) -> None:
    late = {"late": {"share": "100 %", "extra_days": {2: "100 %"}}, "days": 2}
    scenario = collecting(tmp_path, STOCK, trucks=TRUCKS | late)
    ledger = run(scenario, [collector(1, at(0, 8), {CABLE: 3})], CounterRouter(all_from_the_dc(-1)))
    assert rows(ledger, "parcels", "delivered_at") == [(at(4, 7, 30),)]


def test_by_carrier_it_goes_at_the_price_and_in_the_days_of_the_zone_between_the_sites(tmp_path: Path) -> None:
    scenario = collecting(tmp_path, STOCK)
    ledger = run(scenario, [collector(1, at(0, 8), {CABLE: 3})], CounterRouter(all_from_the_dc(0)))
    # Allentown to Boston is 417 km, zone 2 (150 to 600 mi): 0.3 kg in 1,620 cm3 are 1 lb, 8 USD and 10 % fuel; two
    # working days, delivered in the middle of the hours between 9:00 and 20:00
    assert rows(ledger, "parcels", "label_cents", "handed_at", "delivered_at") == [(880, at(0, 18), at(2, 14, 30))]
    (km,) = ledger.parcels.columns()["km"]
    assert km == pytest.approx(417, abs=1)


def test_what_arrives_is_received_in_the_stores_working_time(tmp_path: Path) -> None:
    hours = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "10:00-20:00")
    scenario = collecting(tmp_path, STOCK, {"receive": "45 min"}, trucks=TRUCKS, site_kinds__store__hours=hours)
    ledger = run(scenario, [collector(1, at(0, 8), {CABLE: 3})], CounterRouter(all_from_the_dc(-1)))
    assert rows(ledger, "hand_overs", "ready_at") == [(at(1, 10, 45),)]


def test_the_shopper_is_told_when_the_last_part_is_there(tmp_path: Path) -> None:
    plan = Plan((parcel(BOSTON, {CABLE: 1}, service=-1), via_counter(DC_EAST, {CABLE: 2}, -1)))
    scenario = collecting(tmp_path, STOCK, trucks=TRUCKS)
    ledger = run(scenario, [collector(1, at(0, 8), {CABLE: 3})], CounterRouter(plan))
    assert rows(ledger, "hand_overs", "ready_at", "units") == [(at(1, 7, 30), 3)]
    assert orders_of(ledger)["sites"].tolist() == [2]


def test_our_engine_has_it_brought_by_truck_and_the_world_carries_it_out_as_promised(tmp_path: Path) -> None:
    routing = {"transfer": "missing_lines", "truck": {"cost_per_parcel": "2 USD", "cost_per_unit": "0.25 USD"}}
    scenario = collecting(tmp_path, STOCK, trucks=TRUCKS, routing__pickup=routing)
    tape = HandMadeTape(scenario, [collector(1, at(0, 8), {CABLE: 3}), shopper(2, at(0, 9), {CABLE: 1})])
    ledger = simulate(scenario, tape, build_engine(routing_of(scenario), "cheapest", scenario.network))
    assert rows(ledger, "parcels", "order", "site", "goes", "label_cents") == [
        (1, BOSTON, Goes.TO_COUNTER, 0),
        (1, DC_EAST, Goes.TO_COUNTER, 250),
        (2, DC_EAST, Goes.TO_SHOPPER, 880),
    ]
    orders = orders_of(ledger)
    assert orders["handed_at"][0] == orders["promised_ship"][0] == at(0, 18)
    assert orders["delivered_at"][0] < orders["promised_delivery"][0]


def test_a_parcel_to_a_shopper_is_not_taken_for_one_to_a_counter(tmp_path: Path) -> None:
    scenario = collecting(tmp_path, STOCK)
    plan = Plan((parcel(DC_EAST, {CABLE: 3}),))
    ledger = run(scenario, [shopper(1, at(0, 8), {CABLE: 3})], CounterRouter(plan))
    assert rows(ledger, "parcels", "goes") == [(Goes.TO_SHOPPER,)]
    assert rows(ledger, "pick_ups", "order") == []
