"""Orders that are collected, kits, merged parcels and closures survive the wire exactly, by name."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from sim.contract.messages import Leg, Line, Order, Parcel, Plan
from sim.contract.news import Closed
from sim.contract.pickup_option import PickupOption
from sim.contract.wire import Wire
from sim.contract.wire_schema import definitions
from sim.contract.wire_values import dumps, loads
from sim.errors import WireError

if TYPE_CHECKING:
    from sim.scenario.load import Scenario

CENTS = (1.0, 2.0, 0.0, 0.0, 5.5)
ORDER = Order(
    7, 12.5, 1, (Line(0, 4), Line(1, 2)), collect_at=2, kits=((Line(0, 2), Line(1, 1)),), ship_together=True,
    deliver_together=True, max_packages=0,
)  # fmt: skip
AT_COUNTER = Parcel(2, (Line(0, 2),), -1, 100.0, 100.0, CENTS)
PLAN = Plan(
    (AT_COUNTER, Parcel(0, (Line(1, 1),), 0, 90.0, 200.0, CENTS, via=2)),
    onward=(Leg(2, 0, 300.0, math.inf, CENTS),),
    collect_until=4500.0,
)


@pytest.fixture(scope="module")
def wire(scenario: Scenario) -> Wire:
    return Wire(scenario.network)


def test_an_order_says_by_name_how_it_is_to_be_fulfilled(wire: Wire) -> None:
    plain = wire.plain(ORDER)
    assert plain["collect_at"] == "store_boston"
    assert plain["kits"] == [[{"sku": "A", "quantity": 2}, {"sku": "B", "quantity": 1}]]
    assert (plain["ship_together"], plain["deliver_together"], plain["max_packages"]) == (True, True, 0)


def test_a_parcel_says_where_it_goes_first_and_that_no_carrier_moves_it(wire: Wire) -> None:
    first, second = wire.plain(PLAN)["parcels"]
    assert (first["service"], "via" in first) == (None, False)
    assert (second["service"], second["via"]) == ("ground", "store_boston")


def test_orders_plans_and_closures_survive_exactly(wire: Wire) -> None:
    assert wire.order(loads(dumps(wire.plain(ORDER)))) == ORDER
    assert wire.plan(loads(dumps(wire.plain(PLAN)))) == PLAN
    for news in (Closed(5.5, 1, 9.5), Closed(5.5, 1, math.inf)):
        assert wire.news(loads(dumps(wire.plain(news)))) == news


def test_closed_until_further_notice_is_null(wire: Wire) -> None:
    assert wire.plain(Closed(5.5, 1, math.inf)) == {"kind": "closed", "at": 5.5, "site": "dc_west", "until": None}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"collect_at": "store_bosten"}, r"order.collect_at: unknown site 'store_bosten' .*did you mean store_boston"),
        ({"kits": [[{"sku": "A", "quantity": 0}]]}, r"order.kits\[0\]\[0\].quantity: 0 - expected 1 to"),
        ({"kits": {"A": 2}}, "order.kits: .* - expected a list"),
        ({"ship_together": 1}, "order.ship_together: 1 - expected true or false"),
        ({"max_packages": 1.5}, "order.max_packages: 1.5 - expected a whole number"),
    ],
)
def test_what_is_wrong_with_it_is_refused_by_name(wire: Wire, change: dict[str, Any], told: str) -> None:
    order = {"id": 1, "placed_at": 0, "place": "021", "lines": [{"sku": "A", "quantity": 1}], **change}
    with pytest.raises(WireError, match=told):
        wire.order(order)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Order", ORDER),
        ("Plan", PLAN),
        ("Closed", Closed(5.5, 1, math.inf)),
        ("PickupOption", PickupOption(2, 12.5, math.inf, (Line(0, 1),), 99.0)),
    ],
)
def test_the_published_schema_accepts_them(wire: Wire, name: str, message: Any) -> None:
    schema = {"$ref": f"#/$defs/{name}", "$defs": definitions("#/$defs/")}
    plain = json.loads(dumps(wire.plain(message)))
    assert [error.message for error in Draft202012Validator(schema).iter_errors(plain)] == []
