"""Orders that are decided together fill a site to its limit and not beyond."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.contract.messages import Order, Plan, Revision
from sim.contract.news import StockNews, TooLate
from sim.routing.config import RoutingConfig
from sim.routing.decision_log import DecisionLog, replay
from sim.routing.engine import Engine
from sim.routing.service.deployment import Deployment
from sim.routing.service.deployment import Limits as OfService
from tests.routing.capacity.shops import FAR, NEAR, PLENTY, engine, order, served_near, tell
from tests.routing.joint.busy import JOINT, ROUTING, busy_day
from tests.tiny import tiny

BATCH: dict[str, Any] = {"choose": "batch", "window": "10 min"}
THINKS = {"choose": "batch", "window": "0 min", "reevaluate_every": "1 h", "revise_for": "0 USD"}


def decided(here: Engine, *orders: Order) -> dict[int, list[int]]:
    """Return who serves each of some orders of a batch."""
    plans = here.route_batch(orders, 60.0)
    return {one.id: [parcel.site for parcel in plan.parcels] for one, plan in zip(orders, plans, strict=True)}


@pytest.mark.parametrize(("limit", "near"), [(0, 0), (1, 1), (3, 3), (5, 5), (9, 5)])
def test_a_batch_fills_a_site_to_its_limit(limit: int, near: int) -> None:
    here = engine({"counts": "orders", "sites": {"near": limit}}, strategy=BATCH)
    sites = decided(here, *[order(k) for k in range(5)])
    assert list(sites.values()) == [[NEAR]] * near + [[FAR]] * (5 - near)


def test_the_urgent_and_then_the_earlier_orders_find_a_place() -> None:
    here = engine({"counts": "orders", "sites": {"near": 2}}, strategy=BATCH)
    late = order(0)._replace(placed_at=50.0)
    assert decided(here, late, order(1), order(2), order(3, priority=1)) == {0: [FAR], 1: [NEAR], 2: [FAR], 3: [NEAR]}


def test_who_passes_a_full_site_passes_it_in_a_batch() -> None:
    limit = {"counts": "orders", "sites": {"near": 1}, "unless": {"priority_at_least": 7}}
    here = engine(limit, strategy=BATCH)
    sites = decided(here, order(0), order(1, priority=8), order(2, priority=8))
    assert sites == {0: [FAR], 1: [NEAR], 2: [NEAR]}


def test_an_order_that_only_one_site_has_goes_unserved_where_that_is_full() -> None:
    here = engine({"counts": "units", "limit": 3}, strategy=BATCH)
    tell(here, 1.0, [[PLENTY, 0], [PLENTY, PLENTY]])
    plans = here.route_batch([order(0, (0, 2)), order(1, (0, 2)), order(2, (0, 1))], 60.0)
    assert [sum(n for _, n in plan.unfilled) for plan in plans] == [0, 2, 0]


def test_a_parcel_is_not_moved_to_a_full_site() -> None:
    for most, moved in ((1, 0), (2, 1)):
        here = engine({"counts": "orders", "sites": {"near": most}}, strategy=THINKS)
        assert served_near(here, 1, 10.0) == 1
        tell(here, 11.0, [[0, PLENTY], [PLENTY, PLENTY]])
        assert served_near(here, 1, 12.0, first=1) == 0  # nothing is on the near shelf
        tell(here, 13.0, [[PLENTY, PLENTY], [PLENTY, PLENTY]])
        assert len(here.tick(60.0)) == moved


@pytest.mark.parametrize("too_late", [False, True])
def test_a_revision_takes_its_work_along(too_late: bool) -> None:
    here = engine({"counts": "orders", "sites": {"near": 1, "far": 1}}, strategy=THINKS)
    tell(here, 11.0, [[0, PLENTY], [PLENTY, PLENTY]])
    plan = here.route(order(1), 12.0)
    tell(here, 13.0, [[PLENTY, PLENTY], [PLENTY, PLENTY]])
    [revision] = here.tick(60.0)
    assert isinstance(plan, Plan)
    assert isinstance(revision, Revision)
    assert [parcel.site for parcel in (*plan.parcels, *revision.plan.parcels)] == [FAR, NEAR]
    if too_late:
        here.observe(TooLate(60.0, revision))
    again = here.route(order(2), 61.0)
    assert isinstance(again, Plan)
    assert [parcel.site for parcel in again.parcels] == ([NEAR] if too_late else [FAR])


def test_a_promise_that_was_moved_is_given_up_no_sooner_than_others() -> None:
    here = engine(strategy=THINKS, confirm_within="2 h")
    tell(here, 11.0, [[0, 5], [5, 5]])
    here.route(order(1), 12.0)
    tell(here, 13.0, [[5, 5], [5, 5]])
    assert len(here.tick(60.0)) == 1
    here.route(order(2), 61.0)
    cells, counts = np.arange(4), np.full(4, 5, dtype=np.int32)
    here.observe(StockNews(62.0, np.arange(2), cells, counts, np.zeros(4, np.int32), whole=True))
    assert here.available().tolist() == [8, 10]


def test_a_day_of_batches_under_limits_is_repeated_byte_for_byte(tmp_path: Path) -> None:
    limits = [
        {"counts": "orders", "kinds": {"store": 6}, "backlog": True},
        {"counts": "units", "limit": 9, "per": "hour"},
    ]
    logs = []
    for capacity in (limits, []):
        routing = ROUTING | {"capacity": capacity, "strategies": {"joint": JOINT}}
        config, file = RoutingConfig.model_validate(routing), BytesIO()
        here = Deployment(tiny(tmp_path).network, config, "joint", OfService())
        busy = here.engine()
        DecisionLog(file, here.wire, here.version).attach(busy, "busy")
        busy_day(busy, 40)
        logs.append(file.getvalue().replace(here.version.encode(), b"version"))
        lines = list(replay(file.getvalue().splitlines(), here.wire, here.version, here.engine()))
        assert [line for line in lines if not line.equal] == []
    assert logs[0] != logs[1]
