"""A site that is closed is as if it were not there, and its row may stay where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sim.errors import ScenarioError
from sim.study.experiment import design, run_replication
from tests.tiny import TABLES, tiny

if TYPE_CHECKING:
    from pathlib import Path

    from sim.scenario.load import Scenario
    from sim.study.runs.kept import ArmRun

STOCK: list[list[object]] = [
    ["sku", "site", "on_hand"],
    ["A", "dc_west", 40],
    ["A", "dc_east", 30],
    ["B", "dc_east", 20],
]


def run(scenario: Scenario) -> ArmRun:
    return run_replication(design(scenario.with_measured_days(2), ["cheapest"], 1, 1), 0)[1]["cheapest"]


def without(site: str) -> dict[str, list[list[object]]]:
    return {"sites.csv": [row for row in TABLES["sites.csv"] if row[0] != site]}


@pytest.mark.parametrize("site", ["dc_west", "store_boston"])
def test_a_closed_site_is_as_if_it_were_not_in_the_table_on_the_same_luck(tmp_path: Path, site: str) -> None:
    closed = run(tiny(tmp_path / "closed", network__closed=[site]))
    absent = run(tiny(tmp_path / "absent", without(site)))
    # NaN is not equal to itself: these are sums, of which there is none
    assert closed.sums.pairs == absent.sums.pairs
    assert closed.routed == absent.routed > 0


def test_what_other_tables_and_blocks_say_of_a_closed_site_is_kept_for_when_it_opens(tmp_path: Path) -> None:
    levels = [["sku", "site", "reorder_point", "order_up_to"], ["B", "dc_west", 3, 9]]
    changes: dict[str, Any] = {
        "opening_stock": "stock.csv", "stock_levels": "levels.csv",
        "exceptions": [{"where": {"sites": ["dc_west"]}, "set": {"pickers": 5}}],
        "fixed": {"lease": {"account": "lease", "where": {"sites": ["dc_west"]}, "per_month": "100 USD"}},
    }  # fmt: skip
    tables = {"stock.csv": STOCK, "levels.csv": levels}
    opened, closed = (tiny(tmp_path, tables, network__closed=names, **changes) for names in ([], ["dc_west"]))
    assert opened.opening_stock is not None
    assert closed.opening_stock is not None
    assert opened.opening_stock.sum() == 90
    assert closed.opening_stock.sum() == 50
    assert [site.id for site in closed.network.sites] == ["dc_east", "store_boston", "store_oakland"]
    assert len(closed.site_blocks) == 3


@pytest.mark.parametrize(
    ("closed", "told"),
    [
        (["dc_eastt"], "network.closed[0]: unknown site 'dc_eastt' - expected one of dc_east, dc_west, store_boston, "
         "store_oakland (did you mean dc_east?)"),
        (["dc_east", "dc_west", "store_boston", "store_oakland"],
         "network.closed: all 4 sites are closed - expected at least one open"),
    ],
)  # fmt: skip
def test_what_cannot_be_closed_is_told(tmp_path: Path, closed: list[str], told: str) -> None:
    with pytest.raises(ScenarioError) as error:
        tiny(tmp_path, network__closed=closed)
    assert told in str(error.value)
