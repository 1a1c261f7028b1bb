"""A chain of twelve small stores and one warehouse, whose stores may begin to send: small enough to pilot in a test."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from sim.study.pilot.plan import Plan
from sim.study.pilot.sizing import Sizing, size
from sim.study.pilot.worlds import Study, run_world, study_of
from tests.tiny import SITE_KIND, write

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
        "clock__warm_up": "3 days",
        "clock__drain_limit": "4 days",
        "site_kinds__dc__feed__every": "2 h",
        "site_kinds__store__feed__every": "2 h",
        "routing__strategies": {"cheapest": {"choose": "cheapest", "only": ["dc"]}},
        "demand__shoppers_per_day": 50,
        "walk_ins__units_per_store_day": 5,
        "site_kinds__dc__stock": {**SITE_KIND["stock"], "online_share": "90 %"},
        "site_kinds__store__stock": {**SITE_KIND["stock"], "online_share": "10 %", "carried_from": 1},
        "changes": {"all_send": {"set": {"routing.strategies": {"cheapest": {"choose": "cheapest"}}}}},
    }
    return write(folder, {"sites.csv": sites, "places.csv": places}, **own | changes)


@cache
def small_study() -> tuple[Study, Path]:
    """Return a study of it, and where its worlds are kept; once for all tests of a process."""
    folder = Path(tempfile.mkdtemp(prefix="chain-"))
    plan = Plan.model_validate({**PLAN, "designs": ["change", "naive"], "looks": 2})
    return study_of(chain(folder / "chain"), "all_send", plan), folder / "kept"


@cache
def small_sizing() -> Sizing:
    """Return that study's sizing."""
    study, kept = small_study()
    return size(study, lambda worlds: [run_world(study, kept, world) for world in worlds])
