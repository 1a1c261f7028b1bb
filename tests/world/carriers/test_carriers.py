"""Carriers followed by hand: trouble, snow, room, surcharges, packages, and who chooses the service."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.contract.messages import Line, Order, Plan
from sim.contract.news import StockNews
from sim.errors import ScenarioError
from sim.routing.build import build_engine
from sim.study.experiment import routing_of
from tests.tiny import tiny
from tests.world.carried import GROUND, WATCHED, sent
from tests.world.hand_made import BOSTON, CABLE, IN_BOSTON, IN_CHICAGO, at

if TYPE_CHECKING:
    from pathlib import Path

MORNINGS = [at(day, 8) for day in range(4)]
# handed over at 18:00, two days to Boston, the first in the morning
USUAL = [(at(day, 18), at(day + 2, 9)) for day in range(4)]


def days_of(folder: Path, *disruptions: dict[str, Any], **how: Any) -> list[tuple[float, float]]:
    """Return when the parcels of four mornings are handed over and delivered."""
    parcels = sent(folder, MORNINGS, {"ground": GROUND}, disruptions=list(disruptions), **how).parcels.columns()
    return list(zip(parcels["handed_at"].tolist(), parcels["delivered_at"].tolist(), strict=True))


def test_who_is_only_watched_delivers_as_ever(tmp_path: Path) -> None:
    plain = days_of(tmp_path / "plain")
    watched = sent(tmp_path / "watched", MORNINGS, {"ground": GROUND | WATCHED}).parcels.columns()
    assert plain == USUAL
    assert list(zip(watched["handed_at"].tolist(), watched["delivered_at"].tolist(), strict=True)) == USUAL


SLOW = {"kind": "carrier_slow", "on": "2026-02-03", "lasts": "1 day", "days": 3}


@pytest.mark.parametrize(
    ("changes", "hit"),
    [
        ({}, True),
        ({"services": ["ground"], "to": ["MA"], "where": {"sites": ["dc_east"]}}, True),
        ({"to": ["CA"]}, False),
        ({"where": {"kinds": ["store"]}}, False),
    ],
)
def test_a_slow_carrier_takes_so_many_days_more(tmp_path: Path, changes: dict[str, Any], hit: bool) -> None:
    late = (USUAL[1][0], at(3 + 3, 9))
    assert days_of(tmp_path, SLOW | changes) == [USUAL[0], late if hit else USUAL[1], *USUAL[2:]]


def test_a_carrier_that_is_down_takes_parcels_at_the_first_pick_up_afterwards(tmp_path: Path) -> None:
    down = {"kind": "carrier_down", "on": "2026-02-03", "at": "12:00", "lasts": "1 day"}
    # Tuesday's parcel leaves with Wednesday's
    assert days_of(tmp_path, down) == [USUAL[0], USUAL[2], USUAL[2], USUAL[3]]


def test_on_a_snow_day_nobody_delivers_in_the_state(tmp_path: Path) -> None:
    # Wednesday's delivery comes on Thursday, as do Tuesday's parcels
    snow = {"kind": "snow_day", "on": "2026-02-04", "lasts": "1 day", "states": ["MA"]}
    assert days_of(tmp_path, snow) == [(USUAL[0][0], at(3, 9)), *USUAL[1:]]


def test_on_a_snow_day_nobody_picks_up_in_the_state(tmp_path: Path) -> None:
    snow = {"kind": "snow_day", "on": "2026-02-04", "lasts": "1 day", "states": ["PA"]}
    assert days_of(tmp_path, snow) == [*USUAL[:2], USUAL[3], USUAL[3]]


def test_trips_tell_what_was_late_and_why(tmp_path: Path) -> None:
    trips = sent(tmp_path, MORNINGS, {"ground": GROUND}, disruptions=[SLOW]).trips.columns()
    assert trips["late_days"].tolist() == [0, 3, 0, 0]
    assert trips["in_trouble"].tolist() == [0, 1, 0, 0]
    assert trips["published_at"].tolist() == [at(day + 2, 20) for day in range(4)]


@pytest.mark.parametrize(
    ("limit", "handed"),
    [({"per_site": 3}, [0, 0, 0, 1, 1, 1, 2]), ({"in_all": 2}, [0, 0, 1, 1, 2, 2, 3]), ({"per_site": 9}, [0] * 7)],
)
def test_what_a_service_has_no_room_for_waits_for_the_next_pick_up(
    tmp_path: Path, limit: dict[str, int], handed: list[int]
) -> None:
    ledger = sent(tmp_path, [at(0, 8, k) for k in range(7)], {"ground": GROUND | {"capacity": limit}})
    assert ledger.parcels.columns()["handed_at"].tolist() == [at(day, 18) for day in handed]
    assert ledger.trips.columns()["waited"].tolist() == handed


# dearer by 4 USD and as fast, dearer by 2 USD and a day slower
SWIFT, SLOWER = GROUND | {"surcharge": "4 USD"}, GROUND | {"surcharge": "2 USD", "business_days": [2, 3, 4, 6]}
BOTH = {"swift": SWIFT, "slower": SLOWER}


@pytest.mark.parametrize(("deliver_in", "services"), [(3, [0, 0, 2, 2]), (2, [0, 0, 1, 1])])
def test_what_a_service_has_no_room_for_goes_by_the_cheapest_that_keeps_the_promise(
    tmp_path: Path, deliver_in: int, services: list[int]
) -> None:
    full = GROUND | {"capacity": {"per_site": 2, "beyond": "next_service"}}
    moments = [at(0, 8, k) for k in range(4)]
    parcels = sent(tmp_path, moments, {"ground": full, **BOTH}, deliver_in=deliver_in).parcels.columns()
    assert parcels["service"].tolist() == services
    assert parcels["handed_at"].tolist() == [at(0, 18)] * 4
    # 8 USD and 10 % fuel on all of it
    dearer = {0: 880, 1: 1320, 2: 1100}
    assert parcels["label_cents"].tolist() == [dearer[k] for k in services]


@pytest.mark.parametrize(("deliver_in", "chosen"), [(2, 1), (3, 2), (1, 1)])
def test_the_dock_takes_the_cheapest_that_keeps_the_promise_or_else_the_fastest(
    tmp_path: Path, deliver_in: int, chosen: int
) -> None:
    dear = {"dear": GROUND | {"surcharge": "9 USD"}, **BOTH}
    ledger = sent(tmp_path, [at(0, 8)], dear, deliver_in=deliver_in, carriers__choice="hand_over")
    assert ledger.parcels.columns()["service"].tolist() == [chosen]


def test_the_dock_buys_from_who_takes_parcels_at_all(tmp_path: Path) -> None:
    down = {"kind": "carrier_down", "services": ["slower"], "on": "2026-02-02", "lasts": "2 days"}
    ledger = sent(tmp_path, [at(0, 8)], BOTH, deliver_in=3, carriers__choice="hand_over", disruptions=[down])
    assert ledger.parcels.columns()["service"].tolist() == [0]


def test_peak_surcharges_are_paid_on_their_days(tmp_path: Path) -> None:
    peak = {"first": "2026-02-03", "last": "2026-02-04", "surcharge": "1.50 USD"}
    parcels = sent(tmp_path, MORNINGS, {"ground": GROUND | {"peaks": [peak]}}).parcels.columns()
    assert parcels["label_cents"].tolist() == [880, 1045, 1045, 880]


@pytest.mark.parametrize(
    ("limit", "packages"), [({"max_weight": "1 kg"}, 3), ({"max_weight": "2.5 kg"}, 1), ({"max_volume": "5 l"}, 3)]
)
def test_what_is_more_than_a_package_goes_as_several(tmp_path: Path, limit: dict[str, str], packages: int) -> None:
    # 25 cables of 100 g in 540 cubic centimetres: 5.5 lb for one package of 18 USD, 1.8 lb for each of three of 10 USD
    ledger = sent(tmp_path, [at(0, 8)], {"ground": GROUND | WATCHED | {"package": limit}}, units=25)
    assert ledger.trips.columns()["packages"].tolist() == [packages]
    assert ledger.parcels.columns()["label_cents"].tolist() == [1980 if packages == 1 else 3 * 1100]


def test_distance_and_emissions_are_told_by_trip(tmp_path: Path) -> None:
    trips = sent(tmp_path, [at(0, 8)], {"ground": GROUND | WATCHED}, units=10).trips.columns()
    assert trips["kg"].tolist() == [pytest.approx(1)]
    assert trips["km"][0] == pytest.approx(416, abs=2)  # Allentown to Boston
    assert trips["co2_kg"][0] == pytest.approx(trips["km"][0] * 0.1 / 1000)


def test_a_courier_delivers_some_hours_after_the_pick_up(tmp_path: Path) -> None:
    courier = GROUND | {"business_days": [0, 0, 0, 0], "hours": "2 h", "reach": "500 km"}
    ledger = sent(tmp_path, [at(0, 8)], {"ground": GROUND, "courier": courier}, service=1)
    assert ledger.parcels.columns()["delivered_at"].tolist() == [at(0, 20)]


def test_the_router_promises_the_same_day_within_a_couriers_reach(tmp_path: Path) -> None:
    courier = GROUND | {"business_days": [0, 0, 0, 0], "hours": "2 h", "reach": "30 km"}
    scenario = tiny(tmp_path, carriers__services={"courier": courier, "ground": GROUND})
    engine = build_engine(routing_of(scenario), "nearest", scenario.network)
    five, none = np.array([5], dtype=np.int32), np.array([0], dtype=np.int32)
    engine.observe(StockNews(0.0, np.array([BOSTON]), np.array([CABLE * 4 + BOSTON]), five, none))
    promised = {}
    for number, place in enumerate((IN_BOSTON, IN_CHICAGO)):
        plan = engine.route(Order(number, at(0, 8), place, (Line(CABLE, 1),)), at(0, 8))
        assert isinstance(plan, Plan)
        promised[place] = (plan.parcels[0].service, plan.parcels[0].deliver_at)
    assert promised == {IN_BOSTON: (0, at(0, 20)), IN_CHICAGO: (1, at(3, 21))}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"disruptions": [SLOW | {"services": ["grond"]}]}, "disruptions[0].services[0]: unknown 'grond' - expected"),
        ({"disruptions": [SLOW | {"to": ["XX"]}]}, "disruptions[0].to[0]: unknown 'XX' - expected one of"),
        ({"disruptions": [{"kind": "snow_day", "on": "2026-02-04", "lasts": "1 day", "states": ["XX"]}]},
         "disruptions[0].states[0]: unknown 'XX' - expected one of"),
        ({"carriers__areas": "area", "carriers__services__ground__area_surcharges": {"far": "1 USD"}},
         "carriers.areas: unknown 'area' - there is none"),
    ],
)  # fmt: skip
def test_a_name_that_nothing_has_is_told(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        tiny(tmp_path, **changes)
    assert message in str(caught.value)
