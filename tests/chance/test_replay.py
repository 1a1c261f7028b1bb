"""Real orders as a tape: what the table says comes, to the minute, in every replication."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.chance.tape import Tape
from sim.errors import ScenarioError
from sim.routing.build import build_engine
from sim.study.experiment import routing_of
from sim.world.simulate import simulate
from tests.tiny import tiny

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sim.scenario.load import Scenario

HEADER: list[object] = ["placed_at", "place", "channel", "sku", "quantity", "order"]
ORDERS: list[list[object]] = [
    ["2026-02-03T10:15", "941", "web", "A", 2, "1001"],
    ["2026-02-02T23:30", "606", "app", "C", 1, "1000"],
    ["2026-02-03T10:15", "941", "web", "B", 1, "1001"],
    ["2026-02-03T13:00:30-05:00", "021", "web", "D", 1, "1002"],
]


def replayed(folder: Path, *rows: list[object], header: Sequence[object] = tuple(HEADER), **changes: Any) -> Scenario:
    return tiny(folder, {"orders.csv": [[*header], *(rows or ORDERS)]}, demand__orders="orders.csv", **changes)


@pytest.mark.parametrize("replication", [0, 1])
def test_orders_come_as_the_table_says_to_the_minute(tmp_path: Path, replication: int) -> None:
    scenario = replayed(tmp_path)
    assert scenario.channels == ("web", "app")
    tape = Tape(scenario, 1, replication)
    rows = [row for day in range(5) for row in tape.shoppers(day)]
    found = [(row.at, row.place, scenario.channels[row.channel], dict(row.lines)) for row in rows]
    # the scenario's clock is that of New York: Chicago is an hour behind it, San Francisco three
    assert found == [
        (1440 + 30, 1, "app", {2: 1}), (1440 + 13 * 60 + 0.5, 0, "web", {3: 1}),
        (1440 + 13 * 60 + 15, 2, "web", {0: 2, 1: 1}),
    ]  # fmt: skip
    assert [row.id for row in rows] == [101_000_000, 101_000_001, 101_000_002]


def test_only_their_further_luck_varies(tmp_path: Path) -> None:
    scenario = replayed(tmp_path)
    one, other = (Tape(scenario, 1, replication).shoppers(1) for replication in (0, 1))
    assert [row.luck for row in one] != [row.luck for row in other]
    assert one == Tape(scenario, 1, 0).shoppers(1)


def test_a_run_meets_the_orders_of_the_table_and_nobody_else(tmp_path: Path) -> None:
    scenario = replayed(tmp_path)
    ledger = simulate(scenario, Tape(scenario, 1, 0), build_engine(routing_of(scenario), "cheapest", scenario.network))
    shoppers = ledger.shoppers.columns()
    assert shoppers["units"].tolist() == [1, 1, 3]
    assert shoppers["channel"].tolist() == [1, 0, 0]


def test_walk_in_customers_want_what_the_table_of_sales_says(tmp_path: Path) -> None:
    sales: list[list[object]] = [
        ["date", "site", "sku", "quantity"], ["2026-02-03", "store_boston", "A", 3],
        ["2026-02-03", "store_boston", "B", 1], ["2026-02-04", "store_oakland", "D", 2],
    ]  # fmt: skip
    scenario = tiny(tmp_path, {"sales.csv": sales}, walk_ins__sales="sales.csv")
    tape = Tape(scenario, 1, 0)
    wants = [(day, *want) for day in range(5) for want in zip(*tape.walk_ins(day), strict=True)]
    assert sorted((int(cell), int(units)) for _, _, cell, units in wants) == [(2, 3), (6, 1), (15, 2)]
    boston = [at for day, at, cell, _ in wants if cell % 4 == 2]
    assert all(1440 <= at < 2880 for at in boston)
    oakland = [at for day, at, cell, _ in wants if cell % 4 == 3]
    assert all(2880 + 180 <= at < 4320 + 180 for at in oakland)  # its own day
    assert not np.array_equal(boston, [want for want in Tape(scenario, 1, 1).walk_ins(1).at if want in boston])


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (["yesterday", "941", "web", "A", 1, "7"], "orders.csv:2: placed_at: 'yesterday' - expected a date and time "
         "such as 2026-02-02T14:05 or 2026-02-02T14:05-05:00"),
        (["2026-02-30T10:00", "941", "web", "A", 1, "7"], "orders.csv:2: placed_at: '2026-02-30T10:00' - expected a"),
        (["2026-02-01T10:00", "941", "web", "A", 1, "7"], "orders.csv:2: placed_at: 2026-02-01 10:00 - expected a "
         "moment after the scenario's start, 2026-02-02"),
        (["2026-02-03T10:00", "942", "web", "A", 1, "7"], "orders.csv:2: place: unknown '942' - expected one of 021, "
         "606, 941 (did you mean 941?)"),
        (["2026-02-03T10:00", "941", "web", "E", 1, "7"], "orders.csv:2: sku: unknown 'E' - expected one of A"),
        (["2026-02-03T10:00", "941", "web", "A", 0, "7"], "orders.csv:2: quantity: 0 units - expected at least 1"),
        (["2026-02-03T10:00", "941", "web", "A", 1, ""], "orders.csv:2: order: empty cell - expected text"),
    ],
)  # fmt: skip
def test_a_wrong_row_is_told_at_its_line(tmp_path: Path, row: list[object], message: str) -> None:
    with pytest.raises(ScenarioError, match=re.escape(message)) as caught:
        replayed(tmp_path, row)
    assert len(caught.value.problems) == 1


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (["2026-02-03T10:16", "941", "web", "B", 1, "1"], "orders.csv:3: placed_at: 2026-02-03 10:16 - expected the "
         "2026-02-03 10:15 of the same order in line 2"),
        (["2026-02-03T10:15", "606", "web", "B", 1, "1"], "orders.csv:3: place: 606 - expected the 941 of the same"),
        (["2026-02-03T10:15", "941", "app", "B", 1, "1"], "orders.csv:3: channel: app - expected the web of the same"),
        (["2026-02-03T10:15", "941", "web", "A", 1, "1"], "orders.csv:3: sku: A stands already in line 2 of the same"),
    ],
)  # fmt: skip
def test_the_rows_of_an_order_are_of_one_order(tmp_path: Path, row: list[object], message: str) -> None:
    with pytest.raises(ScenarioError, match=re.escape(message)):
        replayed(tmp_path, ["2026-02-03T10:15", "941", "web", "A", 1, "1"], row)


def test_where_channels_have_blocks_orders_come_by_one_of_them(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match=r"orders\.csv:3: channel: unknown 'app' - expected one of web"):
        replayed(tmp_path, demand__channels={"web": {"share": 1}})
