"""Work is reserved when it is promised, and given back when the parcel is refused, released or cancelled."""

from __future__ import annotations

import pytest

from sim.contract.news import Refusal, Release
from sim.errors import RoutingError
from tests.routing.capacity.shops import DAY, NEAR, PLENTY, engine, order, served_near, tell

PER_UNIT = {"counts": "units", "limit": 6}


@pytest.mark.parametrize("news", [Release, Refusal])
def test_a_parcel_that_is_not_sent_gives_its_place_back(news: type[Release | Refusal]) -> None:
    here = engine({"counts": "orders", "limit": 2})
    assert served_near(here, 3, 60.0) == 2
    here.observe(news(61.0, 1, NEAR, 0, 1))
    tell(here, 62.0, [[PLENTY] * 2] * 2)
    assert served_near(here, 2, 63.0, first=10) == 1


@pytest.mark.parametrize(("strategy", "taken"), [("attribute", 2), ("filter", 2), ("busy", 1)])
def test_so_it_does_whoever_counts(strategy: str, taken: int) -> None:
    few = {"keep": "attribute", "name": "orders_today", "at_most": 1}
    if strategy == "filter":
        few = {"keep": "capacity", "counts": "orders", "limit": 2}
    chosen = {"choose": "rules", "steps": [{"filters": [few], "rank": [{"by": "distance"}]}]}
    if strategy == "busy":  # the near site is one dollar cheaper
        dear = {"counts": "orders", "limit": 2, "start": 0, "at_limit": "1.80 USD", "sites": {"far": 1000}}
        chosen = {"choose": "cheapest", "objective": {"busy": dear}}
    here = engine(strategy=chosen)
    assert served_near(here, 3, 60.0) == taken
    here.observe(Release(61.0, 0, NEAR, 0, 1))
    assert served_near(here, 3, 62.0, first=10) == 1


def test_what_stays_of_a_parcel_keeps_its_place() -> None:
    limits = [{"counts": "orders", "limit": 2}, {"counts": "lines", "limit": 4}, PER_UNIT]
    for limit, room in zip(limits, (0, 1, 2), strict=True):
        here = engine(limit)
        served_near(here, 2, 60.0, (0, 2), (1, 1))
        here.observe(Release(61.0, 0, NEAR, 0, 2))  # a line of the two, two units of the three
        assert served_near(here, 3, 62.0, first=10) == room


def test_cartons_are_given_back_as_the_rest_fills_fewer() -> None:
    here = engine({"counts": "cartons", "limit": 3, "units_per_carton": 4})
    assert served_near(here, 1, 60.0, (0, 9)) == 1
    here.observe(Release(61.0, 0, NEAR, 0, 1))  # eight units: two cartons
    assert served_near(here, 2, 62.0, first=10) == 1


def test_what_was_taken_on_yesterday_is_not_given_back_today() -> None:
    here = engine({"counts": "orders", "limit": 2})
    served_near(here, 2, 60.0)
    assert served_near(here, 1, DAY + 1, first=10) == 1
    here.observe(Release(DAY + 2, 0, NEAR, 0, 1))
    assert served_near(here, 3, DAY + 3, first=20) == 1


def test_a_day_s_release_of_a_week_s_work_counts_for_the_week_alone() -> None:
    here = engine({"counts": "orders", "limit": 4, "per": "week"}, {"counts": "orders", "limit": 2})
    served_near(here, 2, 60.0)
    assert served_near(here, 2, DAY + 60, first=10) == 2
    here.observe(Release(DAY + 61, 0, NEAR, 0, 1))
    assert served_near(here, 1, DAY + 62, first=20) == 0  # today is as full as it was
    assert served_near(here, 2, 2 * DAY + 60, first=30) == 1


def test_a_release_that_cannot_be_gives_nothing_back() -> None:
    here = engine({"counts": "orders", "limit": 1})
    served_near(here, 1, 60.0)
    tell(here, 70.0, [[PLENTY - 1, PLENTY], [PLENTY] * 2], [[1, 0], [0, 0]])  # it is picked
    with pytest.raises(RoutingError, match="1 units released where only 0 are promised"):
        here.observe(Release(71.0, 0, NEAR, 0, 1))
    assert served_near(here, 1, 72.0, first=10) == 0


def test_a_quote_reserves_nothing() -> None:
    here = engine({"counts": "orders", "limit": 1})
    for number in range(3):
        here.quote(order(number), 60.0)
    assert served_near(here, 2, 61.0) == 1


def test_all_is_forgotten_at_once() -> None:
    here = engine({"counts": "orders", "limit": 1, "channels": ["web"]})
    assert served_near(here, 2, 60.0, channel="web") == 1
    view = here.view(order(5), 60.0)
    here.forget(view.believed)
    tell(here, 1.0, [[PLENTY] * 2] * 2)
    assert served_near(here, 1, 61.0, channel="web", first=10) == 1
    here.recall(order(5, channel="web"), view)
    assert served_near(here, 1, 61.0, channel="web", first=20) == 0
