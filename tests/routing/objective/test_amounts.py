"""What each penalty comes to, by arithmetic, and where it is told."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from sim.contract.messages import Order, Parcel
from sim.contract.wire import Wire
from sim.network.network import Network
from sim.network.site import Place
from sim.routing.explain import describe, explain
from sim.routing.objective.stock import lost_sales
from sim.routing.offers.candidates import candidates
from tests.networks import network, product, site
from tests.routing.ruled import build, heard, order

A, B = 0, 1


def world(site_knows: dict[str, Any], product_knows: dict[str, Any] | None = None) -> Network:
    """Return one site 10 km away: 5 USD a label, a day in transit; 2 kg, 2 litres, 10 USD, 4 USD of margin a unit."""
    goods = (product(2.0, attributes=product_knows or {}), product(2.0)) if product_knows else (product(2.0),) * 2
    goods = tuple(replace(each, volume_cm3=2000.0, id=name) for each, name in zip(goods, "AB", strict=True))
    home = Place("home", "", "", 0.0, 0.0, "UTC", 1, {"country": "FR"})
    return network([site(10.0, attributes=site_knows, walk_in_size=1.0)], goods, places=(home,))


def told(block: dict[str, Any], asked_for: Order, there: Network | None = None, stock: Any = 5) -> dict[str, float]:
    """Return the penalties of the only parcel."""
    on = there or world({})
    engine = heard(build({"choose": "cheapest", "objective": block}, on), stock, on)
    (parcel,) = engine.route_now(asked_for, 60.0).parcels
    return dict(parcel.penalties)


def within(end: str) -> dict[str, Any]:
    """Return a price of 1 USD up to a distance, and 3 USD beyond."""
    return {"tiers": [{"start": "0 km", "end": end, "price": "1 USD"}], "beyond": "3 USD"}


TWO_LINES = order((A, 1), (B, 2), place=0)  # 3 units: 6 kg, 6 litres, 30 USD, cost 18 USD
DAY = 1440.0


@pytest.mark.parametrize(
    ("block", "knows", "amount"),
    [
        ({"split": "1 USD"}, {}, {}),  # the first parcel is no split
        # ordered on Monday at 1:00, handed over on Monday, there on Tuesday at 20:00; wanted by Sunday at 20:00
        ({"late": {"base": "2 USD", "per_day": "1.50 USD"}}, {}, {"late": 200 + 2 * 150}),
        ({"holding": {"per_unit_day": "10 cents", "share_per_day": "1 %"}}, {}, {"holding": 3 * 10 + 18}),
        ({"duty": {"share": "10 %"}}, {"country": "DE"}, {"duty": 300}),
        ({"duty": {"share": "10 %", "to": {"FR": "20 %"}}}, {"country": "DE"}, {"duty": 600}),
        ({"duty": {"share": "10 %"}}, {"country": "FR"}, {}),
        ({"duty": {"share": "10 %"}}, {}, {}),
        ({"duty": {"share": "10 %", "free_up_to": "30 USD"}}, {"country": "DE"}, {}),
        ({"road": within("9 km")}, {}, {"road": 300}),
        ({"road": within("11 km")}, {}, {"road": 100}),
        ({"weight": {"base": "2 USD", "per_kg": "1 USD", "free": "5 kg"}}, {}, {"weight": 300}),
        ({"cartons": {"each": "1 USD", "holds": "2 l"}}, {}, {"cartons": 300}),
        ({"cartons": {"each": "1 USD", "holds": "6 l", "most": "4 kg"}}, {}, {"cartons": 200}),
        ({"labour": {"per_hour": "30 USD", "parcel": "2 min", "line": "1 min", "unit": "2 min"}}, {}, {"labour": 500}),
        ({"labour": {"per_hour": "30 USD", "wage": "wage", "parcel": "2 min"}}, {"wage": 60}, {"labour": 200}),
        ({"site_charges": {"fee": "fee", "rent": "rent"}}, {"fee": 1.5, "rent": 2}, {"fee": 150, "rent": 200}),
        ({"priority": {"per_step": "1 USD"}}, {"priority": 3}, {"priority": 200}),
        ({"priority": {"per_step": "1 USD"}}, {"priority": 1}, {}),
        # 3 of 4 units is 75 %, half way from 50 % to the limit
        ({"busy": {"counts": "units", "limit": 4, "at_limit": "4 USD"}}, {}, {"busy": 200}),
        ({"busy": {"counts": "lines", "limit": "most", "at_limit": "4 USD"}}, {"most": 2}, {"busy": 400}),
        # one refusal in four promises was the custom, and the news is as old as its half life: 1 - 0.5 * 0.75
        (
            {"refusal": {"half_life": "1 h", "prior_refusals": 1, "prior_promises": 4, "refusal_cost": "8 USD"}},
            {},
            {"refusal": 500},
        ),
        ({"markdown": {}}, {"markdown_credit": 1.25}, {"markdown": -375}),
    ],
)  # fmt: skip
def test_what_a_penalty_comes_to(block: dict[str, Any], knows: dict[str, Any], amount: dict[str, float]) -> None:
    wanted_by = 20 * 60 - DAY if "late" in block else math.inf
    assert told(block, TWO_LINES._replace(wanted_by=wanted_by), world(knows)) == pytest.approx(amount)


def test_a_product_has_its_credit_only_for_units_beyond_what_is_no_overstock() -> None:
    there = world({}, {"markdown_credit": 2})
    assert told({"markdown": {"above": 4}}, order((A, 3), place=0), there) == {"markdown": -200}


def test_the_last_units_cost_the_margin_of_the_sales_that_are_lost() -> None:
    # a week of Poisson(1) demand: with 2 units on the shelf E(D-2)+ = 3/e - 1 are lost, with none 1
    there = world({}, {"weekly_sales": 1})
    found = told({"stock_out": {"until_receipt": "7 days"}}, order((A, 2), place=0), there, stock=2)
    assert found == {"stock_out": pytest.approx(400 * (1 - (3 / math.e - 1)))}


@pytest.mark.parametrize("mean", [0.3, 4.0, 900.0])
def test_sales_lost_are_those_of_the_poisson_law(mean: float) -> None:
    lost = lost_sales(mean, int(mean + 10 * mean**0.5) + 10)
    assert lost[0] == mean
    assert lost[1] == pytest.approx(mean - 1 + math.exp(-mean))
    assert lost[-1] == pytest.approx(0, abs=1e-9)
    assert lost == sorted(lost, reverse=True)


def split_world() -> Network:
    return network([site(10.0), site(20.0)], (product(id="A"), product(id="B")))


def parcels(block: dict[str, Any] | None, **routing: Any) -> tuple[Parcel, ...]:
    """Route an order of one A and one B, each at another site."""
    there = split_world()
    engine = heard(build({"choose": "cheapest", "objective": block}, there, **routing), [[1, 0], [0, 1]], there)
    return engine.route_now(order((A, 1), (B, 1), place=0), 60.0).parcels


def test_each_parcel_but_the_first_is_a_split() -> None:
    assert [parcel.penalties for parcel in parcels({"split": "1 USD"})] == [(), (("split", 100.0),)]


# a second parcel costs 5 USD for the label and 1 USD for being one more
@pytest.mark.parametrize(("per_unit", "sent"), [("5.99 USD", 1), ("6.01 USD", 2)])
def test_a_line_is_left_open_where_the_second_parcel_costs_more(per_unit: str, sent: int) -> None:
    assert len(parcels({"split": "1 USD", "cancelled": {"per_unit": per_unit}})) == sent


@pytest.mark.parametrize(("per_order", "sent"), [("9.99 USD", 0), ("10.01 USD", 2)])
def test_what_an_order_costs_that_is_not_filled_is_counted_once(per_order: str, sent: int) -> None:
    # two parcels cost 10 USD; to leave one open saves 5 USD, to leave both open 10 USD, either at the same price
    assert len(parcels({"cancelled": {"per_order": per_order}})) == sent


def test_what_is_kept_has_the_price_of_a_backorder() -> None:
    kept = {"backorders": {"retry_every": "1 h", "give_up_after": "1 day"}}
    assert len(parcels({"backordered": {"margin": "100 %"}}, **kept)) == 0  # 4 USD of margin each, 5 USD a label
    assert len(parcels({"backordered": {"margin": "100 %", "per_unit": "2 USD"}}, **kept)) == 2


def test_a_parcels_penalties_are_on_the_wire_and_back() -> None:
    there = split_world()
    wire = Wire(there)
    found = parcels({"split": "1 USD"})[1]
    assert wire.plain(found)["penalties"] == {"split": 100.0}
    assert wire.plan({"parcels": [wire.plain(found)]}).parcels == (found,)


def test_when_an_order_is_wanted_is_on_the_wire_and_absent_when_nobody_waits() -> None:
    wire = Wire(split_world())
    waits = order((A, 1), place=0, wanted_by=90.0)
    assert wire.order(wire.plain(waits)) == waits
    assert "wanted_by" not in wire.plain(waits._replace(wanted_by=math.inf))


def test_candidates_and_the_explanation_tell_what_steers() -> None:
    there = network([site(10.0, attributes={"fee": 3}), site(20.0)], (product(id="A"), product(id="B")))
    block = {"site_charges": {"commission": "fee"}}
    engine = heard(build({"choose": "cheapest", "objective": block}, there), 5, there)
    asked_for = order((A, 1), place=0)
    assert [(p.site, p.penalties) for p in candidates(engine, asked_for, 60.0)] == [
        (0, (("commission", 300.0),)),
        (1, ()),
    ]
    found = explain(engine, asked_for, 60.0)
    assert found.plan.parcels[0].site == 1
    assert found.site(0).reason == "penalised"
    alone = found.as_json()["sites"][0]["alone"]
    assert (alone["penalties"], sum(alone["cents"].values())) == ({"commission": 300.0}, 500.0)
    assert "penalties" not in found.as_json()["parcels"][0]
    assert "costs no more, but would be the worse choice" in describe(found)


def test_rules_that_look_at_cost_see_what_steers() -> None:
    there = network([site(10.0, attributes={"fee": 3}), site(20.0)], (product(id="A"), product(id="B")))
    steps: list[dict[str, Any]] = [{"allocate": "least_cost"}], [{"rank": [{"by": "cost"}]}]  # type: ignore[assignment]
    for each in steps:
        rules = {"choose": "rules", "objective": {"site_charges": {"commission": "fee"}}, "steps": each}
        engine = heard(build(rules, there), 5, there)
        assert [p.site for p in engine.route_now(order((A, 1), place=0), 60.0).parcels] == [1]


def test_a_service_charges_no_less_than_its_minimum_and_the_label_says_so() -> None:
    there = split_world()
    dear = replace(there, services=(replace(there.services[0], minimum_cents=550.0, _cache={}),))
    engine = heard(build({"choose": "cheapest"}, dear), 5, dear)
    assert engine.route_now(order((A, 1), place=0), 60.0).parcels[0].cents[3] == 550.0
