"""Random limits and random days: the near site gets an order exactly if a plain list of its parcels says it fits."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sim.contract.messages import Line, Order
from sim.contract.news import Refusal, Release
from sim.network.calendar import Hours
from tests.networks import ALL_DAY
from tests.routing.capacity.shops import NEAR, PLENTY, engine, shops, tell

LENGTH = {"hour": 60.0, "day": 1440.0, "week": 10080.0}
CLOSED_ON_SUNDAY = Hours((ALL_DAY,) * 6 + (None,))


@dataclass
class Parcel:
    """What the near site was promised: units by product, less what came back."""

    order: int
    at: float
    channel: str
    units: dict[int, int]


def work(limit: dict[str, Any], units: dict[int, int]) -> float:
    """Return what some units come to."""
    lines, total = len(units), sum(units.values())
    if total == 0:
        return 0
    in_minutes = 2 + 3 * lines + total
    cartons = math.ceil(total / limit.get("units_per_carton", 1))
    counted = {"orders": 1, "lines": lines, "units": total, "minutes": in_minutes, "cartons": cartons}
    return counted[limit["counts"]]


def load(limit: dict[str, Any], parcels: list[Parcel], now: float) -> float:
    """Return what the near site has to do in the period that runs, as if it were worked out for the first time."""
    length = LENGTH[limit["per"]]
    mine = [p for p in parcels if not limit["channels"] or p.channel in limit["channels"]]

    def taken_on(period: int) -> float:
        return sum(work(limit, p.units) for p in mine if p.at // length == period)

    carried = 0.0
    for period in range(int(now // length)) if limit["backlog"] else ():
        worked = limit["per"] == "week" or int(period * length // 1440) % 7 != 6
        carried = max(0.0, carried + taken_on(period) - (limit["limit"] if worked else 0))
    return carried + taken_on(int(now // length))


_some = {
    "counts": st.sampled_from(["orders", "lines", "units", "minutes", "cartons"]),
    "per": st.sampled_from(["hour", "day", "week"]),
    "limit": st.integers(0, 12),
    "channels": st.sampled_from([(), ("web",), ("web", "app")]),
    "backlog": st.booleans(),
}


def complete(limit: dict[str, Any]) -> dict[str, Any]:
    if limit["counts"] == "minutes":
        weights = {"minutes_per_order": 2, "minutes_per_line": 3, "minutes_per_unit": 1}
        return limit | weights | {"limit": 6 * limit["limit"]}
    return limit | ({"units_per_carton": 3} if limit["counts"] == "cartons" else {})


LIMITS = st.lists(st.fixed_dictionaries(_some).map(complete), min_size=1, max_size=3)
# minutes since the step before, channel, priority, units of both products, and whether something comes back
STEPS = st.lists(
    st.tuples(
        st.sampled_from([1.0, 25.0, 400.0, 1440.0, 4000.0]), st.sampled_from(["web", "app", "staff"]),
        st.integers(0, 1), st.tuples(st.integers(1, 3), st.integers(0, 2)),
        st.sampled_from([None, None, Release, Refusal]),
    ),
    max_size=25,
)  # fmt: skip


@settings(max_examples=60)
@given(LIMITS, STEPS)
def test_the_near_site_gets_what_fits_and_nothing_else(limits: list[dict[str, Any]], steps: list[Any]) -> None:
    blocks = [limit | {"sites": {"far": 10**9}, "unless": {"priority_at_least": 1}} for limit in limits]
    here = engine(*blocks, at=shops({"hours": CLOSED_ON_SUNDAY}))
    parcels: list[Parcel] = []
    now = 0.0
    for number, (minutes, channel, priority, units, comes_back) in enumerate(steps):
        now += minutes
        wanted = {sku: n for sku, n in enumerate(units) if n}
        fits = all(
            load(limit, parcels, now) + work(limit, wanted) <= limit["limit"]
            for limit in limits
            if not limit["channels"] or channel in limit["channels"]
        )
        lines = tuple(Line(sku, n) for sku, n in wanted.items())
        plan = here.route(Order(number, now, 0, lines, channel=channel, priority=priority), now)
        near = any(parcel.site == NEAR for parcel in plan.parcels)  # type: ignore[union-attr]
        assert near == (fits or priority == 1)
        if near:
            parcels.append(Parcel(number, now, channel, wanted))
        back = next((p for p in parcels if p.units and all(same_period(limit, p.at, now) for limit in limits)), None)
        if comes_back is not None and back is not None:
            sku = min(back.units)
            here.observe(comes_back(now, back.order, NEAR, sku, 1))
            back.units[sku] -= 1
            if back.units[sku] == 0:
                del back.units[sku]
            tell(here, now, [[PLENTY] * 2] * 2)


def same_period(limit: dict[str, Any], one: float, other: float) -> bool:
    return one // LENGTH[limit["per"]] == other // LENGTH[limit["per"]]
