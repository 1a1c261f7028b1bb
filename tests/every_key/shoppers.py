"""Who comes, when, by which channel and for what; what becomes of his order before it is picked."""

from __future__ import annotations

from typing import Any

from tests.tiny import DAYS, TABLES, TREE

_LEVELS = {
    "day_cv": 0.3,
    "growth": 0.5,
    "season": {"months": [1] * 12, "weeks": {"6": 1.2}, "dates": {"2026-02-04": 1.3}},
}

TABLES_BESIDE: dict[str, list[list[object]]] = {
    "other_sites.csv": [
        row if row[0] != "dc_west" else [*row[:4], 45.5, -122.6, *row[6:]] for row in TABLES["sites.csv"]
    ],
    "other_places.csv": [row if row[0] != "606" else [*row[:6], 90] for row in TABLES["places.csv"]],
    "other_products.csv": [row if row[0] != "A" else [*row[:7], 13, *row[8:]] for row in TABLES["products.csv"]],
    "orders.csv": [
        ["placed_at", "place", "channel", "sku", "quantity", "order"],
        *([f"2026-02-0{3 + k % 2}T1{k % 7}:05", "021", "web", "ABCD"[k % 4], 1 + k % 2, str(k)] for k in range(30)),
    ],
    "sales.csv": [["date", "site", "sku", "quantity"], ["2026-02-03", "store_boston", "A", 7]],
}
WORLD: dict[str, Any] = {
    "demand": {
        **TREE["demand"],
        **_LEVELS,
        "channels": {
            "web": {"share": "60 %"},
            "app": {
                "share": "40 %",
                "weekday": dict.fromkeys(DAYS, 1),
                "hours": [1] * 24,
                "lines_per_order": {1: "80 %", 3: "20 %"},
                "units_per_line": {1: "50 %", 4: "50 %"},
            },
        },
        "tastes": [
            {"products": ["A"], "categories": ["audio"], "states": ["MA", "CA"], "channels": ["app"], "times": 2},
            {"products": ["B"], "places": ["606"], "times": 2},
        ],
        "promotions": {
            "sale": {
                "products": ["A"],
                "categories": ["audio"],
                "starts": "2026-02-03 09:00",
                "ends": "2026-02-04 21:00",
                "channels": ["app"],
                "times": 2,
            },
            "flash": {"products": ["B"], "per_year": 200, "lasts": "6 h", "times": 3},
        },
        "bought_together": [
            {
                "orders_of": {"products": ["A"], "categories": ["printers"]},
                "bring": {"products": ["B"], "categories": ["cables"]},
                "share": "40 %",
            },
        ],
    },
    "walk_ins": {**TREE["walk_ins"], **_LEVELS},
    "order_messages": {
        "hold": {"share": "30 %", "takes": "2 h"},
        "called_off": {"share": "10 %", "after": "1 h"},
        "moved": {"share": "30 %", "after": "1 h"},
        "labels": {"fail": "30 %", "retry_after": "20 min"},
    },
}

_TASTE, _SALE, _TOGETHER = "demand.tastes[0].", "demand.promotions.sale.", "demand.bought_together[0]."
_APP, _MESSAGES = "demand.channels.app.", "order_messages."
KEYS: dict[str, Any] = {
    "clock.start": "2026-02-03",
    "clock.time_zone": "America/Chicago",
    "clock.warm_up": "2 days",
    "clock.measure": "2 days",
    "network.sites": "other_sites.csv",
    "network.places": "other_places.csv",
    "network.products": "other_products.csv",
    "network.closed": ["dc_west"],
    **{
        f"{block}.{key}": value
        for block in ("demand", "walk_ins")
        for key, value in {
            "day_cv": 1,
            "weekday": {**dict.fromkeys(DAYS, 1), "tue": 3},
            "hours": [1] * 12 + [4] * 12,
            "season.months": [1, 3] + [1] * 10,
            "season.weeks": {"6": 3},
            "season.dates": {"2026-02-04": 4},
            "growth": 60,
        }.items()
    },
    "demand.shoppers_per_day": 90,
    "demand.lines_per_order": {3: 1},
    "demand.units_per_line": {5: 1},
    "demand.channels": {"web": {"share": "90 %"}, "app": {"share": "10 %"}},
    f"{_APP}weekday": {**dict.fromkeys(DAYS, 1), "tue": 4},
    f"{_APP}hours": [0] * 12 + [1] * 12,
    f"{_APP}lines_per_order": {2: 1},
    f"{_APP}units_per_line": {7: 1},
    f"{_TASTE}products": ["D"],
    f"{_TASTE}categories": ["printers"],
    f"{_TASTE}states": ["IL"],
    "demand.tastes[1].places": ["021"],
    f"{_TASTE}channels": ["web"],
    f"{_TASTE}times": 0,
    f"{_SALE}products": ["D"],
    f"{_SALE}categories": ["printers"],
    f"{_SALE}starts": "2026-02-04 09:00",
    f"{_SALE}ends": "2026-02-03 20:00",
    f"{_SALE}channels": ["web"],
    f"{_SALE}times": 6,
    "demand.promotions.flash.per_year": 20,
    "demand.promotions.flash.lasts": "2 days",
    f"{_TOGETHER}orders_of.products": ["C"],
    f"{_TOGETHER}orders_of.categories": ["audio"],
    f"{_TOGETHER}bring.products": ["C"],
    f"{_TOGETHER}bring.categories": ["printers"],
    f"{_TOGETHER}share": "100 %",
    "walk_ins.units_per_store_day": 40,
    "walk_ins.totals": {"law": "normal", "cv": 0.4, "at": "12:00"},
    f"{_MESSAGES}hold.share": "90 %",
    f"{_MESSAGES}hold.takes": "9 h",
    f"{_MESSAGES}hold.before": "release",
    f"{_MESSAGES}called_off.share": "80 %",
    f"{_MESSAGES}called_off.after": "1 min",
    f"{_MESSAGES}moved.share": "80 %",
    f"{_MESSAGES}moved.after": "1 min",
    f"{_MESSAGES}moved.promise": "anew",
    f"{_MESSAGES}labels.fail": "90 %",
    f"{_MESSAGES}labels.retry_after": "9 h",
    "storefront.response": {1: 1.3, 7: 0.4},
}
