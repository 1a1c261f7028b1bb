"""A chain of twelve small stores and one warehouse, whose stores may begin to send: small enough to pilot in a test."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.tiny import SITE_KIND, write

if TYPE_CHECKING:
    from pathlib import Path

STORES = 12
PLAN: dict[str, Any] = {
    "begins": "sends",
    "weeks": {"before": 2, "settle": 1, "after": [1, 2]},
    "stores": {"of": {"kinds": ["store"]}, "treated": [3, 5]},
    "cost": {"per_store": "1000 USD", "per_week": "500 USD"},
    "pilots": 2,
    "laid": 40,
}


def chain(folder: Path, **changes: Any) -> Path:
    """Write the scenario; its change `all_send` lets every store send online orders."""
    sites = [["id", "name", "kind", "state", "lat", "lon", "time_zone", "walk_in_size"]]
    places = [["id", "name", "state", "lat", "lon", "time_zone", "population"]]
    sites.append(["dc", "Warehouse", "dc", "OH", 40.0, -83.0, "America/New_York", 0])
    for k in range(STORES):
        lat, lon, state = 30.0 + k, -120.0 + 4 * k, ("CA", "TX", "NY", "MA")[k // 3]
        sites.append([f"store_{k}", f"Store {k}", "store", state, lat, lon, "America/New_York", 1 + k % 3])
        places.append([f"{100 + k}", f"Place {k}", state, lat + 0.2, lon, "America/New_York", 100 * (1 + k % 4)])
    own: dict[str, Any] = {
        "clock__measure": "35 days",
        "clock__warm_up": "7 days",
        "routing__strategies": {"cheapest": {"choose": "cheapest", "only": ["dc"]}},
        "demand__shoppers_per_day": 80,
        "site_kinds__dc__stock": {**SITE_KIND["stock"], "online_share": "90 %"},
        "site_kinds__store__stock": {**SITE_KIND["stock"], "online_share": "10 %", "carried_from": 1},
        "changes": {"all_send": {"set": {"routing.strategies": {"cheapest": {"choose": "cheapest"}}}}},
    }
    return write(folder, {"sites.csv": sites, "places.csv": places}, **own | changes)
