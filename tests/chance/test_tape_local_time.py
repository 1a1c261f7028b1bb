"""Shoppers and walk-in customers keep local hours; nobody is lost or met twice where days or time zones meet."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest
from scipy.stats import chisquare

from sim.chance.tape import Tape
from tests.tiny import DAYS, TABLES, tiny

if TYPE_CHECKING:
    from pathlib import Path

    from sim.scenario.load import Scenario

ZONES = ["America/New_York", "America/Chicago", "America/Los_Angeles"]
# as in a real shop, with a quiet night
HOURS = [2, 1, 0.5, 0.3, 0.3, 0.5, 1, 2, 3.5, 5, 6, 6.5, 6.5, 6.5, 6, 6, 6, 6, 6, 6.5, 7, 7, 5.5, 3.5]
OFFICE_HOURS = [0] * 9 + [1] * 8 + [0] * 7
CLOCKS_GO_FORWARD, CLOCKS_GO_BACK = "2026-03-08", "2026-11-01"


def local(scenario: Scenario, at: float, zone: str) -> datetime:
    """Return what clocks in a time zone show at a minute of the scenario's time line."""
    clock = scenario.file.clock
    midnight = datetime.combine(clock.start, datetime.min.time(), ZoneInfo(clock.time_zone)).astimezone(UTC)
    return (midnight + timedelta(minutes=at)).astimezone(ZoneInfo(zone))


def shopper_hours(scenario: Scenario, days: range) -> dict[str, Counter[int]]:
    """Count the shoppers of some days by time zone and local hour."""
    hours: dict[str, Counter[int]] = {zone: Counter() for zone in ZONES}
    tape = Tape(scenario, 1, 0)
    for day in days:
        for s in tape.shoppers(day):
            zone = scenario.network.places[s.place].time_zone
            hours[zone][local(scenario, s.at, zone).hour] += 1
    return hours


@pytest.mark.parametrize("zone", ZONES)
def test_shoppers_follow_the_hours_of_their_own_time_zone(tmp_path: Path, zone: str) -> None:
    scenario = tiny(tmp_path, demand__hours=HOURS, demand__shoppers_per_day=5000)
    found = shopper_hours(scenario, range(4))[zone]
    total = sum(found.values())
    expected = [total * weight / sum(HOURS) for weight in HOURS]
    assert chisquare([found[hour] for hour in range(24)], expected).pvalue > 1e-6


def test_walk_in_customers_follow_the_hours_of_their_store_cut_to_its_opening_times(tmp_path: Path) -> None:
    scenario = tiny(tmp_path, walk_ins__hours=HOURS, walk_ins__units_per_store_day=5000,
                    site_kinds__store__hours=dict.fromkeys(DAYS, "10:30-20:15"))  # fmt: skip
    tape = Tape(scenario, 1, 0)
    oakland = [
        at for day in range(4) for at, cell in zip(*map(list, tape.walk_ins(day)[:2]), strict=True) if cell % 4 == 3
    ]
    found = Counter(local(scenario, at, "America/Los_Angeles").hour for at in oakland)
    weights = {hour: HOURS[hour] for hour in range(11, 20)} | {10: HOURS[10] / 2, 20: HOURS[20] / 4}
    assert set(found) == set(weights)
    expected = [len(oakland) * weights[hour] / sum(weights.values()) for hour in weights]
    assert chisquare([found[hour] for hour in weights], expected).pvalue > 1e-6
    times = [local(scenario, at, "America/Los_Angeles") for at in oakland]
    assert min((t.hour, t.minute) for t in times) >= (10, 30)
    assert max((t.hour, t.minute) for t in times) <= (20, 15)


def test_a_store_that_opens_when_nobody_shops_has_its_customers_all_the_same(tmp_path: Path) -> None:
    scenario = tiny(tmp_path, walk_ins__hours=OFFICE_HOURS, walk_ins__units_per_store_day=1000,
                    site_kinds__store__hours=dict.fromkeys(DAYS, "04:00-08:00"))  # fmt: skip
    wants = Tape(scenario, 1, 0).walk_ins(1)
    found = Counter(local(scenario, at, "America/New_York").hour for at in wants.at[wants.cells % 4 == 2].tolist())
    assert set(found) == {4, 5, 6, 7}
    assert chisquare(list(found.values())).pvalue > 1e-6


def test_a_closed_store_has_no_walk_in_customers(tmp_path: Path) -> None:
    scenario = tiny(tmp_path, site_kinds__store__hours={"mon": "00:00-24:00", "wed": "00:00-24:00"})
    tape = Tape(scenario, 1, 0)
    weekdays = {
        local(scenario, at, "America/New_York").strftime("%a")
        for day in range(7)
        for at, cell in zip(tape.walk_ins(day).at.tolist(), tape.walk_ins(day).cells.tolist(), strict=True)
        if cell % 4 == 2
    }
    assert weekdays == {"Mon", "Wed"}


@pytest.mark.parametrize("date", [CLOCKS_GO_FORWARD, CLOCKS_GO_BACK])
def test_shoppers_keep_their_hours_on_the_day_the_clocks_change(tmp_path: Path, date: str) -> None:
    scenario = tiny(tmp_path, clock__start=date, demand__hours=OFFICE_HOURS, demand__shoppers_per_day=2000)
    for zone, found in shopper_hours(scenario, range(2)).items():
        assert set(found) == set(range(9, 17)), zone


@pytest.mark.parametrize("date", [CLOCKS_GO_FORWARD, CLOCKS_GO_BACK])
def test_walk_in_customers_come_while_the_store_is_open_on_the_day_the_clocks_change(tmp_path: Path, date: str) -> None:
    scenario = tiny(tmp_path, clock__start=date, walk_ins__units_per_store_day=2000,
                    site_kinds__store__hours=dict.fromkeys(DAYS, "10:00-21:00"))  # fmt: skip
    wants = Tape(scenario, 1, 0).walk_ins(0)
    found = {local(scenario, at, "America/New_York").hour for at in wants.at[wants.cells % 4 == 2].tolist()}
    assert found == set(range(10, 21))


# the local day of Auckland begins 22 hours before that of Honolulu
FAR_APART = {"021": "America/New_York", "606": "Pacific/Auckland", "941": "Pacific/Honolulu"}
PLACES = [[*row[:5], FAR_APART.get(str(row[0]), row[5]), row[6]] for row in TABLES["places.csv"]]


@pytest.mark.parametrize("start", ["2026-02-02", "2026-03-07", "2026-04-04", "2026-09-26", "2026-10-31"])
@pytest.mark.parametrize("clock", ["America/New_York", "Pacific/Auckland", "Pacific/Honolulu"])
def test_no_shopper_is_lost_or_met_twice_where_days_meet_or_clocks_change(
    tmp_path: Path, start: str, clock: str
) -> None:
    changes: dict[str, Any] = {"clock__start": start, "clock__time_zone": clock, "demand__shoppers_per_day": 300}
    tape = Tape(tiny(tmp_path, {"places.csv": PLACES}, **changes), 1, 0)
    met = [s.id for day in range(-3, 7) for s in tape.shoppers(day)]
    assert len(met) == len(set(met))
    for local_day in range(4):  # whose ends all lie within the days read
        numbers = sorted(number % 1_000_000 for number in met if number // 1_000_000 == local_day + 100)
        assert numbers == list(range(len(numbers)))
        assert len(numbers) > 200


@pytest.mark.parametrize("day", range(3))
def test_a_day_holds_its_own_minutes_in_order_of_time(tmp_path: Path, day: int) -> None:
    tape = Tape(tiny(tmp_path), 1, 0)
    for times in ([s.at for s in tape.shoppers(day)], tape.walk_ins(day).at.tolist()):
        assert times == sorted(times)
        assert day * 1440 <= times[0]
        assert times[-1] < (day + 1) * 1440


@pytest.mark.parametrize("start", ["2026-02-02", "2026-03-07", "2026-10-31"])
def test_the_time_zone_in_which_the_scenario_counts_moves_no_customer(tmp_path: Path, start: str) -> None:
    # the same people at the same moments, read three hours earlier on the clock of the west
    opening: dict[str, Any] = {"site_kinds__store__hours": dict.fromkeys(DAYS, "00:00-24:00"), "clock__start": start}
    found = []
    for zone, shift in (("America/New_York", 0), ("America/Los_Angeles", 180)):
        tape = Tape(tiny(tmp_path / zone.replace("/", "_"), clock__time_zone=zone, **opening), 1, 0)
        days = range(-2, 6)
        moments = [(s.id, s.at + shift) for day in days for s in tape.shoppers(day)]
        moments += [
            (cell, at + shift)
            for day in days
            for at, cell in zip(tape.walk_ins(day).at.tolist(), tape.walk_ins(day).cells.tolist(), strict=True)
        ]
        found.append(sorted((key, round(at, 6)) for key, at in moments if 0 <= at < 4 * 1440))
    assert found[0] == found[1]
    assert len(found[0]) > 300
