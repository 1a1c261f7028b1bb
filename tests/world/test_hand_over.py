"""From the dock to the doorstep: carrier calendars, late parcels, holidays, time zones and the change of clocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sim.world.simulate import simulate
from tests.tiny import TREE
from tests.world.hand_made import (
    CABLE,
    DC_EAST,
    DC_WEST,
    IN_BOSTON,
    IN_SAN_FRANCISCO,
    HandMadeTape,
    ObedientRouter,
    all_from,
    at,
    shopper,
    stocked,
)

if TYPE_CHECKING:
    from pathlib import Path

WEEK = ["mon", "tue", "wed", "thu", "fri"]


def ground(**changes: Any) -> dict[str, Any]:
    """Return the tiny scenario's service, changed."""
    return {"ground": TREE["carriers"]["services"]["ground"] | changes}


def handed_and_delivered(
    folder: Path, when: float, site: int = DC_EAST, place: int = IN_BOSTON, lateness: float = 0.5, hour: float = 0.0,
    **changes: Any,
) -> tuple[float, float]:  # fmt: skip
    """Return when the one parcel of a world leaves and when it arrives."""
    scenario = stocked(folder, {(CABLE, DC_EAST): 9, (CABLE, DC_WEST): 9}, clock__measure="7 days", **changes)
    luck = (0.5, 0.5, lateness, hour) * 4
    tape = HandMadeTape(scenario, [shopper(1, when, {CABLE: 1}, place, luck=luck)])
    parcels = simulate(scenario, tape, ObedientRouter(all_from(site))).parcels.columns()
    return float(parcels["handed_at"][0]), float(parcels["delivered_at"][0])


# a late parcel is one of the 5 % with the smallest luck; 80 % of them are a day late, 20 % two
@pytest.mark.parametrize(
    ("lateness", "days"), [(0.0001, 1), (0.0399, 1), (0.0401, 2), (0.0499, 2), (0.0501, 0), (0.9, 0)]
)
def test_a_late_parcel_takes_some_working_days_more(tmp_path: Path, lateness: float, days: int) -> None:
    assert handed_and_delivered(tmp_path, at(0, 8), lateness=lateness)[1] == at(2 + days, 9)


@pytest.mark.parametrize(
    ("closed_on", "arrives"),
    [((), at(4, 9)), (["2026-02-05"], at(7, 9)), (["2026-02-04"], at(7, 9)), (["2026-02-05", "2026-02-09"], at(8, 9))],
)
def test_the_carrier_counts_its_own_working_days(tmp_path: Path, closed_on: list[str], arrives: float) -> None:
    # handed over on Tuesday the 3rd, three working days on the road: Friday the 6th, unless one falls out
    services = ground(works=WEEK, closed_on=closed_on, business_days=[1, 3, 3, 5])
    assert handed_and_delivered(tmp_path, at(1, 8), carriers__services=services) == (at(1, 18), arrives)


def test_a_parcel_handed_over_on_friday_rests_over_the_weekend(tmp_path: Path) -> None:
    assert handed_and_delivered(tmp_path, at(4, 8), carriers__services=ground(works=WEEK)) == (at(4, 18), at(8, 9))


def test_lateness_is_in_working_days_too(tmp_path: Path) -> None:
    services = ground(works=WEEK)
    assert handed_and_delivered(tmp_path, at(2, 8), lateness=0.01, carriers__services=services)[1] == at(7, 9)


def test_pick_up_and_delivery_are_at_local_time(tmp_path: Path) -> None:
    # Reno hands over at 18:00 there, 21:00 on the scenario's clock; zone 2 to San Francisco, where 9:00 is 12:00
    found = handed_and_delivered(tmp_path, at(0, 8), DC_WEST, IN_SAN_FRANCISCO)
    assert found == (at(0, 21), at(2, 12))


@pytest.mark.parametrize(("hour", "clock"), [(0.0, at(2, 9)), (0.25, at(2, 11, 45)), (1.0, at(2, 20))])
def test_parcels_arrive_between_nine_and_eight_in_the_evening(tmp_path: Path, hour: float, clock: float) -> None:
    assert handed_and_delivered(tmp_path, at(0, 8), hour=hour)[1] == clock


@pytest.mark.parametrize(
    ("start", "handed", "delivered"),
    [
        # handed over on Saturday, clocks go forward on Sunday: later moments come an hour sooner
        ("2026-03-07", at(0, 18), at(2, 8)),
        ("2026-03-08", at(0, 17), at(2, 8)),
        ("2026-03-09", at(0, 18), at(2, 9)),
        # and back in autumn
        ("2026-10-31", at(0, 18), at(2, 10)),
        ("2026-11-01", at(0, 19), at(2, 10)),
    ],
)
def test_local_times_hold_when_the_clocks_change(tmp_path: Path, start: str, handed: float, delivered: float) -> None:
    assert handed_and_delivered(tmp_path, at(0, 8), clock__start=start) == (handed, delivered)


def test_packing_goes_on_by_the_sites_clock_through_the_change_of_clocks(tmp_path: Path) -> None:
    # open 0:00-6:00; on the night of the change 2:00 is 3:00, so a pick of three hours from 0:01 ends at 4:01
    scenario = stocked(
        tmp_path, {(CABLE, DC_EAST): 9}, clock__start="2026-03-08", site_kinds__dc__pick_time="3 h",
        site_kinds__dc__pack_time="3 h", site_kinds__dc__hours=dict.fromkeys(["sun", "mon"], "00:00-06:00"),
    )  # fmt: skip
    tape = HandMadeTape(scenario, [shopper(1, 0.0, {CABLE: 1})])
    parcels = simulate(scenario, tape, ObedientRouter(all_from(DC_EAST))).parcels.columns()
    assert parcels["picked_at"].tolist() == [at(0, 3, 1)]
    # five hours make up that night, 3:01 to 5:00 on this line of time; the last 61 minutes are done the next night
    assert parcels["packed_at"].tolist() == [at(0, 23) + 61]
