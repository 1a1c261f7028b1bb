"""Lines that no shelf can serve are promised against goods on their way, each unit once."""

from __future__ import annotations

import pytest

from sim.contract.messages import Later, Line, Plan
from tests.networks import network, site
from tests.routing.engines import STRATEGIES, engine
from tests.routing.supply import AT_18, AT_20, DAY, POLICY, an_engine, count, dates, expect, order, sent


def test_an_open_line_gets_the_date_of_the_receipt_the_next_pick_up_and_the_published_transit() -> None:
    router = an_engine()
    expect(router, (0, 0, 3.0, 10))
    plan = router.route(order(1, 4), 60.0)
    assert plan == Plan(
        (),
        backordered=(Line(0, 4),),
        reason="part",
        backordered_at=(0,),
        backordered_dates=(Later(3 * DAY, 3 * DAY + AT_18, 4 * DAY + AT_20),),
    )


def test_what_comes_after_the_cut_off_goes_with_the_next_days_pick_up() -> None:
    router = an_engine()
    expect(router, (0, 0, 3.75, 10))
    (later,) = router.route(order(1, 4), 60.0).backordered_dates
    assert later == Later(3.75 * DAY, 4 * DAY + AT_18, 5 * DAY + AT_20)


def test_a_quote_tells_the_date_and_reserves_nothing() -> None:
    router = an_engine()
    expect(router, (0, 0, 3.0, 4))
    for _ in range(2):
        quote = router.quote(order(1, 4), 60.0)
        assert (quote.ship_at, quote.deliver_at, quote.unfilled) == (3 * DAY + AT_18, 4 * DAY + AT_20, ())


def test_each_receipt_is_promised_once_who_comes_first_having_the_earlier_one() -> None:
    router = an_engine()
    expect(router, (0, 0, 5.0, 6), (0, 0, 3.0, 4))
    found = [dates(router.route(order(number, 3), 60.0)) for number in range(1, 5)]
    # 3 of the first 4; 1 of them and 2 of the next 6; 3 of these; of the last one nobody has 3
    assert found == [[3.0], [5.0], [5.0], []]


def test_safety_stock_is_filled_up_before_anything_is_promised() -> None:
    router = an_engine(safety_stock={"dc": 4})
    expect(router, (0, 0, 3.0, 6))
    assert dates(router.route(order(1, 3), 60.0)) == []
    assert dates(router.route(order(2, 2), 60.0)) == [3.0]


def test_a_part_is_sent_from_the_shelf_and_the_rest_waits_for_the_receipt() -> None:
    router = an_engine()
    count(router, 2, at=0.0)
    expect(router, (0, 0, 3.0, 3))
    plan = router.route(order(1, 5), 60.0)
    assert [parcel.lines for parcel in plan.parcels] == [(Line(0, 2),)]
    assert (plan.backordered, dates(plan)) == ((Line(0, 3),), [3.0])


def test_nothing_is_promised_beyond_the_horizon_or_against_what_is_overdue() -> None:
    router = an_engine(against_supply={"promise_within": "2 days"})
    expect(router, (0, 0, 3.0, 4))
    assert dates(router.route(order(1, 1), 0.9 * DAY)) == []
    assert dates(router.route(order(2, 1), 1.1 * DAY)) == [3.0]
    assert dates(router.route(order(3, 1), 3.1 * DAY)) == []


def test_lines_wait_together_where_they_are_delivered_first_else_each_where_it_can() -> None:
    router = an_engine(sites=3, products=2)
    expect(router, (0, 0, 2.0, 9), (0, 2, 3.0, 9), (1, 2, 3.0, 9), sites=3)
    plan = router.route(order(1, 1, 1), 60.0)
    assert (plan.backordered_at, dates(plan)) == ((2, 2), [3.0, 3.0])
    router = an_engine(sites=3, products=2)
    expect(router, (0, 0, 2.0, 9), (1, 2, 3.0, 9), sites=3)
    plan = router.route(order(1, 1, 1), 60.0)
    assert (plan.backordered_at, dates(plan)) == ((0, 2), [2.0, 3.0])


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_every_strategy_promises_against_goods_on_their_way(strategy: str) -> None:
    router = an_engine(sites=2, strategy=strategy)
    expect(router, (0, 1, 3.0, 3), sites=2)
    assert dates(router.route(order(1, 3), 60.0)) == [3.0]
    count(router, 3, at=3 * DAY, cell=1, sites=2)
    assert sent(router.tick(3 * DAY)) == [(1, 1, (Line(0, 3),))]


def test_a_batch_gives_dates_once_all_its_parcels_are_promised() -> None:
    batch = {"b": {"choose": "batch", "window": "10 min"}}
    router = an_engine(strategy="b", strategies=batch, max_parcels=1)
    count(router, 1, at=0.0)
    expect(router, (0, 0, 3.0, 3))
    for number, units in ((1, 4), (2, 1)):
        router.route(order(number, units), 5.0)
    first, second = router.tick(10.0)
    assert sent([first, second]) == [(1, 0, (Line(0, 1),))]
    assert [dates(decision.plan) for decision in (first, second)] == [[3.0], []]
    count(router, 3, at=3 * DAY, picked=1)
    assert sent(router.tick(3 * DAY)) == [(1, 0, (Line(0, 3),))]


def test_rules_choose_the_first_site_they_ask_that_has_it_on_its_way() -> None:
    rules = {"r": {"choose": "rules", "backorder": True, "steps": [{"rank": [{"by": "distance"}]}]}}
    places = [site(10.0 + 100.0 * k, attributes={"backorderable": k > 0}) for k in range(4)]
    router = engine(network(places, products=1), "r", backorders=POLICY, strategies=rules)
    expect(router, (0, 0, 1.0, 9), (0, 1, 1.0, 2), (0, 2, 4.0, 3), (0, 3, 2.0, 3), sites=4)
    plan = router.route(order(1, 3), 60.0)
    assert (plan.backordered_at, dates(plan)) == ((2,), [4.0])


def test_rules_that_do_not_backorder_give_no_dates() -> None:
    rules = {"r": {"choose": "rules", "steps": [{"rank": [{"by": "distance"}]}]}}
    router = an_engine(strategy="r", strategies=rules)
    expect(router, (0, 0, 1.0, 9))
    plan = router.route(order(1, 3), 60.0)
    assert (plan.backordered, plan.backordered_dates) == ((Line(0, 3),), ())
