"""The cost of an order beside published ranges: ratios of sums, and why what lies outside does."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.study.kpis.cost_ranges import COST_RANGES, cost_table
from tests.runs import real_run

if TYPE_CHECKING:
    from pathlib import Path

    from sim.study.runs.recorded import Recorded

# two replications of 100 orders: 110 parcels, 130 lines, 40 units of third parties, 10,000 USD of sales
ONE: dict[str, tuple[float, float]] = {
    "cost_per_order": (1430, 100), "parcels_per_order": (110, 100), "line_fill_rate": (129, 130),
    "mix_third_party": (40, 160), "revenue_per_order": (10_000, 100), "picking_per_order": (60, 100),
    "packing_per_order": (40, 100), "packaging_per_order": (88, 100), "fees_per_order": (80, 100),
    "label_per_order": (1162, 100),
}  # fmt: skip
OURS = [100 / 130, 60 / 100, 88 / 110, 80 / 40, 268 / 100, 1162 / 110, 0.143]


def recorded(**changes: tuple[float, float]) -> Recorded:
    sums = {("own", name): np.array([pair, pair]) for name, pair in (ONE | changes).items()}
    return cast("Recorded", SimpleNamespace(sums=sums))


def test_each_part_is_a_ratio_of_sums() -> None:
    assert [each.found(recorded(), "own").mean for each in COST_RANGES] == pytest.approx(OURS)


def test_what_lies_outside_its_range_says_why() -> None:
    rows = [row.strip("|").split("|") for row in cost_table(recorded(), "own")[2:]]
    assert [row[-1].strip() == "inside" for row in rows] == [True, True, True, True, False, True, True]
    assert rows[4][-1].strip().startswith("below: ")
    assert [cell.strip() for cell in rows[6][:3]] == ["all of it, share of sales", "14.3 ±0.0 %", "8.0 to 15.0 %"]


def test_the_command_prints_it_and_names_the_nearest_arm(tmp_path: Path) -> None:
    run: Any = real_run(tmp_path, ["nearest", "cheapest"], 2)
    ask = ["results", "costs", str(run.folder), "--in", str(tmp_path), "--arm"]
    found = CliRunner().invoke(app, [*ask, "nearest"])
    assert (found.exit_code, len(found.stdout.splitlines())) == (0, 2 + len(COST_RANGES))
    assert CliRunner().invoke(app, [*ask, "nearst"]).exit_code != 0
