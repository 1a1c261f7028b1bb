"""Explanations, the decision log and batches know of orders that are collected, sent as kits, or merged."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest

from sim.contract.messages import Line
from sim.contract.news import Closed
from sim.routing.config import RoutingConfig
from sim.routing.decision_log import DecisionLog, replay
from sim.routing.explain import describe, explain
from sim.routing.rules.reasons import Reason
from sim.routing.service.deployment import Deployment, Limits
from sim.routing.waiting.backorders import BackorderPolicy
from tests.routing.engines import STRATEGIES
from tests.routing.ways.shops import CORNER, DC, FAR, LAST, A, B, gives, heard, order, shops, told

STOCK = [[5, 1, 4, 0], [5, 5, 2, 0]]
KIT = (Line(A, 2), Line(B, 1))
WAYS: dict[str, Any] = {
    "pickup": {"transfer": "missing_lines", "hold_for": "1 day", "truck": {"cost_per_parcel": "1 USD"}},
    "merge": {"cost_per_parcel": "0.20 USD"},
    "splits": {"complete_first": True},
}
ASKED = {
    "collected": order((A, 2), (B, 1), collect_at=CORNER),
    "kits": order((A, 6), (B, 3), kits=(KIT,)),
    "merged": order((A, 7), (B, 3), deliver_together=True),
    "at once": order((A, 3), (B, 1), ship_together=True),
    "two packages": order((A, 9), max_packages=2),
    "as ever": order((A, 2)),
}


@pytest.mark.parametrize("strategy", ["cheapest", "nearest", "ruled", "balanced"])
def test_a_log_of_every_way_replays_byte_for_byte(strategy: str) -> None:
    there = shops()
    products = tuple(replace(p, id=name) for p, name in zip(there.products, "AB", strict=True))
    services = tuple(replace(s, id="ground") for s in there.services)
    there = replace(there, products=products, services=services)
    ruled = {"choose": "rules", "steps": [{"rank": [{"by": "distance"}]}]}
    config = {"max_parcels": 3, "strategies": {**STRATEGIES, "ruled": ruled}, **WAYS}
    deployment = Deployment(there, RoutingConfig.model_validate(config), strategy, Limits())
    file = BytesIO()
    log = DecisionLog(file, deployment.wire, deployment.version)
    router = deployment.engine()
    log.attach(router, "it")
    for number, asked in enumerate(ASKED.values()):
        heard(router, STOCK, at=10.0 * number)
        router.route(asked, 10.0 * number)
    router.observe(Closed(70.0, CORNER, float("inf")))
    for number, asked in enumerate(ASKED.values()):
        heard(router, STOCK, at=100.0 + number)
        router.route(asked, 100.0 + number)
    lines = file.getvalue().splitlines()
    replayed = list(replay(lines, deployment.wire, deployment.version, deployment.engine()))
    assert len(replayed) == 2 * len(ASKED)
    assert [line.line for line in replayed if not line.equal] == []


def test_an_explanation_of_a_collected_order_says_so_in_words() -> None:
    router = told(STOCK, **WAYS)
    text = describe(explain(router, ASKED["collected"], 8 * 60.0))
    assert "is served from store_10 with 1 of A and 1 of B at its counter for 1.67 USD, ready Mon 2 Feb" in text
    assert "It is also served from" in text
    assert "by truck via store_10" in text


def test_an_explanation_of_a_merged_order_tells_its_last_leg() -> None:
    text = describe(
        explain(told([[0, 1, 0, 0], [0, 0, 1, 0]], **WAYS), order((A, 1), (B, 1), deliver_together=True), 0)
    )
    # 0.20 a parcel, a box for 0.70, 6 USD to the shopper and the fee of 0.05
    assert "All of it leaves dc_300 as one parcel by ground for 7.15 USD." in text


def test_sites_that_a_collected_order_did_not_need_are_not_called_dearer() -> None:
    explanation = explain(told(STOCK, **WAYS), order((B, 1), collect_at=CORNER), 0.0)
    reasons = {site.site: site.reason for site in explanation.sites}
    assert (reasons["store_10"], reasons["dc_300"]) == (Reason.SERVES_ALL, Reason.NOT_NEEDED)


@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize("strategy", ["cheapest", "nearest", "ruled"])
def test_every_way_can_be_explained_and_the_plan_is_the_one_that_is_made(name: str, strategy: str) -> None:
    router = told(STOCK, strategy, **WAYS)
    explanation = explain(router, ASKED[name], 0.0)
    assert explanation.plan == router.route(ASKED[name], 0.0)
    assert explanation.as_json()["order"] == 1


def test_a_straight_parcel_is_told_as_ever() -> None:
    explanation = explain(told(STOCK), order((A, 1)), 0.0)
    assert "via" not in explanation.as_json()["parcels"][0]


def batched(**block: Any) -> dict[str, Any]:
    strategies = {"it": {"choose": "batch", "window": "0 min", **block}}
    return {"strategies": strategies, "pickup": WAYS["pickup"], "merge": WAYS["merge"]}


def test_backordered_lines_of_a_collected_order_stay_with_its_shop_in_a_batch() -> None:
    router = told([[0] * 4, [0] * 4], "it", backorders=BackorderPolicy(120, 9999), **batched())
    assert router.route_now(order((A, 1), collect_at=CORNER), 0.0).backordered == (Line(A, 1),)
    assert router.route_now(order((B, 1), id=2), 0.0).backordered == (Line(B, 1),)
    heard(router, [[0, 0, 0, 3], [0, 0, 0, 3]], at=60.0)
    decisions = {decision.order.id: decision.plan for decision in router.tick(120.0)}
    assert [(p.site, p.via) for p in decisions[1].parcels] == [(LAST, CORNER)]
    assert [(p.site, p.via) for p in decisions[2].parcels] == [(LAST, -1)]


@pytest.mark.parametrize(("name", "stands"), [("collected", True), ("merged", True), ("as ever", False)])
def test_a_re_evaluation_leaves_what_is_collected_or_merged_alone(name: str, stands: bool) -> None:
    router = told(STOCK, "it", **batched(reevaluate_every="60 min", revise_for="0 USD"))
    router.route(ASKED[name], 0.0)
    assert (router.next_wake() is None) == stands


def test_complete_first_holds_for_orders_without_a_wish_too() -> None:
    plan = told([[2, 1, 0, 0], [2, 0, 1, 0]], "nearest", **WAYS).route(order((A, 1), (B, 1)), 0.0)
    assert gives(plan.parcels) == {DC: {A: 1, B: 1}}
    assert FAR not in gives(plan.parcels)
