"""Records that drift in every way, and every way to count them."""

from __future__ import annotations

from typing import Any

_LOSS = {"per_product_day": 0.2, "of_demand": "2 %", "units": {1: "50 %", 3: "50 %"}}
_BY_UNIT = {"per_unit_day": "10 %"}
_ERROR = {"scanned": "5 %", "unscanned": "25 %"}
_STEPS = ("receive", "put_away", "pick", "ship", "till")
_LOSSES = ("shrink", "theft", "misplaced", "damage")

TABLES_BESIDE: dict[str, list[list[object]]] = {}
WORLD: dict[str, Any] = {
    "site_kinds__store__stock__days_of_cover": 2,
    "site_kinds__store__stock__order_days": 0.5,
    "site_kinds__store__stock__supply_lead": "1 day",
    "site_kinds__store__records": {
        "shrink": _LOSS,
        "theft": _LOSS,
        "misplaced": _LOSS,
        "damage": {**_LOSS, "noticed": "50 %", "noticed_after": "5 h"},
        "miskeyed": {**_LOSS, "per_product_day": 0.5},
        "errors": dict.fromkeys(_STEPS, _ERROR),
        "put_away": "2 h",
        "counted_before": "3 days",
        "tolerance": "20 %",
    },
    "site_kinds__store__counting": {
        "at": "21:00",
        "full": {"every": "3 days", "first": "2026-02-03"},
        "classes": [{"value": "60 %", "every": "2 days"}, {"value": "40 %", "every": "5 days"}],
        "continuous": {"products_a_day": 1},
        "after_short_pick": {"after": "90 min"},
        "per_product": "2 min",
        "per_hour": "20 USD",
        "finds": "70 %",
        "error": "20 %",
    },
    "site_kinds__dc__stock__days_of_cover": 0.5,
    "site_kinds__dc__counting": {"per_product": "2 min", "per_hour": "20 USD", "empty_shelves": {"every": "3 days"}},
    "site_kinds__dc__records": {**dict.fromkeys(_LOSSES, _BY_UNIT), "errors": {"put_away": _ERROR}},
    "exceptions": [{"where": {"sites": ["store_oakland"]}, "set": {"records.scanning": dict.fromkeys(_STEPS, True)}}],
}

_RECORDS, _COUNTING = "site_kinds.store.records.", "site_kinds.store.counting."
KEYS: dict[str, Any] = {
    **{
        f"{_RECORDS}{what}.{key}": value
        for what in (*_LOSSES, "miskeyed")
        for key, value in (("per_product_day", 2), ("of_demand", "60 %"), ("units", {9: 1}))
    },
    **{f"site_kinds.dc.records.{what}.per_unit_day": "40 %" for what in _LOSSES},
    f"{_RECORDS}damage.noticed": "100 %",
    f"{_RECORDS}damage.noticed_after": "30 h",
    # Oakland scans everything, Boston nothing
    **{f"{_RECORDS}errors.{step}.scanned": "70 %" for step in _STEPS},
    **{f"{_RECORDS}errors.{step}.unscanned": "80 %" for step in _STEPS if step != "put_away"},
    "site_kinds.dc.records.errors.put_away.unscanned": "90 %",
    **{f"{_RECORDS}scanning.{step}": True for step in _STEPS},
    f"{_RECORDS}put_away": "1 day",
    f"{_RECORDS}on_short_pick": "set_to_zero",
    f"{_RECORDS}counted_before": "40 days",
    f"{_RECORDS}tolerance": "90 %",
    f"{_COUNTING}at": "05:00",
    f"{_COUNTING}full.every": "1 day",
    f"{_COUNTING}full.first": "2026-02-04",
    f"{_COUNTING}classes[0].every": "1 day",
    f"{_COUNTING}classes": [{"value": "99 %", "every": "2 days"}, {"value": "1 %", "every": "5 days"}],
    f"{_COUNTING}continuous.products_a_day": 3,
    f"{_COUNTING}after_short_pick.after": "1 min",
    "site_kinds.dc.counting.empty_shelves.every": "1 day",
    f"{_COUNTING}per_product": "9 min",
    f"{_COUNTING}per_hour": "50 USD",
    f"{_COUNTING}finds": "10 %",
    f"{_COUNTING}error": "90 %",
}
