"""Work that a site has not done counts against its next periods."""

from __future__ import annotations

from datetime import time

import numpy as np
import pytest

from sim.contract.news import Release, StockNews
from sim.network.calendar import Hours
from sim.routing.engine import Engine
from sim.routing.explain.ask import explain
from tests.networks import ALL_DAY
from tests.routing.capacity.shops import DAY, NEAR, PLENTY, engine, order, served_near, shops, tell

FIVE = {"counts": "orders", "limit": 5, "backlog": True}
PASSING = {**FIVE, "unless": {"channels": ["staff"]}}
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, SATURDAY, SUNDAY, NEXT_MONDAY = (day * DAY + 60 for day in (0, 1, 2, 3, 5, 6, 7))


def overloaded(orders: int, **limit: object) -> Engine:
    """Return an engine that has promised so many orders on Monday from the near site, whatever its limit."""
    here = engine({**PASSING, **limit})
    assert served_near(here, orders, MONDAY, channel="staff") == orders
    return here


def picks(here: Engine, at: float, units: int) -> None:
    """Tell that so many units of the first product were picked at the near site, in all, as of a minute."""
    tell(here, at, [[PLENTY - units, PLENTY], [PLENTY] * 2], [[units, 0], [0, 0]])


@pytest.mark.parametrize(("promised", "room"), [(5, [5, 5, 5]), (7, [3, 5, 5]), (10, [0, 5, 5]), (13, [0, 2, 5])])
def test_a_silent_site_works_off_its_limit_a_day(promised: int, room: list[int]) -> None:
    here = overloaded(promised)
    days = enumerate((TUESDAY, WEDNESDAY, THURSDAY), 1)
    assert [served_near(here, 6, now, first=100 * k) for k, now in days] == room


def test_days_of_which_nothing_is_heard_are_worked_as_well() -> None:
    assert served_near(overloaded(18), 6, THURSDAY, first=100) == 2  # 18 - 5 - 5 - 5 = 3 are left


def test_a_day_on_which_a_site_is_closed_takes_work_and_does_none() -> None:
    weekdays = shops({"hours": Hours((ALL_DAY,) * 5 + (None, None))})
    here = engine(FIVE, at=weekdays)
    assert served_near(here, 6, SATURDAY) == 5
    assert served_near(here, 6, SUNDAY, first=10) == 0
    assert served_near(here, 6, NEXT_MONDAY, first=20) == 0
    assert served_near(here, 6, NEXT_MONDAY + DAY, first=30) == 5


def test_hours_outside_the_opening_hours_do_no_work() -> None:
    nine_to_ten = shops({"hours": Hours(((time(9), time(10)),) * 7)})
    here = engine({**PASSING, "per": "hour"}, at=nine_to_ten)
    served_near(here, 7, 8 * 60.0, channel="staff")
    room = [served_near(here, 6, hour * 60.0, first=100 * hour) for hour in (9, 10, 11)]
    assert room == [0, 3, 0]  # 7 wait at nine, 2 at ten; what ten o'clock adds waits until the next day


def test_without_backlog_every_day_starts_from_nothing() -> None:
    assert served_near(overloaded(13, backlog=False), 6, TUESDAY, first=100) == 5


@pytest.mark.parametrize(("picked", "room"), [(1, 0), (8, 0), (9, 1), (12, 4), (13, 5)])
def test_a_site_that_reports_picks_carries_over_what_is_open(picked: int, room: int) -> None:
    here = overloaded(13)
    picks(here, DAY - 1, picked)
    assert served_near(here, 6, TUESDAY, first=100) == room


def test_a_pick_counts_for_the_day_it_was_made_however_late_it_is_heard_of() -> None:
    for quoted in (False, True):
        here = overloaded(7)
        picks(here, 100.0, 1)
        if quoted:
            here.quote(order(99), TUESDAY)
        picks(here, DAY - 1, 4)
        picks(here, TUESDAY, 7)  # the last three are Tuesday's work
        assert served_near(here, 6, TUESDAY + 1, first=100) == 2


def test_the_oldest_parcels_are_picked_first_and_a_parcel_is_done_when_all_of_it_is() -> None:
    here = engine({**PASSING, "limit": 3})
    served_near(here, 3, MONDAY, (0, 2), channel="staff")
    picks(here, DAY - 1, 3)  # the first parcel, and half of the second
    assert served_near(here, 4, TUESDAY, first=100) == 1


def test_units_and_minutes_that_are_open_are_carried_over_line_by_line() -> None:
    minutes = {"counts": "minutes", "minutes_per_order": 1, "minutes_per_unit": 2, "limit": 20}
    for limit, left in ((FIVE | {"counts": "units", "limit": 10}, 3), (FIVE | minutes, 7)):
        here = engine(limit)
        assert served_near(here, 1, MONDAY, (0, 4)) == 1
        picks(here, DAY - 1, 1)  # three units, or a parcel of three units, are open
        [full] = explain(here, order(9, (0, 40)), TUESDAY).sites[NEAR].full
        assert (full.carried, full.taken) == (left, left)


def test_what_is_released_of_a_backlog_makes_room() -> None:
    for reports in (False, True):
        here = overloaded(9)
        if reports:
            picks(here, DAY - 1, 1)
        assert served_near(here, 6, TUESDAY, first=100) == (1 if not reports else 0)
        for number in (5, 6, 7, 8):
            here.observe(Release(TUESDAY, number, NEAR, 0, 1))
        assert served_near(here, 6, TUESDAY, first=200) == (4 if not reports else 1)


def test_work_that_nobody_has_heard_of_is_no_backlog_for_ever() -> None:
    here = engine(PASSING, confirm_within="2 h")
    served_near(here, 7, MONDAY, channel="staff")
    counts = np.array([PLENTY - 1, PLENTY, PLENTY, PLENTY], dtype=np.int32)
    whole = StockNews(DAY - 1, np.arange(2), np.arange(4), counts, np.array([1, 0, 0, 0], np.int32), whole=True)
    here.observe(whole)  # one was picked; the others are hours old
    assert served_near(here, 6, TUESDAY, first=100) == 5


def test_only_the_channels_that_are_named_leave_a_backlog() -> None:
    here = engine({**PASSING, "channels": ["web", "staff"]})
    served_near(here, 9, MONDAY, channel="app")
    served_near(here, 7, MONDAY, first=20, channel="staff")
    assert served_near(here, 6, TUESDAY, first=100, channel="web") == 3


def test_what_was_carried_over_is_told() -> None:
    here = overloaded(8)
    served_near(here, 2, TUESDAY, first=100)
    [full] = explain(here, order(200), TUESDAY).sites[NEAR].full
    assert full.words() == "5 of 5 orders a day, 3 of them carried over"


def test_a_backlog_is_part_of_what_a_decision_rests_on() -> None:
    here, later = overloaded(10), order(200)
    view = here.view(later, TUESDAY)
    fresh = engine(PASSING)
    fresh.forget(view.believed)
    fresh.recall(later, view)
    assert fresh.route(later, TUESDAY) == here.route(later, TUESDAY)
    assert fresh.route(later, TUESDAY) != engine(PASSING).route(later, TUESDAY)
