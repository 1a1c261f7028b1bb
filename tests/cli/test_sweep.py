"""`fulfillsim sweep`: a row a point, paired with the scenario as it stands; what is wrong is told before it starts."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Command

PICKERS = "site_kinds.store.pickers=1,2"


def test_every_point_is_paired_with_the_scenario_as_it_stands(
    fulfillsim: Command, tiny_scenario: Path, tmp_path: Path
) -> None:
    text = fulfillsim(
        "sweep", tiny_scenario, "--over", PICKERS, "--strategies", "nearest,cheapest", "--replications", 2, "--days", 1,
        "--kpis", "cost_per_order,delivery_hours_mean", "--workers", 1, "--out", tmp_path,
    ).stdout  # fmt: skip
    assert "as it stands" in text
    (folder,) = (tmp_path / tiny_scenario.name).iterdir()
    assert (folder / "figures" / "sweep.png").stat().st_size > 5_000
    with (folder / "sweep.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(r["store.pickers"], r["strategy"], r["kpi"]) for r in rows] == [
        (n, s, kpi)
        for n in ("1", "2")
        for s in ("nearest", "cheapest")
        for kpi in ("cost_per_order", "delivery_hours_mean")
    ]
    # stores have two pickers as it stands: the same world, the same luck
    assert all(float(r["difference"]) == 0 for r in rows if r["store.pickers"] == "2")
    assert all(float(r["mean"]) > 0 for r in rows)


def test_what_is_wrong_at_any_point_is_told_at_once_and_nothing_is_written(
    fulfillsim: Command, tiny_scenario: Path, tmp_path: Path
) -> None:
    done = fulfillsim(
        "sweep", tiny_scenario, "--over", "site_kinds.store.pickers=1,0,x", "--over", "clock.mesure=1 day",
        "--out", tmp_path, expect=2,
    )  # fmt: skip
    assert "--over:1: site_kinds.store.pickers: 0 - expected at least 1" in done.stderr
    assert "--over:1: site_kinds.store.pickers: 'x' - expected a whole number" in done.stderr
    assert "--over:2: clock.mesure: unknown key 'mesure'" in done.stderr
    assert "did you mean measure?" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_kpi_is_told_with_the_nearest(fulfillsim: Command, tiny_scenario: Path, tmp_path: Path) -> None:
    done = fulfillsim("sweep", tiny_scenario, "--over", PICKERS, "--kpis", "cost_per_oder", "--out", tmp_path, expect=2)
    assert "did you mean cost_per_order?" in done.stderr
