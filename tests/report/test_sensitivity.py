"""A sensitivity study on the tiny scenario: what an input that does nothing looks like, and what is refused."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from sim.errors import FulfillSimError
from sim.report.runs.sensitivity import Method, run_sensitivity
from sim.report.runs.sweep import HowToRun
from sim.study.search.space import read_axis
from tests.tiny import write

if TYPE_CHECKING:
    from pathlib import Path

PACKAGING = "site_kinds.dc.handling.packaging_per_parcel+site_kinds.store.handling.packaging_per_parcel=1 USD..2 USD"
WAITING = "storefront.share_who_wait=40 %..60 %"


def studied(tmp_path: Path, method: Method, size: int) -> list[dict[str, str]]:
    path = write(tmp_path / "world")
    axes = [read_axis(WAITING), read_axis(PACKAGING)]
    run_sensitivity(path, axes, method, size, "cheapest", ["cost_per_order"], HowToRun(1, 1, 1, 1, tmp_path / "out"))
    (folder,) = (tmp_path / "out" / "world").iterdir()
    assert (folder / "figures" / "sensitivity.png").stat().st_size > 5_000
    with (folder / "sensitivity.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def test_morris_puts_the_price_of_packaging_first_and_at_its_worth(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, _ = studied(tmp_path, "morris", 2)
    assert first["name"] == "handling.packaging_per_parcel"
    assert 1 <= float(first["size"]) < 1.5  # a dollar a parcel, and some orders are of two
    assert "mean size of its effect" in " ".join(capsys.readouterr().out.split())


def test_sobol_gives_the_price_of_packaging_the_variance_and_tells_the_fit(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first, _ = studied(tmp_path, "sobol", 10)
    assert first["name"] == "handling.packaging_per_parcel"
    assert float(first["size"]) > 0.9
    assert float(first["fit"]) > 0.9
    assert "of the variance at points left out" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("over", "method", "size", "kpis", "told"),
    [
        ([WAITING], "morris", 2, ["cost_per_order"], "expected at least two"),
        ([WAITING, PACKAGING], "sobol", 5, ["cost_per_order"], "a quadratic surface of 2 inputs needs 8"),
        ([WAITING, PACKAGING], "morris", 2, ["cost_per_oder"], "did you mean cost_per_order"),
    ],
)
def test_what_cannot_be_studied_is_told_before_it_starts(
    over: list[str], method: Method, size: int, kpis: list[str], told: str, tmp_path: Path
) -> None:
    axes = [read_axis(text) for text in over]
    with pytest.raises(FulfillSimError, match=told):
        run_sensitivity("starter", axes, method, size, None, kpis, HowToRun(1, 1, 1, 1, tmp_path))
