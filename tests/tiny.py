"""A tiny valid scenario that tests take and change: two warehouses, two stores, three places, four products."""

from __future__ import annotations

import csv
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

from sim.scenario.load import Scenario, load

if TYPE_CHECKING:
    from pathlib import Path

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ALWAYS = dict.fromkeys(DAYS, "00:00-24:00")

SITE_KIND: dict[str, Any] = {
    "hours": ALWAYS,
    "pick_up": "18:00",
    "pick_up_days": list(DAYS),
    "lead": "2 h",
    "handling": {
        "pick_per_line": "0.50 USD", "pick_per_unit": "0.10 USD", "pack_per_parcel": "0.50 USD",
        "packaging_per_parcel": "0.70 USD", "fee_per_parcel": "0 USD", "fee_per_unit": "0 USD",
    },
    "pickers": 2,
    "pick_time": "4 min",
    "pack_time": "10 min",
    "message_delay": "1 min",
    "feed": {"kind": "poll", "every": "15 min"},
    "stock": {
        "online_share": "50 %", "days_of_cover": 6, "safety_factor": 1.0, "order_days": 4, "carried_from": 0,
        "review_every": "1 day", "supply_lead": "3 days",
    },
}  # fmt: skip

TREE: dict[str, Any] = {
    "title": "Tiny",
    "clock": {
        "start": "2026-02-02", "time_zone": "America/New_York", "warm_up": "1 day", "measure": "3 days",
        "drain_limit": "10 days",
    },
    "network": {
        "sites": "sites.csv", "places": "places.csv", "products": "products.csv", "packing_factor": 1.2,
    },
    "carriers": {
        "zone_edges": ["150 mi", "600 mi", "1400 mi"],
        "services": {
            "ground": {
                "rates": "rates.csv", "discount": "0 %", "surcharge": "0 USD", "fuel": "10 %", "dim_divisor": 139,
                "dim_from_cubic_inch": 0, "business_days": [1, 2, 3, 5], "works": list(DAYS),
                "late": {"share": "5 %", "extra_days": {1: "80 %", 2: "20 %"}},
            }
        },
    },
    "site_kinds": {"dc": deepcopy(SITE_KIND), "store": deepcopy(SITE_KIND)},
    "demand": {
        "shoppers_per_day": 60, "day_cv": 0, "weekday": dict.fromkeys(DAYS, 1), "hours": [1] * 24,
        "lines_per_order": {1: "70 %", 2: "30 %"}, "units_per_line": {1: "80 %", 2: "20 %"},
    },
    "walk_ins": {
        "units_per_store_day": 20, "day_cv": 0, "weekday": dict.fromkeys(DAYS, 1),
        "hours": [1] * 24,
    },
    "storefront": {"published_every": "30 min", "share_who_wait": "50 %"},
    "fulfilment": {"max_attempts": 3},
    "snapshot": {"at": "12:00"},
    "routing": {
        "max_parcels": 3,
        "backorders": {"retry_every": "2 h", "give_up_after": "2 days"},
        "strategies": {
            "nearest": {"choose": "nearest"},
            "cheapest": {"choose": "cheapest"},
            "fewest_parcels": {"choose": "fewest_parcels"},
            "dc_first": {"choose": "dc_first"},
            "balanced": {"choose": "balanced", "day_value": "1 USD", "scarcity": 0.1},
            "siloed": {"choose": "cheapest", "only": ["dc"]},
        },
    },
}  # fmt: skip

TABLES: dict[str, list[list[object]]] = {
    "sites.csv": [
        ["id", "name", "kind", "state", "lat", "lon", "time_zone", "walk_in_size"],
        ["dc_east", "Allentown", "dc", "PA", 40.60, -75.47, "America/New_York", 0],
        ["dc_west", "Reno", "dc", "NV", 39.53, -119.81, "America/Los_Angeles", 0],
        ["store_boston", "Boston", "store", "MA", 42.36, -71.06, "America/New_York", 1],
        ["store_oakland", "Oakland", "store", "CA", 37.80, -122.27, "America/Los_Angeles", 1],
    ],
    "places.csv": [
        ["id", "name", "state", "lat", "lon", "time_zone", "population"],
        ["021", "Boston", "MA", 42.35, -71.07, "America/New_York", 600],
        ["606", "Chicago", "IL", 41.84, -87.68, "America/Chicago", 900],
        ["941", "San Francisco", "CA", 37.77, -122.42, "America/Los_Angeles", 700],
    ],
    "products.csv": [
        ["id", "name", "category", "weight_kg", "length_cm", "width_cm", "height_cm", "price_usd", "unit_cost_usd",
         "popularity"],
        ["A", "Cable", "cables", 0.1, 15, 10, 3, 12, 7, 0.5],
        ["B", "Headphones", "audio", 0.6, 22, 20, 10, 80, 60, 0.3],
        ["C", "Monitor", "screens", 6.0, 60, 40, 15, 250, 220, 0.15],
        ["D", "Printer", "printers", 9.0, 45, 40, 30, 180, 150, 0.05],
    ],
    "rates.csv": [
        ["max_lb", "zone_1", "zone_2", "zone_3", "zone_4"],
        [1, 7, 8, 9, 10],
        [5, 8, 10, 12, 15],
        [20, 12, 18, 25, 35],
        [70, 25, 45, 70, 90],
    ],
}  # fmt: skip


def tree(**changes: Any) -> dict[str, Any]:
    """Return the scenario's tree; a change is a dotted path with ``__`` for the dots, e.g. ``demand__day_cv=0.2``.

    The value ``...`` deletes the key.
    """
    changed = deepcopy(TREE)
    for path, value in changes.items():
        *parents, last = path.split("__")
        node = changed
        for name in parents:
            node = node[name]
        if value is ...:
            del node[last]
        else:
            node[last] = value
    return changed


def write(folder: Path, tables: dict[str, list[list[object]]] | None = None, **changes: Any) -> Path:
    """Write the tiny scenario, changed, to a folder and return its YAML file."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in {**TABLES, **(tables or {})}.items():
        with (folder / name).open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows(rows)
    path = folder / "scenario.yaml"
    with path.open("w", encoding="utf-8") as file:
        YAML().dump(tree(**changes), file)
    return path


def tiny(folder: Path, tables: dict[str, list[list[object]]] | None = None, **changes: Any) -> Scenario:
    """Write and load the tiny scenario, changed."""
    return load(write(folder, tables, **changes))
