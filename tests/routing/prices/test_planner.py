"""The transportation programme of one product, and the plan that an engine's own past orders lead to."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.contract.messages import Line, Order
from sim.contract.news import StockNews
from sim.routing.cost import ParcelCosts
from sim.routing.prices.planner import NOBODY, Planner, PlanRule, Shares
from sim.routing.prices.transport import shares
from tests.tiny import tiny

DAY = 1440.0
BOSTON, CHICAGO = 0, 1
EAST, WEST = 0, 1
CABLE, HEADPHONES = 0, 1


def test_the_scarce_site_serves_those_to_whom_it_is_worth_most() -> None:
    # site 0 saves region 0 a dollar and region 1 three
    found = shares(np.array([4.0, 6.0]), np.array([[5.0, 6.0], [5.0, 8.0]]), np.array([8.0, 99.0]), 50.0)
    assert found == pytest.approx(np.array([[0.5, 0.5, 0.0], [1.0, 0.0, 0.0]]))


def test_what_nobody_has_is_given_to_nobody() -> None:
    found = shares(np.array([4.0]), np.array([[5.0, np.inf]]), np.array([1.0, 99.0]), 50.0)
    assert found == pytest.approx(np.array([[0.25, 0.0, 0.75]]))


def test_what_costs_more_than_it_brings_is_not_sent() -> None:
    assert shares(np.array([4.0]), np.array([[60.0]]), np.array([9.0]), 50.0) == pytest.approx(np.array([[0.0, 1.0]]))


def planner(folder: Path) -> Planner:
    network = tiny(folder).network
    may_serve = np.ones(4, dtype=bool)
    return Planner(network, ParcelCosts(network, may_serve), may_serve, PlanRule(1.0, DAY, 10.0, 5000.0))


def told(folder: Path, east: int, west: int) -> Planner:
    """Return a planner that has seen ten cables a day, half to Boston, half to Chicago, and makes its plan."""
    found = planner(folder)
    sites = np.arange(4)
    stock = np.zeros((4, 4), dtype=np.int32)
    stock[CABLE, [EAST, WEST]] = east, west
    found.hear(StockNews(0.0, sites, np.arange(16), stock.reshape(-1), np.zeros(16, dtype=np.int32)))
    for number in range(19):
        found.note(Order(number, DAY / 20 * number, number % 2, (Line(CABLE, 1),)))
    found.note(Order(19, DAY * 0.95, CHICAGO, (Line(CABLE, 1),)))
    found.solve(stock, 2 * DAY)
    return found


def test_where_there_is_enough_nothing_is_planned(tmp_path: Path) -> None:
    assert told(tmp_path, 99, 99).rows(BOSTON, [CABLE, HEADPHONES]) == [None, None]


def test_demand_is_what_was_ordered_a_day_and_the_far_region_gives_way(tmp_path: Path) -> None:
    # 20 cables in two days, and half a one taken for granted: 5.125 for each region; Reno is nearer to Chicago
    found = told(tmp_path, 8, 99)
    assert found.rows(BOSTON, [CABLE]) == [Shares([EAST], [1.0])]
    [row] = found.rows(CHICAGO, [CABLE])
    assert row is not None
    assert row.sites == [EAST, WEST]
    assert row.shares == pytest.approx([(8 - 5.125) / 5.125, 1 - (8 - 5.125) / 5.125])


def test_what_is_short_everywhere_is_planned_for_nobody(tmp_path: Path) -> None:
    rows = [told(tmp_path, 4, 2).rows(place, [CABLE])[0] for place in (BOSTON, CHICAGO)]
    nobody = sum(share for row in rows if row for site, share in zip(*row, strict=True) if site == NOBODY)
    assert nobody * 5.125 == pytest.approx(2 * 5.125 - 6)


def test_the_next_plan_is_due_a_period_later_and_a_planner_that_forgets_has_none(tmp_path: Path) -> None:
    found = told(tmp_path, 8, 99)
    assert found.next_solve == 3 * DAY
    found.forget()
    assert found.rows(BOSTON, [CABLE]) == [None]
    found.solve(np.zeros((4, 4), dtype=np.int32), 3 * DAY)
    assert (found.rows(BOSTON, [CABLE]), found.next_solve) == ([None], 4 * DAY)
