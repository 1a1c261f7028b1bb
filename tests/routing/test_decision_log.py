"""A log of decisions decides the same again, byte for byte, in any process."""

from __future__ import annotations

import os
import subprocess
import sys
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.contract.check_router import check_router
from sim.contract.wire_values import dumps, loads
from sim.errors import RoutingError
from sim.routing.config import RoutingConfig
from sim.routing.decision_log import DecisionLog, replay
from sim.routing.service.deployment import Deployment, Limits
from tests.tiny import tiny, tree

if TYPE_CHECKING:
    from pathlib import Path

    from sim.routing.engine import Engine

RULED: dict[str, Any] = {
    "choose": "rules",
    "backorder": True,
    "doubt": {"half_life": "2 days", "prior_promises": 10, "refusal_cost": "3 USD"},
    "steps": [
        {"filters": [{"keep": "capacity", "counts": "orders", "limit": 3}], "allocate": "least_cost", "max_sites": 2},
        {"rank": [{"by": "distance", "band": "50 km"}], "allocate": "greedy"},
    ],
}

STEERED: dict[str, Any] = {
    "choose": "cheapest",
    "objective": {
        "busy": {"counts": "units", "limit": 20, "start": 0, "at_limit": "9 USD"},
        "refusal": {"half_life": "1 day", "prior_promises": 4, "refusal_cost": "6 USD"},
    },
}
BY_SALES: dict[str, Any] = {
    "choose": "rules",
    "velocity": {"memory": "12 h", "known_after": "1 h"},
    "steps": [
        {"filters": [{"keep": "weeks_of_supply", "at_least": 0.2, "soft": 1}], "rank": [{"by": "sales_velocity"}]}
    ],
}
AHEAD: dict[str, Any] = {"resolve_every": "4 h", "memory": "7 days", "lost_unit": "50 USD"}
MORE: dict[str, dict[str, Any]] = {
    "ruled": RULED,
    "steered": STEERED,
    "by_sales": BY_SALES,
    "bid_price": {"choose": "bid_price", "horizon": "2 days", "smoothing": 1.0, **AHEAD},
    "marginal_value": {"choose": "marginal_value", "until_receipt": "2 days", "weight": 1.0, **AHEAD},
    "reserve": {
        "choose": "reserve",
        "until_receipt": "2 days",
        "weight": 1.0,
        "resolve_every": AHEAD["resolve_every"],
        "memory": AHEAD["memory"],
    },
    "primal_dual": {"choose": "primal_dual", "worth": "2 USD"},
}


def deployment_with(folder: Path, strategy: str) -> Deployment:
    """Return the tiny network with one of its strategies, or one that remembers more than stock."""
    routing = tree()["routing"]
    routing["strategies"] |= MORE
    routing["backorders"] |= {"against_supply": {"channels_first": ["web"]}}
    return Deployment(tiny(folder).network, RoutingConfig.model_validate(routing), strategy, Limits())


def examined(deployment: Deployment, steps: int) -> bytes:
    """Return the log of everything that engines decide in an examination, ticks and all."""
    file = BytesIO()
    log = DecisionLog(file, deployment.wire, deployment.version)

    def make() -> Engine:
        engine = deployment.engine()
        log.attach(engine, "examined")
        return engine

    report = check_router(make, deployment.network, steps=steps)
    assert report.ok, str(report)
    return file.getvalue()


@pytest.mark.parametrize(("strategy", "steps"), [("nearest", 200), ("balanced", 100), *((name, 60) for name in MORE)])
def test_every_decision_of_an_examination_is_repeated_byte_for_byte(tmp_path: Path, strategy: str, steps: int) -> None:
    deployment = deployment_with(tmp_path, strategy)
    lines = examined(deployment, steps).splitlines()
    replayed = list(replay(lines, deployment.wire, deployment.version, deployment.engine()))
    assert len(replayed) == len(lines) > 150
    assert [line for line in replayed if not line.equal] == []


@pytest.mark.parametrize("strategy", MORE)
def test_without_its_memory_a_strategy_that_has_one_decides_otherwise(tmp_path: Path, strategy: str) -> None:
    deployment = deployment_with(tmp_path, strategy)
    lines = [loads(line) for line in examined(deployment, 60).splitlines()]
    if strategy in ("ruled", "steered", "by_sales"):
        for line in lines:
            kept = {name: line["memory"][name] for name in ("expected",) if name in line["memory"]}
            line["memory"] = {**lines[0]["memory"], **kept}
            if strategy == "by_sales":  # nobody is known to sell anything
                line["memory"]["per_week"] = [[None] * 4 for _ in line["order"]["lines"]]
    else:  # nothing is worth anything
        for line in lines:
            line["memory"]["values"] = (np.array(line["memory"]["values"]) * 0).tolist()
    forgetful = [dumps(line) for line in lines]
    replayed = list(replay(forgetful, deployment.wire, deployment.version, deployment.engine()))
    assert any(not line.equal for line in replayed)


def test_the_log_and_the_plan_are_the_same_under_another_hash_seed(tmp_path: Path) -> None:
    log = examined(deployment_with(tmp_path / "tiny", "ruled"), 40)
    code = (
        "import sys; from pathlib import Path\n"
        "from tests.routing.test_decision_log import deployment_with, examined\n"
        f"sys.stdout.buffer.write(examined(deployment_with(Path({str(tmp_path / 'other')!r}), 'ruled'), 40))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment, check=True)
    assert done.stdout == log


def test_a_damaged_line_is_told(tmp_path: Path) -> None:
    deployment = deployment_with(tmp_path, "cheapest")
    lines = examined(deployment, 10).splitlines()[:2]
    damaged = [lines[0], lines[1].replace(b'"place":"', b'"place":"x')]
    with pytest.raises(RoutingError, match=r"line 2 of the log: order.place: unknown place"):
        list(replay(damaged, deployment.wire, deployment.version, deployment.engine()))


def test_a_damaged_memory_is_told(tmp_path: Path) -> None:
    deployment = deployment_with(tmp_path, "ruled")
    line = loads(examined(deployment, 10).splitlines()[0])
    line["memory"]["promises"] = [1, 2]
    with pytest.raises(RoutingError, match="line 1 of the log: its memory is damaged"):
        list(replay([dumps(line)], deployment.wire, deployment.version, deployment.engine()))
