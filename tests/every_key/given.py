"""What really happened, laid down in tables: orders, sales over the counter, and ways by road."""

from __future__ import annotations

from typing import Any

_ORDERS = ["placed_at", "place", "channel", "sku", "quantity", "order"]
_SALES = ["date", "site", "sku", "quantity"]

TABLES_BESIDE: dict[str, list[list[object]]] = {
    "orders.csv": [
        _ORDERS,
        *([f"2026-02-0{3 + k % 2}T1{k % 7}:05", "606", "web", "ABCD"[k % 4], 1 + k % 2, str(k)] for k in range(30)),
    ],
    "other_orders.csv": [_ORDERS, ["2026-02-03T12:00", "606", "web", "A", 1, "1"]],
    "sales.csv": [_SALES, ["2026-02-03", "store_boston", "A", 7]],
    "other_sales.csv": [_SALES, ["2026-02-04", "store_boston", "A", 7]],
    "roads.csv": [["from", "to", "km"], ["dc_east", "606", 900], ["dc_west", "606", 3000]],
    "other_roads.csv": [["from", "to", "km"], ["dc_east", "606", 5000], ["dc_west", "606", 2800]],
}
WORLD: dict[str, Any] = {
    "demand__orders": "orders.csv",
    "walk_ins__sales": "sales.csv",
    "network__roads": "roads.csv",
    "site_kinds__dc__feed": {"kind": "poll", "every": "1 h", "loss": "60 %"},
    "site_kinds__store__feed": {"kind": "batch", "at": "13:00", "loss": "60 %"},
    "routing__distance": {"measure": "road", "else_times": 1.3},
    "routing__strategies": {"cheapest": {"choose": "nearest"}},
}
KEYS: dict[str, Any] = {
    "site_kinds.dc.feed.snapshot": "full",
    "site_kinds.store.feed.snapshot": "full",
    "demand.orders": "other_orders.csv",
    "walk_ins.sales": "other_sales.csv",
    "network.roads": "other_roads.csv",
}
