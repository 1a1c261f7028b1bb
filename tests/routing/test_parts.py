"""The small parts of the engine that answer one question each."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.contract.messages import Line
from sim.errors import RoutingError
from sim.network.geo import great_circle_km
from sim.routing.belief.availability import promisable
from sim.routing.belief.doubt import Doubt, TrackRecord
from sim.routing.offers.packages import Package, by_profile, by_weight, packages
from sim.routing.pickup import pickup_sites
from sim.routing.quantities import SkuBook, from_units, to_units
from sim.routing.rates import DistanceTier, TieredRate
from sim.routing.returns import return_site
from sim.routing.rules.columns import Columns
from sim.routing.rules.config import Rules
from sim.routing.waiting.batches import partition
from tests.routing.rules.situations import situation

HOLDS = ("allocated", "reserved", "pickup_reserved", "safety_stock")


@pytest.mark.parametrize("hold", HOLDS)
@given(on_hand=st.integers(0, 50), held=st.integers(0, 60))
def test_every_hold_takes_its_units_off_and_never_more_than_there_are(hold: str, on_hand: int, held: int) -> None:
    assert int(promisable(on_hand, **{hold: held})) == max(on_hand - held, 0)


def test_packages_are_split_by_site_state_profile_and_weight_and_lose_no_unit() -> None:
    cold, heavy = by_profile({0: "cold", 1: "dry", 2: "cold"}), by_weight({0: 1.0, 1: 1.0, 2: 7.0}, 5.0)
    sent = packages((0, 1, 2), {4: [6, 1, 1], 7: [0, 2, 0]}, {4: [0, 3, 0]}, [cold, heavy])
    assert sent == [
        Package(4, (Line(0, 5),)),
        Package(4, (Line(0, 1),)),
        Package(4, (Line(2, 1),)),  # heavier than a package may be: alone
        Package(4, (Line(1, 1),)),
        Package(7, (Line(1, 2),)),
        Package(4, (Line(1, 3),), later=True),
    ]


def test_a_package_may_weigh_exactly_its_limit_although_tenths_do_not_add_up() -> None:
    assert len(by_weight({0: 0.1}, 0.3)(Package(0, (Line(0, 6),)))) == 2


PICKUPS = Columns(
    ("far", "near", "off", "shut", "door"),
    [
        {"pickup": True, "city": "A"},
        {"pickup": True, "city": "C"},
        {"pickup": False},
        {"pickup": True, "enabled": False},
        {"pickup": True, "city": "B"},
    ],
)


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("distance", ["door", "near", "far"]),
        ("distance_desc", ["far", "near", "door"]),
        ("city", ["far", "door", "near"]),
        ("distance_over_city", ["door", "near", "far"]),
    ],
)
def test_pick_up_sites_come_in_the_order_asked_for(sort: Any, found: list[str]) -> None:
    km = np.array([100.0, 20.0, 1.0, 1.0, 0.0])
    assert [PICKUPS.ids[site] for site in pickup_sites(PICKUPS, km, 100.0, sort)] == found


def test_a_pick_up_site_of_unknown_place_or_just_beyond_the_radius_is_not_found() -> None:
    assert pickup_sites(PICKUPS, np.array([100.1, np.nan, 1, 1, 100.0]), 100.0) == [4]


@given(st.lists(st.integers(1, 9), max_size=30), st.integers(1, 12))
def test_batches_keep_orders_whole_and_in_turn_and_are_no_larger_than_allowed(lines: list[int], most: int) -> None:
    batches = partition(lines, most)
    assert [k for batch in batches for k in batch] == list(range(len(lines)))
    assert all(len(batch) == 1 or sum(lines[k] for k in batch) <= most for batch in batches)


@pytest.mark.parametrize(("solver", "batches"), [("simple", 16), ("production", 2)])
def test_no_limit_on_a_batch_means_the_solver_s_own(solver: str, batches: int) -> None:
    assert len(partition([1] * 1501, 0, solver)) == batches


def test_a_solver_without_a_limit_of_its_own_is_refused_by_name() -> None:
    with pytest.raises(RoutingError, match="solver 'magic' - expected one of simple, production"):
        partition([1], 0, "magic")


@pytest.mark.parametrize(
    ("km", "price"), [(0, 5), (100, 5), (100.005, 7), (100.01, 10), (200, 10), (201, 7), (None, 7)]
)
def test_a_tier_holds_both_its_ends_and_what_no_tier_holds_costs_the_default(km: float | None, price: float) -> None:
    rate = TieredRate((DistanceTier(0, 100, 5), DistanceTier(100.01, 200, 10)), default=7)
    assert rate.price(km) == price


@pytest.mark.parametrize(("amount", "step", "units"), [("5.5", "0.5", 11), (0.3, 0.1, 3), (7, 1, 7), ("0", "0.25", 0)])
def test_quantities_are_counted_in_exact_steps(amount: Any, step: Any, units: int) -> None:
    assert to_units(amount, step, "X") == units
    assert float(from_units(units, step)) == float(amount)


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        ("0.3", "X: 0.3 - expected a multiple of its unit_step 0.5"),
        ("-1", "X: -1 - expected a quantity of at least 0"),
        ("two", "X: 'two' - expected a number"),
        ("NaN", "X: NaN - expected a quantity of at least 0"),
    ],
)
def test_a_quantity_that_cannot_be_counted_is_refused_by_name(amount: str, told: str) -> None:
    with pytest.raises(RoutingError, match=told):
        to_units(amount, "0.5", "X")


def test_the_spelling_of_a_sku_is_a_matter_of_configuration() -> None:
    book = {"SKU-1": 4}
    assert SkuBook(book, "case_insensitive").index("sku-1") == 4
    with pytest.raises(RoutingError, match="unknown SKU 'sku-1' - expected one of SKU-1"):
        SkuBook(book).index("sku-1")


def test_two_products_must_not_become_one_when_case_is_ignored() -> None:
    with pytest.raises(RoutingError, match="'a' - names another product too"):
        SkuBook({"A": 0, "a": 1}, "case_insensitive")


def test_distance_across_the_antimeridian_is_the_short_way_round() -> None:
    fiji, samoa = (np.array([-17.0]), np.array([179.0])), (np.array([-17.0]), np.array([-179.0]))
    assert great_circle_km(*fiji, *samoa)[0, 0] == pytest.approx(212.66, abs=0.1)


def test_a_count_is_trusted_less_with_age_and_with_every_refusal() -> None:
    doubt = Doubt.model_validate({"half_life": "1 day", "prior_refusals": 1, "prior_promises": 10})
    record = TrackRecord(3)
    record.promises[2], record.refusals[2] = 10, 4
    assert record.certainty(doubt, np.array([0.0, 1440.0, 0.0])).tolist() == pytest.approx([0.9, 0.45, 0.75])


def test_goods_go_back_where_they_are_scarcest_among_those_that_take_them() -> None:
    scarce_first = Rules.model_validate({"steps": [{"rank": [{"by": "inventory_balance", "descending": True}]}]})
    takes = [{"takes_returns": k > 0} for k in range(3)]
    assert return_site(scarce_first.steps[0], situation([[0, 9, 3]], [1], attributes=takes)) == 2


def test_goods_that_nobody_takes_back_are_refused_by_name() -> None:
    with pytest.raises(RoutingError, match="expected one with takes_returns: true"):
        return_site(Rules.model_validate({"steps": [{}]}).steps[0], situation([[1, 1]], [1]))
