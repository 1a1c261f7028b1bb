"""A site that is closed for a while is not asked; what it has promised stands."""

from __future__ import annotations

import math

import pytest

from sim.contract.messages import Line
from sim.contract.news import Closed, Refusal
from sim.routing.explain import explain
from sim.routing.rules.reasons import Reason
from tests.routing.ways.shops import CORNER, DC, A, B, gives, order, told

STOCK = [[5, 5, 0, 0], [5, 5, 0, 0]]
ONE = order((A, 1))
STRATEGIES = ("cheapest", "nearest", "fewest_parcels", "balanced", "ruled")


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize(("now", "site"), [(99.0, DC), (100.0, CORNER)])
def test_a_closed_site_is_not_asked_until_the_minute_it_opens(strategy: str, now: float, site: int) -> None:
    router = told(STOCK, strategy)
    router.observe(Closed(10.0, CORNER, 100.0))
    assert list(gives(router.route(ONE, now).parcels)) == [site]


def test_a_site_may_be_closed_until_further_notice_and_open_again() -> None:
    router = told(STOCK)
    router.observe(Closed(10.0, CORNER, math.inf))
    assert list(gives(router.route(ONE, 10_000.0).parcels)) == [DC]
    router.observe(Closed(20_000.0, CORNER, 20_000.0))
    assert list(gives(router.route(ONE, 20_000.0).parcels)) == [CORNER]


def test_of_two_pieces_of_news_the_later_one_counts_in_whatever_order_they_come() -> None:
    router = told(STOCK)
    router.observe(Closed(20.0, CORNER, 20.0))
    router.observe(Closed(10.0, CORNER, 9999.0))
    assert list(gives(router.route(ONE, 30.0).parcels)) == [CORNER]


def test_what_a_closed_site_has_is_not_published() -> None:
    router = told(STOCK)
    router.observe(Closed(10.0, CORNER, 100.0))
    assert router.available().tolist() == [5, 5]
    router.route(ONE, 100.0)
    assert router.available().tolist() == [9, 10]


def test_its_open_promises_come_back_as_refusals_and_go_elsewhere() -> None:
    router = told(STOCK)
    asked = order((A, 2))
    assert list(gives(router.route(asked, 0.0).parcels)) == [CORNER]
    router.observe(Closed(10.0, CORNER, 100.0))
    router.observe(Refusal(10.0, 1, CORNER, A, 2))
    again = router.route(asked._replace(refused_by=(CORNER,)), 10.0)
    assert gives(again.parcels) == {DC: {A: 2}}


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize(("now", "site"), [(99.0, DC), (100.0, CORNER)])
def test_a_site_that_is_busy_is_not_asked_for_a_while_and_is_believed_to_have_what_it_had(
    strategy: str, now: float, site: int
) -> None:
    router = told(STOCK, strategy)
    router.route(order((A, 5)), 0.0)
    router.observe(Refusal(10.0, 1, CORNER, A, 5, busy_until=100.0))
    assert router.available().tolist() == [5, 5]  # the warehouse's, as the shop takes nothing
    assert list(gives(router.route(order((A, 5), id=2), now).parcels)) == [site]


def test_a_busy_refusal_told_twice_is_heard_once() -> None:
    router = told(STOCK)
    router.route(order((A, 5)), 0.0)
    for _ in range(2):
        router.observe(Refusal(10.0, 1, CORNER, A, 5, busy_until=11.0))
    assert gives(router.route(order((A, 5), id=2), 20.0).parcels) == {CORNER: {A: 5}}
    assert list(gives(router.route(order((A, 1), id=3), 20.0).parcels)) == [DC]


def test_a_site_that_is_closed_does_not_open_because_it_was_busy_before() -> None:
    router = told(STOCK)
    router.route(ONE, 0.0)
    router.observe(Closed(5.0, CORNER, 500.0))
    router.observe(Refusal(10.0, 1, CORNER, A, 1, busy_until=100.0))
    assert list(gives(router.route(order((A, 1), id=2), 499.0).parcels)) == [DC]
    assert list(gives(router.route(order((A, 1), id=3), 500.0).parcels)) == [CORNER]


def test_an_order_to_be_collected_at_a_closed_shop_is_brought_there() -> None:
    router = told(STOCK, pickup={"transfer": "missing_lines"})
    router.observe(Closed(10.0, CORNER, 100.0))
    (parcel,) = router.route(order((A, 1), collect_at=CORNER), 20.0).parcels
    assert (parcel.site, parcel.via) == (DC, CORNER)


@pytest.mark.parametrize(("until", "ready"), [(100.0, 3 * 1440 + 540), (8 * 1440, 8 * 1440 + 540)])
def test_it_is_ready_there_no_sooner_than_the_shop_opens_again(until: float, ready: float) -> None:
    router = told(STOCK, pickup={"transfer": "missing_lines"})
    router.observe(Closed(10.0, CORNER, until))
    (parcel,) = router.route(order((A, 1), collect_at=CORNER), 20.0).parcels
    assert parcel.deliver_at == ready  # brought in two days, and handed over from 9:00 on


def test_nothing_is_brought_to_a_shop_of_which_nobody_knows_when_it_opens() -> None:
    router = told(STOCK, pickup={"transfer": "missing_lines"})
    router.observe(Closed(10.0, CORNER, math.inf))
    plan = router.route(order((A, 1), collect_at=CORNER), 20.0)
    assert (plan.parcels, plan.unfilled, plan.reason) == ((), (Line(A, 1),), "closed")


def test_nothing_is_merged_at_a_site_of_which_nobody_knows_when_it_opens() -> None:
    asked = order((A, 1), (B, 1), deliver_together=True)
    router = told([[0, 1, 0, 0], [0, 0, 1, 0]], merge={"at": ["dc"]})
    router.observe(Closed(10.0, DC, math.inf))
    assert router.route(asked, 20.0).reason == "nowhere_to_merge"
    router.observe(Closed(30.0, DC, 30.0))
    assert router.route(asked, 40.0).onward[0].site == DC


def test_an_explanation_says_that_a_site_is_closed() -> None:
    router = told(STOCK)
    router.observe(Closed(10.0, CORNER, 100.0))
    assert explain(router, ONE, 20.0).sites[CORNER].reason is Reason.CLOSED


def test_a_batch_leaves_a_closed_site_out() -> None:
    strategies = {"it": {"choose": "batch", "window": "30 min"}}
    router = told(STOCK, "it", strategies=strategies)
    router.observe(Closed(0.0, CORNER, 1000.0))
    router.route(order((A, 1), (B, 1)), 1.0)
    (decision,) = router.tick(30.0)
    assert [parcel.site for parcel in decision.plan.parcels] == [DC]


def test_a_batch_does_not_hold_what_is_collected() -> None:
    strategies = {"it": {"choose": "batch", "window": "30 min"}}
    router = told(STOCK, "it", strategies=strategies, pickup={})
    plan = router.route(order((A, 1), collect_at=CORNER), 1.0)
    assert plan.parcels[0].lines == (Line(A, 1),)  # type: ignore[union-attr]


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_view_tells_what_is_closed_and_who_recalls_it_decides_the_same(strategy: str) -> None:
    router, other = told(STOCK, strategy), told([[0] * 4, [0] * 4], strategy)
    router.observe(Closed(10.0, CORNER, math.inf))
    view = router.view(ONE, 20.0)
    other.recall(ONE, view)
    assert other.route(ONE, 20.0) == router.route(ONE, 20.0)
    other.forget(view.believed)
    other.recall(ONE, told(STOCK, strategy).view(ONE, 20.0))
    assert list(gives(other.route(ONE, 20.0).parcels)) == [CORNER]


@pytest.mark.parametrize("strategy", ["cheapest", "nearest"])
def test_no_more_stock_and_no_lower_cost_would_have_made_a_closed_site_serve(strategy: str) -> None:
    router = told(STOCK, strategy)
    router.observe(Closed(10.0, CORNER, 100.0))
    sites = [site.id for site in router.parts().network.sites]
    assert sites[CORNER] not in {each.site for each in explain(router, ONE, 50.0).counterfactuals}
