"""Uncertain inputs on the tiny scenario: an input that only adds to the cost is told apart from chance."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from sim.report.runs.sweep import HowToRun
from sim.report.runs.uncertainty import figure, run_uncertainty
from sim.study.inputs import Parts, read_belief
from sim.study.kpis.catalogue import BY_NAME
from tests.tiny import write

if TYPE_CHECKING:
    from pathlib import Path

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
    assert (folder / "figures" / "uncertainty.png").stat().st_size > 5_000


def test_the_picture_parts_each_interval_and_leaves_out_what_does_not_vary() -> None:
    unsure, lucky, still = Parts(15.0, 0.03, 0.05, 10, 5), Parts(0.98, 0.0, 1e-5, 10, 5), Parts(60.0, 0.0, 0.0, 10, 5)
    names = ("cost_per_order", "order_fill_rate", "delivery_hours_mean")
    (axes,) = figure({BY_NAME[name]: parts for name, parts in zip(names, (unsure, lucky, still), strict=True)}).axes
    inputs, chance = ([bar.get_width() for bar in bars] for bars in axes.containers)
    assert inputs == pytest.approx([75, 0, 0])  # 0.03 against 0.05 / 5
    assert chance == pytest.approx([25, 100, 0])
