"""Days in transit by law, through the world: shares of parcels by day against the law's own distribution."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from scipy import stats

from sim.errors import ScenarioError
from sim.world.simulate import simulate
from tests.tiny import TREE, tiny
from tests.world.hand_made import (
    CABLE,
    DC_EAST,
    IN_BOSTON,
    IN_CHICAGO,
    HandMadeTape,
    ObedientRouter,
    all_from,
    at,
    shopper,
    stocked,
)

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

PARCELS = 2000


def ground(transit: dict[str, Any]) -> dict[str, Any]:
    """Return the tiny scenario's service with a law of its days."""
    return {"ground": {k: v for k, v in TREE["carriers"]["services"]["ground"].items() if k != "late"} | {
        "transit": transit,
    }}  # fmt: skip


def days_taken(folder: Path, transit: dict[str, Any], place: int, **changes: Any) -> NDArray[np.float64]:
    """Return the working days of parcels whose luck is spread evenly, from the eastern warehouse to a place."""
    scenario = stocked(folder, {(CABLE, DC_EAST): PARCELS}, carriers__services=ground(transit), **changes)
    shoppers = [
        shopper(k + 1, at(0, 8) + k / PARCELS, {CABLE: 1}, place, luck=(0.5, 0.5, (k + 0.5) / PARCELS, 0.5) * 4)
        for k in range(PARCELS)
    ]
    parcels = simulate(scenario, HandMadeTape(scenario, shoppers), ObedientRouter(all_from(DC_EAST))).parcels.columns()
    days: NDArray[np.float64] = parcels["delivered_at"] // 1440 - parcels["handed_at"] // 1440
    return days


# published: two days to Boston, three to Chicago
@pytest.mark.parametrize(("place", "published"), [(IN_BOSTON, 2), (IN_CHICAGO, 3)])
@pytest.mark.parametrize("law", ["lognormal", "gamma"])
def test_days_follow_the_law_of_the_published_days(tmp_path: Path, law: str, place: int, published: int) -> None:
    mean, cv = 1.2, 0.5
    many = {"site_kinds__dc__pick_time": "0 min", "site_kinds__dc__pack_time": "0 min"}
    days = days_taken(tmp_path, {"law": law, "mean": mean, "cv": cv}, place, **many)
    sigma = math.sqrt(math.log1p(cv**2))
    log = NormalDist(math.log(mean) - sigma**2 / 2, sigma)
    for k in range(1, 9):
        times = (k + 0.5) / published
        if law == "gamma":
            expected = float(stats.gamma.cdf(times, cv**-2, scale=mean * cv**2))
        else:
            expected = log.cdf(math.log(times))
        # luck is spread evenly, so the share is exact up to one parcel
        assert (days <= k).mean() == pytest.approx(expected, abs=1.01 / PARCELS)


def test_days_follow_a_table_by_zone(tmp_path: Path) -> None:
    table = {"law": "table", "days": [{1: 1}, {1: 0.25, 2: 0.5, 5: 0.25}, {3: 1}, {5: 1}]}
    many = {"site_kinds__dc__pick_time": "0 min", "site_kinds__dc__pack_time": "0 min"}
    days = days_taken(tmp_path, table, IN_BOSTON, **many)
    assert {k: int((days == k).sum()) for k in (1, 2, 5)} == {1: PARCELS // 4, 2: PARCELS // 2, 5: PARCELS // 4}


def test_small_luck_is_late_by_every_law(tmp_path: Path) -> None:
    for k, law in enumerate(({"law": "gamma", "mean": 1, "cv": 0.7}, {"law": "lognormal", "mean": 1, "cv": 0.7})):
        days = days_taken(tmp_path / str(k), law, IN_CHICAGO)
        assert (np.diff(days) <= 0).all()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"late": {"share": 0, "extra_days": {1: 1}}}, "expected either `late` or `transit`"),
        ({"transit": {"law": "table", "days": [{1: 1}]}}, "services.ground.transit.days: 1 entries - expected 4"),
        ({"hours": "2 h"}, "expected `hours` where, and only where, business_days has a 0"),
        ({"lost": "1 %"}, "expected `claims` where, and only where, a service loses or damages parcels"),
        ({"area_surcharges": {"remote": "1 USD"}}, "expected `areas` where, and only where, a service has"),
        ({"capacity": {"beyond": "next_pick_up"}}, "no limit - expected parcels a day, per_site or in_all"),
        ({"capacity": {"per_site": 1, "beyond": "next_service"}}, "next_service with one service - expected several"),
        ({"package": {}}, "no limit - expected max_weight or max_volume"),
        ({"peaks": [{"first": "2026-02-03", "last": "2026-02-02", "surcharge": "1 USD"}]}, "lies before first"),
    ],
)
def test_a_service_that_says_too_much_or_too_little_is_refused(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    services = ground({"law": "gamma", "mean": 1, "cv": 0.3})
    with pytest.raises(ScenarioError) as caught:
        tiny(tmp_path, carriers__services={"ground": services["ground"] | changes})
    assert message in str(caught.value)


def test_where_the_dock_looks_at_every_service_none_needs_to_share(tmp_path: Path) -> None:
    usual = TREE["carriers"]["services"]["ground"]
    services = {"ground": usual | {"capacity": {"per_site": 1, "beyond": "next_service"}}, "swift": usual}
    with pytest.raises(ScenarioError, match="beyond: next_service with choice: hand_over makes no difference"):
        tiny(tmp_path, carriers__services=services, carriers__choice="hand_over")
    assert tiny(tmp_path, carriers__services=services).file.carriers.choice == "routing"
