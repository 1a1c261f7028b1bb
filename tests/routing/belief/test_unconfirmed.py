"""A promise of which nothing is heard is given up against a whole snapshot, and never another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from sim.contract.messages import Line, Order
from sim.contract.news import Refusal, StockNews
from sim.routing.build import build_engine
from sim.study.experiment import routing_of
from tests.tiny import tiny

if TYPE_CHECKING:
    from pathlib import Path

    from sim.routing.engine import Engine


def told(engine: Engine, at: float, on_hand: int, picked: int = 0, whole: bool = True) -> None:
    """Tell the engine of the cables at the eastern warehouse."""
    counts = (np.array([units], dtype=np.int32) for units in (on_hand, picked))
    engine.observe(StockNews(at, np.array([0]), np.array([0]), *counts, whole))


def promise(engine: Engine, number: int, quantity: int, at: float) -> None:
    assert engine.route(Order(number, at, 0, (Line(0, quantity),)), at).parcels[0].site == 0


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """An engine that gives promises an hour; ten cables, of which it has promised 3 at 0 and 2 at 50."""
    scenario = tiny(tmp_path, routing__confirm_within="1 h")
    engine = build_engine(routing_of(scenario), "cheapest", scenario.network)
    told(engine, 0.0, 10)
    promise(engine, 1, 3, 0.0)
    promise(engine, 2, 2, 50.0)
    return engine


@pytest.mark.parametrize(
    ("at", "whole", "picked", "available"),
    [
        (60.0, True, 0, 5),  # the first is an hour old, and may still be confirmed
        (61.0, True, 0, 8),
        (61.0, False, 0, 5),  # nothing is given up against news of a few changes
        (61.0, True, 3, 8),  # 3 were picked: they are the oldest, and 2 are open
        (61.0, True, 1, 8),
        (111.0, True, 0, 10),
    ],
)
def test_a_snapshot_gives_up_what_is_open_beyond_the_young_promises(
    engine: Engine, at: float, whole: bool, picked: int, available: int
) -> None:
    told(engine, at, 10, picked, whole)
    assert engine.available()[0] == available


def test_a_promise_given_up_and_picked_after_all_is_counted_once(engine: Engine) -> None:
    told(engine, 61.0, 10)
    told(engine, 70.0, 7, picked=3)
    assert engine.available()[0] == 5  # 7 on the shelf, and the second order's 2 are still open


def test_a_promise_given_up_and_refused_after_all_takes_no_other_promise_back(engine: Engine) -> None:
    told(engine, 61.0, 10)
    engine.observe(Refusal(55.0, 1, 0, 0, 3))
    assert engine.available()[0] == 8
