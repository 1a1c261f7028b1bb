"""Stock that each channel owns: in all as much as one stock for all, parted by demand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from sim.chance.tape import Tape
from sim.errors import ScenarioError
from sim.scenario.owners import parted
from tests.tiny import tiny

if TYPE_CHECKING:
    from pathlib import Path

    from sim.scenario.load import Scenario

CHANNELS = {"web": {"share": "70 %"}, "app": {"share": "30 %"}}


def both(folder: Path, **changes: Any) -> tuple[Scenario, Scenario]:
    """Return the tiny scenario with one stock for all, and with three owners."""
    own: dict[str, Any] = {"demand__channels": CHANNELS, **changes}
    return tiny(folder / "unified", **own), tiny(folder / "silo", stock="by_channel", **own)


def in_all(units: np.ndarray[Any, Any]) -> list[list[int]]:
    found: list[list[int]] = units.reshape(4, 3, 4).sum(axis=1).tolist()
    return found


def test_each_product_is_one_of_its_own_for_each_owner(tmp_path: Path) -> None:
    _, silo = both(tmp_path)
    assert [p.id for p in silo.network.products][:4] == ["A@web", "A@app", "A@walk_in", "B@web"]
    assert [p.id for p in silo.goods] == ["A", "B", "C", "D"]


def test_levels_and_the_opening_stock_add_up_to_those_of_one_stock_for_all(tmp_path: Path) -> None:
    unified, silo = both(tmp_path)
    assert in_all(silo.stock_plan.order_up_to) == unified.stock_plan.order_up_to.tolist()
    one, parts = Tape(unified, 1, 0).opening, Tape(silo, 1, 0).opening
    assert in_all(parts.on_hand) == one.on_hand.tolist()
    coming = np.zeros(48, dtype=np.int64)
    np.add.at(coming, parts.cells, parts.units)
    expected = np.zeros(16, dtype=np.int64)
    np.add.at(expected, one.cells, one.units)
    assert in_all(coming.reshape(12, 4)) == expected.reshape(4, 4).tolist()


def test_a_given_stock_is_parted_by_the_demand_of_each_owner(tmp_path: Path) -> None:
    # at the warehouse nobody walks in: 70 to 30; at the store 20 units a day are, of A half
    stock: list[list[object]] = [["sku", "site", "on_hand"], ["A", "dc_east", 10], ["A", "store_boston", 10]]
    changes: dict[str, Any] = {"opening_stock": "stock.csv", "demand__channels": CHANNELS, "stock": "by_channel"}
    silo = tiny(tmp_path, {"stock.csv": stock}, **changes)
    on_hand = Tape(silo, 1, 0).opening.on_hand
    assert on_hand[:3, 0].tolist() == [7, 3, 0]
    # online: 60 shoppers, 1.3 lines, 1.2 units, half of them here by people (600 + 900 of 2200), half stores' share
    online = 60 * 1.3 * 1.2 * 0.5 * 1500 / 2200
    parts = np.array([0.7 * online, 0.3 * online, 20]) / (online + 20)
    assert np.abs(on_hand[:3, 2] - 10 * parts).max() < 1
    assert on_hand[:3, 2].sum() == 10


def test_the_same_shoppers_come_and_want_what_their_channel_owns(tmp_path: Path) -> None:
    unified, silo = both(tmp_path)
    for one, other in zip(Tape(unified, 1, 0).shoppers(1), Tape(silo, 1, 0).shoppers(1), strict=True):
        assert (one.at, one.place, one.channel, one.luck) == (other.at, other.place, other.channel, other.luck)
        assert [(sku * 3 + one.channel, units) for sku, units in one.lines] == list(other.lines)


def test_walk_in_customers_take_what_is_theirs(tmp_path: Path) -> None:
    unified, silo = both(tmp_path)
    one, other = (Tape(scenario, 1, 0).walk_ins(1) for scenario in (unified, silo))
    assert (other.cells // 4 == one.cells // 4 * 3 + 2).all()
    assert (other.cells % 4 == one.cells % 4).all()


def test_suppliers_are_as_late_to_one_owner_as_to_another(tmp_path: Path) -> None:
    lead = {"law": "uniform", "low": "1 day", "high": "9 days"}
    unified, silo = both(
        tmp_path, site_kinds__dc__stock__supply_lead=lead, site_kinds__dc__stock__supplied_by="vendors"
    )
    days = Tape(unified, 1, 0).supply.lead_days(0, 5)
    assert Tape(silo, 1, 0).supply.lead_days(0, 5).tolist() == np.repeat(days, 3).tolist()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({}, "stock: by_channel - expected demand.channels, which are to own it"),
        ({"demand__channels": {"walk_in": {"share": 1}}}, "demand.channels.walk_in: the owner of what is for walk-in"),
    ],
)
def test_stock_that_nobody_could_own_is_told(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError, match=re.escape(message)):
        tiny(tmp_path, stock="by_channel", **changes)


@given(
    arrays(np.int32, (3, 2), elements=st.integers(0, 500)),
    arrays(np.float64, (3, 4, 2), elements=st.floats(0.01, 1)),
)
@settings(max_examples=40, deadline=None, derandomize=True)
def test_parts_add_up_and_are_less_than_a_unit_off(
    units: np.ndarray[Any, np.dtype[np.int32]], weights: np.ndarray[Any, np.dtype[np.float64]]
) -> None:
    parts = weights / weights.sum(axis=1, keepdims=True)
    found = parted(units, parts).reshape(3, 4, 2)
    assert (found.sum(axis=1) == units).all()
    assert np.abs(found - units[:, np.newaxis] * parts).max() < 1 + 1e-6
