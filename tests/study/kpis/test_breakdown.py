"""Cost and service by model and region: the groups add up to the KPIs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.errors import FulfillSimError
from sim.study.compare import Comparison, compare
from sim.study.experiment import design
from sim.study.kpis.breakdown import MEASURES
from tests import tiny
from tests.study.kpis.test_reconcile import EVERYTHING
from tests.world.collecting import with_counters

if TYPE_CHECKING:
    from pathlib import Path

MEASURE = {measure.name: measure for measure in MEASURES}


@pytest.fixture(scope="module")
def comparison(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    """Return two strategies on a tiny world in which everything costs something."""
    scenario = tiny.tiny(tmp_path_factory.mktemp("tiny"), with_counters(), **EVERYTHING)
    return compare(scenario, ["cheapest", "nearest"], replications=2, workers=1, by=["model", "region"])


@pytest.mark.parametrize("by", ["model", "region"])
@pytest.mark.parametrize(
    ("measure", "kpi"),
    [
        ("all_in", "all_in_cost_per_order"),
        ("contribution", "contribution_per_order"),
        ("revenue", "revenue_per_order"),
        ("label", "label_per_order"),
        ("delivery_hours", "delivery_hours_mean"),
    ],
)
def test_all_groups_together_are_the_kpi(comparison: Comparison, by: str, measure: str, kpi: str) -> None:
    for arm in comparison.arms:
        found = comparison.of_group(arm, by, "all", MEASURE[measure])
        expected = comparison.kpi(arm, kpi)
        assert (found.mean, found.low) == pytest.approx((expected.mean, expected.low), rel=1e-9)


@pytest.mark.parametrize(("by", "groups"), [
    ("model", ["in-house DC", "ship-from-store", "pick-up", "several", "all"]),
    ("region", ["Midwest", "Northeast", "West", "all"]),
])  # fmt: skip
def test_shares_of_the_groups_add_up_to_one(comparison: Comparison, by: str, groups: list[str]) -> None:
    assert comparison.groups(by) == groups
    shares = [comparison.of_group("cheapest", by, group, MEASURE["share_of_orders"]).mean for group in groups]
    assert sum(shares[:-1]) == pytest.approx(1)
    assert shares[-1] == 1


def test_the_parts_of_a_groups_cost_add_up_to_it(comparison: Comparison) -> None:
    parts = ("handling", "labour", "packaging", "label", "fees", "promises", "returns", "stock", "fixed")
    for group in ("in-house DC", "ship-from-store", "all"):
        found = {name: comparison.of_group("nearest", "model", group, MEASURE[name]).mean for name in MEASURE}
        assert sum(found[part] for part in parts) == pytest.approx(found["all_in"])


def test_a_strategy_differs_from_itself_in_no_group(comparison: Comparison) -> None:
    for measure in MEASURES:
        assert comparison.of_group("cheapest", "region", "West", measure, less_baseline=True).mean == 0.0


def test_the_command_prints_groups_and_tells_them_as_json(tmp_path: Path) -> None:
    path = tiny.write(tmp_path / "tiny")
    arguments = ["compare", str(path), "--strategies", "cheapest", "--replications", "1", "--days", "1"]
    arguments += ["--by", "model", "--out", str(tmp_path / "results"), "--json"]
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert "By fulfilment model, cheapest" in result.stderr
    told = json.loads(result.stdout)["by"]["model"]["cheapest"]["ship-from-store"]
    assert told["all_in"]["mean"] > told["label"]["mean"] > 0


def test_where_nobody_asks_orders_are_not_told_apart(tmp_path: Path) -> None:
    found = compare(tiny.tiny(tmp_path), ["cheapest"], replications=1, days=1, workers=1)
    assert "by" not in found.as_json("")


def test_orders_cannot_be_told_apart_by_just_anything(tmp_path: Path) -> None:
    with pytest.raises(FulfillSimError, match=r"--by 'regions' - .*did you mean region\?"):
        design(tiny.tiny(tmp_path), None, 1, 1, by=["regions"])
