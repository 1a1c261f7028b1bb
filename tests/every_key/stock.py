"""How much is kept where, how it comes in, what it costs to have, and what is there at the start."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from tests.tiny import DAYS, SITE_KIND, TABLES

TABLES_BESIDE: dict[str, list[list[object]]] = {
    "sites.csv": [
        *TABLES["sites.csv"],
        ["third_denver", "Denver", "third_party", "CO", 39.74, -104.99, "America/Denver", 0],
        ["vendor_memphis", "Memphis", "vendor", "TN", 35.15, -90.05, "America/Chicago", 0],
    ],
    "half.csv": [["sku", "site", "on_hand"], *([sku, "dc_east", 9] for sku in "ABCD")],
    "stock.csv": [
        ["sku", "site", "on_hand"],
        *([sku, site[0], 9] for sku in "ABCD" for site in TABLES["sites.csv"][1:]),
    ],
    "receipts.csv": [["sku", "site", "due_on", "units"], ["A", "dc_east", "2026-02-03", 20]],
    "backlog.csv": [
        ["placed_at", "place", "channel", "sku", "quantity", "order"],
        ["2026-02-01T14:05", "021", "web", "A", 2, "old"],
    ],
    "levels.csv": [["sku", "site", "reorder_point", "order_up_to"], ["A", "dc_east", 0, 1]],
}


def _kind(stock: dict[str, Any], **own: Any) -> dict[str, Any]:
    scarce = {"days_of_cover": 2, "order_days": 2}
    return {**deepcopy(SITE_KIND), **own, "stock": {**SITE_KIND["stock"], **scarce, **stock}}


WORLD: dict[str, Any] = {
    "site_kinds": {
        "dc": _kind(
            {
                "supplied_by": "vendors",
                "minimum_order": 5,
                "multiple": 3,
                "supplier_fill": "60 %",
                "cost_per_order": "10 USD",
                "cost_per_unit": "0.30 USD",
                "supply_lead": {"law": "uniform", "low": "1 day", "high": "3 days"},
            },
            hours=dict.fromkeys(DAYS, "10:00-18:00"),
        ),
        "store": _kind({"supplied_by": "dc", "supply_lead": "2 days"}),
        "third_party": _kind({}),
        "vendor": _kind(
            {"keeps": {"vendor_memphis": ["audio", "printers"]}},
            feed={"kind": "poll", "every": "1 h"},
            drop_ship={"price": 0.9, "file_errors": {"share": "30 %", "units": 2}},
        ),
    },
    "opening_stock": "stock.csv",
    "opening_receipts": "receipts.csv",
    "opening_backlog": "backlog.csv",
    "demand__channels": {"web": {"share": "60 %"}, "app": {"share": "40 %"}},
    "carrying": {"holding": "20 %", "obsolescence": "10 %"},
    "transfers": {
        "between": ["dc", "store"],
        "review_every": "1 day",
        "surplus_over": 2,
        "shortage_under": 2,
        "within": "5000 km",
        "least_units": 2,
        "lead": "1 day",
        "cost_per_transfer": "20 USD",
        "cost_per_unit": "0.20 USD",
    },
    "routing__backorders": {"retry_every": "2 h", "give_up_after": "2 days", "against_supply": {}},
}

_STOCK = "site_kinds.dc.stock."
KEYS: dict[str, Any] = {
    f"{_STOCK}online_share": "90 %",
    f"{_STOCK}days_of_cover": 5,
    f"{_STOCK}safety_factor": 3,
    f"{_STOCK}order_days": 6,
    f"{_STOCK}carried_from": 8,
    f"{_STOCK}policy": "order_up_to",
    f"{_STOCK}review_every": "3 days",
    f"{_STOCK}net_of_orders": True,
    f"{_STOCK}supply_lead": "4 days",
    f"{_STOCK}supplied_by": "trucks",
    f"{_STOCK}minimum_order": 40,
    f"{_STOCK}multiple": 12,
    f"{_STOCK}supplier_fill": "10 %",
    f"{_STOCK}cost_per_order": "90 USD",
    f"{_STOCK}cost_per_unit": "3 USD",
    "site_kinds.third_party.stock": {k: v for k, v in SITE_KIND["stock"].items() if k != "review_every"}
    | {"review": "continuous"},
    "site_kinds.vendor.stock.keeps": {"vendor_memphis": ["cables"]},
    "site_kinds.vendor.drop_ship.price": 1.5,
    "site_kinds.vendor.drop_ship.file_errors.share": "90 %",
    "site_kinds.vendor.drop_ship.file_errors.units": 9,
    "opening_stock": "half.csv",
    "opening_receipts": None,
    "opening_backlog": None,
    "stock": "by_channel",
    "stock_levels": "levels.csv",
    "stock_total": {"units": 90, "shares": {"dc": "10 %", "store": "80 %", "third_party": "10 %"}},
    "carrying.holding": "90 %",
    "carrying.obsolescence": "90 %",
    "replenishment": "none",
    "transfers.between": ["store"],
    "transfers.review_every": "2 days",
    "transfers.surplus_over": 9,
    "transfers.shortage_under": 0.1,
    "transfers.within": "10 km",
    "transfers.least_units": 30,
    "transfers.lead": "3 days",
    "transfers.cost_per_transfer": "90 USD",
    "transfers.cost_per_unit": "9 USD",
    "supply_news": True,
}
