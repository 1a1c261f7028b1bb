"""The price of stale stock: every cadence at every kind of site, and what is drawn is the paired difference."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from sim.report.runs.sweep import HowToRun, run_stale
from sim.report.stale import CADENCES, cadences
from tests.tiny import tiny, write

if TYPE_CHECKING:
    from pathlib import Path


def test_every_kind_of_site_that_there_is_tells_at_every_cadence(tmp_path: Path) -> None:
    points = cadences(tiny(tmp_path))
    assert [point.name for point in points] == list(CADENCES)
    assert all(set(point.values) == {"site_kinds.dc.feed", "site_kinds.store.feed"} for point in points)


def test_what_is_drawn_is_how_much_more_than_with_a_webhook_on_the_same_luck(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "world")
    comparison = run_stale(path, ["nearest"], HowToRun(2, 1, 1, 1, tmp_path / "out"), tmp_path / "shown")
    assert "difference from that of webhook on the same luck" in " ".join(capsys.readouterr().out.split())
    (folder,) = (tmp_path / "out" / comparison.experiment.scenario.name).iterdir()
    assert (folder / "figures" / "price_of_stale_stock.png").stat().st_size > 10_000
    for file in ("figures/price_of_stale_stock.png", "price_of_stale_stock.csv"):
        assert (tmp_path / "shown" / file).read_bytes() == (folder / file).read_bytes()
    with (folder / "price_of_stale_stock.csv").open(newline="") as file:
        rows = {(row["stock_news"], row["kpi"]): row for row in csv.DictReader(file)}
    assert len(rows) == len(CADENCES) * 3
    for (cadence, kpi), row in rows.items():
        own, fresh = comparison.kpi(f"{cadence}/nearest", kpi).mean, comparison.kpi("webhook/nearest", kpi).mean
        assert float(row["more"]) == pytest.approx(own - fresh, abs=1e-12)


def test_where_there_is_a_bound_a_share_of_the_gap_is_drawn_from_the_myopic_that_hears_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sim.study.statistics.estimate.t_quantile", lambda *_: 0.1)  # as of many replications
    scarce = {f"site_kinds__{kind}__stock__days_of_cover": 0.4 for kind in ("dc", "store")}
    path = write(tmp_path / "world", **scarce)
    how = HowToRun(2, 1, 1, 1, tmp_path / "out")
    comparison = run_stale(path, ["cheapest"], how, tmp_path / "shown", "cheapest", frozen=True)
    against = comparison.against_bound
    assert against is not None
    assert set(against.wanted.frozen) == {"replenishment", "storefront.share_who_wait"}
    fresh = against.captured("webhook/cheapest")
    with (tmp_path / "shown" / "price_of_stale_stock.csv").open(newline="") as file:
        rows = {row["stock_news"]: row for row in csv.DictReader(file) if row["kpi"] == "gap_share"}
    assert list(rows) == list(CADENCES)
    for cadence, row in rows.items():
        later = against.captured(f"{cadence}/cheapest", "webhook/cheapest")
        assert float(row["mean"]) == pytest.approx(later.share.mean)
        lost = later.above.mean - fresh.above.mean
        assert later.share.mean == pytest.approx(-lost / against.gap("webhook").mean)
    assert (tmp_path / "shown" / "figures" / "price_of_stale_stock.png").stat().st_size > 10_000
