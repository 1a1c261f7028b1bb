"""What is due is done in order of time, and at one moment in the order it was asked for: calls and events of SimPy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sim.world.agenda import Agenda

if TYPE_CHECKING:
    from collections.abc import Generator

    import simpy


def test_calls_and_events_of_one_moment_happen_in_the_order_they_were_asked_for() -> None:
    agenda, done = Agenda(), []

    def process() -> Generator[simpy.Event, None, None]:
        yield agenda.timeout(5)
        done.append((agenda.now, "process"))

    agenda.later(5, lambda what: done.append((agenda.now, what)), "before")
    agenda.process(process())
    agenda.later(3, lambda: agenda.later(2, lambda: done.append((agenda.now, "after"))))
    agenda.run(until=6)
    assert done == [(5, "before"), (5, "process"), (5, "after")]
    assert agenda.now == 6


def test_a_run_up_to_a_moment_leaves_what_is_due_then_and_one_to_an_event_stops_at_it() -> None:
    agenda, done = Agenda(), []
    event = agenda.event()
    agenda.later(1, event.succeed)
    agenda.later(1, done.append, "the same minute")
    agenda.later(2, done.append, "later")
    agenda.run(until=event)  # it happens after what was asked for before it
    assert (agenda.now, done) == (1, ["the same minute"])
    agenda.run(until=2)
    assert done == ["the same minute"]


def test_what_fails_is_told_and_nothing_is_done_in_the_past() -> None:
    agenda = Agenda()
    agenda.event().fail(KeyError("who"))
    with pytest.raises(KeyError, match="who"):
        agenda.run(until=1)
    with pytest.raises(ValueError, match="-1 minutes from now"):
        agenda.later(-1, print)
