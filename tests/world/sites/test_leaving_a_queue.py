"""A queue that somebody has left is the queue in which he never stood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from typing import TYPE_CHECKING, cast

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sim.contract.messages import Line, Order, Parcel, Plan, Revision
from sim.network.calendar import Clock, Hours, working_time
from sim.world.orders.open_order import OpenOrder
from sim.world.sites.picking import Pickers
from sim.world.sites.queues import Job, Queues

if TYPE_CHECKING:
    from sim.world.sites.site import SiteAtWork

# open from 9 to 17, so that queues often stand overnight
OPEN = working_time(
    Hours(((time(9), time(17)),) * 7), Clock(date(2026, 2, 2), "America/New_York"), "America/New_York", -1, 30
)


@dataclass
class Counter:
    """A site of which only the pickers matter."""

    pickers: Pickers
    message_delay: float = 3.0


def queue(people: int) -> Queues:
    return Queues([cast("SiteAtWork", Counter(Pickers(OPEN, people)))])


def job(number: int, sent_at: float, minutes: float) -> Job:
    parcel = Parcel(0, (Line(0, 1),), 0, 0.0, float(number), ())
    order = OpenOrder(Order(number, sent_at, 0, parcel.lines), [], 1)
    return Job(order, parcel, sent_at, sent_at + 3.0, 0, minutes, backorder=False)


jobs_of_two_days = st.lists(
    st.tuples(st.integers(0, 2880).map(float), st.sampled_from([1.0, 7.5, 20.0, 60.0])), min_size=1, max_size=25
).map(sorted)


@settings(deadline=None, max_examples=150)
@given(rows=jobs_of_two_days, people=st.integers(1, 3), leaver=st.integers(0, 24), at=st.integers(0, 2880))
def test_all_others_are_picked_as_if_he_had_never_come(
    rows: list[tuple[float, float]], people: int, leaver: int, at: int
) -> None:
    leaver %= len(rows)
    now = max(float(at), rows[leaver][0])
    with_him, without = queue(people), queue(people)
    jobs = [job(k, *row) for k, row in enumerate(rows)]
    never_came = [job(k, *row) for k, row in enumerate(rows) if k != leaver]
    for one in jobs:
        if one.decided_at <= now:
            with_him.join(one)
    withdrawn = with_him.withdraw(Revision(leaver, (jobs[leaver].parcel,), Plan(())), now)
    assume(withdrawn is not None)
    for one in jobs:
        if one.decided_at > now:
            with_him.join(one)
    for one in never_came:
        without.join(one)
    stayed = [one for one in jobs if not one.gone]
    assert [one.picked_at for one in stayed] == [one.picked_at for one in never_came]


@settings(deadline=None, max_examples=100)
@given(rows=jobs_of_two_days, people=st.integers(1, 3), at=st.integers(0, 2880))
def test_he_may_leave_until_his_pick_begins(rows: list[tuple[float, float]], people: int, at: int) -> None:
    last, now = len(rows) - 1, max(float(at), rows[-1][0])
    line = queue(people)
    jobs = [job(k, *row) for k, row in enumerate(rows)]
    for one in jobs:
        line.join(one)
    started = jobs[last].started
    gone = line.withdraw(Revision(last, (jobs[last].parcel,), Plan(())), now)
    assert (gone is None) is (started < OPEN.worked(now + 3.0))
