"""Virtual pools: channels that draw from a part of the stock, and what is so kept from the others."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.contract.wire_values import dumps, loads
from sim.errors import RoutingError
from sim.routing.explain import explain
from sim.routing.rules.reasons import Reason
from sim.routing.service.deployment import Deployment, Limits
from sim.routing.service.sessions import Session
from tests.routing.ruled import BOSTON, DC_EAST, A, B, build, heard, network, order, ruled, sites

UNITS = 10
STORES = {"pools": {"outlet": {"kinds": ["store"]}}, "channels": {"market": ["outlet"]}}


def available(routing: dict[str, Any], channel: str | None) -> list[int]:
    return ruled(stock=UNITS, routing=routing).available(channel)[[A, B]].tolist()


def drawing(**pool: Any) -> dict[str, Any]:
    return {"pools": {"part": pool}, "channels": {"market": ["part"]}}


@pytest.mark.parametrize(
    ("pool", "market", "web"),
    [
        ({"kinds": ["store"]}, [20, 20], [40, 40]),
        ({"sites": ["dc_east"]}, [10, 10], [40, 40]),
        ({"categories": ["audio"]}, [0, 40], [40, 40]),
        ({"products": ["A"]}, [40, 0], [40, 40]),
        ({"share": "25 %"}, [8, 8], [40, 40]),  # 2 of 10: half a unit is none
        ({"share": 0.3, "sites": ["dc_east", "dc_west"]}, [6, 6], [40, 40]),
        ({"keep": 3, "products": ["A"]}, [40, 0], [28, 40]),
        ({"keep": 3, "share": "50 %", "sites": ["dc_east"]}, [5, 5], [37, 37]),
    ],
)
def test_a_channel_is_shown_what_its_pool_holds_and_the_others_what_it_does_not_keep(
    pool: dict[str, Any], market: list[int], web: list[int]
) -> None:
    assert (available(drawing(**pool), "market"), available(drawing(**pool), "web")) == (market, web)


def test_to_nobody_in_particular_everything_is_shown() -> None:
    assert available(drawing(keep=3), None) == [40, 40]


def test_of_two_pools_the_larger_share_counts() -> None:
    routing = {
        "pools": {"all": {"share": "20 %"}, "stores": {"kinds": ["store"], "share": "50 %"}},
        "channels": {"market": ["all", "stores"]},
    }
    assert available(routing, "market") == [2 * 2 + 2 * 5] * 2


def test_a_channel_s_own_pool_keeps_nothing_from_it() -> None:
    routing = {
        "pools": {"mine": {"keep": 4, "products": ["A"]}, "yours": {"keep": 3, "products": ["A"]}},
        "channels": {"market": ["mine"], "app": ["yours"]},
    }
    free = {channel: available(routing, channel)[0] for channel in ("market", "app", "web")}
    assert free == {"market": 28, "app": 24, "web": 24}


def test_a_ring_fence_and_a_pool_hold_back_the_larger_of_the_two() -> None:
    routing = {"ring_fences": [{"units": 4}], **drawing(share="50 %", keep=6)}
    assert (available(routing, "market"), available(routing, "web")) == ([20, 20], [16, 16])


def test_a_fence_of_a_channel_acts_on_what_that_channel_is_shown() -> None:
    fence = {"ring_fences": [{"units": 3, "channels": ["market"]}]}
    assert (available(fence, "market"), available(fence, "web"), available(fence, None)) == (
        [28, 28], [40, 40], [40, 40],
    )  # fmt: skip


def test_orders_of_the_channel_are_served_from_the_pool() -> None:
    engine = ruled(stock=UNITS, routing={"pools": {"part": {"sites": ["dc_west"]}}, "channels": {"market": ["part"]}})
    assert (sites(engine, order((A, 1), channel="market")), sites(engine, order((A, 1), id=2))) == ([1], [BOSTON])


def test_what_others_were_promised_is_no_longer_there_for_the_pool() -> None:
    engine = ruled(stock=[UNITS, 0, 0, 0], routing=drawing(share="50 %"))
    engine.route(order((A, 7)), 1.0)
    assert (engine.available("market")[A], engine.available("web")[A]) == (0, 3)


@pytest.mark.parametrize("choose", ["cheapest", "nearest", "balanced", "batch"])
def test_every_strategy_keeps_to_it(choose: str) -> None:
    more = {"balanced": {"day_value": "1 USD", "scarcity": 0.1}, "batch": {"window": "0 min"}}
    engine = heard(build({"choose": choose, **more.get(choose, {})}, network(), **STORES), UNITS, network())
    plan = engine.route(order((A, 25), channel="market"), 1.0)
    assert {parcel.site for parcel in plan.parcels} <= {2, 3}
    assert sum(line.quantity for line in plan.unfilled) == 5


def test_a_joint_decision_keeps_to_a_share() -> None:
    engine = heard(build({"choose": "batch", "window": "0 min"}, network(), **drawing(share="20 %")), UNITS, network())
    plans = engine.route_batch([order((A, 3), id=k, channel="market") for k in range(4)], 1.0)
    given_away = sum(line.quantity for plan in plans for parcel in plan.parcels for line in parcel.lines)
    assert given_away <= 8


def test_an_explanation_says_what_is_held_back() -> None:
    engine = ruled(stock=UNITS, routing=drawing(sites=["dc_west"]))
    told = explain(engine, order((A, 1), channel="market"), 1.0)
    shelf = told.sites[DC_EAST].shelves[0]
    assert (shelf.believed, shelf.on_hand, shelf.held_back) == (0, UNITS, UNITS)
    assert told.sites[DC_EAST].reason is Reason.HELD_BACK


def test_the_service_shows_a_channel_its_own_units() -> None:
    engine = ruled(stock=UNITS, routing=STORES)
    session = Session(Deployment(network(), None, "it", Limits()), engine)  # type: ignore[arg-type]
    shown = loads(session.call("available", dumps({"channel": "market"})))["available"]
    assert (shown["A"], loads(session.call("available", b"{}"))["available"]["A"]) == (20, 40)


@given(
    share=st.integers(0, 100), keep=st.integers(0, 5), stock=st.lists(st.integers(0, 9), min_size=4, max_size=4),
    asked=st.lists(st.tuples(st.sampled_from(["market", "web"]), st.integers(1, 6)), min_size=1, max_size=6),
)  # fmt: skip
@settings(max_examples=25, deadline=None)
def test_no_channel_gets_more_than_it_was_shown(
    share: int, keep: int, stock: list[int], asked: list[tuple[str, int]]
) -> None:
    engine = ruled(stock=stock, routing=drawing(share=f"{share} %", keep=keep))
    for number, (channel, quantity) in enumerate(asked):
        shown = int(engine.available(channel)[A])
        plan = engine.route(order((A, quantity), id=number, channel=channel), 1.0)
        assert sum(line.quantity for parcel in plan.parcels for line in parcel.lines) == min(quantity, shown)


@pytest.mark.parametrize(
    ("routing", "told"),
    [
        (
            {"pools": {"a": {"share": 0.5}}, "channels": {"m": ["b"]}},
            "channels.m.0: unknown pool 'b' - expected",
        ),
        ({"pools": {"a": {"share": 0.5}}}, "pools.a: expected a channel that draws from it"),
        ({"pools": {"a": {}}, "channels": {"m": ["a"]}}, "a pool of everything - expected kinds, sites"),
        ({"pools": {"a": {"share": "120 %"}}, "channels": {"m": ["a"]}}, "expected at most 100 %"),
    ],
)
def test_what_is_wrong_with_a_pool_is_told(routing: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        ruled(routing=routing)


def test_a_pool_of_a_site_that_does_not_exist_is_told_with_the_nearest_name() -> None:
    with pytest.raises(RoutingError, match=r"pools.part.sites: 'dc_eastt' .*did you mean dc_east"):
        ruled(routing=drawing(sites=["dc_eastt"]))


def test_without_pools_nothing_is_held_from_channels() -> None:
    assert np.array_equal(ruled(stock=UNITS).available("market"), ruled(stock=UNITS).available())
