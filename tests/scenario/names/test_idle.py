"""What can make no difference is told: as a mistake where it never can, as a remark where this run is too short."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from sim.errors import ScenarioError
from sim.study.checks.check import check_scenario
from tests.tiny import ALWAYS, SITE_KIND, tiny, write

if TYPE_CHECKING:
    from pathlib import Path

ORDERS: list[object] = ["placed_at", "place", "channel", "sku", "quantity", "order"]
SALES: list[object] = ["date", "site", "sku", "quantity"]
SALE = {"products": ["A"], "starts": "2026-02-03", "ends": "2026-02-04", "times": 2}
TILL = {"errors": {"till": {"scanned": 0, "unscanned": "1 %"}}}
CHANNELS = {"web": {"share": "60 %"}, "app": {"share": "40 %"}}
COUNT = {"per_product": "1 min", "per_hour": "18 USD"}
PEOPLE = {"per_hour": "20 USD", "shifts": {"day": {"hours": "09:00-17:00", "people": 2}}}
TEMPS = {"shift": "day", "since": "2026-11-20", "until": "2026-12-24", "people": 2}
LATE = {"kind": "supplier_late", "on": "2026-02-03", "lasts": "1 day", "factor": 2}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"demand__orders": "orders.csv", "demand__promotions": {"sale": SALE}}, "demand.promotions: makes no "
         "difference where real orders come (demand.orders) - expected one of the two"),
        ({"demand__orders": "orders.csv", "demand__growth": 0.2}, "demand.growth: makes no difference where real"),
        ({"demand__orders": "orders.csv", "storefront__response": {"1": 1.3, "5": 1}}, "storefront.response: would "
         "keep real orders away (demand.orders) - expected one of the two"),
        ({"walk_ins__sales": "sales.csv", "walk_ins__season": {"months": [1] * 12}}, "walk_ins.season: makes no "
         "difference where real sales come (walk_ins.sales) - expected one of the two"),
        ({"demand__channels": CHANNELS, "storefront__open_channels": ["app", "web"]}, "storefront.open_channels: all "
         "channels are open - expected some of them, or no open_channels"),
        ({"storefront__substitution": "9 %"}, "storefront.substitution: no category has a second product"),
        ({"disruptions": [LATE], "replenishment": "none"}, "disruptions[0].kind: nothing is ordered - expected"),
        ({"site_kinds__dc__records": TILL}, "site_kinds.dc.records.errors.till: nobody shops at these sites"),
        ({"site_kinds__store__records": TILL, "walk_ins": ...}, "site_kinds.store.records.errors.till: nobody shops"),
        ({"site_kinds__store__records": {"damage": {"per_product_day": 1, "noticed": 0, "noticed_after": "1 h"}}},
         "noticed_after makes no difference where nothing is noticed - expected noticed above 0 %"),
        ({"site_kinds__dc__feed": 20}, "site_kinds.dc.feed: bare number 20 - expected a time span with its unit"),
    ],
)  # fmt: skip
def test_a_switch_without_effect_is_a_mistake(tmp_path: Path, changes: dict[str, Any], message: str) -> None:
    tables: dict[str, list[list[object]]] = {
        "orders.csv": [ORDERS, ["2026-02-04T14:05", "021", "web", "A", 1, "1"]],
        "sales.csv": [SALES, ["2026-02-04", "store_boston", "A", 1]],
    }
    with pytest.raises(ScenarioError, match=re.escape(message)):
        tiny(tmp_path, tables, **changes)


# the tiny run is warm on Tuesday, 3 February, and measures until Thursday
@pytest.mark.parametrize("placed", ["2026-02-02T14:05", "2026-02-06T00:00"])
def test_a_table_of_orders_none_of_which_is_measured_is_a_mistake(tmp_path: Path, placed: str) -> None:
    message = "demand.orders: none of its 1 orders is placed in the measured days - expected some from 2026-02-03 to "
    rows = [ORDERS, [placed, "021", "web", "A", 1, "1"]]
    with pytest.raises(ScenarioError, match=re.escape(message + "2026-02-05")):
        tiny(tmp_path, {"orders.csv": rows}, demand__orders="orders.csv")


@pytest.mark.parametrize(
    ("site", "day", "message"),
    [
        ("dc_east", "2026-02-04", "sales.csv:3: site: dc_east has no walk-in customers - expected a site with a"),
        ("store_boston", "2026-02-08", "site: store_boston is closed on Sunday, 2026-02-08 - expected a day in the"),
        ("store_boston", "2026-02-01", "date: store_boston sold on 2026-02-01 - expected a day from the scenario's "
         "start on, 2026-02-02"),
    ],
)  # fmt: skip
def test_sales_that_nobody_could_make_are_told_and_not_lost(tmp_path: Path, site: str, day: str, message: str) -> None:
    hours = {name: span for name, span in ALWAYS.items() if name != "sun"}
    rows = [SALES, ["2026-02-04", "store_oakland", "A", 1], [day, site, "A", 7]]
    store = {**SITE_KIND, "hours": hours}
    with pytest.raises(ScenarioError, match=re.escape(message)):
        tiny(tmp_path, {"sales.csv": rows}, walk_ins__sales="sales.csv", site_kinds__store=store)


RUN = "makes no difference: the run goes from 2026-02-02 to 2026-02-15 at the latest"


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"demand__promotions": {"sale": {**SALE, "starts": "2027-02-03", "ends": "2027-02-04"}}},
         "demand.promotions.sale, 2027-02-03 00:00 to 2027-02-04 00:00,"),
        ({"demand__season": {"weeks": {"9": 2}}}, "demand.season.weeks.9"),
        ({"walk_ins__season": {"dates": {"2026-02-16": 2}}}, "walk_ins.season.dates.2026-02-16"),
        ({"disruptions": [{"kind": "feed_dead", "on": "2026-02-16", "lasts": "1 h"}]}, "disruptions[0], feed_dead on "
         "2026-02-16,"),
        ({"disruptions": [{"kind": "site_closed", "on": "2026-02-01", "lasts": "23 h"}]}, "disruptions[0], site_closed "
         "on 2026-02-01,"),
        ({"site_kinds__store__records": {}, "site_kinds__store__counting": {**COUNT, "full": {}}},
         "site_kinds.store.counting.full, first on 2027-02-02,"),
        ({"site_kinds__store__pickers": ..., "site_kinds__store__labour": {**PEOPLE, "temps": [TEMPS]}},
         "site_kinds.store.labour.temps[0], 2026-11-20 to 2026-12-24,"),
        ({"carriers__services__ground__peaks": [{"first": "2026-01-01", "last": "2026-02-01", "surcharge": "1 USD"}]},
         "carriers.services.ground.peaks[0], 2026-01-01 to 2026-02-01,"),
    ],
)  # fmt: skip
def test_what_is_dated_beyond_the_run_is_remarked(tmp_path: Path, changes: dict[str, Any], what: str) -> None:
    assert f"{what} {RUN}" in check_scenario(write(tmp_path, **changes)).remarks


@pytest.mark.parametrize(
    "changes",
    [
        {"demand__promotions": {"sale": SALE}, "demand__season": {"weeks": {"7": 2}, "dates": {"2026-02-15": 2}}},
        {"disruptions": [{"kind": "site_closed", "on": "2026-02-01", "lasts": "25 h"}]},
        {"disruptions": [{"kind": "site_closed", "on": "2026-01-31", "lasts": {"law": "exponential", "mean": "9 h"}}]},
        {"site_kinds__store__records": {}, "site_kinds__store__counting": {**COUNT, "full": {"first": "2025-02-10"}}},
    ],
)  # fmt: skip
def test_what_reaches_into_the_run_is_not(tmp_path: Path, changes: dict[str, Any]) -> None:
    assert check_scenario(write(tmp_path, **changes)).remarks == ()
