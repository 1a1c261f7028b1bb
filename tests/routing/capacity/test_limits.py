"""What a site takes on at most: exactly so much, counted as it says, by whoever decides."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from sim.errors import RoutingError
from sim.routing.capacity.limit import CapacityLimit
from sim.routing.engine import Engine
from tests.networks import product
from tests.routing.capacity.shops import DAY, FAR, NEAR, engine, order, served_near, shops

ORDERS = {"counts": "orders", "limit": 3}


def by_rules(**limit: Any) -> dict[str, Any]:
    return {
        "choose": "rules",
        "steps": [{"filters": [{"keep": "capacity", **limit}], "rank": [{"by": "distance"}]}],
    }


def limited(how: str, **limit: Any) -> Engine:
    """Return an engine with a limit of its own, or one that its rules state."""
    return engine(strategy=by_rules(**limit)) if how == "rules" else engine(limit, strategy={"choose": how})


@pytest.mark.parametrize("how", ["rules", "nearest", "cheapest"])
@pytest.mark.parametrize(
    ("limit", "taken"),
    [
        (ORDERS, 3),
        ({"counts": "lines", "limit": 7}, 3),  # two lines an order
        ({"counts": "units", "limit": 15}, 3),  # five units an order
        ({"counts": "units", "limit": 14}, 2),
        ({"counts": "minutes", "limit": 30, "minutes_per_order": 2, "minutes_per_line": 1.5, "minutes_per_unit": 1}, 3),
        ({"counts": "minutes", "limit": 29, "minutes_per_order": 2, "minutes_per_line": 1.5, "minutes_per_unit": 1}, 2),
        ({"counts": "cartons", "limit": 6, "units_per_carton": 4}, 3),  # five units fill two
        ({"counts": "cartons", "limit": 6, "units_per_carton": 5}, 6),
        ({"counts": "cartons", "limit": 6, "carton_holds": "2 l"}, 2),  # a litre a unit
        ({"counts": "cartons", "limit": 6, "carton_holds": "2 l", "units_per_carton": 1}, 1),
        ({"counts": "orders", "limit": 0}, 0),
        ({"counts": "orders", "limit": 3, "per": "week"}, 3),
        ({"counts": "orders", "limit": 3, "per": "hour"}, 3),
        ({"counts": "orders", "kinds": {"store": 4}}, 4),
        ({"counts": "orders", "limit": 1, "kinds": {"store": 4}, "sites": {"near": 2}}, 2),
        ({"counts": "orders", "kinds": {"dc": 0}}, 8),
    ],
)
def test_a_limit_of_n_takes_exactly_n(how: str, limit: dict[str, Any], taken: int) -> None:
    assert served_near(limited(how, **limit), 8, 60.0, (0, 2), (1, 3)) == taken


@pytest.mark.parametrize("how", ["rules", "nearest"])
def test_only_the_channels_that_are_named_count_and_are_held_back(how: str) -> None:
    here = limited(how, counts="orders", limit=2, channels=["marketplace"])
    assert served_near(here, 5, 60.0, channel="web") == 5
    assert served_near(here, 5, 60.0, channel="marketplace", first=10) == 2
    assert served_near(here, 5, 60.0, channel="web", first=20) == 5


def test_of_several_limits_the_strictest_decides() -> None:
    limits = [ORDERS, {"counts": "units", "limit": 4}, {"counts": "orders", "limit": 9, "per": "week"}]
    here = engine(*limits)
    assert served_near(here, 5, 60.0, (0, 2)) == 2  # four units
    assert served_near(here, 9, DAY + 60.0, first=10) == 3  # three orders
    assert [served_near(here, 9, day * DAY + 60.0, first=10 * day) for day in (2, 3, 4)] == [3, 1, 0]  # nine a week


def test_where_all_are_full_nobody_serves() -> None:
    here = engine({"counts": "orders", "limit": 1})
    sites = [[parcel.site for parcel in here.route(order(k), 60.0).parcels] for k in range(3)]  # type: ignore[union-attr]
    assert sites == [[NEAR], [FAR], []]


def test_a_backordered_line_goes_out_when_a_new_day_has_room() -> None:
    here = engine({"counts": "orders", "limit": 1}, backorders={"retry_every": "12 h", "give_up_after": "3 days"})
    plans = [here.route(order(k), 60.0) for k in range(3)]
    assert plans[2].backordered == order(2).lines  # type: ignore[union-attr]
    decided = [(at, parcel.site) for at in (780.0, 1500.0) for one in here.tick(at) for parcel in one.plan.parcels]  # type: ignore[union-attr]
    assert decided == [(1500.0, NEAR)]


def test_a_kit_counts_with_all_its_units() -> None:
    kit = ((0, 1), (1, 1))
    here = engine(strategy=by_rules(counts="units", limit=7))
    assert served_near(here, 5, 60.0, *((sku, 2) for sku, _ in kit), kits=(order(0, *kit).lines,)) == 1


def test_what_is_unknown_is_unlimited() -> None:
    there = shops({"attributes": {"most": 2}})
    assert served_near(engine({"counts": "orders", "limit": "most"}, at=there), 4, 60.0) == 2
    assert served_near(engine({"counts": "orders", "limit": "least"}, at=there), 4, 60.0) == 4


def test_volume_is_that_of_the_packed_goods() -> None:
    there = shops(products=[product(volume_cm3=900.0)] * 2, packing_factor=1.2)  # 1.08 litres
    assert served_near(engine({"counts": "cartons", "limit": 4, "carton_holds": "1 l"}, at=there), 4, 60.0) == 2


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        ({"counts": "orders"}, "expected limit, kinds or sites"),
        ({"counts": "cartons", "limit": 1}, "it needs one of them"),
        ({"counts": "orders", "limit": 1, "units_per_carton": 3}, "belong to counts: cartons"),
        ({"counts": "minutes", "limit": 1}, "it needs one of them"),
        ({"counts": "units", "limit": 1, "minutes_per_unit": 1}, "belong to counts: minutes"),
        ({"counts": "orders", "limit": 1, "unless": {}}, "who passes a full site"),
        (
            {"counts": "orders", "limit": 1, "channels": ["a"], "unless": {"channels": ["a", "b"]}},
            "nobody is held back",
        ),
    ],
)
def test_a_limit_that_means_nothing_is_refused(limit: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        CapacityLimit.model_validate(limit)


def test_an_unknown_site_is_told_with_the_nearest_name() -> None:
    with pytest.raises(RoutingError, match=r"capacity: sites: 'naer'.*did you mean near"):
        engine({"counts": "orders", "sites": {"naer": 3}})
