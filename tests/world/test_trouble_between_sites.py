"""What hits carriers hits what goes from site to site, and what was merged, as it hits any parcel."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from sim.chance.tape import Tape
from sim.contract.messages import Leg, Plan
from sim.ledger.fates import Arrival, Goes
from sim.ledger.orders import orders_of
from sim.study.kpis.reconcile import reconcile
from sim.world.simulate import simulate
from tests.world.carried import AT_ONCE, GROUND, WATCHED
from tests.world.collecting import collecting, collector, via_counter
from tests.world.hand_made import BOSTON, CABLE, DC_EAST, HEADPHONES, HandMadeTape, ObedientRouter, at, parcel, shopper
from tests.world.orders.test_merging import to_allentown, world
from tests.world.orders.test_pick_up import CounterRouter, rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sim.chance.tape import Shopper
    from sim.contract.messages import Order
    from sim.ledger.ledger import Ledger
    from sim.scenario.load import Scenario

# Allentown is in PA, Boston in MA: picked up on Monday at 18:00, there on Wednesday at 14:30
USUAL = at(2, 14, 30)
SLOW = {"kind": "carrier_slow", "on": "2026-02-02", "lasts": "1 day", "days": 3}
DOWN = {"kind": "carrier_down", "on": "2026-02-02", "lasts": "1 day"}
CLAIMS = {"noticed_after": "3 days", "contact": "5 USD", "then": "refund"}


def brought(
    folder: Path,
    service: dict[str, Any],
    plan: Plan | None = None,
    *,
    orders: int = 1,
    replication: int = 0,
    **changes: Any,
) -> Ledger:
    """Return the ledger of orders of three cables that a carrier brings to the counter in Boston."""
    own: dict[str, Any] = {"carriers__services": {"ground": GROUND | service}, "clock__drain_limit": "60 days"}
    scenario = collecting(folder, {(CABLE, DC_EAST): 999, (CABLE, BOSTON): 1}, **AT_ONCE | own | changes)
    plan = plan or Plan((via_counter(DC_EAST, {CABLE: 3}),))
    shoppers = [collector(k + 1, at(0, 8), {CABLE: 3}) for k in range(orders)]
    return kept(scenario, shoppers, CounterRouter(plan), replication)


def kept(scenario: Scenario, shoppers: list[Shopper], router: ObedientRouter, replication: int) -> Ledger:
    """Return the ledger of a world that keeps all laws, in units and in money."""
    tape = HandMadeTape(scenario, shoppers)
    tape.hashed = Tape(scenario, 1, replication).hashed  # type: ignore[method-assign]
    tape.counted = Tape(scenario, 1, replication).counted  # type: ignore[method-assign]
    tape.luck_of = Tape(scenario, 1, replication).luck_of  # type: ignore[method-assign]
    ledger = simulate(scenario, tape, router)
    found = reconcile(ledger)
    assert not found.broken
    assert not [check for check in found.checks if not check.holds]
    return ledger


def merged(
    folder: Path,
    service: dict[str, Any],
    *then: Callable[[Order], Plan],
    replication: int = 0,
    **changes: Any,
) -> Ledger:
    """Return the ledger of a cable from Boston and headphones from Allentown, merged there and sent to Boston."""
    first = to_allentown(BOSTON, {CABLE: 1}), to_allentown(DC_EAST, {HEADPHONES: 1}, service=-1)
    plan = Plan(first, onward=(Leg(DC_EAST, 0, 0.0, 0.0, (0.0,) * 5),))
    own: dict[str, Any] = {"carriers__services": {"ground": GROUND | service}, "clock__drain_limit": "60 days"}
    stock = {(CABLE, BOSTON): 9, (CABLE, DC_EAST): 9, (HEADPHONES, DC_EAST): 9}
    scenario = world(folder, stock=stock, **AT_ONCE | own | changes)
    shoppers = [shopper(1, at(0, 8), {CABLE: 1, HEADPHONES: 1})]
    return kept(scenario, shoppers, ObedientRouter(plan, *then), replication)


def test_who_is_only_watched_brings_it_as_ever_and_it_makes_a_trip(tmp_path: Path) -> None:
    ledger = brought(tmp_path, WATCHED)
    assert rows(ledger, "parcels", "handed_at", "delivered_at", "goes") == [(at(0, 18), USUAL, Goes.TO_COUNTER)]
    (row,) = rows(ledger, "trips", "parcel", "at", "delivered_at", "late_days", "km", "co2_kg", "leg")
    km = ledger.parcels.columns()["km"][0]
    assert row[:4] == (0, at(0, 18), USUAL, 0)
    # three cables of 100 g over 417 km, at 100 g a tonne-kilometre
    assert row[4] == pytest.approx(km, rel=1e-6)
    assert row[5] == pytest.approx(0.1 * km * 0.3 / 1000, rel=1e-6)
    assert row[6] == -1


@pytest.mark.parametrize(
    ("disruption", "handed_at", "arrives"),
    [
        (SLOW, at(0, 18), at(5, 14, 30)),
        (SLOW | {"to": ["MA"]}, at(0, 18), at(5, 14, 30)),
        (SLOW | {"to": ["CA"]}, at(0, 18), USUAL),
        (DOWN, at(1, 18), at(3, 14, 30)),
        ({"kind": "snow_day", "states": ["MA"], "on": "2026-02-04", "lasts": "1 day"}, at(0, 18), at(3, 14, 30)),
        ({"kind": "snow_day", "states": ["CA"], "on": "2026-02-04", "lasts": "1 day"}, at(0, 18), USUAL),
    ],
)
def test_a_disruption_of_carriers_hits_what_goes_to_a_counter(
    tmp_path: Path, disruption: dict[str, Any], handed_at: float, arrives: float
) -> None:
    ledger = brought(tmp_path, {}, disruptions=[disruption])
    assert rows(ledger, "parcels", "handed_at", "delivered_at") == [(handed_at, arrives)]
    assert rows(ledger, "hand_overs", "ready_at") == [(arrives,)]


def test_a_spell_makes_what_goes_to_a_counter_late(tmp_path: Path) -> None:
    spell = {"per_year": 100, "lasts": "365 days", "late": {"share": "100 %", "extra_days": {4: "100 %"}}}
    found = set()
    for replication in range(40):  # one begins within the first day, on average in every fourth replication
        ledger = brought(tmp_path / str(replication), {"spells": [spell]}, replication=replication)
        (row,) = rows(ledger, "trips", "in_trouble", "delivered_at")
        found.add(row)
    assert found == {(0, USUAL), (1, at(6, 14, 30))}


def test_what_a_service_takes_a_day_counts_for_both(tmp_path: Path) -> None:
    plan = Plan((via_counter(DC_EAST, {CABLE: 1}), via_counter(DC_EAST, {CABLE: 2})))
    ledger = brought(tmp_path, {"capacity": {"per_site": 1}}, plan)
    assert rows(ledger, "parcels", "handed_at") == [(at(0, 18),), (at(1, 18),)]


@pytest.mark.parametrize(
    ("mishap", "arrival", "known_at"),
    # what is spoilt is seen when it comes, what is lost is missed three days after it should have come
    [({"damaged": "100 %"}, Arrival.DAMAGED, USUAL), ({"lost": "100 %"}, Arrival.LOST, USUAL + 3 * 1440)],
)
def test_what_never_gets_to_a_counter_is_paid_back_and_nobody_has_to_call(
    tmp_path: Path, mishap: dict[str, str], arrival: Arrival, known_at: float
) -> None:
    ledger = brought(tmp_path, mishap, carriers__claims=CLAIMS)
    names = ("parcel", "at", "arrival", "units", "contact_cents", "goods_cents", "refund_cents")
    assert rows(ledger, "claims", *names) == [(0, known_at, arrival, 3, 0, 2100, 3600)]
    assert rows(ledger, "hand_overs", "order") == []
    assert ledger.closing_staged.get(BOSTON, 0) == 0
    assert orders_of(ledger)["units_lost"].tolist() == [3]


def test_the_rest_is_ready_when_it_is_known_that_no_more_comes(tmp_path: Path) -> None:
    plan = Plan((parcel(BOSTON, {CABLE: 1}, service=-1), via_counter(DC_EAST, {CABLE: 2})))
    ledger = brought(tmp_path, {"damaged": "100 %"}, plan, carriers__claims=CLAIMS)
    assert rows(ledger, "hand_overs", "ready_at", "units") == [(USUAL, 1)]
    assert ledger.closing_staged == {BOSTON: 0}


def test_what_is_sent_once_more_gets_to_the_counter_in_the_end(tmp_path: Path) -> None:
    # seen on Wednesday at 14:30, and on the carrier's truck again at 18:00: each time it takes two days more
    ledger = brought(
        tmp_path, {"damaged": "50 %"}, carriers__claims=CLAIMS | {"then": "reship"}, orders=30, clock__measure="1 days"
    )
    tries = Counter(order for (order,) in rows(ledger, "trips", "order"))
    assert {1, 2, 3} < set(tries.values())
    assert {order: ready_at for order, ready_at in rows(ledger, "hand_overs", "order", "ready_at")} == {
        order: at(2 * times, 14, 30) for order, times in tries.items()
    }
    assert rows(ledger, "hand_overs", "units") == [(3,)] * 30
    orders = orders_of(ledger)
    assert orders["units_lost"].sum() == 0
    assert orders["claims_cents"].sum() == 2100 * (sum(tries.values()) - 30)


def test_a_parcel_that_is_late_holds_up_the_merge_and_the_way_on_may_be_late_as_well(tmp_path: Path) -> None:
    # from Boston Monday to Wednesday, three days more; from Allentown as soon as it is there, on Saturday
    monday = merged(tmp_path / "1", {}, disruptions=[SLOW])
    assert rows(monday, "legs", "at", "handed_at", "delivered_at") == [(at(5, 14, 30), at(5, 18), at(7, 14, 30))]
    saturday = merged(tmp_path / "2", {}, disruptions=[SLOW | {"lasts": "7 days"}])
    assert rows(saturday, "legs", "at", "handed_at", "delivered_at") == [(at(5, 14, 30), at(5, 18), at(10, 14, 30))]


def test_what_was_merged_makes_a_trip_of_its_own(tmp_path: Path) -> None:
    ledger = merged(tmp_path, WATCHED)
    assert rows(ledger, "trips", "parcel", "leg", "at", "delivered_at") == [
        (1, -1, at(0, 18), USUAL),
        (-1, 0, at(2, 18), at(4, 14, 30)),
    ]


def test_a_merge_that_is_lost_on_its_way_on_is_claimed_parcel_by_parcel_and_the_shopper_calls_once(
    tmp_path: Path,
) -> None:
    # a parcel's own luck decides whether it is lost: look for a world in which only what was merged is
    for replication in range(40):
        ledger = merged(tmp_path / str(replication), {"lost": "50 %"}, carriers__claims=CLAIMS, replication=replication)
        if [arrival for (arrival,) in rows(ledger, "trips", "arrival")] == [Arrival.SOUND, Arrival.LOST]:
            break
    known_at = at(4, 14, 30) + 3 * 1440
    assert rows(ledger, "claims", "parcel", "at", "units", "contact_cents", "goods_cents", "refund_cents") == [
        (0, known_at, 1, 500, 6000, 8000),
        (1, known_at, 1, 0, 700, 1200),
    ]
    assert rows(ledger, "legs", "delivered_at") == [(math.inf,)]
    orders = orders_of(ledger)
    assert orders["units_lost"].tolist() == [2]
    assert math.isnan(orders["delivered_at"][0])


def test_a_parcel_lost_before_it_is_merged_is_waited_for_until_it_is_missed(tmp_path: Path) -> None:
    for replication in range(40):
        ledger = merged(tmp_path / str(replication), {"lost": "50 %"}, carriers__claims=CLAIMS, replication=replication)
        if [arrival for (arrival,) in rows(ledger, "trips", "arrival")] == [Arrival.LOST, Arrival.SOUND]:
            break
    known_at = USUAL + 3 * 1440
    assert rows(ledger, "claims", "parcel", "at", "contact_cents") == [(1, known_at, 0)]
    assert rows(ledger, "legs", "at", "parcels", "units") == [(known_at, 1, 1)]
    assert ledger.closing_merging == {DC_EAST: 0}


def test_what_was_merged_and_lost_goes_out_once_more_until_all_of_it_has_come(tmp_path: Path) -> None:
    several: Callable[[Order], Plan] = lambda order: Plan((parcel(DC_EAST, dict(order.lines)),))  # noqa: E731
    seen = Counter[int]()
    for replication in range(20):
        ledger = merged(
            tmp_path / str(replication), {"lost": "50 %"}, several,
            carriers__claims=CLAIMS | {"then": "reship"}, replication=replication,
        )  # fmt: skip
        orders = orders_of(ledger)
        assert orders["units_picked"].tolist() == [2]
        assert orders["units_lost"].tolist() == [0]
        arrivals = [arrival for (arrival,) in rows(ledger, "trips", "arrival")]
        seen[arrivals.count(Arrival.LOST)] += 1
        sound = [at for arrival, at in rows(ledger, "trips", "arrival", "delivered_at") if arrival == Arrival.SOUND]
        assert orders["delivered_at"][0] == max(sound)
    assert len(seen) > 2
