"""What an engine learns from its own orders and from stock news, and nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from sim.contract.messages import Line, Order
from sim.contract.news import StockNews
from sim.routing.prices.memory import Memory

DAY = 1440.0


def news(at: float, on_hand: dict[int, int], picked: dict[int, int] | None = None, sites: int = 2) -> StockNews:
    cells = np.array(sorted(on_hand), dtype=np.int64)
    gone = [(picked or {}).get(int(cell), 0) for cell in cells]
    counts = np.array([on_hand[int(cell)] for cell in cells], dtype=np.int32)
    return StockNews(at, np.arange(sites), cells, counts, np.array(gone, dtype=np.int32))


@pytest.fixture
def memory() -> Memory:
    """Two products at two sites, ten of each, heard of at the start."""
    found = Memory(products=2, sites=2, days=7)
    found.hear(news(0.0, dict.fromkeys(range(4), 10)))
    return found


def test_a_count_that_falls_by_what_was_picked_says_nothing_of_other_flows(memory: Memory) -> None:
    memory.hear(news(DAY, {0: 7}, picked={0: 3}))
    received, departed = memory.flows_per_day(2 * DAY)
    assert not received.any()
    assert not departed.any()


def test_a_count_that_rises_is_a_receipt_even_while_units_are_picked(memory: Memory) -> None:
    memory.hear(news(DAY, {0: 16}, picked={0: 2}))
    received, _ = memory.flows_per_day(2 * DAY)
    assert received.sum(axis=0) == pytest.approx([8 / 2, 0])


def test_a_count_that_falls_by_more_than_was_picked_was_sold_to_others(memory: Memory) -> None:
    memory.hear(news(DAY, {1: 5}, picked={1: 1}))
    _, departed = memory.flows_per_day(4 * DAY)
    assert departed.sum(axis=0) == pytest.approx([0, 4 / 4])


def test_a_sites_flow_is_spread_over_products_as_orders_are(memory: Memory) -> None:
    memory.note(Order(0, 0.0, 0, (Line(0, 5),)))
    memory.note(Order(1, 0.0, 0, (Line(1, 2),)))
    memory.hear(news(DAY, {0: 18}))
    received, _ = memory.flows_per_day(DAY)
    assert received[:, 0] == pytest.approx([8 * 5.5 / 8, 8 * 2.5 / 8])


def test_orders_are_forgotten_after_their_days(memory: Memory) -> None:
    for day in range(10):
        memory.note(Order(day, day * DAY, 0, (Line(0, 1),)))
    memory.forget(10 * DAY)
    assert [order.id for order in memory.past] == [3, 4, 5, 6, 7, 8, 9]
    assert memory.orders_per_day(10 * DAY) == pytest.approx(1.0)


def test_a_drawn_future_joins_a_past_basket_to_a_past_place(memory: Memory) -> None:
    memory.note(Order(0, 0.0, 3, (Line(0, 1),)))
    memory.note(Order(1, 0.0, 5, (Line(1, 2),)))
    drawn = set(memory.future(np.random.default_rng(1), 200))
    assert drawn == {(place, (line,)) for place in (3, 5) for line in (Line(0, 1), Line(1, 2))}
