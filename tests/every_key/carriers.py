"""Four services with everything that a service has; at the dock the cheapest that keeps the promise is taken."""

from __future__ import annotations

from typing import Any

from tests.tiny import TABLES, TREE

GROUND: dict[str, Any] = TREE["carriers"]["services"]["ground"]
LATE = {"share": "30 %", "extra_days": {1: "60 %", 4: "40 %"}}
BY_LAW = {name: value for name, value in GROUND.items() if name != "late"}

TABLES_BESIDE: dict[str, list[list[object]]] = {
    "places.csv": [
        [*TABLES["places.csv"][0], "area", "other"],
        *([*row, "remote", other] for row, other in zip(TABLES["places.csv"][1:], ("remote", "", ""), strict=True)),
    ],
    "rates.csv": [*TABLES["rates.csv"][:3], *([lb, lb, lb + 5, lb + 10, lb + 20] for lb in range(10, 200, 5))],
    "near.csv": [["max_lb", *(f"zone_{k}" for k in range(1, 5))], [400, 3, 99, 99, 99]],
    "next.csv": [["max_lb", *(f"zone_{k}" for k in range(1, 5))], [400, 99, 3, 99, 99]],
    "dear.csv": [["max_lb", *(f"zone_{k}" for k in range(1, 5))], [400, 90, 90, 90, 90]],
    "lanes.csv": [
        ["origin", "destination", "service", "zone", "days", "price_factor", "surcharge_usd", "served"],
        ["", "IL", "ground", "", 4, "", "", ""],
    ],
}
WORLD: dict[str, Any] = {
    "demand__shoppers_per_day": 50,
    "network__place_attributes": ["area", "other"],
    "walk_ins": ...,
    "site_kinds__store__stock__days_of_cover": 0.5,
    "site_kinds__store__stock__order_days": 0.5,
    "carriers": {
        "zone_edges": TREE["carriers"]["zone_edges"],
        "areas": "area",
        "choice": "hand_over",
        "claims": {"noticed_after": "1 day", "contact": "5 USD", "then": "refund", "insured": "40 %"},
        "services": {
            "ground": {
                **GROUND,
                "discount": "45 %",
                "late": LATE,
                "lost": "8 %",
                "damaged": "8 %",
                "closed_on": ["2026-02-07"],
                "minimum": "3 USD",
                "co2_per_tonne_km": "100 g",
                "area_surcharges": {"remote": "0.02 USD"},
                "capacity": {"per_site": 6, "in_all": 20},
                "peaks": [{"first": "2026-02-03", "last": "2026-02-04", "surcharge": "0.01 USD"}],
                "spells": [
                    {"origin": {"kinds": ["dc"]}, "to": ["IL", "MA"], "per_year": 400, "lasts": "1 day", "late": LATE}
                ],
            },
            "swift": {
                **BY_LAW,
                "discount": "47 %",
                "surcharge": "0.30 USD",
                "package": {"max_weight": "20 kg", "max_volume": "100 l"},
                "transit": {"law": "lognormal", "mean": 1.2, "cv": 0.6},
            },
            "tabled": {
                **BY_LAW,
                "rates": "near.csv",
                "discount": "42 %",
                "business_days": [2, 2, 3, 5],
                "transit": {"law": "table", "days": [{1: 1}, {1: "50 %", 3: "50 %"}, {3: 1}, {5: 1}]},
            },
            "courier": {
                **GROUND,
                "rates": "next.csv",
                "discount": "45 %",
                "surcharge": "1.20 USD",
                "business_days": [0, 0, 1, 1],
                "reach": "450 km",
                "hours": {"law": "uniform", "low": "30 min", "high": "3 h"},
            },
        },
    },
}

_GROUND = "carriers.services.ground."
_SPELL, _PEAK = f"{_GROUND}spells[0].", f"{_GROUND}peaks[0]."
KEYS: dict[str, Any] = {
    "carriers.zone_edges": ["50 mi", "200 mi", "600 mi"],
    "carriers.areas": "other",
    "carriers.lanes": "lanes.csv",
    "carriers.choice": "routing",
    "carriers.claims.noticed_after": "2 days",
    "carriers.claims.contact": "9 USD",
    "carriers.claims.then": "reship",
    "carriers.claims.insured": "90 %",
    f"{_GROUND}rates": "dear.csv",
    f"{_GROUND}discount": "10 %",
    f"{_GROUND}minimum": "20 USD",
    f"{_GROUND}surcharge": "3 USD",
    f"{_GROUND}fuel": "20 %",
    f"{_GROUND}dim_divisor": 30,
    f"{_GROUND}dim_from_cubic_inch": 9000,
    f"{_GROUND}business_days": [2, 3, 4, 6],
    f"{_GROUND}works": ["mon", "tue", "wed"],
    f"{_GROUND}closed_on": ["2026-02-04"],
    f"{_GROUND}late.share": "90 %",
    f"{_GROUND}late.extra_days": {7: 1},
    "carriers.services.swift.transit.law": "gamma",
    "carriers.services.swift.transit.mean": 2,
    "carriers.services.swift.transit.cv": 1.5,
    "carriers.services.tabled.transit.days": [{2: 1}, {2: 1}, {5: 1}, {7: 1}],
    f"{_SPELL}origin": {"kinds": ["store"]},
    f"{_SPELL}to": ["CA"],
    f"{_SPELL}per_year": 3,
    f"{_SPELL}lasts": "5 days",
    f"{_SPELL}late.share": "100 %",
    f"{_SPELL}late.extra_days": {9: 1},
    f"{_GROUND}lost": "40 %",
    f"{_GROUND}damaged": "40 %",
    f"{_GROUND}capacity.per_site": 2,
    f"{_GROUND}capacity.in_all": 3,
    f"{_PEAK}first": "2026-02-04",
    f"{_PEAK}last": "2026-02-03",
    f"{_PEAK}surcharge": "5 USD",
    f"{_GROUND}area_surcharges": {"remote": "9 USD"},
    "carriers.services.swift.package.max_weight": "2 kg",
    "carriers.services.swift.package.max_volume": "5 l",
    f"{_GROUND}co2_per_tonne_km": "200 g",
    "carriers.services.courier.reach": "50 km",
    "carriers.services.courier.hours": "10 h",
    "network.packing_factor": 3,
}
