from __future__ import annotations

from datetime import date, time
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.network.calendar import Clock, Hours
from sim.network.carrier import TIMINGS
from sim.network.site import Place
from sim.routing.promise import Promises
from tests.networks import ALL_DAY, ALWAYS, WEEKDAYS_ONLY, network, service, site, weekdays

HOUR, DAY = 60, 1440
OFFICE = weekdays(time(9), time(17))


def ship_at(now: float, **changes: Any) -> float:
    """Return when a site hands over an order placed at `now`, a minute from Monday 2 February 2026 in UTC."""
    return float(Promises(network([site(**changes)])).ship_at(now)[0])


def at(day: int, hour: float) -> float:
    return day * DAY + hour * HOUR


@pytest.mark.parametrize(
    ("now", "shipped"),
    [
        (at(0, 16), at(0, 18)),  # exactly two hours before the pick-up
        (at(0, 16) + 1, at(1, 18)),  # one minute after the cut-off
        (at(0, 0), at(0, 18)),
        (at(0, 23.99), at(1, 18)),
    ],
)
def test_an_order_makes_the_pick_up_if_the_lead_time_fits_before_it(now: float, shipped: float) -> None:
    assert ship_at(now, lead_min=120, pick_up_at=time(18)) == shipped


@pytest.mark.parametrize(
    ("now", "shipped"),
    [
        (at(0, 15), at(0, 18)),  # work ends at 17:00, so two working hours before the pick-up begin at 15:00
        (at(0, 15) + 1, at(1, 18)),
        (at(0, 20), at(1, 18)),
        (at(4, 15), at(4, 18)),  # Friday
        (at(4, 15) + 1, at(7, 18)),  # closed at the weekend: Monday
        (at(5, 12), at(7, 18)),
    ],
)
def test_the_lead_time_runs_only_while_the_site_works(now: float, shipped: float) -> None:
    assert ship_at(now, lead_min=120, hours=OFFICE, pick_up_at=time(18), pick_up_days=WEEKDAYS_ONLY) == shipped


def test_a_pick_up_before_work_begins_takes_what_came_in_time_the_day_before() -> None:
    early = {"lead_min": 120, "hours": OFFICE, "pick_up_at": time(8), "pick_up_days": WEEKDAYS_ONLY}
    assert ship_at(at(0, 15), **early) == at(1, 8)
    assert ship_at(at(0, 15) + 1, **early) == at(2, 8)


def test_an_order_that_comes_while_the_site_is_closed_waits_like_one_that_comes_when_it_opens() -> None:
    long_lead = {"lead_min": 8 * HOUR, "hours": OFFICE, "pick_up_at": time(18)}
    assert [ship_at(now, **long_lead) for now in (at(0, 17), at(0, 23), at(1, 9))] == [at(1, 18)] * 3
    assert ship_at(at(1, 9) + 1, **long_lead) == at(2, 18)


@pytest.mark.parametrize("minutes_late", [0, 1])
def test_without_a_lead_time_the_pick_up_itself_is_the_cut_off(minutes_late: int) -> None:
    no_lead = {"lead_min": 0, "hours": OFFICE, "pick_up_at": time(18)}
    assert ship_at(at(0, 18) + minutes_late, **no_lead) == at(minutes_late, 18)


def test_beyond_the_calendar_nothing_is_ever_shipped() -> None:
    promises = Promises(network([site()], days=(-1, 1)))
    assert promises.ship_at(at(1, 16))[0] == at(1, 18)
    assert promises.ship_at(at(1, 16) + 1)[0] == np.inf


def test_the_answer_is_kept_only_until_the_next_cut_off_of_any_site() -> None:
    promises = Promises(network([site(pick_up_at=time(12)), site(pick_up_at=time(18))]))
    answers = [promises.ship_at(now).tolist() for now in (at(0, 10), at(0, 10) + 1, at(0, 16), at(0, 16) + 1)]
    assert answers == [
        [at(0, 12), at(0, 18)],
        [at(1, 12), at(0, 18)],
        [at(1, 12), at(0, 18)],
        [at(1, 12), at(1, 18)],
    ]


def deliver_at(now: float, days: int, works: Hours = ALWAYS, place_zone: str = "UTC") -> float:
    place = Place("home", "", "", 0.0, 0.0, place_zone, 1)
    net = network([site()], services=[service(works=works, business_days=(1, 2, 3))], places=(place,))
    return Promises(net).dates(now, 0, 0, 0, days)[1]


@pytest.mark.parametrize(
    ("days", "works", "day"),
    [
        (1, ALWAYS, 5),  # handed over on Friday: Saturday
        (3, ALWAYS, 7),
        (1, WEEKDAYS_ONLY, 7),  # the carrier does not move at the weekend: Monday
        (2, WEEKDAYS_ONLY, 8),
        (1, Hours((ALL_DAY,) * 7, frozenset({date(2026, 2, 7)})), 6),  # a holiday on Saturday
        (2, Hours((ALL_DAY,) * 5 + (None, None), frozenset({date(2026, 2, 9)})), 9),  # a long weekend
    ],
)
def test_transit_counts_the_days_on_which_the_carrier_moves(days: int, works: Hours, day: int) -> None:
    assert deliver_at(at(4, 12), days, works) == at(day, 20)


@pytest.mark.parametrize(("zone", "hours_behind"), [("America/New_York", 5), ("America/Los_Angeles", 8), ("UTC", 0)])
def test_a_promised_day_ends_at_eight_in_the_evening_where_the_shopper_lives(zone: str, hours_behind: int) -> None:
    assert deliver_at(at(0, 12), 1, place_zone=zone) == at(1, 20 + hours_behind)


def test_a_cut_off_is_local_to_its_site() -> None:
    east, west = site(time_zone="America/New_York"), site(time_zone="America/Los_Angeles")
    promises = Promises(network([east, west]))
    # 16:00 in New York is 21:00 UTC; in Los Angeles three hours are left
    assert promises.ship_at(at(0, 21)).tolist() == [at(0, 23), at(1, 2)]
    assert promises.ship_at(at(0, 21) + 1).tolist() == [at(1, 23), at(1, 2)]


@pytest.mark.parametrize(
    ("start", "change", "day_has_hours"),
    [(date(2026, 3, 6), 2, 23), (date(2026, 10, 30), 2, 25)],  # Fridays before the clocks go forward, and back
)
def test_cut_offs_keep_local_hours_on_the_days_the_clocks_change(start: date, change: int, day_has_hours: int) -> None:
    clock = Clock(start, "America/New_York")
    promises = Promises(network([site(time_zone="America/New_York")], clock=clock))
    on_sunday = clock.minute(change, time(16), "America/New_York")
    assert on_sunday == at(change, 16) + (day_has_hours - 24) * HOUR
    assert promises.ship_at(on_sunday)[0] == on_sunday + 2 * HOUR
    assert promises.ship_at(on_sunday + 1)[0] == on_sunday + 26 * HOUR


@pytest.mark.parametrize(
    ("start", "day_has_hours"), [(date(2026, 3, 8), 23), (date(2026, 11, 1), 25)], ids=["forward", "back"]
)
def test_a_lead_time_over_the_change_of_clocks_is_elapsed_time(start: date, day_has_hours: int) -> None:
    # eighteen hours before 18:00 lies the local midnight of a 24-hour day, an hour off on these
    clock = Clock(start, "America/New_York")
    promises = Promises(network([site(time_zone="America/New_York", lead_min=18 * HOUR)], clock=clock))
    hand_over = clock.minute(0, time(18), "America/New_York")
    cut_off = (day_has_hours - 24) * HOUR
    assert hand_over == (18 + day_has_hours - 24) * HOUR
    assert promises.ship_at(cut_off)[0] == hand_over
    assert promises.ship_at(cut_off + 1)[0] == hand_over + 24 * HOUR


@settings(deadline=None, max_examples=100)
@given(
    now=st.integers(0, 20 * DAY),
    later=st.integers(0, 3 * DAY),
    lead=st.sampled_from([0, 45, 240, 1000]),
    opens=st.integers(0, 12),
    open_hours=st.integers(1, 11),
    pick_up=st.integers(0, 23),
)
def test_nothing_is_handed_over_before_its_lead_time_is_worked_and_no_pick_up_is_missed_for_nothing(
    now: int, later: int, lead: int, opens: int, open_hours: int, pick_up: int
) -> None:
    hours = weekdays(time(opens), time(opens + open_hours))
    promises = Promises(network([site(hours=hours, lead_min=lead, pick_up_at=time(pick_up))]))
    promises.ship_at(float(now))
    moment = now + later
    shipped = promises.ship_at(float(moment))[0]
    open_minutes = np.zeros(40 * DAY, dtype=int)
    for day in range(40):
        if day % 7 < 5:
            open_minutes[day * DAY + opens * HOUR : day * DAY + (opens + open_hours) * HOUR] = 1
    picked_up = [day * DAY + pick_up * HOUR for day in range(40)]
    enough = [p for p in picked_up if p >= moment and open_minutes[moment:p].sum() >= lead]
    assert shipped == enough[0]


def test_the_days_of_all_sites_at_once_are_those_of_each_parcel() -> None:
    services = [service(business_days=(1, 2, 3), works=WEEKDAYS_ONLY), service(business_days=(2, 4, 4))]
    net = network([site(pick_up_at=time(12)), site(pick_up_at=time(18)), site(lead_min=3000)], services=services)
    promises = Promises(net)
    for now, k, days in product((at(0, 11), at(3, 17), at(4, 9)), range(2), (1, 4)):
        every = promises.arrival_day(now, np.full(3, k * TIMINGS + days))
        each = [promises.dates(now, j, 0, k, days)[1] for j in range(3)]
        assert [at(int(day), 20) for day in every] == each
        assert promises.earliest_day(now) <= every.min()
