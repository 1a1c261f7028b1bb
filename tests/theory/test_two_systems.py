"""Oversell where the till and the warehouse system each speak for a store: only what the silent one hides goes wrong.

The engine counts its own promises; sales of walk-in customers it can only be told of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.theory.one_site import ALL_AT_ONCE, by_product, one_site, run
from tests.theory.test_stale_stock import FROZEN, agrees

if TYPE_CHECKING:
    from pathlib import Path

AT_ONCE = {"kind": "event", "latency": "0 min"}


def store_feed(wms: dict[str, Any], pos: dict[str, Any]) -> dict[str, Any]:
    """Return the feed of a store with both systems."""
    own = {"tells": ["picks", "receipts", "transfers", "corrections"], "feed": wms}
    return {"kind": "systems", "systems": {"wms": own, "pos": {"tells": ["sales"], "feed": pos}}}


def test_a_silent_till_makes_a_store_pick_short_as_if_all_its_news_were_frozen(tmp_path: Path) -> None:
    # S = 5, one unit held back, 3 walk-in customers and 2 online a day; all of Monday's customers come before a pick
    products = 3000
    one_day = {"mon": 1, **dict.fromkeys(("tue", "wed", "thu", "fri", "sat", "sun"), 1e-9)}
    scenario = one_site(
        tmp_path, products, 5, kind="store", clock__measure="1 day", routing__safety_stock={"store": 1},
        demand__weekday=one_day, demand__shoppers_per_day=2 * products / 7, storefront__published_every="9 days",
        walk_ins__weekday=one_day, walk_ins__units_per_store_day=3 * products / 7,
        site_kinds__store__feed=store_feed(AT_ONCE, FROZEN),
        **ALL_AT_ONCE | {"site_kinds__store__message_delay": "1 day"},
    )  # fmt: skip
    found = by_product(run(scenario))
    assert found["promised"].max() == 4
    assert agrees(found["short"] > 0, 0.363993, within=0.1)
    assert agrees(found["short"], 0.670197, within=0.1)
    assert found["short"].sum() / found["promised"].sum() == pytest.approx(0.348180, rel=0.06)


def test_a_silent_warehouse_system_makes_no_pick_short_where_the_till_speaks_at_once(tmp_path: Path) -> None:
    scenario = one_site(
        tmp_path, 500, 5, kind="store", clock__measure="2 days", demand__shoppers_per_day=1500,
        storefront__published_every="9 days", walk_ins__units_per_store_day=1500,
        site_kinds__store__feed=store_feed(FROZEN, AT_ONCE), **ALL_AT_ONCE,
    )  # fmt: skip
    ledger = run(scenario)
    assert ledger.closing_stock.sum() < 200  # nearly all is gone, to either kind of customer
    assert by_product(ledger)["promised"].sum() > 800
    assert by_product(ledger)["short"].sum() == 0


@pytest.mark.parametrize("wms", [AT_ONCE, FROZEN], ids=["wms_at_once", "wms_silent"])
def test_a_till_with_a_latency_oversells_by_its_own_delay_whatever_the_other_system_does(
    tmp_path: Path, wms: dict[str, Any]
) -> None:
    # after a walk-in customer took the last unit, any order within the latency goes wrong: 1 - exp(-1.5)
    products, units, online, walk_in = 2000, 2, 4.0, 4.0
    scenario = one_site(
        tmp_path, products, units, kind="store", clock__measure="3 days", demand__shoppers_per_day=online * products,
        walk_ins__units_per_store_day=walk_in * products, storefront__published_every="9 days",
        site_kinds__store__feed=store_feed(wms, {"kind": "event", "latency": f"{1.5 / online * 1440} min"}),
        **ALL_AT_ONCE,
    )  # fmt: skip
    ledger = run(scenario)
    found = by_product(ledger)
    picks, sales = ledger.picks.columns(), ledger.walk_ins.columns()
    last_pick, last_sale = np.zeros(products), np.zeros(products)
    np.maximum.at(last_pick, picks["sku"][picks["picked"] > 0], picks["at"][picks["picked"] > 0])
    np.maximum.at(last_sale, sales["cell"][sales["sold"] > 0], sales["at"][sales["sold"] > 0])
    gone = ledger.closing_stock[:, 0] == 0
    by_walk_in = gone & (last_sale > last_pick) & (last_sale < 2 * 1440)  # early enough for the latency to pass
    assert agrees(found["short"][by_walk_in] > 0, 0.776870, within=0.1)
