from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.errors import RoutingError
from sim.routing.offers.lanes import Lane, least_cost_lanes


def lane(site: int, carrier: str, rates: tuple[float, ...], handling: float = 0.0, volume: float = 100.0) -> Lane:
    return Lane(site, carrier, (2.0, 4.0, 8.0), rates, 0.5, volume, handling)


TWO_SITES = [lane(0, "x", (3.0, 4.0, 9.0), 0.1), lane(0, "y", (5.0, 5.5, 6.0), 0.1), lane(1, "x", (2.0, 6.0, 7.0), 0.3)]


def tried(
    stock: list[list[int]], wanted: list[int], weight: list[float], volume: list[float], idle: bool
) -> float | None:
    """Return the least cost over all ways to spread every product over three lanes; None if there is no way."""
    best: float | None = None
    spreads = [[s for s in product(range(n + 1), repeat=3) if sum(s) == n] for n in wanted]
    for plan in product(*spreads):
        if any(s[0] + s[1] > have[0] or s[2] > have[1] for s, have in zip(plan, stock, strict=True)):
            continue
        cost: float | None = 0.0
        for k, each in enumerate(TWO_SITES):
            w, v = (sum(s[k] * x for s, x in zip(plan, per, strict=True)) for per in (weight, volume))
            price = each.delivery(w, v) if w or v or idle else 0.0
            cost = None if cost is None or price is None else cost + price + v * each.handling
        if cost is not None and (best is None or cost < best):
            best = cost
    return best


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=2, max_size=2),
    st.lists(st.integers(0, 4), min_size=2, max_size=2),
    st.lists(st.sampled_from([0.1, 0.5, 1.3]), min_size=4, max_size=4),
    st.booleans(),
)
def test_the_search_finds_what_trying_everything_finds(
    stock: list[tuple[int, int]], wanted: list[int], sizes: list[float], idle: bool
) -> None:
    have = [list(row) for row in stock]
    best = tried(have, wanted, sizes[:2], sizes[2:], idle)
    if best is None:
        with pytest.raises(RoutingError, match="no way to send all"):
            least_cost_lanes(TWO_SITES, have, wanted, sizes[:2], sizes[2:], idle_charged=idle)
    else:
        plan = least_cost_lanes(TWO_SITES, have, wanted, sizes[:2], sizes[2:], idle_charged=idle)
        assert plan.cost == pytest.approx(best)
        assert plan.optimal


def test_a_billable_weight_on_the_edge_of_a_tier_belongs_to_it() -> None:
    tenths = lane(0, "x", (1.0, 2.0, 3.0))
    assert tenths.delivery(sum([0.1] * 20), 0.0) == 1.0
    assert tenths.delivery(2.001, 0.0) == 2.0
    assert tenths.delivery(0.0, 8.0) == 2.0  # volume counts half a unit of weight
    assert tenths.delivery(8.001, 0.0) is None


def test_a_carrier_takes_no_more_volume_than_it_has() -> None:
    small, large = lane(0, "x", (1.0, 1.0, 1.0), volume=1.0), lane(0, "y", (5.0, 5.0, 5.0))
    plan = least_cost_lanes([small, large], [[3]], [3], [0.1], [0.5])
    assert plan.units == ((0, 3),)  # one paid lane beats two
