"""What is called off may be promised again, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from sim.contract.messages import Line, Order
from sim.contract.news import Cancellation, Release, StockNews
from sim.errors import RoutingError
from sim.routing.build import build_engine
from sim.routing.offers.offers import partitions
from sim.study.experiment import routing_of
from tests.tiny import tiny

if TYPE_CHECKING:
    from pathlib import Path

    from sim.routing.engine import Engine


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """An engine that has heard of three cables, all at the eastern warehouse."""
    scenario = tiny(tmp_path)
    engine = build_engine(routing_of(scenario), "cheapest", scenario.network)
    one = np.ones(1, dtype=np.int32)
    engine.observe(StockNews(0.0, np.array([0]), np.array([0]), one * 3, one * 0))
    return engine


def order(number: int, quantity: int) -> Order:
    return Order(number, 0.0, 0, (Line(0, quantity),))


def test_released_units_may_be_promised_again(engine: Engine) -> None:
    engine.route(order(1, 3), 0.0)
    engine.observe(Release(1.0, 1, 0, 0, 2))
    assert engine.available()[0] == 2
    assert engine.route(order(2, 2), 1.0).parcels[0].lines == (Line(0, 2),)


def test_what_is_not_promised_cannot_be_released(engine: Engine) -> None:
    engine.route(order(1, 2), 0.0)
    engine.observe(Release(1.0, 1, 0, 0, 2))
    with pytest.raises(RoutingError, match="order 1: 2 units released where only 0 are promised"):
        engine.observe(Release(1.0, 1, 0, 0, 2))
    assert engine.available()[0] == 3


def test_a_cancelled_order_is_not_tried_again(engine: Engine) -> None:
    assert engine.route(order(1, 4), 0.0).backordered == (Line(0, 1),)
    assert engine.route(order(2, 1), 0.0).backordered == (Line(0, 1),)
    engine.observe(Cancellation(1.0, 1))
    engine.observe(StockNews(2.0, np.array([0]), np.array([0]), np.array([9], np.int32), np.array([0], np.int32)))
    assert [decision.order.id for decision in engine.tick(120.0)] == [2]


def test_when_all_kept_is_cancelled_nobody_need_wake(engine: Engine) -> None:
    engine.route(order(1, 4), 0.0)
    assert engine.next_wake() == 120.0
    engine.observe(Cancellation(1.0, 1))
    assert engine.next_wake() is None


def test_an_order_with_very_many_lines_is_not_searched_exhaustively() -> None:
    assert partitions((1,) * 30, 1) is None
    assert partitions((1,) * 500, 3) is None
