"""Shifts that go past midnight: a shift 22:00-06:00 belongs to the day on which it begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.world.hand_made import at
from tests.world.sites.working import labour, picked, sheet, world

if TYPE_CHECKING:
    from pathlib import Path

    from sim.ledger.ledger import Ledger

NIGHT = {"hours": "22:00-06:00", "people": 1}
HOUR = 60.0


def night(folder: Path, when: list[float], *, shift: dict[str, Any] | None = None, **more: Any) -> Ledger:
    """Return what becomes of orders whose picks take an hour, where one person works at night."""
    block = {key: more.pop(key) for key in ("closed_on", "overtime", "temps") if key in more}
    return world(folder, when, labour(shifts={"night": NIGHT | (shift or {})}, **block), **more)


def test_work_goes_on_past_midnight_and_the_shift_of_the_evening_before_is_there_at_the_start(tmp_path: Path) -> None:
    # on Monday: asked at 0:30, at 5:30 (begun, and finished at 6:30), at 7 (nobody is there), and at 23:30
    ledger = night(tmp_path, [at(0, 0, 30), at(0, 5, 30), at(0, 7), at(0, 23, 30)])
    assert picked(ledger) == [at(0, 1, 30), at(0, 6, 30), at(0, 23), at(1, 0, 30)]


def test_each_day_is_paid_for_its_own_minutes(tmp_path: Path) -> None:
    ledger = night(tmp_path, [at(0, 5, 30)])
    # Monday has six hours of Sunday's shift and two of its own, and the half hour beyond; each day after has eight
    assert sheet(ledger, "at", "paid_min", "worked_min", "overtime_min", "cents")[:2] == [
        (at(0, 0), 8 * HOUR, 60, 30, 17000),
        (at(1, 0), 8 * HOUR, 0, 0, 16000),
    ]


def test_a_break_may_lie_after_midnight_or_across_it(tmp_path: Path) -> None:
    ledger = night(tmp_path, [at(0, 23, 50), at(1, 2, 10)], shift={"breaks": ["23:45-00:15", "02:00-02:30"]})
    assert picked(ledger) == [at(1, 1, 15), at(1, 3, 30)]
    assert sheet(ledger, "paid_min")[1] == (7 * HOUR,)


def test_on_a_holiday_the_shift_that_began_the_evening_before_ends_and_none_begins(tmp_path: Path) -> None:
    # 3 February is a Tuesday: Monday's shift goes on into it; the next begins on Wednesday at 22:00
    ledger = night(tmp_path, [at(1, 4), at(1, 7)], closed_on=["2026-02-03"], shift={"breaks": ["02:00-02:30"]})
    assert picked(ledger) == [at(1, 5), at(2, 23)]
    # Tuesday has the rest of Monday's shift with its break, Wednesday only the two hours of its own
    assert sheet(ledger, "paid_min")[1:3] == [(5.5 * HOUR,), (2 * HOUR,)]


def test_a_shift_of_some_weekdays_works_into_the_day_after(tmp_path: Path) -> None:
    # Friday's shift, and no other: until six on Saturday
    ledger = night(tmp_path, [at(5, 5), at(5, 7)], shift={"days": ["fri"]}, clock__measure="14 days")
    assert picked(ledger) == [at(5, 6), at(11, 23)]


def test_people_stay_on_in_the_morning_and_beyond_midnight(tmp_path: Path) -> None:
    rule = {"backlog": "1 h", "at_most": "3 h", "factor": 1.5}
    morning = night(tmp_path / "a", [at(0, 5)] * 4, overtime=rule)
    assert picked(morning) == [at(0, 6), at(0, 7), at(0, 8), at(0, 9)]
    late = world(
        tmp_path / "b", [at(0, 21)] * 4, labour(shifts={"late": {"hours": "14:00-22:00", "people": 1}}, overtime=rule)
    )
    assert picked(late) == [at(0, 22), at(0, 23), at(1, 0), at(1, 1)]
    assert sheet(late, "overtime_min")[0] == (180,)  # of the day on which the shift ends


def test_temps_of_one_night_are_there_until_the_morning_after(tmp_path: Path) -> None:
    temps = {"shift": "night", "since": "2026-02-03", "until": "2026-02-03", "people": 1}
    ledger = night(tmp_path, [at(1, 21)] * 2 + [at(2, 4, 30)] * 2, temps=[temps])
    assert picked(ledger) == [at(1, 23)] * 2 + [at(2, 5, 30)] * 2
    assert sheet(ledger, "paid_min")[1:4] == [(10 * HOUR,), (14 * HOUR,), (8 * HOUR,)]


@pytest.mark.parametrize(
    ("start", "hours"),
    # New York's clocks go forward on 8 March 2026 and back on 1 November, at two in the morning
    [("2026-03-07", 7), ("2026-10-31", 9)],
)
def test_the_night_on_which_clocks_change_is_an_hour_shorter_or_longer(tmp_path: Path, start: str, hours: int) -> None:
    # Saturday and Sunday: asked at 21:00 on the first evening for nine picks of an hour
    ledger = night(tmp_path, [at(0, 21)] * 9, clock__start=start)
    in_time = [moment for moment in picked(ledger) if moment <= at(0, 22) + hours * HOUR]
    assert in_time == [at(0, 23) + k * HOUR for k in range(hours)]
    # minute 0 is a midnight, and of the 48 hours from there sixteen are worked whatever clocks do
    assert sum(minutes for (minutes,) in sheet(ledger, "paid_min")[:2]) == 16 * HOUR
