"""What no run could hold is refused before it eats the memory."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from sim.errors import ScenarioError
from sim.scenario.tables.linked import MOST_CELLS
from tests.scenario.told import told
from tests.tiny import TABLES, tiny, write

ONE_HUNDRED = {99: "100 %"}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"demand__shoppers_per_day": 1e12}, "demand.shoppers_per_day: 1000000000000.0 - expected at most 100000"),
        ({"demand__shoppers_per_day": 10**400}, "demand.shoppers_per_day: '"),
        ({"clock__measure": "100000 days"}, "clock.measure: '100000 days' - expected at most 3660 days"),
        ({"clock__drain_limit": "600 weeks"}, "clock.drain_limit: '600 weeks' - expected at most 3660 days"),
        ({"demand__day_cv": 5}, "demand.day_cv: 5 - expected at most 2"),
        ({"walk_ins__units_per_store_day": 1e6}, "walk_ins.units_per_store_day: 1000000.0 - expected at most 100000"),
        ({"demand__lines_per_order": {1000: "100 %"}},
         "demand.lines_per_order: the key '1000' - expected whole numbers from 1 to 99, such as {1: 80 %, 2: 20 %}"),
        ({"site_kinds__dc__pickers": 10**9}, "site_kinds.dc.pickers: 1000000000 - expected at most 10000"),
        ({"site_kinds__dc__lead": "2 million days"}, "site_kinds.dc.lead: '2 million days' - expected a time span"),
        ({"site_kinds__dc__stock__supply_lead": "53 weeks"},
         "site_kinds.dc.stock.supply_lead: '53 weeks' - expected at most 366 days"),
        ({"site_kinds__dc__stock__days_of_cover": 1e9},
         "site_kinds.dc.stock.days_of_cover: 1000000000.0 - expected at most 366"),
        # a turn each, every one of them an event
        ({"site_kinds__dc__feed": {"kind": "poll", "every": "1 s"}},
         "site_kinds.dc.feed.every: '1 s' - expected at least 10 s"),
        ({"storefront__published_every": "0.1 s"}, "storefront.published_every: '0.1 s' - expected at least 10 s"),
        # the table of arrivals has no room for more days
        ({"carriers__services__ground__business_days": [1, 2, 3, 32]},
         "carriers.services.ground.business_days[3]: 32 - expected at most 31"),
        ({"carriers__zone_edges": [f"{k} mi" for k in range(1, 61)]},
         "carriers.zone_edges: a list of 60 - expected at most 50"),
        ({"carriers__zone_edges": ["30000 km"]}, "carriers.zone_edges[0]: '30000 km' - expected at most 20100 km"),
        ({"fulfilment__max_attempts": 10**6}, "fulfilment.max_attempts: 1000000 - expected at most 100"),
        # right by themselves, too much together
        ({"demand__shoppers_per_day": 100_000, "clock__measure": "1000 days"},
         "demand.shoppers_per_day: 100,000 shoppers a day for 1,011 days (warm-up and drain included) - expected at "
         "most 20,000,000 shoppers in a run"),
        ({"demand__shoppers_per_day": 1000, "demand__lines_per_order": ONE_HUNDRED,
          "demand__units_per_line": ONE_HUNDRED},
         "demand.units_per_line: 9,801,000 units a day (shoppers by lines by units) - expected at most 2,000,000"),
    ],
)  # fmt: skip
def test_a_value_beyond_all_reason_is_refused(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    lines = told(write(tmp_path, **changes))
    assert re.sub("^scenario.yaml:[0-9]+: ", "", lines[0]).startswith(message)


def test_all_walk_in_customers_together_are_limited(tmp_path: Path) -> None:
    header, east, west, boston, oakland = TABLES["sites.csv"]
    sites = [header, east, west, [*boston[:-1], 600], [*oakland[:-1], 500]]
    path = write(tmp_path, {"sites.csv": sites}, walk_ins__units_per_store_day=1000)
    assert told(path)[0].endswith("1,100,000 units a day over all stores - expected at most 500,000")


def test_too_many_pairs_of_sites_and_products_are_refused(tmp_path: Path) -> None:
    header, east = TABLES["sites.csv"][:2]
    sites = [header, *([f"dc{k}", *east[1:]] for k in range(2001))]
    head, cable = TABLES["products.csv"][:2]
    products = [head, *([f"P{k}", *cable[1:]] for k in range(10_000))]
    path = write(tmp_path, {"sites.csv": sites, "products.csv": products})
    assert told(path) == [
        "scenario.yaml:11: network.products: 10,000 rows for 2,001 sites make 20,010,000 pairs - expected at most "
        f"{MOST_CELLS:,}"
    ]


@pytest.mark.parametrize(
    ("days", "message"),
    [
        (0, "clock.measure: 0 days - expected 1 to 3,660"),
        (10**9, "clock.measure: 1,000,000,000 days - expected 1 to 3,660"),
        (3000, "demand.shoppers_per_day: 10,000 shoppers a day for 3,011 days (warm-up and drain included) - expected "
         "at most 20,000,000 shoppers in a run"),
    ],
)  # fmt: skip
def test_another_number_of_measured_days_is_held_to_the_same(tmp_path: Path, days: int, message: str) -> None:
    scenario = tiny(tmp_path, demand__shoppers_per_day=10_000)
    with pytest.raises(ScenarioError, match=re.escape(message)):
        scenario.with_measured_days(days)
