"""`--bound` from the outside: it is printed, kept and put into the report, or it is said why there is none."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.tiny import write

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Command

SCARCE: dict[str, Any] = {
    f"site_kinds__{kind}__stock__{key}": value
    for kind in ("dc", "store")
    for key, value in {"days_of_cover": 0.4, "order_days": 0.2}.items()
}
DAY = "--days", 1, "--replications", 3, "--workers", 1


def test_where_supply_reacts_the_command_says_so_and_writes_nothing(
    fulfillsim: Command, tiny_scenario: Path, tmp_path: Path
) -> None:
    done = fulfillsim("compare", tiny_scenario, *DAY, "--bound", "--out", tmp_path / "out", expect=2)
    first, second = done.stderr.strip().splitlines()
    assert first.endswith("on their shelves - expected replenishment: forecast, or --frozen")
    assert "scenario.yaml:" in second
    assert "storefront.share_who_wait: no bound exists" in second
    assert not (tmp_path / "out").exists()


def test_frozen_it_has_a_bound_in_the_table_the_json_the_store_and_the_page(
    fulfillsim: Command, tmp_path: Path
) -> None:
    world, out = write(tmp_path / "world", **SCARCE).parent, tmp_path / "out"
    ask = "compare", world, "--strategies", "nearest,dc_first", *DAY, "--bound", "--frozen", "--out", out
    shown = fulfillsim(*ask).stdout
    assert "Against the clairvoyant bound" in shown
    assert "Frozen, so that a bound exists, for every strategy: replenishment: forecast" in shown
    told = json.loads(fulfillsim(*ask, "--json").stdout)
    found = told["bound"]["variants"]["base"]
    assert list(found["strategies"]) == ["nearest", "dc_first", "cheapest"]
    for each in found["strategies"].values():
        assert each["cost"]["mean"] >= found["bound"]["mean"]
        assert each["cost"]["mean"] - found["bound"]["mean"] == pytest.approx(each["above"]["mean"])
    assert all(each["cents"] <= each["found_cents"] for each in found["replications"])
    assert len(list((out / ".kept").glob("*/*/note.json"))) == 3
    assert "Against the clairvoyant bound" in fulfillsim("results", "show", told["run_dir"], "--in", out).stdout
    page = tmp_path / "report.html"
    fulfillsim("report", told["run_dir"], "--in", out, "-o", page)
    html = page.read_text()
    assert "What no router could beat" in html
    assert "the bound" in html
