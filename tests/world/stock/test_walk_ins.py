"""The lazy cursor over walk-in wants sells what a chronological replay sells, whenever anybody looks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.contract.news import StockNews
from sim.ledger.ledger import Ledger
from sim.world.agenda import Agenda
from sim.world.news.feeds import Feeds
from sim.world.stock.stock import Stock
from sim.world.stock.walk_ins import WalkIns
from tests.tiny import TABLES, tiny
from tests.world.hand_made import BOSTON, CABLE, HandMadeTape, ObedientRouter, give_up

if TYPE_CHECKING:
    from sim.scenario.load import Scenario

SITES = 4
VISITED = (1, 2, 3)  # the western warehouse sells over the counter too: it is polled, the stores tell every sale
EVENT_FED = (2, 3)
# coarse minutes over three days, so that wants, looks and midnight often fall together
MINUTES = st.integers(0, 17).map(lambda k: 240.0 * k)
CELLS = st.tuples(st.integers(0, 1), st.sampled_from(VISITED)).map(lambda pair: pair[0] * SITES + pair[1])
WANTS = st.lists(st.tuples(MINUTES, CELLS), max_size=40)
LOOK, PICK, RECEIVE = "look", "pick", "receive"
DEEDS = st.lists(st.tuples(MINUTES, st.sampled_from([LOOK, PICK, RECEIVE]), CELLS, st.integers(1, 4)), max_size=25)
OPENING = st.lists(st.integers(0, 5), min_size=16, max_size=16)

Want = tuple[float, int]
Deed = tuple[float, str, int, int]


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    sites = [list(row) for row in TABLES["sites.csv"]]
    sites[2][-1] = 1
    feed = {"kind": "event", "latency": "0 min"}
    return tiny(tmp_path_factory.mktemp("tiny"), {"sites.csv": sites}, site_kinds__store__feed=feed)


class Replay:
    """Everything in order of time, one by one; at the same minute customers come first."""

    def __init__(self, opening: list[int], wants: list[Want], deeds: list[Deed]) -> None:
        self.stock = list(opening)
        self.picked: list[int] = []
        self.wanted, self.sold = [0] * 16, [0] * 16
        self.news: list[tuple[float, int, int]] = []
        happenings = [(when, 0, k, cell, "want", 1) for k, (when, cell) in enumerate(wants)]
        happenings += [(when, 1, k, cell, deed, units) for k, (when, deed, cell, units) in enumerate(deeds)]
        for when, _, _, cell, deed, units in sorted(happenings):
            if deed == "want":
                self._want(when, cell)
            elif deed == PICK:
                self.picked.append(min(units, self.stock[cell]))
                self.stock[cell] -= self.picked[-1]
            elif deed == RECEIVE:
                self.stock[cell] += units

    def _want(self, when: float, cell: int) -> None:
        self.wanted[cell] += 1
        if self.stock[cell]:
            self.stock[cell] -= 1
            self.sold[cell] += 1
            if cell % SITES in EVENT_FED:
                self.news.append((when, cell, self.stock[cell]))


@settings(deadline=None, derandomize=True, max_examples=300)
@given(opening=OPENING, wants=WANTS, deeds=DEEDS)
def test_the_cursor_equals_a_chronological_replay(
    scenario: Scenario, opening: list[int], wants: list[Want], deeds: list[Deed]
) -> None:
    deeds = sorted(deeds, key=lambda deed: deed[0])
    router = ObedientRouter(give_up)
    shelf = np.array(opening, dtype=np.int32).reshape(4, SITES)
    stock, ledger = Stock(shelf), Ledger(shelf, shelf, (0, 0))
    feeds = Feeds(Agenda(), scenario, stock, router)
    tape = HandMadeTape(scenario, (), [(when, cell // SITES, cell % SITES) for when, cell in wants])
    cursor = WalkIns(tape, stock, feeds, ledger, SITES)
    picked = []
    for when, deed, cell, units in deeds:
        if deed == PICK:  # as a picker does: only this shelf matters to him
            cursor.catch_up_cell(cell, when)
            picked.append(stock.take(cell // SITES, cell % SITES, units))
        else:
            cursor.catch_up(when)
            if deed == RECEIVE:
                stock.receive(np.array([cell]), np.array([units]))
    cursor.catch_up(5000.0)
    feeds.deliver(5000.0)

    expected = Replay(opening, wants, deeds)
    assert picked == expected.picked
    assert stock.cells.tolist() == expected.stock
    rows = ledger.walk_ins.columns()
    assert np.bincount(rows["cell"], rows["wanted"], 16).tolist() == expected.wanted
    assert np.bincount(rows["cell"], rows["sold"], 16).tolist() == expected.sold
    news = [n for n in router.told if isinstance(n, StockNews)]
    heard = [(n.observed_at, int(n.cells[0]), int(n.on_hand[0])) for n in news]
    assert sorted(heard) == sorted(expected.news)
    assert heard == sorted(heard, key=lambda told: told[0])  # and in order of time


def test_looking_more_often_changes_nothing_but_the_number_of_rows(scenario: Scenario) -> None:
    wants = [(float(minute), CABLE, site) for minute in range(0, 3000, 7) for site in (1, BOSTON)]
    tables = []
    for step in (1, 100, 2999):
        shelf = np.full((4, SITES), 100, dtype=np.int32)
        stock, ledger = Stock(shelf), Ledger(shelf, shelf, (0, 0))
        feeds = Feeds(Agenda(), scenario, stock, ObedientRouter(give_up))
        cursor = WalkIns(HandMadeTape(scenario, (), wants), stock, feeds, ledger, SITES)
        for minute in range(0, 3000, step):
            cursor.catch_up(float(minute))
        cursor.catch_up(3000.0)
        rows = ledger.walk_ins.columns()
        tables.append([np.bincount(rows["cell"], rows[name], 16).tolist() for name in ("wanted", "sold")])
    assert tables[0] == tables[1] == tables[2]
    assert tables[0][1][BOSTON] == 100
