"""Shoppers who collect, goods that meet on the way, the trucks between, and who does all that from when on."""

from __future__ import annotations

from typing import Any

from tests.world.collecting import with_counters

TABLES_BESIDE: dict[str, list[list[object]]] = {
    **with_counters(("store_boston", "store_oakland")),
    "roads.csv": [["from", "to", "km"], ["dc_east", "021", 900], ["dc_west", "021", 100]],
}
TABLES_BESIDE["sites.csv"][0].append("desk")
for _row in TABLES_BESIDE["sites.csv"][1:]:
    _row.append("true" if _row[0] == "store_boston" else "false")

WORLD: dict[str, Any] = {
    "demand__channels": {"web": {"share": "60 %"}, "app": {"share": "40 %"}},
    "demand__lines_per_order": {1: "30 %", 2: "70 %"},
    "network__site_attributes": ["pickup", "desk"],
    "site_kinds__store__stock__days_of_cover": 0.5,
    "site_kinds__dc__stock__days_of_cover": 0.5,
    "pick_up": {
        "within": "60 km",
        "share": "40 %",
        "channels": {"web": "50 %"},
        "added": "20 %",
        "ship_otherwise": "60 %",
        "receive": "30 min",
        "arrives": "9 h",
        "no_show": "20 %",
        "hold": "1 day",
        "minutes": "4 min",
        "put_back": "2 min",
        "per_hour": "18 USD",
        "kerb": {"share": "40 %", "minutes": "2 min"},
        "extra": {"share": "30 %", "value": "25 USD", "cv": 0.5, "margin": "20 %"},
    },
    "roll_out": {
        "sends": {
            "of": {"kinds": ["store"]},
            "on": [
                {"where": {"states": ["MA"]}},
                {"where": {"states": ["CA"]}, "first": "2026-02-03", "last": "2026-02-04"},
            ],
        },
        "collects": {
            "of": {"kinds": ["store"]},
            "on": [
                {"where": {"states": ["MA"]}},
                {"where": {"states": ["CA"]}, "first": "2026-02-03", "last": "2026-02-04"},
            ],
        },
    },
    "trucks": {
        "days": 1,
        "arrive": "09:00",
        "late": {"share": "40 %", "extra_days": {1: "100 %"}},
        "cost_per_parcel": "2 USD",
        "cost_per_unit": "0.10 USD",
    },
    "merge": {"time": "30 min", "cost_per_parcel": "0.20 USD"},
    "routing__pickup": {"transfer": "missing_lines", "truck": {"cost_per_parcel": "2 USD"}},
    "routing__merge": {"at": ["dc"], "when": "split"},
}

_SENDS, _COLLECTS = "roll_out.sends.", "roll_out.collects."
TOGETHER = {"pick_up.attribute": {"routing.pickup.attribute": "desk"}}
KEYS: dict[str, Any] = {
    **{
        f"pick_up.{key}": value
        for key, value in {
            "attribute": "desk",
            "within": "5000 km",
            "share": "90 %",
            "channels": {"web": "5 %"},
            "added": "80 %",
            "ship_otherwise": "0 %",
            "receive": "9 h",
            "arrives": "1 h",
            "no_show": "90 %",
            "hold": "1 h",
            "minutes": "9 min",
            "put_back": "9 min",
            "per_hour": "90 USD",
            "kerb.share": "100 %",
            "kerb.minutes": "9 min",
            "extra.share": "90 %",
            "extra.value": "90 USD",
            "extra.cv": 2,
            "extra.margin": "90 %",
        }.items()
    },
    f"{_SENDS}of": {"sites": ["dc_east"]},
    f"{_SENDS}on[0].where": {"states": ["CA"]},
    f"{_SENDS}on[1].first": "2026-02-04",
    f"{_SENDS}on[1].last": "2026-02-03",
    f"{_COLLECTS}of": {"states": ["MA"]},
    f"{_COLLECTS}on[0].where": {"states": ["CA"]},
    f"{_COLLECTS}on[1].first": "2026-02-04",
    f"{_COLLECTS}on[1].last": "2026-02-03",
    "trucks.days": 3,
    "trucks.arrive": "15:00",
    "trucks.late.share": "100 %",
    "trucks.late.extra_days": {3: 1},
    "trucks.cost_per_parcel": "9 USD",
    "trucks.cost_per_unit": "9 USD",
    "merge.time": "9 h",
    "merge.cost_per_parcel": "9 USD",
    "clock.drain_limit": "1 day",
}
