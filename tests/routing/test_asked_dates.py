"""Orders that say until when they are held, and before when they are not to be delivered.

Sites hand over at 18:00; a parcel takes one day within 100 km, two within 500, and is delivered by 20:00. Minute 0 is
Monday, 0:00.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.contract.http_router import HttpRouter
from sim.contract.messages import Decision, Hold, Line, OnOffer, Order, Parcel, Plan
from sim.contract.news import Cancellation, CartHeld, StockNews
from sim.contract.wire import Wire
from sim.contract.wire_values import dumps, loads
from sim.errors import NotOfferedError, WireError
from sim.routing.decision_log import DecisionLog, replay
from sim.routing.explain import describe, explain
from sim.routing.service.stateless import Stateless
from tests.networks import WEEKDAYS_ONLY, dearer, network, site
from tests.routing.engines import STRATEGIES, engine
from tests.routing.test_decision_log import MORE, deployment_with
from tests.serving import serving

if TYPE_CHECKING:
    from pathlib import Path

    from sim.routing.engine import Engine

DAY, NINE, SIX, EIGHT = 1440.0, 540.0, 1080.0, 1200.0
NEAR, FAR = 10.0, 200.0
A, B = 0, 1
THURSDAY = 3 * DAY


def order(number: int = 1, units: int = 1, **asks: Any) -> Order:
    return Order(number, NINE, 0, (Line(A, units),), **asks)


def told(router: Engine, units: int, sites: int) -> Engine:
    on_hand = np.full(2 * sites, units, dtype=np.int32)
    router.observe(StockNews(0.0, np.arange(sites), np.arange(2 * sites), on_hand, np.zeros_like(on_hand)))
    return router


def stocked(*km: float, units: int = 5, **how: Any) -> Engine:
    """Return an engine that has heard of as many units of both products everywhere."""
    return told(engine(network([site(each) for each in km]), **how), units, len(km))


def planned(router: Engine, one: Order, now: float = NINE) -> Plan:
    plan = router.route(one, now)
    assert isinstance(plan, Plan)
    return plan


def one_parcel(plan: Plan) -> Parcel:
    [parcel] = plan.parcels
    return parcel


@pytest.mark.parametrize(
    ("deliver_from", "near", "far"),
    [
        (-np.inf, (0, 1), (0, 2)),
        (DAY, (0, 1), (0, 2)),  # nobody would be earlier
        (2 * DAY, (1, 2), (0, 2)),
        (THURSDAY + EIGHT, (2, 3), (1, 3)),  # exactly when it is delivered
        (THURSDAY + EIGHT + 1, (3, 4), (2, 4)),
    ],
)
@pytest.mark.parametrize("km", [NEAR, FAR])
def test_a_parcel_is_handed_over_so_late_that_it_is_not_delivered_too_early(
    deliver_from: float, near: tuple[int, int], far: tuple[int, int], km: float
) -> None:
    parcel = one_parcel(planned(stocked(km), order(deliver_from=deliver_from)))
    shipped, delivered = near if km == NEAR else far
    assert (parcel.ship_at, parcel.deliver_at) == (shipped * DAY + SIX, delivered * DAY + EIGHT)


def test_where_no_pick_up_hits_the_day_it_is_the_next_one_after() -> None:
    only_weekdays = network([site(NEAR, pick_up_days=WEEKDAYS_ONLY)])
    parcel = one_parcel(planned(told(engine(only_weekdays), 5, 1), order(deliver_from=6 * DAY)))  # Sunday
    assert (parcel.ship_at, parcel.deliver_at) == (7 * DAY + SIX, 8 * DAY + EIGHT)


def test_a_date_beyond_the_calendar_is_promised_never() -> None:
    assert one_parcel(planned(stocked(NEAR), order(deliver_from=90 * DAY))).ship_at == np.inf


def test_who_would_be_sooner_is_no_better_than_who_is_in_time_for_the_day() -> None:
    by_day = {"choose": "rules", "steps": [{"rank": [{"by": "promise_day"}, {"by": "cost"}]}]}
    net = network([site(NEAR, handling=dearer(900)), site(FAR)])
    router = told(engine(net, "days", strategies={"days": by_day}), 5, 2)
    assert one_parcel(planned(router, order(1))).site == 0
    assert one_parcel(planned(router, order(2, deliver_from=2 * DAY))).site == 1


def test_a_day_that_both_make_is_worth_nothing_more_to_a_strategy_that_pays_for_days() -> None:
    worth = {"choose": "balanced", "day_value": "5 USD", "scarcity": 0}
    net = network([site(NEAR, handling=dearer(300)), site(FAR)])
    router = told(engine(net, "days", strategies={"days": worth}), 5, 2)
    assert one_parcel(planned(router, order(1))).site == 0  # 8.00 and a day, against 6.00 and two
    assert one_parcel(planned(router, order(2, deliver_from=2 * DAY))).site == 1


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_every_strategy_holds_an_order_and_then_decides_as_if_it_had_come_at_that_minute(strategy: str) -> None:
    until = 2 * DAY + NINE
    router, other = (stocked(NEAR, FAR, strategy=strategy) for _ in range(2))
    held = order(1, 7, hold_until=until)
    assert router.route(held, NINE) == Hold(until)
    assert router.next_wake() == until
    assert router.tick(until - 1) == []
    # what comes between takes what it needs
    assert planned(router, order(2, 4)) == planned(other, order(2, 4))
    assert router.tick(until) == [Decision(held, planned(other, held, until))]
    assert router.next_wake() is None
    assert router.available().tolist() == other.available().tolist()


def test_holds_end_in_their_own_order_and_at_one_minute_in_that_of_coming() -> None:
    router = stocked(NEAR)
    for number, until in ((1, 3000.0), (2, 2000.0), (3, 3000.0)):
        router.route(order(number, hold_until=until), NINE)
    assert [answer.order.id for answer in router.tick(3000.0) if isinstance(answer, Decision)] == [2, 1, 3]


def test_what_is_held_is_not_shown_to_others_and_a_cancellation_ends_it() -> None:
    router = stocked(NEAR, FAR)
    router.route(order(1, 7, hold_until=2000.0), NINE)
    assert router.available().tolist() == [3, 10]
    router.observe(Cancellation(600.0, 1))
    assert router.available().tolist() == [10, 10]
    assert router.next_wake() is None


def test_an_order_whose_date_is_over_is_decided_at_once() -> None:
    assert one_parcel(planned(stocked(NEAR), order(hold_until=NINE))).ship_at == SIX


def test_a_quote_and_whoever_cannot_hold_promise_from_the_end_of_the_hold_on() -> None:
    router, held = stocked(NEAR), order(hold_until=2 * DAY + NINE)
    assert router.quote(held, NINE).deliver_at == THURSDAY + EIGHT
    assert one_parcel(router.route_now(held, NINE)).ship_at == 2 * DAY + SIX
    [in_batch] = router.route_batch([held._replace(id=2)], NINE)
    assert one_parcel(in_batch).ship_at == 2 * DAY + SIX


def test_an_order_whose_hold_is_over_joins_the_batch_and_the_host_is_told_until_when() -> None:
    joint = {"choose": "batch", "window": "30 min"}
    router = stocked(NEAR, strategy="joint", strategies={"joint": joint})
    held = order(hold_until=NINE + 10)
    assert router.route(held, NINE) == Hold(NINE + 10)
    assert router.tick(NINE + 10) == [OnOffer(1, (), NINE + 30)]
    assert router.next_wake() == NINE + 30
    [decision] = router.tick(NINE + 30)
    assert isinstance(decision, Decision)
    assert decision.order == held


def test_a_batch_keeps_the_days_of_its_orders() -> None:
    joint = {"choose": "batch", "window": "30 min"}
    router = stocked(NEAR, strategy="joint", strategies={"joint": joint})
    plans = router.route_batch([order(1), order(2, deliver_from=THURSDAY)], NINE)
    assert [one_parcel(plan).deliver_at for plan in plans] == [DAY + EIGHT, THURSDAY + EIGHT]


def test_an_order_whose_hold_is_over_goes_on_offer() -> None:
    asks = {"choose": "cheapest", "claims": {"candidates": 1, "timeout": "10 min"}}
    router = stocked(NEAR, strategy="asks", strategies={"asks": asks})
    assert router.route(order(hold_until=2000.0), NINE) == Hold(2000.0)
    assert router.tick(2000.0) == [OnOffer(1, (0,), 2010.0)]


@pytest.mark.parametrize(
    ("asks", "said"),
    [
        ({"deliver_from": THURSDAY, "wanted_by": THURSDAY - 1}, "wanted_by 4319 is before deliver_from 4320"),
        ({"deliver_from": THURSDAY, "deliver_together": True}, "expected hold_until"),
        ({"deliver_from": THURSDAY, "collect_at": 0}, "expected hold_until"),
    ],
)
def test_dates_that_cannot_be_kept_are_refused_by_name(asks: dict[str, Any], said: str) -> None:
    with pytest.raises(NotOfferedError, match=said):
        stocked(NEAR).quote(order(**asks), NINE)


def test_what_cannot_be_is_refused_before_it_is_held() -> None:
    router = stocked(NEAR)
    for wrong in ({"place": 7}, {"collect_at": 0}, {"deliver_from": THURSDAY, "wanted_by": DAY}):
        with pytest.raises(NotOfferedError):
            router.route(order(hold_until=2 * DAY)._replace(**wrong), NINE)
    assert router.next_wake() is None


def test_a_cart_that_was_ordered_keeps_nothing_while_the_order_is_held() -> None:
    router = stocked(NEAR)
    router.observe(CartHeld(500.0, "c", (Line(A, 2),), 3000.0))
    assert router.available().tolist() == [3, 5]
    router.route(order(1, 2, hold_until=2000.0, cart="c"), NINE)
    assert router.available().tolist() == [3, 5]  # the order's two, not the cart's besides
    assert planned(router, order(2, 5)).reason == "whole"


@pytest.mark.parametrize(
    ("key", "expected"),
    [("release_date", "hold_until"), ("requested_delivery_date", "deliver_from"), ("deliver_by", "wanted_by")],
)
def test_other_names_of_dates_are_told_ours(key: str, expected: str) -> None:
    wire = Wire(network([site(NEAR)], 1))
    with pytest.raises(WireError, match=f"{key}: a .* date - expected '{expected}'"):
        wire.order({**wire.plain(order()), key: 3})


def test_a_line_has_no_date_of_its_own() -> None:
    wire = Wire(network([site(NEAR, id="near")], 1))
    plain = wire.plain(order())
    plain["lines"][0]["deliver_from"] = 4320
    with pytest.raises(WireError, match="several dates - expected one date an order"):
        wire.order(plain)


def test_an_explanation_tells_of_the_dates() -> None:
    asked = order(hold_until=2 * DAY, deliver_from=4 * DAY)
    explanation = explain(stocked(NEAR), asked, NINE)
    assert explanation.as_json()["hold_until"] == 2 * DAY
    assert explanation.as_json()["deliver_from"] == 4 * DAY
    text = describe(explanation)
    assert "held until Wed 4 Feb" in text
    assert "not to be delivered before Fri 6 Feb" in text
    assert "delivered Fri 6 Feb" in text
    assert {"hold_until", "deliver_from"}.isdisjoint(explain(stocked(NEAR), order(), NINE).as_json())


def test_dates_travel_and_are_left_out_where_nobody_asks() -> None:
    wire = Wire(network([site(NEAR, id="near")], 1))
    goods = wire.plain(order())
    assert {"hold_until", "deliver_from"}.isdisjoint(goods)
    asked = order(hold_until=90.0, deliver_from=4320.0)
    assert wire.order(loads(dumps(wire.plain(asked)))) == asked
    assert wire.order({**goods, "deliver_from": "2026-02-05T00:00:00+00:00"}).deliver_from == THURSDAY


@pytest.mark.parametrize("strategy", ["cheapest", "ruled"])
def test_over_http_and_from_the_log_it_is_the_same(tmp_path: Path, strategy: str) -> None:
    deployment, log = deployment_with(tmp_path, strategy), BytesIO()
    assert strategy in MORE or strategy == "cheapest"
    local = deployment.engine()
    DecisionLog(log, deployment.wire, deployment.config.version()).attach(local, "it")
    asked = [
        order(1, hold_until=2 * DAY + NINE), order(2, deliver_from=THURSDAY), order(3, 2),
        order(4, hold_until=DAY, deliver_from=5 * DAY),
    ]  # fmt: skip
    stock = StockNews(0.0, np.arange(4), np.arange(16), np.full(16, 2, dtype=np.int32), np.zeros(16, dtype=np.int32))
    with serving(deployment) as url, HttpRouter(url, deployment.network) as remote:
        for router in (local, remote):
            router.observe(stock)
        for one in asked:
            assert remote.route(one, NINE) == local.route(one, NINE)
        for now in (DAY, 2 * DAY + NINE):
            assert remote.next_wake() == local.next_wake() == now
            assert remote.tick(now) == local.tick(now)
    again = list(replay(log.getvalue().splitlines(), deployment.wire, deployment.config.version(), deployment.engine()))
    assert len(again) == 4
    assert all(each.equal for each in again)


def test_a_call_that_keeps_nothing_answers_when_to_ask_again(tmp_path: Path) -> None:
    deployment = deployment_with(tmp_path, "cheapest")
    names = [each.id for each in deployment.network.sites]
    stock = {"sites": names, "on_hand": {deployment.network.products[A].id: [3] * len(names)}}
    plain = deployment.wire.plain(order(hold_until=2 * DAY))
    stateless = Stateless(deployment, deployment.engine())
    answers = [
        loads(stateless.call("route", dumps({"order": plain, "now": now, "stock": stock}))) for now in (NINE, 2 * DAY)
    ]
    assert answers[0] == {"hold": {"until": 2 * DAY}}
    assert list(answers[1]) == ["plan"]
