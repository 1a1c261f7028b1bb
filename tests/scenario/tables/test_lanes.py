"""Lanes, delivery areas and short reaches: zones of their own that prices, promises and the world all know."""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.contract.messages import Line, Order
from sim.contract.news import StockNews
from sim.errors import ScenarioError
from sim.network.file import read_network, write_network
from sim.routing.build import build_engine
from sim.scenario.load import load
from sim.study.checks.check import problems_of
from sim.study.experiment import routing_of
from sim.world.carriers.transport import Transport
from tests.tiny import TABLES, TREE, tiny, write
from tests.world.hand_made import BOSTON, CABLE, DC_EAST, DC_WEST, IN_BOSTON, IN_CHICAGO, IN_SAN_FRANCISCO, at

if TYPE_CHECKING:
    from pathlib import Path

    from sim.scenario.load import Scenario

HEADER: list[object] = [
    "origin", "destination", "service", "zone", "days", "price_factor", "surcharge_usd", "served",
]  # fmt: skip
GROUND = TREE["carriers"]["services"]["ground"]
TWO = {"ground": GROUND, "swift": GROUND | {"business_days": [1, 1, 1, 2], "surcharge": "5 USD"}}
LIGHT = 0.1, 540.0  # a packed cable: 7, 8, 9, 10 USD by zone, and 10 % fuel


def with_lanes(folder: Path, *rows: list[object], **changes: Any) -> Scenario:
    """Return the tiny scenario with a table of lanes."""
    return tiny(folder, {"lanes.csv": [HEADER, *rows]}, carriers__lanes="lanes.csv", **changes)


def usd(scenario: Scenario, site: int, place: int, service: int = 0) -> float:
    """Return what a cable costs by a service."""
    lane = scenario.network.zone_lists[place][site]
    return Transport(scenario.file, scenario.network).label_cents(service, lane, *LIGHT) / 100


def days(scenario: Scenario, site: int, place: int, service: int = 0) -> int:
    """Return the published days."""
    lane = scenario.network.zone_lists[place][site]
    return Transport(scenario.file, scenario.network).published_days(service, lane)


def test_a_lane_may_lie_in_another_zone(tmp_path: Path) -> None:
    plain, laned = tiny(tmp_path / "plain"), with_lanes(tmp_path / "lanes", ["dc_east", "606", "", 4, "", "", "", ""])
    assert (usd(plain, DC_EAST, IN_CHICAGO), days(plain, DC_EAST, IN_CHICAGO)) == (pytest.approx(9.9), 3)
    assert (usd(laned, DC_EAST, IN_CHICAGO), days(laned, DC_EAST, IN_CHICAGO)) == (pytest.approx(11), 5)
    changed = plain.network.zone != laned.network.zone
    assert np.argwhere(changed).tolist() == [[IN_CHICAGO, DC_EAST]]


def test_a_lane_by_states_has_days_and_prices_of_its_own(tmp_path: Path) -> None:
    # 9 USD half as dear again, 2 USD on top, 10 % fuel on both
    laned = with_lanes(tmp_path, ["PA", "IL", "", "", 7, 1.5, 2, ""])
    assert (usd(laned, DC_EAST, IN_CHICAGO), days(laned, DC_EAST, IN_CHICAGO)) == (pytest.approx(17.05), 7)
    assert (usd(laned, BOSTON, IN_CHICAGO), days(laned, BOSTON, IN_CHICAGO)) == (pytest.approx(9.9), 3)


def test_a_later_row_changes_what_an_earlier_one_has_left(tmp_path: Path) -> None:
    laned = with_lanes(tmp_path, ["", "606", "", "", 4, "", "", ""], ["dc_east", "", "", "", "", 2, "", ""])
    assert (usd(laned, DC_EAST, IN_CHICAGO), days(laned, DC_EAST, IN_CHICAGO)) == (pytest.approx(19.8), 4)
    assert (usd(laned, DC_EAST, IN_BOSTON), days(laned, DC_EAST, IN_BOSTON)) == (pytest.approx(17.6), 2)


def test_a_service_may_leave_a_lane_to_the_others(tmp_path: Path) -> None:
    laned = with_lanes(tmp_path, ["", "606", "ground", "", "", "", "", "false"], carriers__services=TWO)
    assert usd(laned, DC_EAST, IN_CHICAGO, 0) == np.inf
    assert usd(laned, DC_EAST, IN_CHICAGO, 1) == pytest.approx(15.4)


def test_where_no_service_goes_is_no_lane(tmp_path: Path) -> None:
    laned = with_lanes(tmp_path, ["dc_west", "021", "", "", "", "", "", "false"])
    assert laned.network.zone[IN_BOSTON, DC_WEST] == 0
    assert np.count_nonzero(laned.network.zone == 0) == 1


def test_a_courier_goes_no_farther_than_its_reach(tmp_path: Path) -> None:
    courier = GROUND | {"business_days": [0, 0, 0, 0], "hours": "2 h", "reach": "30 km"}
    scenario = tiny(tmp_path, carriers__services={"ground": GROUND, "courier": courier})
    assert usd(scenario, BOSTON, IN_BOSTON, 1) == pytest.approx(7.7)
    assert usd(scenario, DC_EAST, IN_BOSTON, 1) == np.inf
    assert usd(scenario, DC_EAST, IN_BOSTON, 0) == usd(tiny(tmp_path / "plain"), DC_EAST, IN_BOSTON)


def test_a_delivery_area_costs_more_from_everywhere(tmp_path: Path) -> None:
    places = deepcopy(TABLES["places.csv"])
    for row, area in zip(places, ("area", "", "remote", "plain"), strict=True):
        row.append(area)
    scenario = tiny(
        tmp_path, {"places.csv": places}, network__place_attributes=["area"], carriers__areas="area",
        carriers__services={"ground": GROUND | {"area_surcharges": {"remote": "4 USD"}}},
    )  # fmt: skip
    assert usd(scenario, DC_EAST, IN_CHICAGO) == pytest.approx(14.3)
    assert usd(scenario, DC_WEST, IN_CHICAGO) == pytest.approx(usd(scenario, DC_EAST, IN_CHICAGO) + 1.1)
    assert usd(scenario, DC_WEST, IN_SAN_FRANCISCO) == usd(tiny(tmp_path / "plain"), DC_WEST, IN_SAN_FRANCISCO)


def test_the_engine_prices_and_promises_by_lane(tmp_path: Path) -> None:
    laned = with_lanes(tmp_path, ["PA", "IL", "", "", 7, 1.5, 2, ""])
    engine = build_engine(routing_of(laned), "cheapest", laned.network)
    five, none = np.array([5], dtype=np.int32), np.array([0], dtype=np.int32)
    engine.observe(StockNews(0.0, np.array([DC_EAST]), np.array([CABLE * 4 + DC_EAST]), five, none))
    (parcel,) = engine.route(Order(1, at(0, 8), IN_CHICAGO, (Line(CABLE, 1),)), at(0, 8)).parcels  # type: ignore[union-attr]
    assert parcel.cents[3] == pytest.approx(1705)
    # handed over at 18:00 today, seven days on the road, by 20:00 in Chicago
    assert parcel.deliver_at == at(7, 21)


def test_a_network_file_carries_its_lanes(tmp_path: Path) -> None:
    laned = with_lanes(
        tmp_path / "lanes", ["PA", "IL", "", "", 7, 1.5, 2, ""], ["", "021", "ground", "", "", 2, "", ""]
    )
    write_network(laned.network, tmp_path / "network.json")
    read = read_network(tmp_path / "network.json")
    assert np.array_equal(read.zone, laned.network.zone)
    step = read.services[0].step(*LIGHT)
    assert read.services[0].cents(step).tolist() == laned.network.services[0].cents(step).tolist()


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (["dc_eats", "606", "", 4, "", "", "", ""], "origin: unknown 'dc_eats' - expected one of"),
        (["", "60", "", 4, "", "", "", ""], "destination: unknown '60' - expected one of"),
        (["", "606", "grond", "", 4, "", "", ""], "service: unknown 'grond' - expected one of ground"),
        (["", "606", "", 5, "", "", "", ""], "zone: '5' - expected at most 4"),
        (["", "606", "", "", 0, "", "", ""], "days: '0' - expected a whole number from 1 to 31"),
        (["", "606", "", "", "", "", "", "no"], "served: 'no' - expected true or false"),
        (["", "606", "", "", "", "", "", ""], "zone: nothing is different on this lane - expected a value in one of"),
        (["", "606", "ground", 2, "", "", "", ""], "zone: a lane has one zone for all services - expected an empty"),
    ],
)
def test_a_wrong_lane_is_told(tmp_path: Path, row: list[object], message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        with_lanes(tmp_path, row)
    assert message in str(caught.value)


def test_a_place_to_which_no_service_goes_is_told_though_every_site_reaches_it(tmp_path: Path) -> None:
    rows = [HEADER, ["", "IL", "", "", "", "", "", "false"]]
    _, problems = problems_of(write(tmp_path, {"lanes.csv": rows}, carriers__lanes="lanes.csv"))
    assert [str(problem).removeprefix(f"{tmp_path}/") for problem in problems] == [
        "places.csv:3: 606: no site delivers there - the nearest, dc_east, is 1030 km away, and no service goes "
        "there - expected one that does, by carriers.lanes and the services' reach"
    ]


def test_a_site_from_which_no_service_goes_anywhere_is_told(tmp_path: Path) -> None:
    rows = [HEADER, ["dc_west", "", "", "", "", "", "", "false"]]
    _, problems = problems_of(write(tmp_path, {"lanes.csv": rows}, carriers__lanes="lanes.csv"))
    assert [problem.message.split(" - ")[1] for problem in problems] == [
        "the nearest place (941 San Francisco) is 299 km away, and no service goes there"
    ]


def test_the_shipped_network_has_no_zones_but_those_by_distance() -> None:
    network = load("us_electronics").network
    assert network.lanes == ()
    assert network.zone_count == 8
