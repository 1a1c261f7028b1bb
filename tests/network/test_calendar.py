from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.network.calendar import BusinessDays, Clock, Hours, WorkingTime, pick_ups, working_time
from tests.networks import ALL_DAY, ALWAYS, WEEKDAYS_ONLY, weekdays

DAY = 1440
NEW_YORK, LOS_ANGELES = "America/New_York", "America/Los_Angeles"
SPRING, AUTUMN = date(2026, 3, 8), date(2026, 11, 1)  # Sundays on which New York changes its clocks
NINE_TO_FIVE = weekdays(time(9), time(17))


@pytest.mark.parametrize(
    ("day", "at", "zone", "minute"),
    [
        (0, time(0), NEW_YORK, 0),
        (0, time(9, 30), NEW_YORK, 570),
        (0, time(0), LOS_ANGELES, 180),
        (0, time(0), "UTC", -300),
        (-1, time(12), NEW_YORK, -720),
        (2, time(0), "America/Phoenix", 2 * DAY + 120),
    ],
)
def test_local_time_becomes_minutes_since_the_start(day: int, at: time, zone: str, minute: float) -> None:
    assert Clock(date(2026, 2, 2), NEW_YORK).minute(day, at, zone) == minute


@pytest.mark.parametrize(("change", "hours"), [(SPRING, 23), (AUTUMN, 25)])
def test_a_day_on_which_the_clocks_change_is_an_hour_shorter_or_longer(change: date, hours: int) -> None:
    clock = Clock(change - timedelta(days=1), NEW_YORK)
    starts = [clock.day_start(day, NEW_YORK) for day in range(4)]
    assert np.diff(starts).tolist() == [DAY, hours * 60, DAY]
    assert clock.minute(1, time(12), NEW_YORK) == DAY + (hours - 12) * 60
    # where the clocks do not change, days stay as long as they are
    assert np.diff([clock.day_start(day, "America/Phoenix") for day in range(4)]).tolist() == [DAY] * 3


def test_weekdays_and_dates_are_those_of_the_start_and_the_days_after() -> None:
    clock = Clock(date(2026, 2, 4), "UTC")  # a Wednesday
    assert [clock.weekday(day) for day in (-3, 0, 4, 5)] == [6, 2, 6, 0]
    assert clock.date_of(25) == date(2026, 3, 1)


def test_hours_are_closed_on_days_off_and_on_the_dates_named() -> None:
    hours = Hours(NINE_TO_FIVE.week, frozenset({date(2026, 2, 3)}))
    clock = Clock(date(2026, 2, 2), "UTC")
    nine_to_five = (time(9), time(17))
    assert [hours.on(clock, day) for day in (0, 1, 2, 5)] == [nine_to_five, None, nine_to_five, None]


def test_round_the_clock_is_one_span_without_a_seam() -> None:
    open_time = working_time(ALWAYS, Clock(date(2026, 2, 2), "UTC"), "UTC", 0, 9)
    assert (open_time.opens, open_time.closes) == ([0], [10 * DAY])


@pytest.mark.parametrize(("change", "minutes"), [(SPRING, 23 * 60), (AUTUMN, 25 * 60)])
def test_round_the_clock_works_every_minute_of_an_odd_day(change: date, minutes: int) -> None:
    open_time = working_time(ALWAYS, Clock(change, NEW_YORK), NEW_YORK, 0, 0)
    assert (open_time.opens, open_time.closes) == ([0], [minutes])


def test_until_midnight_and_from_midnight_join_up() -> None:
    hours = Hours(((time(20), time.max), (time(0), time(6)), *[None] * 5))
    open_time = working_time(hours, Clock(date(2026, 2, 2), "UTC"), "UTC", 0, 6)
    assert (open_time.opens, open_time.closes) == ([20 * 60], [DAY + 6 * 60])


@pytest.mark.parametrize(
    ("at", "worked"),
    [(0, 0), (9 * 60, 0), (9 * 60 + 1, 1), (17 * 60, 480), (23 * 60, 480), (DAY + 9 * 60, 480), (7 * DAY, 2400)],
)
def test_working_minutes_count_only_while_open(at: float, worked: float) -> None:
    assert working_time(NINE_TO_FIVE, Clock(date(2026, 2, 2), "UTC"), "UTC", 0, 13).worked(at) == worked


def test_the_first_and_the_last_minute_differ_where_the_site_is_closed_in_between() -> None:
    open_time = working_time(NINE_TO_FIVE, Clock(date(2026, 2, 2), "UTC"), "UTC", 0, 6)
    assert open_time.when(480) == 17 * 60
    assert open_time.last(480) == DAY + 9 * 60
    assert open_time.when(100) == open_time.last(100) == 9 * 60 + 100


def test_what_comes_while_a_site_is_closed_is_never_done_before_it_came() -> None:
    # 18.2 and 0.9 minutes come to 19.099999999999998 in binary: a closure may begin and end at any moment
    open_time = WorkingTime([1.5, 24.5, 26.0], [19.7, 25.4, 38.9])
    assert open_time.done(25.7, open_time.worked(25.7)) == 26.0


def test_beyond_the_last_span_nothing_is_ever_done() -> None:
    open_time = WorkingTime([0.0], [100.0])
    assert open_time.when(100) == 100
    assert open_time.when(100.5) == open_time.last(100) == float("inf")
    assert open_time.last(-1) == -float("inf")
    assert WorkingTime([], []).when(1) == float("inf")


@st.composite
def _spans(draw: st.DrawFn) -> tuple[time, time] | None:
    # nothing opens or closes between one and three in the night, when an hour may be missing or come twice
    opens = draw(st.sampled_from([0, 3 * 60, 7 * 60 + 30, 12 * 60]))
    closes = draw(st.sampled_from([3 * 60 + 1, 12 * 60 + 45, 20 * 60, DAY]))
    if opens >= closes or draw(st.integers(0, 3)) == 0:
        return None
    return time(opens // 60, opens % 60), time.max if closes == DAY else time(closes // 60, closes % 60)


@settings(deadline=None, max_examples=25)
@given(
    week=st.tuples(*[_spans()] * 7),
    first=st.sampled_from([date(2026, 2, 2), SPRING - timedelta(days=3), AUTUMN - timedelta(days=3)]),
    closed=st.sets(st.integers(0, 6), max_size=2),
    zone=st.sampled_from([NEW_YORK, LOS_ANGELES, "Europe/Berlin"]),
)
def test_the_arithmetic_of_working_time_is_that_of_watching_every_minute(
    week: tuple[tuple[time, time] | None, ...], first: date, closed: set[int], zone: str
) -> None:
    hours = Hours(week, frozenset(first + timedelta(days=day) for day in closed))
    open_time = working_time(hours, Clock(first, NEW_YORK), zone, -1, 7)
    origin = datetime.combine(first, time(0), ZoneInfo(NEW_YORK)).astimezone(UTC)
    is_open = []
    for minute in range(6 * DAY):
        local = (origin + timedelta(minutes=minute)).astimezone(ZoneInfo(zone))
        closed_today = local.date() in hours.closed_on
        span = None if closed_today else week[local.weekday()]
        is_open.append(span is not None and span[0] <= local.time() < span[1])
    before = open_time.worked(0)
    watched = before + np.concatenate([[0], np.cumsum(is_open)])  # worked by the start of each minute
    minutes = range(0, 6 * DAY, 17)
    assert [open_time.worked(minute) for minute in minutes] == watched[::17].tolist()[: len(minutes)]
    for worked in range(int(before) + 1, int(watched[-1]), 101):
        assert open_time.when(worked) == int(np.argmax(watched >= worked))
        assert open_time.last(worked) == int(np.argmax(watched > worked)) - 1


def test_a_carrier_collects_at_its_local_hour_on_its_days() -> None:
    clock = Clock(date(2026, 3, 6), NEW_YORK)  # Friday; the clocks go forward on Sunday
    collected = pick_ups(WEEKDAYS_ONLY, time(17), clock, LOS_ANGELES, 0, 4)
    assert collected.days == [0, 3, 4]
    assert collected.minutes == [20 * 60, 3 * DAY + 19 * 60, 4 * DAY + 19 * 60]


@pytest.mark.parametrize(("at", "index"), [(-5, 0), (1020, 0), (1020.1, 1), (DAY + 1020, 1), (DAY + 1021, 2)])
def test_the_first_pick_up_from_a_moment_may_be_that_very_moment(at: float, index: int) -> None:
    collected = pick_ups(ALWAYS, time(17), Clock(date(2026, 2, 2), "UTC"), "UTC", 0, 1)
    assert collected.first_from(at) == index


@pytest.mark.parametrize(
    ("day", "count", "arrives"),
    [(0, 0, 0), (0, 1, 1), (4, 1, 7), (4, 2, 8), (5, 0, 5), (5, 1, 7), (6, 1, 7), (9, 3, 15), (27, 1, 28)],
)
def test_working_days_are_counted_from_the_day_after(day: int, count: int, arrives: int) -> None:
    holiday = Hours((ALL_DAY,) * 5 + (None, None), frozenset({date(2026, 2, 12)}))  # a Thursday, day 10
    business = BusinessDays(holiday, Clock(date(2026, 2, 2), "UTC"), -3, 27, most=4)
    assert business.after(day, count) == arrives  # the last beyond the calendar, where every day counts
    assert business.table[day + 3, count] == arrives


@settings(deadline=None, max_examples=50)
@given(
    works=st.lists(st.booleans(), min_size=7, max_size=7),
    closed=st.sets(st.integers(0, 20), max_size=4),
    day=st.integers(0, 20),
    count=st.integers(1, 5),
)
def test_counting_working_days_is_crossing_them_off(works: list[bool], closed: set[int], day: int, count: int) -> None:
    first = date(2026, 2, 2)
    hours = Hours(tuple(ALL_DAY if w else None for w in works), frozenset(first + timedelta(days=k) for k in closed))
    business = BusinessDays(hours, Clock(first, "UTC"), 0, 20, most=5)
    at, left = day, count
    while left:
        at += 1
        left -= at > 20 or (works[at % 7] and at not in closed)
    assert business.after(day, count) == at
