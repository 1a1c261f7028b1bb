"""People with shifts and all their ways to work, in a DC and in stores full of customers; a third party by contract."""

from __future__ import annotations

from typing import Any

from tests.tiny import DAYS, SITE_KIND, TABLES

TABLES_BESIDE: dict[str, list[list[object]]] = {
    "sites.csv": [
        *TABLES["sites.csv"],
        ["third_chicago", "Chicago", "third_party", "IL", 41.8, -87.7, "America/Chicago", 0],
    ],
}
_PEOPLE = {name: value for name, value in SITE_KIND.items() if name != "pickers"}
WORLD: dict[str, Any] = {
    "demand__shoppers_per_day": 80,
    "demand__channels": {"web": {"share": "60 %"}, "app": {"share": "40 %"}},
    "exceptions": [{"where": {"states": ["NV"]}, "set": {"declines": "50 %"}}],
    "site_kinds": {
        "dc": {
            **_PEOPLE,
            "hours": dict.fromkeys(DAYS, "06:00-23:00"),
            "confirm_delay": "9 min",
            "declines": "5 %",
            "labour": {
                "per_hour": "20 USD",
                "shifts": {
                    "early": {"days": list(DAYS[:6]), "hours": "06:00-14:00", "breaks": ["10:00-10:30"], "people": 1},
                    "late": {"hours": "14:00-22:00", "people": 1},
                },
                "closed_on": ["2026-02-05"],
                "temps": [
                    {
                        "shift": "late",
                        "since": "2026-02-02",
                        "until": "2026-02-03",
                        "people": 1,
                        "productivity": "70 %",
                        "per_hour": "15 USD",
                    }
                ],
                "overtime": {"backlog": "5 min", "at_most": "2 h", "factor": 1.5},
                "queue": "due_time",
                "first": ["app"],
                "waves": ["07:00", "13:50", "21:50"],
                "batch": {"walk": "25 min", "orders": 3},
                "packing": {"stations": 1},
                "rework": "20 %",
                "declines_beyond": 12,
                "pause": "2 h",
                "receiving": {"units_per_hour": 60},
            },
        },
        "store": {
            **_PEOPLE,
            "hours": dict.fromkeys(DAYS, "08:00-22:00"),
            "declines": "50 %",
            "labour": {
                "per_hour": "18 USD",
                "shifts": {"day": {"hours": "08:00-22:00", "people": 1}},
                "walk_ins": {"takes": "30 min", "wait_per_minute": "0.10 USD", "leaves_beyond": 1, "leaving": "2 USD"},
            },
        },
        "third_party": {**SITE_KIND, "contract": {"storage": "2000 USD", "parcels_a_day": 2, "above": "1 USD"}},
    },
}

_DC, _LABOUR, _SERVES, _THIRD = (
    "site_kinds.dc.",
    "site_kinds.dc.labour.",
    "site_kinds.store.labour.walk_ins.",
    ("site_kinds.third_party."),
)
KEYS: dict[str, Any] = {
    f"{_DC}hours": dict.fromkeys(DAYS, "06:00-15:00"),
    f"{_DC}pick_up": "12:00",
    f"{_DC}pick_up_days": ["mon", "wed", "fri"],
    f"{_DC}lead": "9 h",
    f"{_DC}reach": "500 km",
    **{
        f"{_THIRD}handling.{part}": "7 USD"
        for part in (
            "pick_per_line",
            "pick_per_unit",
            "pack_per_parcel",
            "packaging_per_parcel",
            "fee_per_parcel",
            "fee_per_unit",
        )
    },
    f"{_THIRD}pickers": 1,
    f"{_THIRD}pick_time": "200 min",
    f"{_THIRD}pack_time": "9 h",
    f"{_THIRD}message_delay": "3 h",
    f"{_THIRD}contract.storage": "9000 USD",
    f"{_THIRD}contract.parcels_a_day": 1,
    f"{_THIRD}contract.above": "9 USD",
    f"{_DC}confirm_delay": "3 h",
    f"{_DC}declines": "60 %",
    f"{_LABOUR}per_hour": "40 USD",
    f"{_LABOUR}shifts.early.days": ["mon", "thu"],
    f"{_LABOUR}shifts.late.hours": "15:00-23:00",
    f"{_LABOUR}shifts.early.breaks": ["08:00-09:30"],
    f"{_LABOUR}shifts.late.people": 3,
    f"{_LABOUR}closed_on": ["2026-02-03"],
    f"{_LABOUR}temps[0].shift": "early",
    f"{_LABOUR}temps[0].since": "2026-02-03",
    f"{_LABOUR}temps[0].until": "2026-02-04",
    f"{_LABOUR}temps[0].people": 3,
    f"{_LABOUR}temps[0].productivity": "20 %",
    f"{_LABOUR}temps[0].per_hour": "35 USD",
    f"{_LABOUR}overtime.backlog": "500 min",
    f"{_LABOUR}overtime.at_most": "20 min",
    f"{_LABOUR}overtime.factor": 3,
    f"{_LABOUR}queue": "fifo",
    f"{_LABOUR}first": ["web"],
    f"{_LABOUR}waves": ["11:00"],
    f"{_LABOUR}batch.walk": "60 min",
    f"{_LABOUR}batch.orders": 1,
    f"{_LABOUR}packing.stations": 3,
    f"{_LABOUR}rework": "60 %",
    f"{_LABOUR}declines_beyond": 1,
    f"{_LABOUR}pause": "9 h",
    f"{_LABOUR}receiving.units_per_hour": 10,
    f"{_SERVES}takes": "5 min",
    f"{_SERVES}wait_per_minute": "1 USD",
    f"{_SERVES}leaves_beyond": 4,
    f"{_SERVES}leaving": "9 USD",
    "exceptions[0].where": {"states": ["PA"]},
    "exceptions[0].set": {"declines": "90 %"},
    "fulfilment.max_attempts": 1,
}
