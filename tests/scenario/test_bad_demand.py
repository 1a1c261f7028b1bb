"""What is wrong in the blocks `demand:` and `storefront:` is told at its key, with what was expected."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from sim.errors import ScenarioError
from tests.tiny import tiny

if TYPE_CHECKING:
    from pathlib import Path

SALE = {"products": ["A"], "starts": "2026-02-03", "ends": "2026-02-04", "times": 2}
ALL = ["A", "B", "C", "D"]
CHANNELS = {"web": {"share": "60 %"}, "app": {"share": "40 %"}}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"demand__channels": {"web": {"share": "60 %"}}}, "demand.channels: the shares add up to 60 % - expected 100"),
        ({"demand__tastes": [{"products": ["Z"], "times": 2}]}, "demand.tastes[0].products[0]: unknown 'Z' - expected"),
        ({"demand__tastes": [{"categories": ["cable"], "times": 2}]},
         "unknown 'cable' - expected one of audio, cables, "
         "printers, screens (did you mean cables?)"),
        ({"demand__tastes": [{"products": ["A"], "states": ["NY"], "times": 2}]}, "demand.tastes[0].states[0]: unknown "
         "'NY' - expected one of CA, IL, MA"),
        ({"demand__tastes": [{"products": ["A"], "channels": ["web"], "times": 2}]}, "demand.tastes[0].channels[0]: "
         "unknown 'web' - the scenario has no channels"),
        ({"demand__tastes": [{"products": ALL, "times": 0}]}, "demand.tastes: shoppers in 021 want nothing at all - "
         "expected some product that they do"),
        ({"demand__tastes": [{"products": ALL, "places": ["606"], "channels": ["app"], "times": 0}],
          "demand__channels": CHANNELS}, "demand.tastes: shoppers in 606 by app want nothing at all"),
        ({"demand__tastes": [{"times": 2}]}, "demand.tastes[0]: neither products nor categories - expected some goods"),
        ({"demand__promotions": {"sale": {**SALE, "ends": "2026-02-03"}}}, "demand.promotions.sale: ends 2026-02-03 "
         "00:00, before it starts - expected a later moment"),
        ({"demand__promotions": {"sale": {**SALE, "starts": "soon"}}}, "demand.promotions.sale.starts: 'soon' - "
         "expected a date such as"),
        ({"demand__promotions": {"sale": {**SALE, "times": 0.5}}}, "demand.promotions.sale.times: 0.5 - expected at "
         "least 1"),
        ({"demand__promotions": {"sale": {**SALE, "channels": ["tv"]}}, "demand__channels": CHANNELS},
         "demand.promotions.sale.channels[0]: unknown 'tv' - expected one of app, web"),
        ({"demand__season": {"weeks": {"54": 2}}}, "expected the number of a week of the year, 1 to 53"),
        ({"demand__season": {"months": [1] * 11}}, "demand.season.months"),
        ({"demand__season": {"months": [0] * 12}}, "demand.season.months: all 12 are zero - expected some month in"),
        ({"demand__season": {"dates": {"2026-02-30": 2}}}, "there is no such day"),
        ({"demand__bought_together": [{"orders_of": {"products": ["A"]}, "bring": {"products": ["Q"]}, "share": 0.5}]},
         "demand.bought_together[0].bring.products[0]: unknown 'Q' - expected one of A, B, C, D"),
        ({"demand__shoppers_per_day": 90_000, "demand__season": {"dates": {"2026-02-05": 2}}},
         "180,000 shoppers on the "
         "busiest day (season, growth, promotions and response included) - expected at most 100,000"),
        ({"storefront__channels": {"web": {"buffer": 1}}}, "storefront.channels.web: unknown 'web' - the scenario has "
         "no channels"),
        ({"storefront__open_channels": ["shop"], "demand__channels": CHANNELS}, "storefront.open_channels[0]: unknown "
         "'shop' - expected one of app, web"),
        ({"storefront__share_who_switch": 0.5}, "share_who_switch - expected open_channels as well"),
        ({"storefront__abandonment": {"4": 0.1, "2": 0}}, "2 days stand after 4 - expected them in ascending order"),
        ({"storefront__abandonment": {"soon": 0.1}}, "'soon' - expected days such as 2 or 1.5"),
        ({"storefront__response": {"1": 1.2}, "storefront__carts": {"minutes": "9 min", "bought": 1}}, "carts and "
         "response - expected one of them"),
        ({"storefront__falls_with": "sales"}, "storefront.falls_with: 'sales' - expected one of all_sales, nothing"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_where_it_stands(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ScenarioError, match=re.escape(message)):
        tiny(tmp_path, **changes)


def test_a_sale_may_start_at_a_moment_written_as_in_a_table_of_orders(tmp_path: Path) -> None:
    starts = [
        tiny(tmp_path, demand__promotions={"sale": {**SALE, "starts": f"2026-02-03{between}08:00"}})
        .file.demand.promotions["sale"]
        .starts
        for between in " T"
    ]
    assert starts[0] == starts[1] is not None


# in Boston clocks go from 01:59 to 03:00 on 8 March, and show 01:30 twice on 1 November
@pytest.mark.parametrize(
    ("placed", "exists"),
    [
        ("2026-03-08T02:30", False),
        ("2026-03-08T03:00", True),
        ("2026-03-08T01:59", True),
        ("2026-03-08T02:30-05:00", True),
        ("2026-11-01T01:30", True),
    ],
)
def test_a_moment_that_clocks_skip_is_no_moment(tmp_path: Path, placed: str, exists: bool) -> None:
    header = ["placed_at", "place", "channel", "sku", "quantity", "order"]
    orders = {"orders.csv": [header, [placed, "021", "web", "A", 1, "1"]]}
    changes = {"demand__orders": "orders.csv", "clock__start": f"{placed[:8]}01", "clock__measure": "9 days"}
    changes["clock__warm_up"] = "0 days"
    if exists:
        assert tiny(tmp_path, orders, **changes).given_orders is not None
        return
    message = "orders.csv:2: placed_at: 2026-03-08 02:30 - clocks in America/New_York skip it; expected a moment that"
    with pytest.raises(ScenarioError, match=re.escape(message)):
        tiny(tmp_path, orders, **changes)
