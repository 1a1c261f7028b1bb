"""How fast sites sell: learnt from counts that fall and from own promises, by arithmetic."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from sim.contract.messages import Line, Order
from sim.contract.news import Refusal, Release, StockNews
from sim.routing.belief.velocity import Velocity, VelocityBlock
from sim.units import MINUTES_PER_DAY
from tests.networks import network, site
from tests.routing.engines import engine
from tests.routing.ruled import build

DAY = MINUTES_PER_DAY
T = 10 * DAY


def a_velocity(known_after: str = "1 day") -> Velocity:
    block = VelocityBlock.model_validate({"memory": "10 days", "known_after": known_after})
    return Velocity(block, products=2, sites=2)


def news(at: float, units: int, picked: int = 0, cell: int = 0) -> StockNews:
    counts = (np.array([n], dtype=np.int32) for n in (units, picked))
    return StockNews(at, np.array([cell % 2]), np.array([cell]), *counts)


def a_week(velocity: Velocity, now: float, sku: int = 0) -> float:
    return float(velocity.per_week(sku, now)[0])


def weighed(now: float, *sales: tuple[float, int], since: float = 0.0) -> float:
    """Return the sales a week of units sold at some minutes, as the formula has it."""
    sold = sum(units * math.exp(-(now - at) / T) for at, units in sales)
    return 7 * DAY * sold / (T * (1 - math.exp(-(now - since) / T)))


def test_what_has_fallen_beyond_own_picks_was_sold() -> None:
    velocity = a_velocity()
    for one in (news(0.0, 20), news(DAY, 15, picked=2), news(2 * DAY, 14)):
        velocity.hear(one)
    assert a_week(velocity, 2 * DAY) == pytest.approx(weighed(2 * DAY, (DAY, 3), (2 * DAY, 1)))


def test_goods_that_come_in_are_no_sales() -> None:
    velocity = a_velocity()
    for one in (news(0.0, 5), news(DAY, 30), news(2 * DAY, 28)):
        velocity.hear(one)
    assert a_week(velocity, 2 * DAY) == pytest.approx(weighed(2 * DAY, (2 * DAY, 2)))


def test_own_promises_are_sales_unless_they_are_refused_or_released() -> None:
    velocity = a_velocity()
    velocity.hear(news(0.0, 20))
    velocity.promised(0, (Line(0, 5), Line(1, 2)), DAY)
    velocity.hear(Refusal(DAY, 1, 0, 0, 2))
    velocity.hear(Release(DAY, 1, 0, 1, 2))
    assert a_week(velocity, 2 * DAY) == pytest.approx(weighed(2 * DAY, (DAY, 3)))
    assert a_week(velocity, 2 * DAY, sku=1) == 0.0


def test_a_steady_rate_is_found_after_a_long_time_as_after_a_short_one() -> None:
    velocity = a_velocity()
    left = 100_000
    velocity.hear(news(0.0, left))
    for day in range(1, 700):
        left -= 10
        velocity.hear(news((day - 0.5) * DAY, left))
        if day in (2, 30, 699):
            assert a_week(velocity, day * DAY) == pytest.approx(70, rel=0.001)


@pytest.mark.parametrize(("now", "known"), [(0.5 * DAY, False), (2.9 * DAY, False), (3 * DAY, True)])
def test_nothing_is_known_before_a_site_has_been_heard_of_for_long_enough(now: float, known: bool) -> None:
    velocity = a_velocity("3 days")
    velocity.hear(news(0.0, 20))
    here, elsewhere = velocity.per_week(0, now).tolist()
    assert math.isnan(here) is not known
    assert math.isnan(elsewhere)


def test_what_is_recalled_is_what_was_told() -> None:
    velocity, other = a_velocity(), a_velocity()
    for one in (news(0.0, 20), news(DAY, 15)):
        velocity.hear(one)
    told = velocity.told([0, 1], 2 * DAY)
    assert told == [[pytest.approx(weighed(2 * DAY, (DAY, 5))), None], [0.0, None]]
    other.recall(dict(enumerate(told)))
    assert other.told([0, 1], 99.0) == told
    other.forget()
    assert other.told([0], 99.0) == [[None, None]]


def sites_of(step: dict[str, Any], now: float) -> list[int]:
    """Return who serves an order: the first site has 20 and sells 2 a day, the second has 10 and sells nothing."""
    rules = {"r": {"choose": "rules", "velocity": {"memory": "10 days", "known_after": "2 days"}, "steps": [step]}}
    router = engine(network([site(), site(20.0)], products=2), "r", strategies=rules)
    for at, units in ((0.0, 24), (DAY, 22), (2 * DAY, 20)):
        router.observe(news(at, units))
    router.observe(news(0.0, 10, cell=1))
    plan = router.route(Order(1, now, 0, (Line(0, 1),)), now)
    return [parcel.site for parcel in plan.parcels]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("step", "chosen"),
    [
        ({"filters": [{"keep": "weeks_of_supply", "at_least": 1.2}], "rank": [{"by": "distance"}]}, 0),
        ({"filters": [{"keep": "weeks_of_supply", "at_least": 1.4}], "rank": [{"by": "distance"}]}, 1),
        ({"rank": [{"by": "weeks_of_supply"}]}, 1),
        ({"rank": [{"by": "sales_velocity"}]}, 1),
        ({"rank": [{"by": "sales_velocity", "descending": True}]}, 0),
    ],
)
def test_rules_look_at_what_was_learnt(step: dict[str, Any], chosen: int) -> None:
    # 4 units, of 1 and of 0 days of age: 14.9 a week, so that 20 last for 1.34 weeks
    assert sites_of(step, 2 * DAY) == [chosen]


def test_who_is_not_known_does_not_pass() -> None:
    assert sites_of({"filters": [{"keep": "weeks_of_supply", "at_least": 0}]}, 1.9 * DAY) == []


def test_a_memory_that_nothing_looks_at_is_refused() -> None:
    with pytest.raises(ValidationError, match="velocity - expected weeks_of_supply or sales_velocity among filters"):
        build({"choose": "rules", "velocity": {}, "steps": [{"rank": [{"by": "distance"}]}]}, network([site()]))
