from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.contract.messages import Line
from sim.contract.news import Refusal, StockNews
from sim.routing.belief.belief import Belief

if TYPE_CHECKING:
    from collections.abc import Sequence

PRODUCTS, SITES = 2, 2
SAFETY_STOCK = np.array([0, 1], dtype=np.int32)


def belief_of_one_cell(safety_stock: int = 0) -> Belief:
    return Belief(1, 1, np.array([safety_stock], dtype=np.int32))


def news(at: float, on_hand: int, picked: int = 0) -> StockNews:
    counts = (np.array([units], dtype=np.int32) for units in (on_hand, picked))
    return StockNews(at, np.array([0]), np.array([0]), *counts)


def test_nothing_is_available_before_the_first_news() -> None:
    assert belief_of_one_cell().available.tolist() == [[0]]


def test_a_promise_made_before_the_books_were_read_and_not_picked_by_then_comes_off_the_count() -> None:
    belief = belief_of_one_cell()
    belief.promise(0, (Line(0, 2),))
    belief.hear(news(at=5, on_hand=10))
    assert belief.available[0, 0] == 8


def test_a_promise_picked_before_the_books_were_read_is_over() -> None:
    belief = belief_of_one_cell()
    belief.promise(0, (Line(0, 2),))
    belief.hear(news(at=5, on_hand=10, picked=2))
    assert belief.available[0, 0] == 10


def test_a_promise_made_after_the_books_were_read_comes_off_news_that_arrives_later() -> None:
    belief = belief_of_one_cell()
    belief.hear(news(at=0, on_hand=9))
    read_at_five = news(at=5, on_hand=7)
    belief.promise(0, (Line(0, 3),))  # at 6, while the news is under way
    belief.hear(read_at_five)
    assert belief.available[0, 0] == 4


def test_a_pick_after_the_books_were_read_is_told_by_the_next_news() -> None:
    belief = belief_of_one_cell()
    belief.promise(0, (Line(0, 3),))
    belief.hear(news(at=5, on_hand=7))  # picked at 6
    assert belief.available[0, 0] == 4
    belief.hear(news(at=10, on_hand=4, picked=3))
    assert belief.available[0, 0] == 4


def test_safety_stock_is_never_available() -> None:
    belief = belief_of_one_cell(safety_stock=3)
    belief.hear(news(at=0, on_hand=5))
    assert belief.available[0, 0] == 2
    belief.hear(news(at=1, on_hand=2))
    assert belief.available[0, 0] == -1


def test_safety_stock_is_the_sites_own() -> None:
    belief = Belief(2, 2, np.array([0, 4], dtype=np.int32))
    cells = np.arange(4)
    belief.hear(StockNews(0.0, np.arange(2), cells, np.full(4, 10, dtype=np.int32), np.zeros(4, dtype=np.int32)))
    assert belief.available.tolist() == [[10, 6], [10, 6]]


def test_a_refusal_releases_its_promise_and_empties_the_shelf_until_the_next_news() -> None:
    belief = belief_of_one_cell()
    belief.hear(news(at=0, on_hand=5))
    belief.promise(0, (Line(0, 1),))
    belief.refused(Refusal(3.0, order=1, site=0, sku=0, quantity=1))
    assert belief.available[0, 0] == 0
    belief.hear(news(at=4, on_hand=6))
    assert belief.available[0, 0] == 6


def test_a_refusal_that_arrives_after_newer_news_only_releases_its_promise() -> None:
    belief = belief_of_one_cell()
    belief.promise(0, (Line(0, 1),))  # the shelf was found empty at 3, filled at 4, its books read at 5
    belief.hear(news(at=5, on_hand=6))
    belief.refused(Refusal(3.0, order=1, site=0, sku=0, quantity=1))
    assert belief.available[0, 0] == 6


def test_news_read_before_a_refusal_does_not_fill_the_shelf_again() -> None:
    belief = belief_of_one_cell()
    belief.promise(0, (Line(0, 1),))
    belief.refused(Refusal(3.0, order=1, site=0, sku=0, quantity=1))
    belief.hear(news(at=2, on_hand=1))  # under way when the shelf was found empty
    assert belief.available[0, 0] == 0


def test_a_refusal_of_what_was_never_promised_says_only_that_the_shelf_is_empty() -> None:
    belief = belief_of_one_cell()
    belief.hear(news(at=1, on_hand=5))
    belief.promise(0, (Line(0, 1),))
    belief.refused(Refusal(3.0, order=9, site=0, sku=0, quantity=4))
    assert (belief.promised(0, 0), belief.available.tolist()) == (0, [[0]])
    belief.hear(news(at=4, on_hand=5))
    assert belief.available.tolist() == [[5]]


@given(st.lists(st.tuples(st.sampled_from(["promise", "refuse", "hear"]), st.integers(1, 5)), max_size=30))
def test_refusals_never_make_units_that_are_not_on_the_shelf(steps: list[tuple[str, int]]) -> None:
    belief, on_hand = belief_of_one_cell(), 0
    for at, (what, units) in enumerate(steps):
        if what == "promise":
            belief.promise(0, (Line(0, units),))
        elif what == "refuse":
            belief.refused(Refusal(at + 0.5, order=at, site=0, sku=0, quantity=units))
            on_hand = 0
        else:
            on_hand = units
            belief.hear(news(at=at, on_hand=units))
        assert belief.promised(0, 0) >= 0
        assert belief.available[0, 0] == on_hand - belief.promised(0, 0)


def test_other_promises_stay_open_after_a_refusal() -> None:
    belief = belief_of_one_cell()
    belief.hear(news(at=0, on_hand=3))
    belief.promise(0, (Line(0, 3),))
    belief.refused(Refusal(3.0, order=1, site=0, sku=0, quantity=1))
    assert belief.available[0, 0] == -2
    belief.hear(news(at=4, on_hand=5))
    assert belief.available[0, 0] == 3


@dataclass
class PromisedUnit:
    """One unit promised from a cell; it ends picked, or refused."""

    cell: int
    picked_at: float | None = None
    refusal_heard: bool = False


@dataclass
class World:
    """The truth, the messages under way, and every promise ever made: the plain model of what may be promised."""

    belief: Belief = field(default_factory=lambda: Belief(PRODUCTS, SITES, SAFETY_STOCK))
    now: float = 0.0
    shelf: list[int] = field(default_factory=lambda: [0] * (PRODUCTS * SITES))
    units: list[PromisedUnit] = field(default_factory=list)
    to_pick: list[list[PromisedUnit]] = field(default_factory=list)
    changed: set[int] = field(default_factory=set)
    news_under_way: list[list[StockNews]] = field(default_factory=lambda: [[] for _ in range(SITES)])
    refusals_under_way: list[tuple[float, list[PromisedUnit]]] = field(default_factory=list)
    news_heard: list[StockNews] = field(default_factory=list)
    refusals_heard: list[tuple[float, int]] = field(default_factory=list)

    def promise(self, cell: int, quantity: int) -> None:
        """Promise units of a cell to an order."""
        units = [PromisedUnit(cell) for _ in range(quantity)]
        self.units += units
        self.to_pick.append(units)
        self.belief.promise(cell % SITES, (Line(cell // SITES, quantity),))

    def pick(self, which: int) -> None:
        """Let the picker get to one of the promises; what is not there is refused."""
        if not self.to_pick:
            return
        units = self.to_pick.pop(which % len(self.to_pick))
        cell = units[0].cell
        there = min(len(units), self.shelf[cell])
        for unit in units[:there]:
            unit.picked_at = self.now
        self.change(cell, -there)
        if units[there:]:
            self.refusals_under_way.append((self.now, units[there:]))

    def change(self, cell: int, by: int) -> None:
        """Sell to a walk-in customer or receive goods."""
        if self.shelf[cell] + by != self.shelf[cell]:
            self.changed.add(cell)
        self.shelf[cell] = max(0, self.shelf[cell] + by)

    def read(self, site: int) -> None:
        """Read the books of a site: what has changed since the last reading, and what was picked for us."""
        cells = sorted(cell for cell in self.changed if cell % SITES == site)
        self.changed.difference_update(cells)
        picked = [sum(u.cell == cell and u.picked_at is not None for u in self.units) for cell in cells]
        counts = (np.array(units, dtype=np.int32) for units in ([self.shelf[cell] for cell in cells], picked))
        self.news_under_way[site].append(StockNews(self.now, np.array([site]), np.array(cells, dtype=int), *counts))

    def deliver_news(self, site: int, which: int = 0, stays: bool = False) -> None:
        """Let some news of a site arrive; it may arrive once more if it `stays`."""
        if self.news_under_way[site]:
            which %= len(self.news_under_way[site])
            arrived = self.news_under_way[site][which] if stays else self.news_under_way[site].pop(which)
            self.news_heard.append(arrived)
            self.belief.hear(self.belief.fresh(arrived))

    def lose_news(self, site: int, which: int) -> None:
        """Let some news of a site never arrive."""
        if self.news_under_way[site]:
            self.news_under_way[site].pop(which % len(self.news_under_way[site]))

    def deliver_refusal(self) -> None:
        """Let the oldest refusal arrive."""
        if self.refusals_under_way:
            at, units = self.refusals_under_way.pop(0)
            cell = units[0].cell
            for unit in units:
                unit.refusal_heard = True
            self.refusals_heard.append((at, cell))
            self.belief.refused(Refusal(at, 1, cell % SITES, cell // SITES, len(units)))

    def expected(self, cell: int) -> int:
        """Return what may be promised of a cell, from the book of every promise."""
        of_site = [news for news in self.news_heard if cell % SITES in news.sites]
        told = {n.observed_at: int(n.on_hand[n.cells == cell][0]) for n in of_site if cell in n.cells}
        last_told = max(told.items(), default=(-1.0, 0))
        last_heard_of = max((n.observed_at for n in of_site), default=0.0)
        empty_since = any(at > last_heard_of for at, refused in self.refusals_heard if refused == cell)
        on_hand = 0 if empty_since else last_told[1]
        mine = [unit for unit in self.units if unit.cell == cell]
        over = [u for u in mine if u.refusal_heard or (u.picked_at is not None and u.picked_at <= last_told[0])]
        return on_hand - (len(mine) - len(over)) - int(SAFETY_STOCK[cell % SITES])


ACTIONS = ("promise", "pick", "sell", "receive", "read", "deliver_news", "deliver_refusal")
UNRELIABLE = (*ACTIONS, "lose_news", "double_news", "disorder_news")


def _steps(actions: Sequence[str]) -> st.SearchStrategy[list[tuple[str, int, int]]]:
    return st.lists(
        st.tuples(st.sampled_from(actions), st.integers(0, PRODUCTS * SITES - 1), st.integers(1, 3)), max_size=60
    )


@settings(deadline=None, max_examples=300)
@given(steps=_steps(UNRELIABLE))
def test_what_may_be_promised_is_what_a_book_of_every_promise_says(steps: list[tuple[str, int, int]]) -> None:
    world = World()
    _happen(world, steps)


@settings(deadline=None, max_examples=200)
@given(steps=_steps(UNRELIABLE))
def test_after_a_whole_snapshot_belief_is_the_shelf_minus_open_promises(steps: list[tuple[str, int, int]]) -> None:
    # whatever was lost, doubled or came in any order before
    world = World()
    _happen(world, steps)
    world.now += 1
    while world.refusals_under_way:
        world.deliver_refusal()
    for site in range(SITES):
        world.changed.update(range(site, PRODUCTS * SITES, SITES))
        world.read(site)
        world.deliver_news(site, which=-1)
    for cell in range(PRODUCTS * SITES):
        still_open = sum(u.cell == cell and u.picked_at is None and not u.refusal_heard for u in world.units)
        expected = world.shelf[cell] - still_open - int(SAFETY_STOCK[cell % SITES])
        assert world.belief.available.reshape(-1)[cell] == expected
        assert world.belief.terms([cell // SITES])[1][0, cell % SITES] == still_open


def test_news_that_comes_twice_takes_back_no_promise_twice() -> None:
    belief = belief_of_one_cell()
    for sent in (2, 2):
        belief.promise(0, (Line(0, sent),))
    for _ in range(2):
        belief.hear(belief.fresh(news(at=5, on_hand=8, picked=2)))
        assert belief.available[0, 0] == 6


def test_news_that_was_overtaken_is_not_believed() -> None:
    belief = belief_of_one_cell()
    belief.promise(0, (Line(0, 3),))
    for late in (news(at=9, on_hand=4, picked=3), news(at=5, on_hand=6, picked=1)):
        belief.hear(belief.fresh(late))
        assert belief.available[0, 0] == 4
    assert belief.observed_at.tolist() == [9]


def test_picks_whose_news_was_lost_are_told_by_the_next() -> None:
    belief = belief_of_one_cell()  # 2 of 5 were picked at 3 and their news lost; then 1 more
    belief.promise(0, (Line(0, 5),))
    fresh = belief.fresh(news(at=7, on_hand=7, picked=3))
    assert fresh.picked.tolist() == [3]
    belief.hear(fresh)
    assert belief.available[0, 0] == 5


def _happen(world: World, steps: list[tuple[str, int, int]]) -> None:
    for action, cell, quantity in steps:
        world.now += 1.0
        match action:
            case "promise":
                world.promise(cell, quantity)
            case "pick":
                world.pick(cell)
            case "sell" | "receive":
                world.change(cell, quantity if action == "receive" else -min(quantity, world.shelf[cell]))
            case "read":
                world.read(cell % SITES)
            case "deliver_news":
                world.deliver_news(cell % SITES)
            case "deliver_refusal":
                world.deliver_refusal()
            case "lose_news":
                world.lose_news(cell % SITES, quantity)
            case "double_news" | "disorder_news":
                world.deliver_news(cell % SITES, quantity, stays=action == "double_news")
        expected = [world.expected(cell) for cell in range(PRODUCTS * SITES)]
        assert world.belief.available.reshape(-1).tolist() == expected


@pytest.mark.parametrize("site", range(SITES))
def test_the_belief_knows_when_each_site_was_last_read(site: int) -> None:
    belief = Belief(PRODUCTS, SITES, SAFETY_STOCK)
    nothing = np.array([], dtype=np.int32)
    belief.hear(StockNews(7.0, np.array([site]), np.array([], dtype=int), nothing, nothing))
    assert belief.observed_at.tolist() == [7.0 if j == site else 0.0 for j in range(SITES)]
