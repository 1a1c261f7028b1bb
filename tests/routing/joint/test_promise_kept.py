"""A second thought never breaks a promise: neither the day of delivery nor the hour of hand-over."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.routing.build import build_engine
from sim.routing.config import RoutingConfig
from tests.routing.joint.test_engine import BOSTON_STORE, CABLE, EAST, NINE, OAKLAND_STORE, WEST, Told, order, sites
from tests.tiny import tiny

EIGHT = NINE - 60
FIVE_PM = 1440.0 + 17 * 60  # pick-ups are at 18:00 local time and sites ask for 2 hours: Reno still makes today's


def thinking(folder: Path, **how: object) -> Told:
    return Told(folder, {(CABLE, WEST): 1}, window="0 min", reevaluate_every="1 h", revise_for="0 USD", **how)


@pytest.mark.parametrize(("keep_promise", "moved"), [(True, []), (False, [[EAST]])])
def test_what_can_be_shipped_today_is_not_moved_to_where_today_is_over(
    tmp_path: Path, keep_promise: bool, moved: list[list[int]]
) -> None:
    told = thinking(tmp_path, keep_promise=keep_promise)
    told.send(order(1), FIVE_PM)
    told.hear(FIVE_PM + 10, {(CABLE, EAST): (4, 0)})
    assert [sites(answer) for answer in told.engine.tick(FIVE_PM + 60)] == moved


def test_where_today_is_not_over_yet_it_is_moved_all_the_same(tmp_path: Path) -> None:
    told = thinking(tmp_path)
    told.send(order(1), NINE)
    told.hear(NINE + 10, {(CABLE, EAST): (4, 0)})
    assert [sites(answer) for answer in told.engine.tick(NINE + 60)] == [[EAST]]


def test_what_is_late_already_may_go_from_wherever_it_is_delivered_in_time(tmp_path: Path) -> None:
    told = thinking(tmp_path)
    [sent] = told.send(order(1), NINE).parcels
    told.hear(NINE + 10, {(CABLE, EAST): (4, 0)})
    later = (sent.ship_at // 60 + 1) * 60
    assert [sites(answer) for answer in told.engine.tick(later)] == [[EAST]]


def test_a_revision_promises_no_later_hour_however_often_it_is_thought_over(tmp_path: Path) -> None:
    told = thinking(tmp_path)
    [first] = told.send(order(1), NINE).parcels
    told.hear(NINE + 10, {(CABLE, OAKLAND_STORE): (1, 0), (CABLE, WEST): (0, 0)})
    told.engine.tick(NINE + 60)
    told.hear(NINE + 70, {(CABLE, EAST): (1, 0), (CABLE, BOSTON_STORE): (1, 0)})
    answers = told.engine.tick(NINE + 120)
    assert answers
    assert all(parcel.ship_at <= first.ship_at for answer in answers for parcel in answer.plan.parcels)


@pytest.mark.parametrize(("channel", "moved"), [("market", []), ("web", [[BOSTON_STORE]])])
def test_a_second_thought_does_not_take_what_is_held_back_from_the_channel(
    tmp_path: Path, channel: str, moved: list[list[int]]
) -> None:
    scenario = tiny(tmp_path)
    routing = {
        "max_parcels": 3,
        "ring_fences": [{"units": 1, "channels": ["market"], "kinds": ["store"]}],
        "strategies": {"joint": {"choose": "batch", "window": "0 min", "reevaluate_every": "1 h"}},
    }
    told = Told(tmp_path, {})
    told.engine = build_engine(RoutingConfig.model_validate(routing), "joint", scenario.network)
    told.hear(0.0, {(CABLE, WEST): (1, 0)})
    told.send(order(1)._replace(channel=channel), NINE)
    told.hear(NINE + 10, {(CABLE, BOSTON_STORE): (1, 0)})
    assert [sites(answer) for answer in told.engine.tick(NINE + 60)] == moved
