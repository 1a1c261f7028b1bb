"""Orders that come as one parcel: merged where that costs least, and delivered when the last part has come."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from sim.contract.messages import Line
from sim.errors import NotOfferedError
from tests.networks import WEEKDAYS_ONLY, network, site
from tests.routing.ways.shops import CORNER, DC, FAR, A, B, gives, order, shops, told

APART = [[0, 1, 0, 0], [0, 0, 1, 0]]
TOGETHER = order((A, 1), (B, 1), deliver_together=True)
BLOCK: dict[str, Any] = {"at": ["dc"], "cost_per_parcel": "0.30 USD", "time": "60 min"}


def test_parcels_go_via_the_node_and_leave_it_as_one() -> None:
    plan = told(APART, merge=BLOCK).route(TOGETHER, 0)
    assert gives(plan.parcels) == {CORNER: {A: 1}, FAR: {B: 1}}
    assert [parcel.via for parcel in plan.parcels] == [DC, DC]
    (leg,) = plan.onward
    assert leg.site == DC
    # two parcels merged for 0.30 each, boxed for 0.70, 6 USD on to the shopper, and the node's fee of 0.05
    assert leg.cents == (0, 60, 70, 600, 5)
    assert [parcel.cents for parcel in plan.parcels] == [(60, 40, 70, 600, 6)] * 2  # each 6 USD on its way there


def test_it_is_delivered_when_the_last_part_has_come_and_is_merged() -> None:
    plan = told(APART, merge=BLOCK).route(TOGETHER, 0)
    (leg,) = plan.onward
    # both leave on Monday at 18:00 and are there on Wednesday at 20:00; merged by 21:00, handed over on Thursday
    assert leg.ship_at == 3 * 1440 + 18 * 60
    assert leg.deliver_at == 5 * 1440 + 20 * 60
    assert {parcel.deliver_at for parcel in plan.parcels} == {leg.deliver_at}


def test_a_quote_tells_date_and_price_of_the_whole_way() -> None:
    quote = told(APART, merge=BLOCK).quote(TOGETHER, 0)
    assert quote.deliver_at == 5 * 1440 + 20 * 60
    assert quote.ship_at == 3 * 1440 + 18 * 60
    assert quote.price_cents == 2 * 776 + 735


def test_without_being_asked_nothing_is_merged() -> None:
    asked = TOGETHER._replace(deliver_together=False)
    assert told(APART, merge=BLOCK).route(asked, 0) == told(APART).route(asked, 0)


def test_a_configuration_may_merge_all_that_would_be_split() -> None:
    asked = TOGETHER._replace(deliver_together=False)
    assert len(told(APART, merge={**BLOCK, "when": "split"}).route(asked, 0).onward) == 1


def test_what_comes_from_one_site_is_not_merged() -> None:
    assert told([[0, 1, 0, 0], [0, 1, 0, 0]], merge=BLOCK).route(TOGETHER, 0).onward == ()


def test_one_parcel_from_a_site_that_has_all_is_taken_if_it_is_no_dearer() -> None:
    plan = told([[1, 1, 0, 0], [1, 0, 1, 0]], "nearest", merge=BLOCK).route(TOGETHER, 0)
    assert (gives(plan.parcels), plan.onward) == ({DC: {A: 1, B: 1}}, ())


def test_a_node_that_gives_a_part_itself_sends_it_nowhere() -> None:
    plan = told([[1, 0, 0, 0], [0, 1, 0, 0]], merge=BLOCK).route(TOGETHER, 0)
    own = next(parcel for parcel in plan.parcels if parcel.site == DC)
    assert (own.service, own.via, own.cents) == (-1, DC, (60, 40, 0, 0, 6))


def test_it_is_merged_where_the_whole_way_costs_least() -> None:
    # every site may merge: at a giver one way there is saved, and the far one has dearer ways
    sites = [site(300.0), site(20.0), site(10.0), site(30.0)]
    plan = told([[0, 0, 1, 0], [0, 0, 0, 1]], on=network(sites), merge={"at": ["dc"]}).route(TOGETHER, 0)
    assert plan.onward[0].site in gives(plan.parcels)
    assert sum(parcel.cents[3] for parcel in plan.parcels) + plan.onward[0].cents[3] == 1000


def test_nodes_may_be_known_by_an_attribute() -> None:
    sites = [site(300.0), site(20.0, attributes={"merges": True}), site(10.0), site(30.0)]
    there = network(sites)
    assert told([[0, 0, 1, 0], [0, 0, 0, 1]], on=there, merge={"at": "merges"}).route(TOGETHER, 0).onward[0].site == 1


def test_where_nothing_can_be_merged_what_was_to_come_as_one_is_left_open() -> None:
    plan = told(APART, merge={"at": ["third_party"]}).route(TOGETHER, 0)
    assert (plan.parcels, plan.unfilled, plan.reason) == ((), TOGETHER.lines, "nowhere_to_merge")


def test_the_node_s_hours_count() -> None:
    there = shops()
    closed = replace(there.sites[0], hours=WEEKDAYS_ONLY)
    plan = told(APART, on=replace(there, sites=(closed, *there.sites[1:])), merge=BLOCK).route(TOGETHER, 2 * 1440)
    # handed over on Wednesday, there on Friday at 20:00 and merged by 21:00: the pick-up of Saturday takes it
    assert plan.onward[0].ship_at == 5 * 1440 + 18 * 60


def test_without_a_block_merge_it_is_refused_by_name() -> None:
    with pytest.raises(NotOfferedError, match="order 1 is to come as one - expected a block merge in the routing"):
        told(APART).route(TOGETHER, 0)


def test_what_is_missing_of_it_is_left_open_and_the_rest_comes_as_one() -> None:
    plan = told(APART, merge=BLOCK).route(order((A, 2), (B, 1), deliver_together=True), 0)
    assert plan.unfilled == (Line(A, 1),)
    assert len(plan.onward) == 1
