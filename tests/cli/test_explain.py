"""`fulfillsim explain` and `fulfillsim diff` from the outside."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sim.study.runs.run_folder import newest, read_table

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Command


def test_a_run_is_explained_and_compared_order_by_order(
    fulfillsim: Command, tiny_scenario: Path, tmp_path: Path
) -> None:
    for strategy in ("nearest", "cheapest"):
        fulfillsim("run", tiny_scenario, "--strategy", strategy, "--out", tmp_path / strategy)
    first, second = (tmp_path / strategy / tiny_scenario.name for strategy in ("nearest", "cheapest"))
    order = int(read_table(newest(first), "parcels")["order"][0])
    told = fulfillsim("explain", first, order).stdout
    assert f"order {order}" in told
    assert "ordered " in told
    assert "could be" in told
    assert "Cost: " in told
    plain = json.loads(fulfillsim("explain", first, order, "--json").stdout)
    assert plain["order"] == order
    assert plain["decisions"][0]["says"]
    assert "no run in there" in fulfillsim("explain", tmp_path, order, expect=2).stderr
    assert "nobody placed it" in fulfillsim("explain", first, 1, expect=2).stderr
    assert "0 (0.0 %)" in fulfillsim("diff", first, first).stdout
    differ = fulfillsim("diff", first, second, expect=1).stdout
    assert "because of" in differ
    assert "The first: order" in differ
    plain = json.loads(fulfillsim("diff", first, second, "--json", expect=1).stdout)
    assert sum(group["orders"] for group in plain["groups"]) == len(plain["cases"]) > 0
