"""Uncertain inputs on the tiny scenario: an input that only adds to the cost is told apart from chance."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

from sim.report.run_sweep import HowToRun
from sim.report.uncertainty import run_uncertainty
from sim.study.inputs import read_belief
from tests.tiny import write

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

PACKAGING = [f"site_kinds.{kind}.handling.packaging_per_parcel=uniform(1 USD, 30 USD)" for kind in ("dc", "store")]


def test_a_wide_belief_of_a_price_is_nearly_all_of_the_costs_interval_and_nothing_of_the_fill(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "world")
    beliefs = [read_belief(text) for text in PACKAGING]
    how = HowToRun(2, 1, 1, 1, tmp_path / "out")
    run_uncertainty(path, beliefs, 4, "nearest", ["cost_per_order", "unit_fill_rate"], how)
    assert "4 draws of the inputs by 2 replications" in " ".join(capsys.readouterr().out.split())
    (folder,) = (tmp_path / "out" / "world").iterdir()
    with (folder / "uncertainty.csv").open(newline="") as file:
        cost, fill = csv.DictReader(file)
    assert float(cost["share_of_inputs"]) > 0.5
    assert float(fill["variance_of_inputs"]) == 0
