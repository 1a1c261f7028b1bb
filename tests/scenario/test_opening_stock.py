"""A run may start from a given stock, and may do without replenishment."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest

from sim.chance.tape import Tape
from sim.errors import ScenarioError
from sim.report.network_summary import summary
from sim.routing.build import build_engine
from sim.study.checks.check import check_scenario
from sim.study.experiment import routing_of
from sim.world.simulate import simulate
from tests.tiny import tiny

if TYPE_CHECKING:
    from pathlib import Path

    from sim.ledger.ledger import Ledger
    from sim.scenario.load import Scenario

HEADER: list[object] = ["sku", "site", "on_hand"]


def given_stock(folder: Path, *rows: list[object], **changes: object) -> Scenario:
    return tiny(folder, {"stock.csv": [HEADER, *rows]}, opening_stock="stock.csv", **changes)


def run(scenario: Scenario) -> Ledger:
    return simulate(scenario, Tape(scenario, 1, 0), build_engine(routing_of(scenario), "cheapest", scenario.network))


def test_a_run_opens_with_the_stock_of_the_table_and_nothing_else(tmp_path: Path) -> None:
    scenario = given_stock(tmp_path, ["A", "dc_east", 40], ["C", "store_oakland", 7])
    expected = np.zeros((4, 4), dtype=np.int32)
    expected[0, 0], expected[2, 3] = 40, 7
    assert run(scenario).opening_stock.tolist() == expected.tolist()


def test_without_replenishment_nothing_ever_comes_in(tmp_path: Path) -> None:
    assert len(run(tiny(tmp_path, replenishment="none")).receipts.columns()["at"]) == 0


def test_with_replenishment_a_given_stock_is_ordered_up_to_its_level(tmp_path: Path) -> None:
    scenario = given_stock(tmp_path, ["A", "dc_east", 1])
    receipts = run(scenario).receipts.columns()
    # reviewed at 4:00 of the first day, three days on the way: the whole plan comes in at once, less what is there
    first = receipts["at"] == (3 * 24 + 4) * 60
    got = np.zeros((4, 4), dtype=np.int32)
    got[receipts["sku"][first], receipts["site"][first]] = receipts["quantity"][first]
    missing = scenario.stock_plan.order_up_to.copy()
    missing[0, 0] = got[0, 0]  # a unit or none may have been sold before four in the morning
    assert got.tolist() == missing.tolist()
    assert got[0, 0] - (scenario.stock_plan.order_up_to[0, 0] - 1) in (0, 1)


def test_a_check_tells_what_is_there_and_that_nothing_comes_in(tmp_path: Path) -> None:
    given_stock(tmp_path, ["A", "dc_east", 40], ["C", "store_oakland", 7], replenishment="none")
    # 40 * 7 + 7 * 220 dollars
    told = "47 units at the start, as given, 1,820 USD at cost; nothing comes in"
    assert told in summary(check_scenario(str(tmp_path)))


def test_another_stock_table_is_another_scenario(tmp_path: Path) -> None:
    one = given_stock(tmp_path / "one", ["A", "dc_east", 1])
    two = given_stock(tmp_path / "two", ["A", "dc_east", 2])
    assert one.digest != two.digest


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (["Z", "dc_east", 1], "stock.csv:3: sku: unknown 'Z' - expected one of A, B, C, D"),
        (["A", "dc_eastt", 1], "stock.csv:3: site: unknown 'dc_eastt' - expected one of dc_east, dc_west, "
         "store_boston, store_oakland (did you mean dc_east?)"),
        (["A", "dc_east", 2], "stock.csv:3: sku: A at dc_east stands already in line 2"),
        (["B", "dc_east", -1], "stock.csv:3: on_hand: '-1' - expected a whole number of at least 0"),
        (["B", "dc_east", 2.5], "stock.csv:3: on_hand: '2.5' - expected a whole number of at least 0"),
        (["B", "dc_east", 10**10], "stock.csv:3: on_hand: '10000000000' - expected at most 1,000,000,000 units"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_told_with_file_line_and_column(tmp_path: Path, row: list[object], message: str) -> None:
    with pytest.raises(ScenarioError, match=re.escape(message)) as caught:
        given_stock(tmp_path, ["A", "dc_east", 5], row)
    assert len(caught.value.problems) == 1


def test_an_unknown_site_is_told_once_however_many_rows_name_it(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as caught:
        given_stock(tmp_path, ["A", "moon", 1], ["B", "moon", 1], ["C", "moon", 1])
    assert len(caught.value.problems) == 1


def test_a_missing_stock_table_is_told_at_its_key(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"scenario\.yaml:\d+: opening_stock: no such file: 'stok\.csv'"):
        tiny(tmp_path, opening_stock="stok.csv")


def test_a_long_list_of_known_names_is_cut(tmp_path: Path) -> None:
    products: list[list[object]] = [
        ["id", "name", "category", "weight_kg", "length_cm", "width_cm", "height_cm", "price_usd", "unit_cost_usd",
         "popularity"],
        *([f"P{k:02}", "x", "y", 1, 10, 10, 10, 5, 3, 1] for k in range(30)),
    ]  # fmt: skip
    stock: list[list[object]] = [HEADER, ["P07x", "dc_east", 1]]
    with pytest.raises(ScenarioError, match=r"P18, P19 and 10 more \(did you mean P07\?\)"):
        tiny(tmp_path, {"products.csv": products, "stock.csv": stock}, opening_stock="stock.csv")
