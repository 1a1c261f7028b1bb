"""What comes back by mail and to stores, what is done with it, what it costs; and a service that takes few parcels."""

from __future__ import annotations

from typing import Any

from tests.tiny import SITE_KIND, TREE

TABLES_BESIDE: dict[str, list[list[object]]] = {}
_GROUND = TREE["carriers"]["services"]["ground"]
WORLD: dict[str, Any] = {
    "demand__channels": {"web": {"share": "60 %"}, "app": {"share": "40 %"}},
    "carriers__services": {
        "ground": {**_GROUND, "capacity": {"per_site": 3, "beyond": "next_service"}},
        "swift": {**_GROUND, "surcharge": "2 USD", "business_days": [1, 1, 1, 2]},
    },
    "site_kinds__store__stock": {
        **SITE_KIND["stock"],
        "keeps": {"store_boston": ["audio"], "store_oakland": ["cables"]},
    },
    "returns": {
        "rate": "40 %",
        "categories": {"audio": {"rate": "50 %", "grades": {"new": "50 %", "worn": "30 %", "dead": "20 %"}}},
        "channels": {"app": 1.5},
        "after": {"law": "uniform", "low": "2 h", "high": "2 days"},
        "window": "1 day",
        "reasons": {"broken": {"share": "30 %", "grades": {"dead": "100 %"}}, "unwanted": {"share": "70 %"}},
        "grades": {
            "new": {"share": "60 %", "then": "restock"},
            "worn": {"share": "30 %", "then": "refurbish", "takes": "5 h", "cost": "3 USD"},
            "dead": {"share": "10 %", "then": "liquidate", "recovers": "30 %"},
        },
        "by_mail": {
            "to": "dc_east",
            "service": "ground",
            "rate": 0.8,
            "refund": "inspected",
            "refund_takes": "1 day",
            "kept_back": "1 USD",
            "inspection": {"takes": "90 min", "people": 1, "per_hour": "20 USD", "cost_per_unit": "0.40 USD"},
        },
        "in_store": {
            "share": "60 %",
            "halves_every": "100 km",
            "within": "500 km",
            "till_cost": "1 USD",
            "to_shelf": "3 h",
            "not_kept": {"then": "to_dc", "takes": "1 day", "cost": "2 USD"},
            "till_purchase": {"share": "30 %", "value": "20 USD", "margin": "25 %"},
        },
    },
}

KEYS: dict[str, Any] = {"carriers.services.ground.capacity.beyond": "next_pick_up"} | {
    f"returns.{key}": value
    for key, value in {
        "rate": "60 %",
        "categories.audio.rate": "5 %",
        "categories.audio.grades": {"dead": 1},
        "channels": {"app": 0.1},
        "after": "1 h",
        "window": "3 days",
        "reasons": {"broken": {"share": "90 %", "grades": {"dead": 1}}, "unwanted": {"share": "10 %"}},
        "reasons.broken.grades": {"worn": 1},
        "grades": {
            "new": {"share": "20 %", "then": "restock"},
            "worn": {"share": "5 %", "then": "refurbish"},
            "dead": {"share": "75 %", "then": "liquidate", "recovers": "30 %"},
        },
        "grades.new.then": "destroy",
        "grades.new.at": "dc_west",
        "grades.worn.takes": "1 h",
        "grades.worn.cost": "9 USD",
        "grades.dead.recovers": "90 %",
        "by_mail.to": "dc_west",
        "by_mail.service": "swift",
        "by_mail.rate": 3,
        "by_mail.transit": "1 h",
        "by_mail.inspection.takes": "9 h",
        "by_mail.inspection.people": 9,
        "by_mail.inspection.per_hour": "90 USD",
        "by_mail.inspection.cost_per_unit": "9 USD",
        "by_mail.refund": "received",
        "by_mail.refund_takes": "1 h",
        "by_mail.kept_back": "9 USD",
        "in_store.share": "100 %",
        "in_store.halves_every": "1 km",
        "in_store.within": "1 km",
        "in_store.till_cost": "9 USD",
        "in_store.to_shelf": "1 min",
        "in_store.not_kept": {"then": "liquidate", "recovers": "10 %"},
        "in_store.not_kept.takes": "1 h",
        "in_store.not_kept.cost": "9 USD",
        "in_store.till_purchase.share": "100 %",
        "in_store.till_purchase.value": "90 USD",
        "in_store.till_purchase.margin": "90 %",
    }.items()
}
