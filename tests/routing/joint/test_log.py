"""Joint decisions are logged whole, and decided again byte for byte."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.contract.messages import Line, Order
from sim.contract.wire_values import dumps, loads
from sim.errors import RoutingError
from sim.routing.decision_log import reasons, replay
from sim.routing.joint.engine import JointEngine
from sim.routing.joint.together import Batch
from sim.routing.service.deployment import Deployment
from tests.routing.joint.busy import busy_day, deployment, log_of


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("busy")


@pytest.fixture(scope="module")
def here(folder: Path) -> Deployment:
    return deployment(folder)


@pytest.fixture(scope="module")
def log(folder: Path) -> bytes:
    return log_of(folder)


def test_every_joint_decision_is_repeated_byte_for_byte(here: Deployment, log: bytes) -> None:
    lines = log.splitlines()
    trees = [loads(line) for line in lines]
    assert sum("revisions" in tree for tree in trees) >= 3
    assert sum(len(tree["batch"]) > 2 for tree in trees) > 8
    replayed = list(replay(lines, here.wire, here.version, here.engine()))
    assert len(replayed) == len(lines)
    assert [line for line in replayed if not line.equal] == []


def test_another_stock_gives_another_decision(here: Deployment, log: bytes) -> None:
    trees = [loads(line) for line in log.splitlines()]
    for tree in trees:
        tree["stock"]["on_hand"] = {name: [9] * len(units) for name, units in tree["stock"]["on_hand"].items()}
    replayed = list(replay([dumps(tree) for tree in trees], here.wire, here.version, here.engine()))
    assert any(not line.equal for line in replayed)


def test_the_log_is_the_same_under_another_hash_seed(tmp_path: Path, log: bytes) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from tests.routing.joint.busy import log_of\n"
        f"sys.stdout.buffer.write(log_of(Path({str(tmp_path / 'other')!r})))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, env=environment, check=True)
    assert done.stdout == log


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("batch", {}, r"batch: dict - expected a list"),
        ("now", "noon", r"now: 'noon'"),
        ("stock", {"sites": ["nowhere"], "on_hand": {}}, r"stock.sites\[0\]: unknown site 'nowhere'"),
        ("sent", [{"order": {}}], r"sent\[0\].due|sent\[0\]"),
    ],
)
def test_a_damaged_line_is_told(here: Deployment, log: bytes, key: str, value: object, told: str) -> None:
    damaged = dumps(loads(log.splitlines()[0]) | {key: value})
    with pytest.raises(RoutingError, match=f"line 1 of the log: {told}"):
        list(replay([damaged], here.wire, here.version, here.engine()))


def test_a_joint_decision_needs_a_strategy_that_decides_jointly(folder: Path, here: Deployment, log: bytes) -> None:
    alone = Deployment(here.network, here.config, "alone", here.limits).engine()
    with pytest.raises(RoutingError, match="batch: a batch - expected a strategy that decides jointly"):
        list(replay(log.splitlines()[:1], here.wire, here.version, alone))


def test_an_order_that_comes_back_from_a_site_is_logged_and_repeated_as_one(folder: Path, here: Deployment) -> None:
    engine = here.engine()
    seen = []
    engine.record = lambda order, now, view, plan: seen.append((order.id, plan.unfilled))
    engine.route(Order(1, 600.0, 0, (Line(0, 1),), refused_by=(0,)), 600.0)
    assert seen == [(1, (Line(0, 1),))]


def test_without_time_a_contested_batch_is_marked_as_limited_and_what_is_not_contested_is_not(folder: Path) -> None:
    engine = deployment(folder, gap=0.0).engine()
    engine.time_limit_s = 0.0
    assert any(plan.limited for plan in busy_day(engine, 60))
    free = deployment(folder, gap=0.0).engine()
    free.time_limit_s = 60.0
    assert not any(plan.limited for plan in busy_day(free, 60))


def test_the_log_tells_of_every_joint_decision_about_an_order(here: Deployment, log: bytes) -> None:
    lines = log.splitlines()[:12]
    about = []
    for number, tree in enumerate(map(loads, lines), 1):
        orders = tree["batch"] + [one["order"] for one in tree.get("sent", [])]
        about += [f"line {number}"] * any(order["id"] == 3 for order in orders)
    told = list(reasons(lines, here.wire, here.network, here.engine(), 3))
    assert list(dict.fromkeys(text.partition(":")[0] for text in told)) == about


def test_an_engine_that_forgets_has_nothing_to_decide(here: Deployment) -> None:
    engine = here.engine()
    assert isinstance(engine, JointEngine)
    busy_day(engine, 20)
    assert engine.next_wake() is not None
    engine.forget(engine.view_batch(Batch((Order(1, 0.0, 0, tuple(Line(sku, 1) for sku in range(4))),)), 0.0).believed)
    assert engine.next_wake() is None
    assert engine.available().tolist() == [0, 0, 0, 0]
