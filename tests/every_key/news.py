"""News of stock by every kind of feed, what shoppers are shown of it, and what they make of that."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from tests.tiny import ALWAYS, SITE_KIND, TABLES, TREE

_FEED = {
    "latency": {"law": "lognormal", "mean": "2 h", "cv": 1},
    "loss": "20 %",
    "retry_after": "9 min",
    "duplicates": "30 %",
    "full_every": "7 h",
}

TABLES_BESIDE: dict[str, list[list[object]]] = {
    "sites.csv": [
        *TABLES["sites.csv"],
        ["third_chicago", "Chicago", "third_party", "IL", 41.8, -87.7, "America/Chicago", 1],
        ["vendor_memphis", "Memphis", "vendor", "TN", 35.15, -90.05, "America/Chicago", 1],
    ],
    "products.csv": [row if row[0] != "C" else [*row[:2], "audio", *row[3:]] for row in TABLES["products.csv"]],
}


def _kind(feed: Any) -> dict[str, Any]:
    scarce = {"days_of_cover": 1, "order_days": 1}
    return {**deepcopy(SITE_KIND), "hours": ALWAYS, "feed": feed, "stock": {**SITE_KIND["stock"], **scarce}}


WORLD: dict[str, Any] = {
    "demand__shoppers_per_day": 80,
    "demand__channels": {"web": {"share": "40 %"}, "app": {"share": "40 %"}, "social": {"share": "20 %"}},
    "site_kinds": {
        "dc": _kind({"kind": "poll", "every": "40 min", **_FEED}),
        "store": _kind(
            {
                "kind": "systems",
                "systems": {
                    "wms": {
                        "tells": ["picks", "receipts", "transfers", "corrections"],
                        "feed": {"kind": "event", "latency": "5 min"},
                    },
                    "pos": {"tells": ["sales"], "feed": {"kind": "poll", "every": "50 min", "loss": "10 %"}},
                    "erp": {"feed": {"kind": "batch", "at": "02:00", "snapshot": "full"}},
                },
            }
        ),
        "third_party": _kind({"kind": "batch", "at": "05:00", **_FEED}),
        "vendor": _kind({"kind": "event", **_FEED, "loss": "50 %"}),
    },
    "walk_ins": {**TREE["walk_ins"], "units_per_store_day": 15},
    "storefront": {
        "published_every": "2 h",
        "share_who_wait": "40 %",
        "delay": "20 min",
        "buffer": 1,
        "opens_above": 1,
        "cap": 12,
        "falls_with": "own_sales",
        "abandonment": {1: "0 %", 6: "50 %"},
        "substitution": "40 %",
        "open_channels": ["web", "app"],
        "share_who_switch": "50 %",
        "carts": {"minutes": "2 h", "bought": "70 %", "kept_for": "3 h"},
        "channels": {
            "app": {
                "published_every": "3 h",
                "delay": "5 min",
                "buffer": 2,
                "opens_above": 2,
                "cap": 9,
                "falls_with": "all_sales",
                "own_units": True,
                "cancellation_limit": "1 %",
            }
        },
    },
    "routing__backorders": ...,
    "routing__ring_fences": [{"units": 2, "channels": ["app"]}, {"units": 3, "channels": ["web"]}],
}

_FEEDS = {"dc": "poll", "third_party": "batch", "vendor": "event"}
KEYS: dict[str, Any] = {
    **{
        f"site_kinds.{kind}.feed.{key}": value
        for kind in _FEEDS
        for key, value in (
            ("loss", "90 %"),
            ("retry_after", "5 h"),
            ("duplicates", "90 %"),
            ("full_every", "2 h"),
            ("latency", "6 h"),
        )
    },
    "site_kinds.dc.feed.every": "5 h",
    "site_kinds.third_party.feed.at": "15:00",
    "site_kinds.store.feed.systems.pos.tells": ["sales", "picks", "receipts"],
    "site_kinds.store.feed.systems.pos.feed": "nightly",
    "snapshot.at": "06:00",
    **{
        f"storefront.{key}": value
        for key, value in {
            "published_every": "9 h",
            "share_who_wait": "100 %",
            "delay": "5 h",
            "buffer": 6,
            "opens_above": 9,
            "cap": 2,
            "falls_with": "nothing",
            "own_units": True,
            "open_channels": ["web"],
            "share_who_switch": "100 %",
            "abandonment": {1: "90 %"},
            "substitution": "0 %",
            "carts.minutes": "9 h",
            "carts.bought": "10 %",
            "carts.kept_for": "1 min",
        }.items()
    },
    **{
        f"storefront.channels.app.{key}": value
        for key, value in {
            "published_every": "9 h",
            "delay": "9 h",
            "buffer": 7,
            "opens_above": 9,
            "cap": 1,
            "falls_with": "nothing",
            "own_units": False,
            "cancellation_limit": "90 %",
        }.items()
    },
}
