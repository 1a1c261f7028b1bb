"""Optimisation of real worlds whose best is known in closed form: a shelf that is filled once and sold from a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from scipy.stats import poisson

import sim
from sim.scenario.load import load
from tests.theory.drifting import EVERY_DAY, NOBODY_ONLINE
from tests.theory.one_site import one_site
from tests.tiny import write

if TYPE_CHECKING:
    from pathlib import Path

    from sim.scenario.load import Scenario

MEAN, PRODUCTS = 50.0, 50
QUANTITIES = (50, 54, 58, 62)


def fill(quantity: int) -> float:
    """Return the share of a Poisson demand that a quantity serves: ``1 - E(D - Q)+ / m``."""
    law = poisson(MEAN)
    return 1 - float(MEAN * law.sf(quantity - 1) - quantity * law.sf(quantity)) / MEAN


def shelf(folder: Path) -> Scenario:
    """Return a store with 50 units each of so many equal products, each of them an independent trial."""
    walk_ins = {"units_per_store_day": MEAN * PRODUCTS, "day_cv": 0, "weekday": EVERY_DAY, "hours": [1] * 24}
    whole = {"stock_total": {"shares": {"store": "100 %"}}}
    return one_site(
        folder, PRODUCTS, 50, "store", **NOBODY_ONLINE | whole | {"walk_ins": walk_ins, "clock__measure": "1 day"}
    )


def test_the_least_stock_that_serves_as_many_as_it_has_to_is_that_of_the_closed_form(tmp_path: Path) -> None:
    assert [fill(quantity) for quantity in QUANTITIES] == pytest.approx([0.9437, 0.9742, 0.9902, 0.9969], abs=5e-5)
    least = 0.9822  # half way between the second and the third
    found = sim.optimize(
        shelf(tmp_path),
        minimise="days_of_supply",
        subject_to={"walk_in_fill_rate": f"at least {100 * least:.2f} %"},
        vary={"stock_total.units": [quantity * PRODUCTS for quantity in QUANTITIES[1:]]},
        search={"runs": 12, "replications": 3},
        final={"finalists": 1, "runs": 20, "matters": "0.02 days", "proof": 2},
        workers=1,
    )
    assert found.change == {"stock_total.units": 58 * PRODUCTS}
    table = found.table()
    fills = table["walk_in_fill_rate"].to_dict()
    assert [fills[name] for name in ("as it stands", "c1", "c2", "c3")] == pytest.approx(
        [fill(quantity) for quantity in QUANTITIES], abs=6e-3
    )
    assert table["walk_in_fill_rate_outcome"].to_dict()["as it stands"] == "missed"
    assert found.final()["walk_in_fill_rate"].iloc[1] == pytest.approx(fill(58), abs=3e-3)
    assert found.comparison.arms == ("base/cheapest", "c2/cheapest")
    assert found._repr_html_().count("<tr") == 2 + 4


def test_what_cannot_be_together_is_refused_by_name_and_the_search_goes_on(tmp_path: Path) -> None:
    shares = {"shares": {"dc": "50 %", "store": "50 %"}}
    found = sim.optimize(
        load(write(tmp_path)),
        minimise="cost_per_order",
        vary={"network.closed": [[], ["dc_east", "dc_west"]], "stock_total": [shares]},
        days=1,
        search={"runs": 3, "replications": 1},
        final={"finalists": 1, "runs": 20, "proof": 2},
        workers=1,
    )
    assert list(found.optimum.refused) == ["c2"]
    told = "stock_total.shares.dc: no such site of ours is open: 'dc' - expected one of store"
    assert told in found.optimum.refused["c2"]
    assert "1 candidate" in found.says()
