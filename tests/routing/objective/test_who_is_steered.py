"""The same penalties steer whatever has an objective: prices of stock and batches as well as cost alone."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from sim.routing.config import RoutingConfig
from sim.routing.decision_log import DecisionLog, replay
from tests.routing.capacity.shops import FAR, NEAR, engine, order, shops
from tests.routing.joint.busy import busy_day, deployment

AHEAD: dict[str, Any] = {"resolve_every": "4 h", "memory": "7 days"}
STRATEGIES: dict[str, dict[str, Any]] = {
    "cheapest": {},
    "balanced": {"day_value": "0 USD", "scarcity": 0.1},
    "bid_price": {"horizon": "2 days", "lost_unit": "50 USD", **AHEAD},
    "marginal_value": {"until_receipt": "2 days", "weight": 1.0, "lost_unit": "50 USD", **AHEAD},
    "reserve": {"until_receipt": "2 days", "weight": 1.0, **AHEAD},
    "primal_dual": {"worth": "0.01 USD"},
    "batch": {"window": "0 min"},
}
RENT = {"site_charges": {"rent": "rent"}}
REMEMBERED = {"refusal": {"half_life": "1 day", "prior_promises": 4, "refusal_cost": "6 USD"}, "split": "1 USD"}


@pytest.mark.parametrize("name", STRATEGIES)
@pytest.mark.parametrize(("rent", "serves"), [(0.9, NEAR), (1.5, FAR)])  # the near site is one dollar cheaper
def test_every_strategy_with_an_objective_is_steered(name: str, rent: float, serves: int) -> None:
    strategy = {"choose": name, **STRATEGIES[name], "objective": RENT}
    [plan] = engine(at=shops({"attributes": {"rent": rent}}), strategy=strategy).route_batch([order(1)], 60.0)
    assert [parcel.site for parcel in plan.parcels] == [serves]
    assert plan.parcels[0].penalties == ((("rent", 90.0),) if serves == NEAR else ())


@pytest.mark.parametrize("name", STRATEGIES)
def test_without_one_cost_decides(name: str) -> None:
    strategy = {"choose": name, **STRATEGIES[name]}
    [plan] = engine(at=shops({"attributes": {"rent": 1.5}}), strategy=strategy).route_batch([order(1)], 60.0)
    assert [parcel.site for parcel in plan.parcels] == [NEAR]


@pytest.mark.parametrize(
    ("block", "told"),
    [
        ({"busy": {"counts": "orders", "limit": 3, "at_limit": "1 USD"}}, "expected a limit of capacity"),
        ({"backordered": {"per_order": "1 USD"}}, "expected unserved"),
        ({"cancelled": {"per_order": "1 USD"}}, "expected unserved"),
    ],
)
def test_what_a_batch_cannot_be_steered_by_is_refused(block: dict[str, Any], told: str) -> None:
    raw = {"choose": "batch", "window": "0 min", "objective": block}
    with pytest.raises(ValidationError, match=told):
        RoutingConfig.model_validate({"max_parcels": 1, "strategies": {"it": raw}})


def test_a_day_of_steered_batches_is_repeated_byte_for_byte(tmp_path: Path) -> None:
    logs = []
    for block in (REMEMBERED, None):
        here, file = deployment(tmp_path, objective=block), BytesIO()
        busy = here.engine()
        DecisionLog(file, here.wire, here.version).attach(busy, "busy")
        busy_day(busy, 40)
        lines = list(replay(file.getvalue().splitlines(), here.wire, here.version, here.engine()))
        assert [line for line in lines if not line.equal] == []
        logs.append([line.found for line in lines])
    assert logs[0] != logs[1]
