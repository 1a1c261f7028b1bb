"""Pictures of what is on its way and counts of the shelf speak of the same goods: a unit is believed in one place."""

from __future__ import annotations

import numpy as np
import pytest

from sim.contract.news import Receipts, StockNews
from sim.routing.belief.belief import Belief
from sim.routing.belief.expected import Expected, Receipt, first_minute


class Told:
    """One product at two sites: what was said of it, and what is believed of the first."""

    def __init__(self) -> None:
        self.belief = Belief(1, 2, np.zeros(2, dtype=np.int32))
        self.expected = Expected(1, 2)

    def picture(self, at: float, *receipts: Receipt, site: int = 0) -> Told:
        due, units = zip(*receipts, strict=True) if receipts else ((), ())
        cells = np.full(len(receipts), site, dtype=np.int64)
        units_ = np.array(units, dtype=np.int32)
        self.expected.hear(Receipts(at, np.array([site]), cells, units_, np.array(due, dtype=float)))
        return self

    def count(self, at: float, units: int, picked: int = 0) -> Told:
        arrays = (np.array([n], dtype=np.int32) for n in (units, picked))
        news = StockNews(at, np.array([0]), np.array([0]), *arrays)
        self.expected.counted(news, self.belief.rise(news))
        self.belief.hear(news)
        return self

    @property
    def coming(self) -> list[Receipt]:
        coming = self.expected.on_time(0, 0, -np.inf)
        assert self.expected.units[0, 0] == sum(units for _, units in coming)
        return coming


def test_a_picture_takes_the_place_of_the_one_before_and_comes_in_order_of_date() -> None:
    told = Told().picture(0.0, (50.0, 1)).picture(1.0, (90.0, 2), (70.0, 3), (90.0, 4))
    assert told.coming == [(70.0, 3), (90.0, 2), (90.0, 4)]
    assert told.picture(2.0).coming == []


def test_a_picture_says_nothing_of_sites_that_do_not_speak() -> None:
    assert Told().picture(0.0, (50.0, 1)).picture(1.0, (70.0, 3), site=1).coming == [(50.0, 1)]


def test_an_older_picture_that_is_heard_late_is_not_believed() -> None:
    assert Told().picture(5.0, (50.0, 1)).picture(4.0, (70.0, 3)).coming == [(50.0, 1)]


@pytest.mark.parametrize(
    ("units", "picked", "left"),
    [
        (2, 0, [(50.0, 4), (60.0, 6)]),  # as believed
        (1, 1, [(50.0, 4), (60.0, 6)]),  # one was picked
        (6, 0, [(60.0, 6)]),  # the first has come
        (5, 0, [(60.0, 6)]),  # it has come, and one was sold meanwhile
        (5, 1, [(60.0, 6)]),  # it has come, and one was picked
        (7, 0, []),  # more than the first: both
        (99, 0, []),
    ],
)
def test_a_count_that_has_risen_closes_the_earliest_receipts_each_whole(
    units: int, picked: int, left: list[Receipt]
) -> None:
    told = Told().count(0.0, 2).picture(0.0, (50.0, 4), (60.0, 6)).count(40.0, units, picked)
    assert told.coming == left


def test_a_count_of_the_moment_of_the_picture_is_part_of_it() -> None:
    assert Told().picture(40.0, (60.0, 6)).count(40.0, 4).coming == [(60.0, 6)]


def test_an_older_count_that_is_heard_late_closes_nothing() -> None:
    assert Told().picture(40.0, (60.0, 6)).count(39.0, 4).coming == [(60.0, 6)]


def test_a_picture_taken_before_goods_came_and_heard_after_says_nothing_of_them() -> None:
    told = Told().count(50.0, 4).picture(45.0, (50.0, 4))
    assert told.coming == []
    assert told.picture(55.0, (80.0, 5)).coming == [(80.0, 5)]


def test_what_is_overdue_is_no_longer_on_time() -> None:
    told = Told().picture(0.0, (50.0, 4), (60.0, 6))
    assert told.expected.on_time(0, 0, 50.0, 60.0) == [(60.0, 6)]
    assert told.expected.on_time(0, 0, 49.0, 59.0) == [(50.0, 4)]


def test_rows_that_are_restored_are_those_that_were_told() -> None:
    told = Told().picture(0.0, (50.0, 4), (60.0, 6))
    rows = told.expected.rows([0])
    assert rows == [[0, 0, 50.0, 4], [0, 0, 60.0, 6]]
    told.expected.forget()
    assert told.coming == []
    told.expected.restore(rows)
    assert told.coming == [(50.0, 4), (60.0, 6)]


@pytest.mark.parametrize(
    ("free", "wanted", "minute"), [(3, 3, -np.inf), (0, 4, 50.0), (1, 6, 60.0), (0, 10, 60.0), (0, 11, None)]
)
def test_the_first_minute_is_when_enough_has_come(free: int, wanted: int, minute: float | None) -> None:
    assert first_minute(free, [(50.0, 4), (60.0, 6)], wanted) == minute
