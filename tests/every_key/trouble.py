"""Every disruption, by its day and by chance; and what is paid whatever is ordered, and when promises are broken."""

from __future__ import annotations

from typing import Any

from tests.tiny import TREE

TABLES_BESIDE: dict[str, list[list[object]]] = {}
_HIT = {
    "feed_dead": {"where": {"kinds": ["store"]}, "system": "pos"},
    "site_closed": {"where": {"sites": ["store_boston"]}},
    "supplier_late": {"where": {"kinds": ["dc", "store"]}, "factor": 3},
    "miscount": {"where": {"sites": ["store_boston"]}, "share": "50 %", "units": 3},
    "labour_short": {"where": {"sites": ["dc_west"]}, "share": "50 %"},
    "carrier_slow": {"services": ["ground"], "where": {"kinds": ["dc"]}, "to": ["IL"], "days": 2},
    "carrier_down": {"services": ["ground"], "where": {"kinds": ["dc"]}, "to": ["MA"]},
    "snow_day": {"states": ["MA"]},
}
_OTHER = {
    "feed_dead": {"where": {"sites": ["store_boston"]}, "system": "wms", "tells": "nothing"},
    "site_closed": {"where": {"sites": ["dc_west"]}, "announced": False},
    "supplier_late": {"where": {"sites": ["dc_west"]}, "factor": 20},
    "miscount": {"where": {"sites": ["store_oakland"]}, "share": "100 %", "units": 30},
    "labour_short": {"where": {"sites": ["dc_east"]}, "share": "100 %"},
    "carrier_slow": {"services": ["swift"], "where": {"kinds": ["store"]}, "to": ["CA"], "days": 9},
    "carrier_down": {"services": ["swift"], "where": {"kinds": ["store"]}, "to": ["IL"]},
    "snow_day": {"states": ["CA"]},
}
# over the pick-up at 18:00, or the next day's orders at 04:00; begun at 01:00, over neither
_LASTS = {kind: {"lasts": "20 h" if kind == "supplier_late" else "10 h"} for kind in _HIT} | {"miscount": {}}
_GROUND = TREE["carriers"]["services"]["ground"]
WORLD: dict[str, Any] = {
    "demand__shoppers_per_day": 70,
    "carriers__services": {
        "ground": _GROUND,
        "swift": {**_GROUND, "surcharge": "0.20 USD", "business_days": [1, 1, 2, 3]},
    },
    **{
        f"site_kinds__{kind}__stock__{key}": value
        for kind in ("dc", "store")
        for key, value in (("days_of_cover", 2), ("order_days", 0.5), ("supply_lead", "1 day"))
    },
    "site_kinds__store__declines": "10 %",
    "fulfilment__max_attempts": 1,
    "site_kinds__dc__pickers": ...,
    "site_kinds__dc__labour": {"per_hour": "20 USD", "shifts": {"day": {"hours": "06:00-22:00", "people": 2}}},
    "site_kinds__store__records": {},
    "site_kinds__store__feed": {
        "kind": "systems",
        "systems": {
            "wms": {"tells": ["picks", "receipts", "transfers", "corrections"], "feed": "5 min"},
            "pos": {"tells": ["sales"], "feed": "5 min"},
        },
    },
    "disruptions": [
        {"kind": kind, **when, **_LASTS[kind], **own}
        for kind, own in _HIT.items()
        for when in ({"on": "2026-02-03", "at": "09:00"}, {"per_year": 120})
    ],
    "fixed": {
        "halls": {"account": "lease", "where": {"kinds": ["dc"]}, "per_month": "30000 USD"},
        "benches": {"account": "equipment", "once": "9000 USD", "over": "300 days"},
    },
    "contacts": {"of_late": "30 %", "of_cancelled": "50 %", "cost": "5 USD"},
    "penalties": {"late": "3 USD", "cancelled": "5 USD"},
}

KEYS: dict[str, Any] = {
    **{
        f"disruptions[{2 * k}].{key}": value
        for k, kind in enumerate(_HIT)
        for key, value in {
            "on": "2026-02-04",
            "at": "01:00",
            **({} if kind == "miscount" else {"lasts": "3 days"}),
            **_OTHER[kind],
        }.items()
    },
    **{f"disruptions[{2 * k + 1}].per_year": 900 for k in range(len(_HIT))},
    "fixed.halls.account": "onboarding",
    "fixed.halls.where": {"kinds": ["store"]},
    "fixed.halls.strategies": ["nearest"],
    "fixed.halls.per_month": "9 USD",
    "fixed.benches.once": "9 USD",
    "fixed.benches.over": "9 days",
    "contacts.of_late": "90 %",
    "contacts.of_cancelled": "90 %",
    "contacts.cost": "90 USD",
    "penalties.late": "9 USD",
    "penalties.cancelled": "9 USD",
}
