"""A scenario compared with itself changed: arms ``<change>/<strategy>``, all on the same luck."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.errors import FulfillSimError
from sim.scenario.load import load
from sim.study.compare import compare
from sim.study.experiment import design
from sim.study.kpis.catalogue import KPIS
from tests import tiny

if TYPE_CHECKING:
    from pathlib import Path

    from sim.study.experiment import Experiment

CHANGES = {
    "none": {"set": {"title": "The same under another name"}},
    "slow": {"set": {"site_kinds.store.feed": {"kind": "batch", "at": "03:00"}}},
    "held": {"set": {"routing.safety_stock": {"store": 2}}},
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tiny.write(tmp_path / "tiny", changes=CHANGES)


def designed(path: Path, strategies: list[str] | None, baseline: str | None = None) -> Experiment:
    changed = {name: load(path, [name]) for name in ("slow", "held")}
    return design(load(path), strategies, 1, 1, baseline, changed)


def test_every_strategy_is_an_arm_in_the_base_and_in_every_change(path: Path) -> None:
    assert designed(path, ["nearest", "cheapest"]).arms == (
        "base/nearest", "base/cheapest", "slow/nearest", "slow/cheapest", "held/nearest", "held/cheapest",
    )  # fmt: skip


def test_changes_are_tried_with_cheapest_if_no_strategy_is_named(path: Path) -> None:
    assert designed(path, None).arms == ("base/cheapest", "slow/cheapest", "held/cheapest")


@pytest.mark.parametrize(("baseline", "first"), [("nearest", "base/nearest"), ("slow/cheapest", "slow/cheapest")])
def test_a_baseline_is_a_strategy_or_an_arm(path: Path, baseline: str, first: str) -> None:
    assert designed(path, ["cheapest"], baseline).arms[0] == first


def test_an_arm_that_is_not_there_is_no_baseline(path: Path) -> None:
    with pytest.raises(FulfillSimError, match=r"unknown strategy 'slow/cheapst' - .*slow/cheapest\?"):
        designed(path, ["cheapest"], "slow/cheapst")


def test_a_change_of_nothing_makes_no_difference_at_all(path: Path) -> None:
    found = compare(load(path), ["cheapest"], changes={"none": load(path, ["none"])}, replications=2, workers=1)
    for kpi in KPIS:
        interval = found.difference("none/cheapest", kpi.name).interval
        values = (interval.mean, interval.low, interval.high)
        assert all(value == 0.0 or value != value for value in values), kpi.name


def test_a_slower_feed_makes_the_news_older(path: Path) -> None:
    found = compare(load(path), ["cheapest"], changes={"slow": load(path, ["slow"])}, replications=3, workers=1)
    assert found.difference("slow/cheapest", "stock_age_min").interval.low > 0


def test_the_command_keeps_the_orders_of_each_arm_and_tells_what_was_changed(path: Path, tmp_path: Path) -> None:
    arguments = ["compare", str(path), "--with", "slow", "--with", "slow+held", "--replications", "1", "--days", "1"]
    result = CliRunner().invoke(app, [*arguments, "--out", str(tmp_path / "results"), "--json"])
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert list(told["strategies"]) == ["base/cheapest", "slow/cheapest", "slow+held/cheapest"]
    (run,) = (tmp_path / "results" / "tiny").iterdir()
    assert len(list(run.glob("orders/*/*.parquet"))) == 3
    changed = json.loads((run / "manifest.json").read_text())["changed"]
    assert changed["slow+held"]["resolved"]["site_kinds"]["store"]["feed"]["kind"] == "batch"
    assert changed["slow+held"]["resolved"]["routing"]["safety_stock"] == {"store": 2}


def test_a_single_run_can_be_made_with_a_change(path: Path, tmp_path: Path) -> None:
    arguments = ["run", str(path), "--with", "slow", "--days", "1", "--out", str(tmp_path / "results")]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    (manifest,) = (tmp_path / "results").glob("*/*/manifest.json")
    assert json.loads(manifest.read_text())["resolved"]["site_kinds"]["store"]["feed"]["kind"] == "batch"
