"""What a joint decision adds to the contract comes over the wire as it left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.contract.messages import Decision, Hold, Line, Order, Parcel, Plan, Quote, Revision
from sim.contract.news import TooLate
from sim.contract.wire import Wire
from tests.tiny import tiny

if TYPE_CHECKING:
    from pathlib import Path

LINES = (Line(1, 2),)
EAST, WEST = (Parcel(site, LINES, 0, 1080.0, 4080.0, (1.0, 2.0, 3.0, 4.5, 0.0)) for site in (0, 1))
REVISION = Revision(7, (EAST,), Plan((WEST,), reason="revised"))


def test_holds_quotes_and_what_a_tick_says_are_read_as_they_were_written(tmp_path: Path) -> None:
    wire = Wire(tiny(tmp_path).network)
    decision = Decision(Order(7, 600.0, 2, LINES), Plan((EAST,)))
    hold, quote = Hold(630.0), Quote(1080.0, float("inf"), 10.5, LINES)
    assert wire.hold(wire.plain(hold)) == hold
    assert wire.quote(wire.plain(quote)) == quote
    assert wire.decision(wire.plain(decision)) == decision
    assert wire.decision(wire.plain(REVISION)) == REVISION


def test_news_that_a_revision_came_too_late_is_read_as_it_was_written(tmp_path: Path) -> None:
    wire = Wire(tiny(tmp_path).network)
    too_late = TooLate(700.0, REVISION)
    assert wire.news(wire.plain(too_late)) == too_late
