"""Daily totals of walk-in demand by product: a rounded normal law, at a stated time or by the hours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.chance.tape import Tape
from tests.theory.one_site import one_site
from tests.tiny import TREE

if TYPE_CHECKING:
    from pathlib import Path

    from sim.chance.tape import WalkInSales

PRODUCTS = 2000


def wants(folder: Path, **totals: object) -> WalkInSales:
    """Return a day of a store that is open round the clock, of ten units of each product."""
    block = TREE["walk_ins"] | {"units_per_store_day": 10 * PRODUCTS, "totals": {"law": "normal", "cv": 0.2} | totals}
    return Tape(one_site(folder, PRODUCTS, 50, "store", walk_ins=block), 1, 0).walk_ins(1)


def test_each_product_is_wanted_once_a_day_by_a_rounded_normal_law(tmp_path: Path) -> None:
    sales = wants(tmp_path)
    assert sorted(sales.cells.tolist()) == list(range(PRODUCTS))
    assert abs(sales.quantity.mean() - 10) < 4 * 2 / np.sqrt(PRODUCTS)
    # rounding adds 1/12 to the variance
    assert abs(sales.quantity.var() - (4 + 1 / 12)) < 4 * 4.1 * np.sqrt(2 / PRODUCTS)


def test_nobody_wants_less_than_nothing(tmp_path: Path) -> None:
    sales = wants(tmp_path, cv=2)
    assert sales.quantity.min() >= 1
    assert len(sales.cells) < PRODUCTS  # of the others nothing is wanted


def test_all_of_it_may_be_wanted_at_one_time(tmp_path: Path) -> None:
    assert set(wants(tmp_path, at="18:30").at.tolist()) == {1440 + 18 * 60 + 30}


def test_else_the_hours_say_when(tmp_path: Path) -> None:
    at = wants(tmp_path).at
    assert at.min() >= 1440
    assert abs(at.mean() - 1440 * 1.5) < 4 * 1440 / np.sqrt(12 * PRODUCTS)
