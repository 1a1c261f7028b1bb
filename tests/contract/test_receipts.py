"""What is on its way survives the wire in columns; what is wrong with it is refused by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.contract.messages import Later, Line, Plan
from sim.contract.news import News, Receipts
from sim.contract.wire import Wire
from sim.contract.wire_values import dumps, loads
from sim.errors import WireError

if TYPE_CHECKING:
    from sim.scenario.load import Scenario

SITES = 4
RECEIPTS = Receipts(
    12.5,
    np.array([3, 1]),
    np.array([2 * SITES + 1, 3, 2 * SITES + 3, 3]),
    np.array([6, 4, 5, 1], dtype=np.int32),
    np.array([2880.0, 1 / 3, -10.0, 5760.0]),
)
PLAIN: dict[str, Any] = {
    "kind": "receipts",
    "observed_at": 12.5,
    "sites": ["store_oakland", "dc_west"],
    "at": {"A": [0, 0], "C": [1, 0]},
    "units": {"A": [4, 1], "C": [6, 5]},
    "due": {"A": [1 / 3, 5760.0], "C": [2880.0, -10.0]},
}


@pytest.fixture(scope="module")
def wire(scenario: Scenario) -> Wire:
    return Wire(scenario.network)


def rows(news: News) -> list[tuple[int, int, float]]:
    assert isinstance(news, Receipts)
    return sorted(zip(news.cells.tolist(), news.units.tolist(), news.due.tolist(), strict=True))


def test_receipts_are_written_in_columns_by_product(wire: Wire) -> None:
    assert wire.plain(RECEIPTS) == PLAIN


def test_receipts_survive_exactly(wire: Wire) -> None:
    read = wire.news(loads(dumps(wire.plain(RECEIPTS))))
    assert rows(read) == rows(RECEIPTS)
    assert isinstance(read, Receipts)
    assert (read.observed_at, read.sites.tolist()) == (12.5, [3, 1])


def test_sites_that_expect_nothing_say_so(wire: Wire) -> None:
    nothing = Receipts(0.0, np.array([2]), *(column[:0] for column in RECEIPTS[2:]))
    plain = wire.plain(nothing)
    assert plain == {"kind": "receipts", "observed_at": 0.0, "sites": ["store_boston"]}
    assert rows(wire.news(plain)) == []


def test_a_due_date_may_be_a_date_with_its_offset(wire: Wire) -> None:
    due = {"A": ["2026-02-03T00:00:00-05:00", 5760.0], "C": PLAIN["due"]["C"]}
    assert rows(wire.news({**PLAIN, "due": due}))[1] == (3, 4, 1440.0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sites": ["dc_west", "dc_west"]}, "news.sites: a site stands twice"),
        ({"at": {"A": [0, 2]}}, "news.at: product 'C' has no column at|news.units"),
        ({"at": {"A": [0, 2], "C": [0, 0]}}, r"news.at.A: \[0, 2\] - expected positions in the list of 2 sites"),
        ({"units": {"A": [4, 0], "C": [6, 5]}}, r"news.units.A\[1\]: 0 - expected 1 to"),
        ({"units": {"C": [6, 5]}}, "news.units.A: None"),
        ({"due": {"A": [1.0], "C": [1.0, 2.0]}}, "news.due.A: 1 dates - expected 2, one a receipt"),
        ({"due": {"A": [1.0, "soon"], "C": [1.0, 2.0]}}, r"news.due.A\[1\]: 'soon'"),
        ({"units": {**PLAIN["units"], "B": [1]}}, "product 'B' has no column at"),
        ({"when": 1}, "news.when: unknown key 'when'"),
    ],
)
def test_what_is_wrong_is_refused_by_name(wire: Wire, change: dict[str, Any], message: str) -> None:
    with pytest.raises(WireError, match=message):
        wire.news({**PLAIN, **change})


def test_the_dates_of_backordered_lines_are_written_line_by_line(wire: Wire) -> None:
    later = Later(1440.0, 2000.0, float("inf"))
    plan = Plan((), (Line(0, 1), Line(1, 1)), backordered_at=(2, -1), backordered_dates=(later, None))
    plain = wire.plain(plan)
    dates = [{"available_at": 1440.0, "ship_at": 2000.0, "deliver_at": None}, None]
    assert plain["backordered_dates"] == dates
    assert wire.plan(loads(dumps(plain))) == plan
