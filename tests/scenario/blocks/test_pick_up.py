"""What is wrong with a block `pick_up:` is said by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sim.errors import ScenarioError
from sim.scenario.load import load
from tests.tiny import write
from tests.world.collecting import PICK_UP, with_counters

if TYPE_CHECKING:
    from pathlib import Path

ATTRIBUTE = {"network__site_attributes": ["pickup"]}


@pytest.mark.parametrize(
    ("block", "told"),
    [
        ({"added": "95 %"}, "added is 95% - expected at most 90%"),
        (
            {"minutes": "2 min"},
            r"per_hour and staff time \(minutes, put_back, kerb.minutes\) - expected both or neither",
        ),
        ({"per_hour": "18 USD"}, r"per_hour and staff time \(minutes, put_back, kerb.minutes\) - expected both or"),
        ({"channels": {"web": "10 %"}}, "pick_up.channels.web: unknown 'web' - the scenario has no channels"),
        ({"attribute": "kerbside"}, "pick_up.attribute: no site has 'kerbside': true - expected a column of that name"),
        ({"within": "0 km"}, "pick_up.within: '0 km' - expected more than 0 km"),
    ],
)
def test_a_wrong_block_is_told_with_what_was_expected(tmp_path: Path, block: dict[str, Any], told: str) -> None:
    path = write(tmp_path, with_counters(), pick_up={**PICK_UP, **block}, **ATTRIBUTE)
    with pytest.raises(ScenarioError, match=told):
        load(path)


def test_a_scenario_in_which_no_store_offers_it_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError, match="pick_up: no site has 'pickup': true - expected a column of that name"):
        load(write(tmp_path, with_counters(()), pick_up=PICK_UP, **ATTRIBUTE))


def test_nobody_comes_on_top_of_real_orders(tmp_path: Path) -> None:
    orders: list[list[object]] = [
        ["placed_at", "place", "channel", "sku", "quantity", "order"],
        ["2026-02-03T10:00", "021", "", "A", 1, "1"],
    ]
    tables = {**with_counters(), "orders.csv": orders}
    with pytest.raises(ScenarioError, match=r"pick_up\.added with demand.orders - expected one of the two"):
        load(write(tmp_path, tables, pick_up={**PICK_UP, "added": "10 %"}, demand__orders="orders.csv", **ATTRIBUTE))
