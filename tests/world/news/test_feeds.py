"""Stock news: what is told, as of when, and at which minute it arrives."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.contract.news import Refusal, StockNews
from sim.ledger.ledger import Ledger
from sim.routing.belief.belief import Belief
from sim.scenario.blocks.feeds import Movement
from sim.world.agenda import Agenda
from sim.world.news.systems import feeds_of
from sim.world.simulate import simulate
from sim.world.stock.stock import Stock
from sim.world.stock.walk_ins import WalkIns
from tests.world.hand_made import (
    BOSTON,
    CABLE,
    DC_EAST,
    DC_WEST,
    HEADPHONES,
    OAKLAND,
    HandMadeTape,
    ObedientRouter,
    all_from,
    at,
    give_up,
    shopper,
    stocked,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sim.contract.news import News

# minute of arrival, minute of reading, and for each cell named: product, site, on hand, picked
Told = tuple[float, float, list[tuple[int, int, int, int]]]
EVENT = {"kind": "event", "latency": "3 min"}
POLL = {"kind": "poll", "every": "15 min", "latency": "2 min"}
BATCH = {"kind": "batch", "at": "03:00", "latency": "10 min"}


class Listener(ObedientRouter):
    """Writes down what it hears, and when; and believes it as our engine does."""

    def __init__(self, env: Agenda) -> None:
        super().__init__(give_up)
        self._env = env
        self.heard: list[Told] = []
        self.sites: list[list[int]] = []
        self.belief = Belief(4, 4, np.zeros(4, dtype=np.int32))

    def observe(self, news: News) -> None:
        """Write the news down."""
        assert isinstance(news, StockNews)
        columns = (news.cells // 4, news.cells % 4, news.on_hand, news.picked)
        cells = list(zip(*(column.tolist() for column in columns), strict=True))
        self.heard.append((self._env.now, news.observed_at, cells))
        self.sites.append(news.sites.tolist())
        self.belief.hear(self.belief.fresh(news))


class Bench:
    """Stock, feeds and walk-ins on a clock, without orders: 10 of each product everywhere."""

    def __init__(
        self,
        folder: Path,
        walk_ins: Sequence[tuple[float, int, int]] = (),
        **changes: Any,
    ) -> None:
        scenario = stocked(folder, {(sku, site): 10 for sku in range(4) for site in range(4)}, **changes)
        assert scenario.opening_stock is not None
        self.env = Agenda()
        self.router = Listener(self.env)
        self.stock = Stock(scenario.opening_stock)
        tape = HandMadeTape(scenario, (), walk_ins)
        self.feeds = feeds_of(scenario)(self.env, scenario, self.stock, self.router, tape)
        ledger = Ledger(scenario.opening_stock, scenario.opening_stock, (0, 0))
        self.walk_ins = WalkIns(tape, self.stock, self.feeds, ledger, 4)
        self.feeds.start(self.walk_ins)

    def pick(self, when: float, sku: int, site: int, quantity: int) -> None:
        """Take units off a shelf for a parcel at a minute."""

        def take() -> Any:
            yield self.env.timeout(when)
            self.feeds.picked(site, sku, self.stock.take(sku, site, quantity))

        self.env.process(take())

    def hear(self, until: float, asked_at: Sequence[float] = ()) -> list[Told]:
        """Return what the router hears; it is asked something at the given minutes."""
        for when in (*asked_at, until):
            self.env.run(until=when)
            self.feeds.deliver(when)
        return [told for told in self.router.heard[1:] if told[2]]


def test_the_router_is_told_all_opening_stock_before_anything_happens(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    everything = [(sku, site, 10, 0) for sku in range(4) for site in range(4)]
    assert bench.router.heard == [(0, 0, everything)]
    assert bench.router.sites == [[0, 1, 2, 3]]


def test_an_event_feed_tells_each_change_with_its_own_count_after_its_latency(tmp_path: Path) -> None:
    bench = Bench(tmp_path, site_kinds__dc__feed=EVENT)
    bench.pick(10, CABLE, DC_EAST, 1)
    bench.pick(11, CABLE, DC_EAST, 2)
    bench.pick(11, HEADPHONES, DC_WEST, 4)
    assert bench.hear(20, asked_at=[12.9, 13]) == [
        (13, 10, [(CABLE, DC_EAST, 9, 1)]),
        (20, 11, [(CABLE, DC_EAST, 7, 3)]),
        (20, 11, [(HEADPHONES, DC_WEST, 6, 4)]),
    ]


def test_a_polled_feed_tells_once_what_has_changed_since_it_last_looked(tmp_path: Path) -> None:
    bench = Bench(tmp_path, site_kinds__dc__feed=POLL)
    bench.pick(10, CABLE, DC_EAST, 1)
    bench.pick(11, CABLE, DC_EAST, 2)
    bench.pick(12, HEADPHONES, DC_WEST, 4)
    bench.pick(15.5, CABLE, DC_EAST, 1)
    assert bench.hear(50) == [
        (17, 15, [(CABLE, DC_EAST, 7, 3), (HEADPHONES, DC_WEST, 6, 4)]),
        (32, 30, [(CABLE, DC_EAST, 6, 4)]),
    ]


def test_a_nightly_batch_is_read_at_three_in_the_morning_where_the_site_is(tmp_path: Path) -> None:
    bench = Bench(tmp_path, site_kinds__dc__feed=BATCH)
    for site in (DC_EAST, DC_WEST):
        bench.pick(10, CABLE, site, 1)
        bench.pick(at(1, 1), CABLE, site, 2)
    # the west is three hours behind
    assert bench.hear(at(2, 0)) == [
        (at(0, 3, 10), at(0, 3), [(CABLE, DC_EAST, 9, 1)]),
        (at(0, 6, 10), at(0, 6), [(CABLE, DC_WEST, 9, 1)]),
        (at(1, 3, 10), at(1, 3), [(CABLE, DC_EAST, 7, 3)]),
        (at(1, 6, 10), at(1, 6), [(CABLE, DC_WEST, 7, 3)]),
    ]


def test_a_batch_keeps_local_time_when_the_clocks_change(tmp_path: Path) -> None:
    bench = Bench(tmp_path, site_kinds__dc__feed=BATCH, clock__start="2026-03-07")
    for day in range(3):
        bench.pick(at(day, 0, 10), CABLE, DC_EAST, 1)
    assert [observed for _, observed, _ in bench.hear(at(3, 0))] == [at(0, 3), at(1, 2), at(2, 2)]


def test_silence_is_news_too(tmp_path: Path) -> None:
    bench = Bench(tmp_path, site_kinds__dc__feed=POLL, site_kinds__store__feed=EVENT)
    bench.hear(35)
    assert bench.router.heard[1:] == [(17, 15, []), (32, 30, [])]
    assert bench.router.sites[1:] == [[DC_EAST, DC_WEST]] * 2


@pytest.mark.parametrize(
    ("feed", "expected"),
    [
        (
            EVENT,
            [(60, 6, [(CABLE, BOSTON, 9, 0)]), (60, 7, [(CABLE, BOSTON, 8, 0)]), (60, 9, [(CABLE, OAKLAND, 9, 0)])],
        ),
        (POLL, [(17, 15, [(CABLE, BOSTON, 8, 0), (CABLE, OAKLAND, 9, 0)])]),
    ],
)
def test_walk_in_sales_are_told_as_of_their_own_minute_by_event_and_of_the_look_by_poll(
    tmp_path: Path, feed: dict[str, str], expected: list[Told]
) -> None:
    bench = Bench(tmp_path, [(6, CABLE, BOSTON), (7, CABLE, BOSTON), (9, CABLE, OAKLAND)], site_kinds__store__feed=feed)
    assert bench.hear(60) == expected


def test_a_customer_who_finds_nothing_is_no_news(tmp_path: Path) -> None:
    bench = Bench(tmp_path, [(6 + k, CABLE, BOSTON) for k in range(12)], site_kinds__store__feed=EVENT)
    assert [cells[0][2] for _, _, cells in bench.hear(60)] == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0]


def test_the_age_of_news_is_its_latency_by_event_and_the_time_since_the_look_by_poll(tmp_path: Path) -> None:
    bench = Bench(tmp_path, site_kinds__dc__feed=POLL, site_kinds__store__feed=EVENT)
    bench.hear(20)
    assert bench.feeds.age_of(DC_EAST, 20) == 5
    assert bench.feeds.age_of(BOSTON, 20) == 3
    bench.hear(31)  # read again at 30, and not yet arrived
    assert bench.feeds.age_of(DC_EAST, 31) == 16


def test_what_was_told_is_remembered_cell_by_cell(tmp_path: Path) -> None:
    bench = Bench(tmp_path, site_kinds__dc__feed=POLL)
    bench.pick(10, CABLE, DC_EAST, 1)
    bench.hear(16)
    assert bench.feeds.told[CABLE, DC_EAST] == 10
    bench.hear(18)
    assert bench.feeds.told[CABLE, DC_EAST] == 9
    assert int(bench.feeds.told.sum()) == 159


def test_news_that_has_arrived_before_a_refusal_is_heard_before_it(tmp_path: Path) -> None:
    # both cables are sold at 8:03 and 8:04; our picker finds the shelf empty at 8:05 and says so at 8:06. Heard after
    # that, the older news of one cable left would make the router promise it again
    scenario = stocked(tmp_path, {(CABLE, BOSTON): 2}, site_kinds__store__feed={"kind": "event", "latency": "150 s"})
    sales = [(at(0, 8, 3), CABLE, BOSTON), (at(0, 8, 4), CABLE, BOSTON)]
    router = ObedientRouter(all_from(BOSTON), give_up)
    simulate(scenario, HandMadeTape(scenario, [shopper(1, at(0, 8), {CABLE: 1})], sales), router)
    of_boston = [news for news in router.told[1:] if isinstance(news, Refusal) or BOSTON in news.sites]
    assert [news.on_hand.tolist() if isinstance(news, StockNews) else news for news in of_boston] == [
        [1],
        Refusal(at(0, 8, 5), 1, BOSTON, CABLE, 1),
        [0],
    ]


def test_sites_of_one_feed_are_one_message_and_a_change_of_one_names_no_other(tmp_path: Path) -> None:
    bench = Bench(tmp_path, [(6, CABLE, BOSTON)], site_kinds__dc__feed=POLL, site_kinds__store__feed=POLL)
    bench.hear(20)
    assert sorted(map(tuple, bench.router.sites[1:])) == [(DC_EAST, DC_WEST), (BOSTON, OAKLAND)]
    assert [cells for _, _, cells in bench.router.heard[1:] if cells] == [[(CABLE, BOSTON, 9, 0)]]


def test_many_changes_at_once_reach_each_site_by_its_own_feed(tmp_path: Path) -> None:
    bench = Bench(tmp_path, site_kinds__dc__feed=EVENT, site_kinds__store__feed=POLL)
    cells = np.arange(16)  # a receipt of one unit of everything everywhere

    def receive() -> Any:
        yield bench.env.timeout(10)
        bench.stock.receive(cells, np.ones(16, dtype=np.int32))
        bench.feeds.changed_many(cells, Movement.RECEIPTS)

    bench.env.process(receive())
    heard = bench.hear(20, asked_at=[13])
    by_event = [(13, 10, [(sku, site, 11, 0)]) for sku in range(4) for site in (DC_EAST, DC_WEST)]
    assert sorted(heard[:8]) == by_event
    assert heard[8:] == [(17, 15, [(sku, site, 11, 0) for sku in range(4) for site in (BOSTON, OAKLAND)])]
