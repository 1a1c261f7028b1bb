"""Every site has one reason, and each reason is met."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.contract.messages import Line, Order
from sim.contract.news import Refusal, StockNews
from sim.network.network import Network
from sim.network.site import Site, SiteKind
from sim.routing.build import build_engine
from sim.routing.config import RoutingConfig
from sim.routing.engine import Engine
from sim.routing.explain import Explanation, explain
from sim.routing.explain.because import REASONS
from sim.routing.explain.verdicts import CHOSEN, KEPT, Verdict
from sim.routing.rules.reasons import Reason
from tests.networks import dearer, network, product, service, site
from tests.routing.explain.worlds import NOW, STRATEGIES, order, world

ONE = Order(1, NOW, 0, (Line(0, 1),))
TWO = ONE._replace(lines=(Line(0, 1), Line(1, 1)))
OF_PLANS = {
    Reason.WHOLE, Reason.SPLIT, Reason.PART, Reason.INSUFFICIENT_STOCK, Reason.INCOMPLETE,
    Reason.BELOW_SHIPMENT_THRESHOLD, Reason.PERMANENT_EXCEPTION, Reason.DESTINATION_REQUIRED,
}  # fmt: skip


def engine(places: Network, strategy: dict[str, Any], stock: list[list[int]], **more: Any) -> Engine:
    """Return an engine that heard of `stock`, by product and site, at minute 0."""
    raw = {"max_parcels": 2, "strategies": {"chosen": strategy}, **more}
    built = build_engine(RoutingConfig.model_validate(raw), "chosen", places)
    counts = np.array(stock, dtype=np.int32)
    picked = np.zeros(counts.size, dtype=np.int32)
    built.observe(StockNews(0.0, np.arange(counts.shape[1]), np.arange(counts.size), counts.ravel(), picked))
    return built


def rules(*filters: dict[str, Any], **step: Any) -> dict[str, Any]:
    return {"choose": "rules", "steps": [{"filters": list(filters), "rank": [{"by": "distance"}], **step}]}


NEAR, FAR = site(10.0, id="near"), site(450.0, id="far")
UNKNOWN = site(id="lost", lat=float("nan"), lon=float("nan"))


def other(**changes: Any) -> Site:
    return site(20.0, **{"id": "other", **changes})


DOUBT = {"half_life": "1 h"}
# what the second site is told, when the first has one unit of each product
CASES: list[tuple[Reason, dict[str, Any], Site, list[list[int]], Order, dict[str, Any]]] = [
    (Reason.DEARER, {"choose": "cheapest"}, other(handling=dearer(5)), [[1, 1], [1, 1]], ONE, {}),
    (Reason.EQUAL, {"choose": "cheapest"}, other(), [[1, 1], [1, 1]], ONE, {}),
    (Reason.FARTHER, {"choose": "nearest"}, other(), [[1, 1], [1, 1]], ONE, {}),
    (Reason.LACKS_PART, {"choose": "cheapest"}, other(), [[1, 0], [1, 1]], TWO, {}),
    (Reason.NO_STOCK, {"choose": "cheapest"}, other(), [[1, 0], [1, 9]], ONE, {}),
    (Reason.HELD_BACK, {"choose": "cheapest"}, other(), [[1, 1], [1, 1]], ONE,
     {"ring_fences": [{"units": 1, "sites": ["other"]}]}),
    (Reason.MAY_NOT_SERVE, {"choose": "cheapest", "only": ["dc"]}, other(kind=SiteKind.STORE), [[1, 1], [1, 1]], ONE,
     {}),
    (Reason.DOES_NOT_DELIVER_THERE, {"choose": "cheapest"}, other(reach_km=5.0), [[1, 1], [1, 1]], ONE, {}),
    (Reason.REFUSED_BEFORE, {"choose": "cheapest"}, other(), [[1, 1], [1, 1]], ONE._replace(refused_by=(1,)), {}),
    (Reason.LOWER_KIND, {"choose": "dc_first"}, other(kind=SiteKind.STORE), [[1, 1], [1, 1]], ONE, {}),
    (Reason.WORTH_KEEPING, {"choose": "balanced", "day_value": "0 USD", "scarcity": 1}, other(), [[9, 1], [9, 1]], ONE,
     {}),
    (Reason.LATER, {"choose": "balanced", "day_value": "1 USD", "scarcity": 0}, other(lead_min=600.0),
     [[1, 1], [1, 1]], ONE, {}),
    (Reason.PENALISED, {"choose": "cheapest", "objective": {"site_charges": {"rent": "rent"}}},
     other(attributes={"rent": 1}), [[1, 1], [1, 1]], ONE, {}),
    (Reason.SWITCHED_OFF, rules(), other(attributes={"enabled": False}), [[1, 1], [1, 1]], ONE, {}),
    (Reason.TOO_FAR, rules({"keep": "max_distance", "limit": "15 km"}), other(), [[1, 1], [1, 1]], ONE, {}),
    (Reason.DISTANCE_UNKNOWN, rules({"keep": "max_distance", "limit": "15 km"}), UNKNOWN, [[1, 1], [1, 1]], ONE, {}),
    (Reason.WRONG_ATTRIBUTE, rules({"keep": "attribute", "name": "kind", "one_of": ["dc"]}),
     other(kind=SiteKind.STORE), [[1, 1], [1, 1]], ONE, {}),
    (Reason.ATTRIBUTE_UNKNOWN, rules({"keep": "attribute", "name": "market", "one_of": ["US"]}), other(),
     [[1, 1], [1, 1]], ONE, {}),
    (Reason.WRONG_CHANNEL, rules({"keep": "channel"}), other(attributes={"channels": "web"}), [[1, 1], [1, 1]],
     ONE._replace(channel="app"), {}),
    (Reason.AT_CAPACITY, rules({"keep": "capacity", "counts": "orders", "limit": "most"}),
     other(attributes={"most": 0}), [[1, 1], [1, 1]], ONE, {}),
    (Reason.BELOW_MINIMUM_STOCK, rules({"keep": "stock_at_least", "units": 2}), other(), [[2, 1], [2, 1]], ONE, {}),
    (Reason.BELOW_WEEKS_OF_SUPPLY, rules({"keep": "weeks_of_supply", "at_least": 2}), other(), [[1, 1], [1, 1]], ONE,
     {}),
    (Reason.TOO_LATE, rules({"keep": "promised_within", "days": 1}), other(lead_min=600.0), [[1, 1], [1, 1]], ONE, {}),
    (Reason.DOUBTFUL_STOCK, {**rules({"keep": "sure_stock", "at_least": 0.9}), "doubt": DOUBT}, other(),
     [[1, 1], [1, 1]], ONE, {}),
    (Reason.NO_CONDITION_MET, rules({"keep": "any_of", "of": [{"keep": "max_distance", "limit": "15 km"}]}), other(),
     [[1, 1], [1, 1]], ONE, {}),
    (Reason.FORBIDDEN_CONDITION_MET,
     rules({"keep": "none_of", "of": [{"keep": "attribute", "name": "kind", "one_of": ["store"]}]}),
     other(kind=SiteKind.STORE), [[1, 1], [1, 1]], ONE, {}),
    (Reason.EXCLUDED_BY_SCORE, rules(rank=[], weigh=[{"by": "distance", "exclude_unknown": True}]), UNKNOWN,
     [[1, 1], [1, 1]], ONE, {}),
    (Reason.PINNED_ELSEWHERE, rules(), other(), [[1, 1], [1, 1]], ONE._replace(pinned=((0, 0),)), {}),
    (Reason.RANKED_LOWER, rules(), other(), [[1, 1], [1, 1]], ONE, {}),
    (Reason.NOT_NEEDED, {**rules(), "max_rejects": 0}, other(), [[1, 1], [1, 1]], ONE, {}),
]  # fmt: skip


def explained(strategy: dict[str, Any], second: Site, stock: list[list[int]], asked: Order, **more: Any) -> Explanation:
    return explain(engine(network([NEAR, second]), strategy, stock, **more), asked, NOW, "reasons")


@pytest.mark.parametrize(("reason", "strategy", "second", "stock", "asked", "more"), CASES, ids=lambda c: str(c)[:20])
def test_the_other_site_is_told_this_reason(
    reason: Reason, strategy: dict[str, Any], second: Site, stock: list[list[int]], asked: Order, more: dict[str, Any]
) -> None:
    assert explained(strategy, second, stock, asked, **more).sites[1].reason is reason


def test_a_site_that_refused_this_order_lately_is_told_so() -> None:
    here = engine(network([NEAR, other()]), rules({"keep": "not_refused_within", "period": "1 day"}), [[1, 1], [1, 1]])
    here.route(ONE._replace(pinned=((0, 1),)), 0.0)
    here.observe(Refusal(1.0, 1, 1, 0, 1))
    here.observe(StockNews(2.0, np.array([1]), np.array([1]), np.array([1], np.int32), np.zeros(1, np.int32)))
    assert explain(here, ONE._replace(refused_by=(1,)), NOW).sites[1].reason is Reason.REFUSED_RECENTLY


def test_a_site_that_has_promised_all_it_has_is_told_so() -> None:
    here = engine(network([NEAR, other()]), {"choose": "nearest"}, [[1, 1], [1, 1]])
    here.route(ONE, 0.0)
    assert explain(here, ONE, NOW).sites[0].reason is Reason.ALL_PROMISED


def test_a_parcel_that_no_carrier_takes_is_told_so() -> None:
    heavy = network([NEAR, other()], [product(90.0)] * 2, [service(in_packages=False)])
    here = engine(heavy, {"choose": "cheapest"}, [[1, 1], [1, 1]])
    assert explain(here, TWO, NOW).sites[1].reason is Reason.CARRIER_DOES_NOT_TAKE_IT


def test_chosen_sites_are_told_whether_they_serve_all_or_part() -> None:
    alone = explained({"choose": "cheapest"}, other(), [[1, 0], [1, 0]], TWO)
    split = explained({"choose": "cheapest"}, other(), [[1, 0], [0, 1]], TWO)
    assert [alone.sites[0].reason, *(s.reason for s in split.sites)] == [
        Reason.SERVES_ALL, Reason.SERVES_PART, Reason.SERVES_PART,
    ]  # fmt: skip


def test_at_least_twenty_reasons_can_be_told_and_each_has_its_words() -> None:
    tested = {case[0] for case in CASES}
    assert len(tested) >= 20
    assert set(REASONS) == set(Reason) - OF_PLANS
    assert set(REASONS) - tested == {
        Reason.REFUSED_RECENTLY, Reason.ALL_PROMISED, Reason.CARRIER_DOES_NOT_TAKE_IT, Reason.SERVES_ALL,
        Reason.SERVES_PART, Reason.CLOSED,
        Reason.CANNOT_HANDLE, Reason.KEPT_OUT,  # told in the tests of what they are about
    }  # fmt: skip


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_verdicts_agree_with_the_plan(strategy: str) -> None:
    for seed in range(60):
        told = explain(world(seed, strategy).engine(), order(seed), NOW, "reasons")
        chosen = {told.sites[parcel.site].site for parcel in told.plan.parcels}
        for each in told.sites:
            assert (each.verdict is Verdict.CHOSEN) == (each.site in chosen) == (each.reason in CHOSEN)
            assert each.verdict is not Verdict.KEPT or each.reason in KEPT
        assert sum(each.verdict is Verdict.RUNNER_UP for each in told.sites) <= 1


def test_ranks_of_a_rule_are_those_of_the_sites_it_asked() -> None:
    places = network([site(km, id=f"at_{km:g}") for km in (10.0, 20.0, 20.0, 900.0)])
    here = engine(places, rules({"keep": "max_distance", "limit": "500 km"}), [[1] * 4, [1] * 4])
    told = explain(here, ONE, NOW, "reasons")
    assert [each.ranks.get("distance") for each in told.sites] == [1, 2, 2, None]


def test_a_limit_that_was_given_up_is_named() -> None:
    here = engine(network([NEAR, FAR]), rules({"keep": "max_distance", "limit": "15 km", "soft": 1}), [[0, 1], [0, 1]])
    assert explain(here, ONE, NOW).relaxed == ("max_distance",)


def test_the_terms_of_believed_stock_add_up() -> None:
    here = engine(network([NEAR, other()]), {"choose": "cheapest"}, [[5, 5], [5, 5]],
                  ring_fences=[{"units": 2, "channels": ["app"]}])  # fmt: skip
    here.route(ONE, 0.0)
    (shelf,) = explain(here, ONE._replace(channel="app"), NOW).sites[0].shelves
    assert (shelf.on_hand, shelf.promised, shelf.held_back, shelf.believed) == (5, 1, 2, 2)


def test_the_age_of_the_news_is_the_time_since_the_books_were_read() -> None:
    assert explained({"choose": "cheapest"}, other(), [[1, 1], [1, 1]], ONE).sites[1].news_age_min == NOW
