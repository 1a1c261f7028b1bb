"""`fulfillsim compare` from the outside: what it prints, what it writes, what it refuses."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Command, rows

KPI_NAMES = {
    "cost_per_order", "order_fill_rate", "line_fill_rate", "unit_fill_rate", "delivery_hours_mean",
    "delivery_hours_p50", "delivery_hours_p95", "on_time_ship_rate", "on_time_delivery_rate", "split_rate",
    "cancel_rate", "oversell_rate", "reroutes_per_order", "inventory_accuracy", "cost_per_order_placed",
}  # fmt: skip
ARMS = ["nearest", "cheapest", "fewest_parcels", "dc_first", "balanced", "siloed"]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("results")


@pytest.fixture(scope="module")
def done(fulfillsim: Command, tiny_scenario: Path, out: Path) -> subprocess.CompletedProcess[str]:
    return fulfillsim("compare", tiny_scenario, "--replications", 3, "--workers", 1, "--out", out, "--json")


@pytest.fixture(scope="module")
def result(done: subprocess.CompletedProcess[str]) -> Any:
    return json.loads(done.stdout)


def test_stdout_is_one_json_object_and_the_rest_goes_to_stderr(
    done: subprocess.CompletedProcess[str], result: Any
) -> None:
    assert done.stdout.count("\n") == 1
    assert set(result) == {
        "scenario", "baseline", "replications", "orders", "strategies", "differences", "behind_the_best", "run_dir",
    }  # fmt: skip
    assert "Difference from nearest" in done.stderr


def test_every_strategy_has_every_kpi_with_its_interval(result: Any) -> None:
    assert list(result["strategies"]) == ARMS
    for kpis in result["strategies"].values():
        assert set(kpis) >= KPI_NAMES
        for found in kpis.values():
            assert set(found) == {"mean", "low", "high"}
            if found["low"] is not None:
                assert found["low"] <= found["mean"] <= found["high"]


def test_every_strategy_but_the_baseline_has_its_differences_with_a_verdict(result: Any) -> None:
    assert result["baseline"] == "nearest"
    assert list(result["differences"]) == ARMS[1:]
    for arm, kpis in result["differences"].items():
        for name, found in kpis.items():
            assert found["verdict"] in {"better", "worse", "differs", "equivalent", "cannot tell"}
            if found["mean"] is not None:
                means = result["strategies"][arm][name]["mean"], result["strategies"]["nearest"][name]["mean"]
                assert found["mean"] == pytest.approx(means[0] - means[1])


def test_the_run_folder_holds_manifest_tables_and_figures(result: Any) -> None:
    folder = Path(result["run_dir"])
    assert {path.name for path in folder.iterdir()} == {
        "manifest.json", "comparison.json", "kpis.parquet", "orders", "figures",
    }  # fmt: skip
    assert {path.name for path in (folder / "figures").iterdir()} == {
        "differences.png", "cost_against_time.png", "cost_by_part.png",
    }  # fmt: skip
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["seed"] == 1
    assert manifest["resolved"]["demand"]["shoppers_per_day"] == 60
    assert len(manifest["scenario_sha256"]) == 64
    assert {"fulfillsim", "python", "simpy", "numpy"} <= set(manifest["versions"])
    assert manifest["wall_seconds"] > 0


def test_kpis_can_be_recomputed_from_the_parquet_tables(result: Any) -> None:
    folder = result["run_dir"]
    query = f"""SELECT strategy, sum(cost_cents) / 100.0 / count(*) FILTER (units_picked > 0)
                FROM '{folder}/orders/*/*.parquet' GROUP BY strategy"""
    recomputed = dict(rows(query))
    told = {arm: kpis["cost_per_order"]["mean"] for arm, kpis in result["strategies"].items()}
    assert recomputed == pytest.approx(told)
    query = f"SELECT value FROM '{folder}/kpis.parquet' WHERE kpi = 'delivery_hours_p95' AND strategy = 'cheapest'"
    assert len(rows(query)) == result["replications"]


def test_orders_counts_all_that_were_routed_warm_up_and_drain_included(result: Any) -> None:
    ((measured,),) = rows(f"SELECT count(*) FROM '{result['run_dir']}/orders/*/*.parquet'")
    assert result["orders"] > measured


def test_two_workers_say_the_same_as_one(fulfillsim: Command, tiny_scenario: Path, out: Path, result: Any) -> None:
    again = fulfillsim("compare", tiny_scenario, "--replications", 3, "--workers", 2, "--out", out, "--json")
    other = json.loads(again.stdout)
    assert {**other, "run_dir": ""} == {**result, "run_dir": ""}


def test_another_seed_is_other_luck(fulfillsim: Command, tiny_scenario: Path, out: Path, result: Any) -> None:
    again = fulfillsim("compare", tiny_scenario, "--replications", 3, "--seed", 2, "--out", out, "--json")
    assert json.loads(again.stdout)["strategies"] != result["strategies"]


def test_strategies_and_days_can_be_chosen(fulfillsim: Command, tiny_scenario: Path, out: Path, result: Any) -> None:
    arguments = ("--strategies", "siloed,cheapest", "--days", 1, "--replications", 2, "--out", out, "--json")
    other = json.loads(fulfillsim("compare", tiny_scenario, *arguments).stdout)
    assert other["baseline"] == "siloed"
    assert list(other["strategies"]) == ["siloed", "cheapest"]
    assert other["orders"] < result["orders"] / 3


def test_one_replication_tells_means_and_no_limits(fulfillsim: Command, tiny_scenario: Path, out: Path) -> None:
    done = fulfillsim("compare", tiny_scenario, "--replications", 1, "--days", 1, "--out", out, "--json")
    found = json.loads(done.stdout)["differences"]["cheapest"]["cost_per_order"]
    assert found["mean"] is not None
    assert (found["low"], found["high"], found["verdict"]) == (None, None, "cannot tell")


def test_a_strategy_without_a_rival_is_shown_alone(fulfillsim: Command, tiny_scenario: Path, out: Path) -> None:
    arguments = ("--strategies", "cheapest", "--replications", 2, "--days", 1, "--out", out)
    text = fulfillsim("compare", tiny_scenario, *arguments).stdout
    assert "Difference" not in text
    assert "cheapest" in text


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--strategies", "cheepest"), "unknown strategy 'cheepest' - expected one of balanced, cheapest"),
        (("--strategies", "cheepest"), "(did you mean cheapest?)"),
        (("--baseline", "dcfirst"), "(did you mean dc_first?)"),
        (("--replications", "0"), "--replications"),
        (("--days", "many"), "--days"),
    ],
)
def test_a_wrong_argument_is_refused_and_nothing_is_written(
    fulfillsim: Command, tiny_scenario: Path, tmp_path: Path, arguments: tuple[str, ...], told: str
) -> None:
    done = fulfillsim("compare", tiny_scenario, *arguments, "--out", tmp_path / "never", expect=2)
    assert told in " ".join(done.stderr.split())
    assert not (tmp_path / "never").exists()


def test_a_wrong_scenario_name_names_the_shipped_ones(fulfillsim: Command) -> None:
    done = fulfillsim("compare", "us_electronic", expect=2)
    assert "did you mean us_electronics?" in done.stderr
