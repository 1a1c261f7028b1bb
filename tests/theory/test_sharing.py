"""Sites that help one another out, through whole worlds: spill-over between two, and a pool of four.

Each product is an independent trial. A site that shares nothing is one whose reach ends at its own town.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy.stats import poisson

from sim.ledger.audit import audit
from sim.ledger.orders import orders_of
from tests.theory.one_site import ALL_AT_ONCE, NOTHING_WAITS, ONE_LINE_ONE_UNIT, run
from tests.tiny import SITE_KIND, TABLES, tiny

if TYPE_CHECKING:
    from pathlib import Path

    from sim.ledger.ledger import Ledger
    from sim.scenario.load import Scenario

Z = 4.0
TOWNS = (("boston", 42.36, -71.06), ("atlanta", 33.75, -84.39), ("chicago", 41.88, -87.63), ("miami", 25.76, -80.19))
NEW_YORK = "America/New_York"


def towns(
    folder: Path, products: int, people: tuple[int, ...], stock: tuple[int, ...], tables: Any = None, **changes: Any
) -> Scenario:
    """Return a scenario with a warehouse in each town, which holds so many units of each product."""
    names = [f"P{k}" for k in range(products)]
    these = list(zip(TOWNS, people, stock, strict=False))
    own: dict[str, list[list[object]]] = {
        "sites.csv": [TABLES["sites.csv"][0], *([t, t, "dc", "US", *at, NEW_YORK, 0] for (t, *at), _, _ in these)],
        "places.csv": [TABLES["places.csv"][0], *([t[:3], t, "US", *at, NEW_YORK, n] for (t, *at), n, _ in these)],
        "products.csv": [TABLES["products.csv"][0], *([n, "Thing", "things", 0.1, 15, 10, 3, 12, 7, 1] for n in names)],
        "stock.csv": [["sku", "site", "on_hand"], *([n, t, units] for (t, *_), _, units in these for n in names)],
    }
    at_once = {"site_kinds__dc__feed": {"kind": "event", "latency": "0 min"}, "storefront__published_every": "366 days"}
    never: dict[str, Any] = {"opening_stock": "stock.csv", "replenishment": "none", "clock__warm_up": "0 days"}
    chosen = never | NOTHING_WAITS | ONE_LINE_ONE_UNIT | at_once | ALL_AT_ONCE | {"storefront__share_who_wait": "100 %"}
    return tiny(folder, own | (tables or {}), **chosen | {"walk_ins": ..., "site_kinds__store": ...} | changes)


def served(ledger: Ledger) -> tuple[Any, ...]:
    """Return place, product and serving site of every measured order, -1 where nobody had it."""
    audit(ledger)
    orders, lines, picks = orders_of(ledger), ledger.order_lines.columns(), ledger.picks.columns()
    assert (picks["picked"] == picks["asked"]).all()  # what is told at once is never short
    site = np.full(len(orders["order"]), -1)
    row = {order: k for k, order in enumerate(orders["order"].tolist())}
    site[[row[order] for order in picks["order"].tolist()]] = picks["site"]
    measured = orders["measured"]
    return orders["place"][measured], lines["sku"][measured], site[measured]


def near(by_product: np.ndarray[Any, Any], truth: float, within: float) -> None:
    """Hold the mean over products to the truth, but for a noise small enough to tell."""
    noise = Z * by_product.std(ddof=1) / np.sqrt(len(by_product))
    assert noise <= within
    assert abs(by_product.mean() - truth) <= noise


def test_what_one_site_lacks_spills_over_to_the_other_as_their_markov_chain_says(tmp_path: Path) -> None:
    products, rates, levels = 40, (3, 4), (4, 6)
    rows: list[list[object]] = [["sku", "site", "reorder_point", "order_up_to"]]
    rows += [[f"P{k}", TOWNS[j][0], s - 1, s] for k in range(products) for j, s in enumerate(levels)]
    stock = SITE_KIND["stock"] | {
        "review": "continuous", "policy": "order_up_to", "net_of_orders": True, "supplied_by": "vendors",
        "supply_lead": {"law": "exponential", "mean": "1 day"}, "online_share": "100 %",
    }  # fmt: skip
    del stock["review_every"]
    scenario = towns(
        tmp_path, products, rates, levels, {"levels.csv": rows}, stock_levels="levels.csv", replenishment="rules",
        site_kinds__dc__stock=stock, demand__shoppers_per_day=sum(rates) * products, clock__warm_up="8 days",
        clock__measure="30 days",
        exceptions=[{"where": {"sites": ["boston"]}, "set": {"reach": "100 km"}}],
    )  # fmt: skip
    place, sku, site = served(run(scenario))

    def share(of: int, by: int) -> np.ndarray[Any, Any]:
        here = place == of
        found: np.ndarray[Any, Any] = np.bincount(sku[here], site[here] == by, products) / np.bincount(
            sku[here], minlength=products
        )
        return found

    near(share(0, 0), 0.793893, within=0.04)
    near(share(0, 1), 0.158901, within=0.04)
    near(share(0, -1), 0.047206, within=0.02)
    near(share(1, -1), 0.161981, within=0.04)
    assert share(1, 0).sum() == 0
    near(5 * share(0, 0) + 9 * share(0, 1) + 20 * share(0, -1), 6.343696, within=0.4)


@pytest.mark.parametrize(("together", "fill"), [(False, 0.901340), (True, 0.975620)], ids=["alone", "together"])
def test_four_sites_fill_more_from_a_pool_than_each_by_itself(tmp_path: Path, together: bool, fill: float) -> None:
    # five are wanted a day in each town and six are there: E min(D, S) / m
    products, mean, units = 500, 5, 6
    pool = 4 if together else 1
    law = poisson(pool * mean)
    lost = pool * mean * law.sf(pool * units - 1) - pool * units * law.sf(pool * units)
    assert 1 - lost / (pool * mean) == pytest.approx(fill, abs=5e-7)
    reach = {} if together else {"site_kinds__dc__reach": "100 km"}
    scenario = towns(
        tmp_path, products, (1, 1, 1, 1), (units,) * 4, demand__shoppers_per_day=4 * mean * products,
        clock__measure="1 day", **reach,
    )  # fmt: skip
    _, sku, site = served(run(scenario))
    missed = np.bincount(sku, site < 0, products) / (4 * mean)
    near(missed, 1 - fill, within=0.022)
