"""Hours, days and weeks are those of the clocks on the wall, wherever and whenever these are changed."""

from __future__ import annotations

from datetime import date

import pytest

from sim.network.calendar import Clock
from sim.routing.capacity.periods import Per, period
from tests.networks import UTC
from tests.routing.capacity.shops import DAY, engine, served_near, shops

NEW_YORK = "America/New_York"
MARCH, OCTOBER = Clock(date(2026, 3, 7), NEW_YORK), Clock(date(2026, 10, 31), NEW_YORK)  # the eve of a change
HOUR = 60.0


@pytest.mark.parametrize(
    ("clock", "zone", "per", "now", "begin", "end"),
    [
        (UTC, "UTC", "day", 1439.9, 0, DAY),
        (UTC, "UTC", "day", DAY, DAY, 2 * DAY),
        (UTC, NEW_YORK, "day", 0, -19 * HOUR, 5 * HOUR),
        (UTC, NEW_YORK, "hour", 299, 240, 300),
        (UTC, "Asia/Kolkata", "hour", 10, -30, 30),  # half an hour off
        (UTC, "Asia/Kolkata", "day", 10, -5.5 * HOUR, 18.5 * HOUR),
        (UTC, "UTC", "week", 3 * DAY, 0, 7 * DAY),  # the time line starts on a Monday
        (UTC, NEW_YORK, "week", 4 * HOUR, 5 * HOUR - 7 * DAY, 5 * HOUR),
        (MARCH, NEW_YORK, "day", DAY + 1, DAY, 2 * DAY - HOUR),  # 23 hours
        (MARCH, NEW_YORK, "day", 2 * DAY - HOUR, 2 * DAY - HOUR, 3 * DAY - HOUR),
        (OCTOBER, NEW_YORK, "day", DAY + 1, DAY, 2 * DAY + HOUR),  # 25 hours
        (OCTOBER, NEW_YORK, "hour", DAY + 90, DAY + 60, DAY + 120),  # one o'clock, and once more
        (OCTOBER, NEW_YORK, "hour", DAY + 150, DAY + 120, DAY + 180),
        (MARCH, NEW_YORK, "week", 3 * DAY, 2 * DAY - HOUR, 9 * DAY - HOUR),
        (MARCH, NEW_YORK, "week", DAY, -5 * DAY, 2 * DAY - HOUR),
    ],
)
def test_a_period_begins_and_ends_as_the_clock_shows(
    clock: Clock, zone: str, per: Per, now: float, begin: float, end: float
) -> None:
    assert period(clock, zone, per, now) == (begin, end)


@pytest.mark.parametrize(("per", "turn"), [("day", 5 * HOUR), ("hour", HOUR), ("week", 5 * HOUR + 7 * DAY)])
def test_a_limit_starts_anew_when_its_site_s_own_period_does(per: str, turn: float) -> None:
    at = shops({"time_zone": NEW_YORK})
    here = engine({"counts": "orders", "limit": 2, "per": per}, at=at)
    before = 5 * HOUR if per == "week" else 1.0
    assert served_near(here, 3, before) == 2
    assert served_near(here, 1, turn - 0.01, first=10) == 0
    assert served_near(here, 3, turn, first=20) == 2


def test_the_day_on_which_clocks_go_back_is_one_day() -> None:
    here = engine({"counts": "orders", "limit": 2}, at=shops({"time_zone": NEW_YORK}, clock=OCTOBER, days=(-5, 40)))
    assert served_near(here, 3, DAY) == 2
    assert served_near(here, 1, 2 * DAY + HOUR - 0.01, first=10) == 0
    assert served_near(here, 3, 2 * DAY + HOUR, first=20) == 2


def test_counters_that_rules_look_at_start_anew_with_the_same_day() -> None:
    few = {"keep": "attribute", "name": "orders_today", "at_most": 1}
    strategy = {"choose": "rules", "steps": [{"filters": [few], "rank": [{"by": "distance"}]}]}
    here = engine(strategy=strategy, at=shops({"time_zone": NEW_YORK}))
    assert served_near(here, 3, 4 * HOUR) == 2
    assert served_near(here, 1, 5 * HOUR - 0.01, first=10) == 0
    assert served_near(here, 3, 5 * HOUR, first=20) == 2
