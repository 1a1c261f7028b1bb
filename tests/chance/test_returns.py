"""Who sends what back: a pure function of the unit, whatever happens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.chance.returns import NO_REASON, NO_STORE, ReturnLuck, Unit
from sim.chance.tape import Tape
from tests.tiny import TABLES, tiny
from tests.world.hand_made import BOSTON, CABLE, HEADPHONES, IN_BOSTON, IN_CHICAGO, MONITOR
from tests.world.returning import IN_STORE, block

if TYPE_CHECKING:
    from pathlib import Path

UNITS = 20_000
SHARES = {"A": 0.7, "B": 0.2, "C": 0.1}
FOUR_SIGMA = 4 * (0.25 / UNITS) ** 0.5


def luck(folder: Path, **changes: Any) -> ReturnLuck:
    """Return that of the tiny scenario with two channels."""
    scenario = tiny(folder, returns=block(**changes), demand__channels={"web": {"share": 0.5}, "app": {"share": 0.5}})
    assert scenario.file.returns is not None
    return ReturnLuck(scenario, scenario.file.returns, Tape(scenario, 1, 0))


def units(sku: int) -> list[Unit]:
    return [Unit(order, sku, 0) for order in range(UNITS)]


@pytest.mark.parametrize(
    ("sku", "channel", "rate"),
    [
        (CABLE, "web", 0.2), (HEADPHONES, "web", 0.4), (CABLE, "app", 0.3), (HEADPHONES, "app", 0.6),
        (MONITOR, "web", 0), (MONITOR, "app", 0),
    ],
)  # fmt: skip
def test_rates_differ_by_category_and_channel(tmp_path: Path, sku: int, channel: str, rate: float) -> None:
    categories = {"audio": {"rate": 0.4}, "screens": {"rate": 0}}
    shoppers = luck(tmp_path, rate=0.2, categories=categories, channels={"app": 1.5})
    share = np.mean([shoppers.comes_back(unit, channel) for unit in units(sku)])
    assert abs(share - rate) < FOUR_SIGMA * (rate > 0) + 1e-12


def test_where_more_comes_back_all_that_came_before_does(tmp_path: Path) -> None:
    few, many = (luck(tmp_path / str(rate), rate=rate) for rate in (0.1, 0.3))
    less, more = ({unit for unit in units(CABLE) if who.comes_back(unit, "web")} for who in (few, many))
    assert less < more


@pytest.mark.parametrize(
    ("sku", "reason", "shares"),
    [(CABLE, NO_REASON, (0.7, 0.2, 0.1)), (HEADPHONES, NO_REASON, (0, 0.5, 0.5)), (HEADPHONES, 1, (0.1, 0.1, 0.8)),
     (HEADPHONES, 0, (0, 0.5, 0.5))],
)  # fmt: skip
def test_grades_are_those_of_the_reason_or_the_category_or_all(
    tmp_path: Path, sku: int, reason: int, shares: tuple[float, ...]
) -> None:
    grades: dict[str, Any] = {name: {"share": share, "then": "destroy"} for name, share in SHARES.items()}
    categories = {"audio": {"grades": {"B": 0.5, "C": 0.5}}}
    reasons = {"unwanted": {"share": 0.75}, "broken": {"share": 0.25, "grades": {"A": 0.1, "B": 0.1, "C": 0.8}}}
    shoppers = luck(tmp_path, grades=grades, categories=categories, reasons=reasons)
    found = np.bincount([shoppers.grade(unit, reason) for unit in units(sku)], minlength=3) / UNITS
    assert np.abs(found - shares).max() < FOUR_SIGMA
    assert (found[np.array(shares) == 0] == 0).all()


def test_reasons_come_in_their_shares(tmp_path: Path) -> None:
    shoppers = luck(tmp_path, reasons={"unwanted": {"share": 0.75}, "broken": {"share": 0.25}})
    assert abs(np.mean([shoppers.reason(unit) for unit in units(CABLE)]) - 0.25) < FOUR_SIGMA


def test_who_would_come_after_the_window_keeps_it(tmp_path: Path) -> None:
    shoppers = luck(tmp_path, after={"law": "uniform", "low": "10 days", "high": "50 days"}, window="20 days")
    found = [shoppers.after(unit) for unit in units(CABLE)]
    in_time = [minutes for minutes in found if minutes is not None]
    assert abs(len(in_time) / UNITS - 0.25) < FOUR_SIGMA
    assert max(in_time) <= 20 * 1440


@pytest.mark.parametrize(("miles", "share"), [(0, 0.8), (100, 0.4), (200, 0.2), (1, 0.8 * 0.5**0.01)])
def test_the_share_brought_to_a_store_halves_with_distance(tmp_path: Path, miles: float, share: float) -> None:
    # a degree of latitude is 69.09 miles
    header, boston, *others = TABLES["places.csv"]
    here = [*boston[:3], 42.36 + miles / 69.0934, -71.06, *boston[5:]]
    store = IN_STORE | {"share": 0.8, "halves_every": "100 mi"}
    scenario = tiny(tmp_path, {"places.csv": [header, here, *others]}, returns=block(in_store=store))
    assert scenario.file.returns is not None
    shoppers = ReturnLuck(scenario, scenario.file.returns, Tape(scenario, 1, 0))
    brought = np.array([shoppers.store(unit, IN_BOSTON) for unit in units(CABLE)])
    assert set(brought.tolist()) == {BOSTON, NO_STORE}
    assert abs(np.mean(brought == BOSTON) - share) < FOUR_SIGMA


def test_nobody_brings_anything_where_stores_take_nothing(tmp_path: Path) -> None:
    shoppers = luck(tmp_path)
    assert {shoppers.store(unit, IN_CHICAGO) for unit in units(CABLE)} == {NO_STORE}
