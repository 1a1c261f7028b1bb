"""Random changes of the tiny scenario: any feeds, delays, people, hours, stock, demand, and any strategy."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from tests.tiny import ALWAYS, DAYS, TABLES

# two products of one category, so that the one may be taken for the other
ALIKE = {
    "products.csv": [row if row[0] != "C" else [*row[:2], "audio", *row[3:]] for row in TABLES["products.csv"]],
}
STRATEGIES = ("nearest", "cheapest", "fewest_parcels", "dc_first", "balanced", "siloed")

# worlds differ from run to run of the suite by nothing: what fails here fails everywhere
few = settings(deadline=None, derandomize=True, max_examples=40, suppress_health_check=[HealthCheck.too_slow])


def _minutes(low: float, high: float) -> st.SearchStrategy[str]:
    return st.integers(int(low), int(high)).map(lambda n: f"{n} min")


def _block(**values: Any) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({k: v if isinstance(v, st.SearchStrategy) else st.just(v) for k, v in values.items()})


_LAWS = st.one_of(
    _minutes(0, 90),
    _block(law="exponential", mean=_minutes(1, 60)),
    _block(law="lognormal", mean=_minutes(1, 60), cv=st.sampled_from([0, 0.5, 2])),
)
_FEEDS = st.one_of(
    _block(kind="event", latency=_minutes(0, 200)),
    _block(kind="poll", every=_minutes(1, 600), latency=_minutes(0, 90)),
    _block(kind="batch", at=st.integers(0, 23).map(lambda hour: f"{hour:02}:30"), latency=_minutes(0, 90)),
)
_HOURS = st.sampled_from([
    ALWAYS, dict.fromkeys(DAYS, "10:00-18:00"), {"mon": "08:00-12:00", "wed": "00:00-24:00", "sat": "09:30-10:00"},
])  # fmt: skip
_LEADS = st.sampled_from(["1 day", "5 days", {"law": "uniform", "low": "1 day", "high": "6 days"}])


def _site_kind(kind: str) -> dict[str, st.SearchStrategy[Any]]:
    return {
        f"site_kinds__{kind}__{key}": values
        for key, values in {
            "feed": _FEEDS,
            "message_delay": _minutes(0, 120),
            "pickers": st.integers(1, 3),
            "pick_time": _LAWS,
            "pack_time": _LAWS,
            "hours": _HOURS,
            "reach": st.sampled_from(["9000 km", "3000 km"]),
            "stock__days_of_cover": st.sampled_from([0.3, 1, 3]),
            "stock__order_days": st.sampled_from([0.2, 2]),
            "stock__carried_from": st.sampled_from([0, 0.5]),
            "stock__review_every": st.sampled_from(["1 day", "2 days"]),
            "stock__supply_lead": _LEADS,
            "stock__supplied_by": st.sampled_from(["vendors", "trucks"]),
        }.items()
    }


_WORLD: dict[str, st.SearchStrategy[Any]] = {
    **_site_kind("dc"),
    **_site_kind("store"),
    "clock__start": st.sampled_from(["2026-02-02", "2026-03-07", "2026-10-31"]),
    "clock__drain_limit": st.sampled_from(["1 day", "4 days"]),
    "demand__shoppers_per_day": st.sampled_from([5, 60, 150]),
    "demand__day_cv": st.sampled_from([0, 0.6]),
    "demand__lines_per_order": st.sampled_from([{1: 1}, {1: 0.4, 3: 0.6}]),
    "demand__units_per_line": st.sampled_from([{1: 1}, {1: 0.5, 2: 0.3, 7: 0.2}]),
    "walk_ins__units_per_store_day": st.sampled_from([0, 20, 80]),
    "storefront__published_every": _minutes(1, 600),
    "storefront__share_who_wait": st.sampled_from([0, 0.5, 1]),
    "storefront__delay": _LAWS,
    "storefront__buffer": st.integers(0, 2),
    "storefront__falls_with": st.sampled_from(["nothing", "own_sales", "all_sales"]),
    "storefront__abandonment": st.sampled_from([None, {1: 0, 9: 0.5}]),
    "storefront__substitution": st.sampled_from([0, 0.5]),
    "storefront__carts": st.sampled_from(
        [None, {"minutes": "40 min", "bought": "70 %"}, {"minutes": "40 min", "bought": "70 %", "kept_for": "30 min"}]
    ),
    "demand__channels": st.just({"web": {"share": 0.6}, "app": {"share": 0.4}}),
    "stock": st.sampled_from(["unified", "by_channel"]),
    "fulfilment__max_attempts": st.integers(1, 4),
    "replenishment": st.sampled_from(["rules", "rules", "none"]),
    "transfers": st.sampled_from(
        [
            None,
            {
                "between": ["dc", "store"],
                "review_every": "1 day",
                "surplus_over": 2,
                "shortage_under": 1.5,
                "lead": {"law": "uniform", "low": "2 h", "high": "3 days"},
            },
        ]
    ),
    "routing__max_parcels": st.integers(1, 4),
    "routing__safety_stock": st.sampled_from([{}, {"store": 1}]),
    "routing__backorders": st.sampled_from([..., {"retry_every": "2 h", "give_up_after": "1 day"}]),
}


def worlds(**fixed: Any) -> st.SearchStrategy[dict[str, Any]]:
    """Return changes of the tiny scenario; what is named is not left to chance."""
    return st.fixed_dictionaries(_WORLD | {name: st.just(value) for name, value in fixed.items()})
