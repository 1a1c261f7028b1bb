"""What comes back of which parcel, how long a run goes on for it, and what is left of it at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from sim.contract.messages import Order, Plan
from sim.ledger.returned import State
from sim.world.simulate import simulate
from tests.world.hand_made import (
    CABLE,
    DC_EAST,
    DC_WEST,
    HEADPHONES,
    HandMadeTape,
    ObedientRouter,
    all_from,
    at,
    give_up,
    parcel,
    shopper,
)  # fmt: skip
from tests.world.returning import block, came_back, lived, returning

if TYPE_CHECKING:
    from pathlib import Path


def test_nothing_comes_back_where_nobody_returns_anything(tmp_path: Path) -> None:
    assert came_back(lived(returning(tmp_path, block(rate=0)))) == []


def test_only_what_was_in_a_parcel_comes_back_of_it(tmp_path: Path) -> None:
    scenario = returning(tmp_path, block(), on_hand={(CABLE, DC_EAST): 2, (HEADPHONES, DC_EAST): 1})
    rest = ObedientRouter(all_from(DC_EAST), give_up)
    rows = came_back(lived(scenario, [shopper(1, at(0, 10), {CABLE: 3, HEADPHONES: 1})], rest))
    assert sorted((row.sku, row.number) for row in rows) == [(CABLE, 0), (CABLE, 1), (HEADPHONES, 0)]


def test_units_of_a_product_in_two_parcels_are_told_apart(tmp_path: Path) -> None:
    def split(order: Order) -> Plan:
        return Plan((parcel(DC_EAST, {CABLE: 1}), parcel(DC_WEST, {CABLE: 2})))

    scenario = returning(tmp_path, block(), on_hand={(CABLE, DC_EAST): 1, (CABLE, DC_WEST): 2})
    rows = came_back(lived(scenario, [shopper(1, at(0, 10), {CABLE: 3})], ObedientRouter(split)))
    assert sorted((row.parcel, row.number) for row in rows) == [(0, 0), (1, 1), (1, 2)]
    assert [row.label_cents > 0 for row in sorted(rows)] == [True, True, False]  # one label a parcel


def test_a_parcel_of_which_nothing_was_there_gives_nothing_back(tmp_path: Path) -> None:
    scenario = returning(tmp_path, block(), on_hand={(CABLE, DC_WEST): 1})
    assert came_back(lived(scenario, router=ObedientRouter(all_from(DC_EAST), give_up))) == []


@pytest.mark.parametrize(
    ("days", "state", "site"),
    [
        (3, State.WITH_SHOPPER, -1),
        (5, State.UNDER_WAY, DC_WEST),
        (8, State.WAITING, DC_WEST),
        (9, State.IN_WORK, DC_WEST),
    ],
)
def test_what_is_on_its_way_when_the_run_ends_is_in_the_ledger(
    tmp_path: Path, days: int, state: State, site: int
) -> None:
    grades = {"A": {"share": 1, "then": "refurbish", "takes": "5 days"}}
    own: dict[str, Any] = {"clock__measure": "1 day", "clock__drain_limit": f"{days - 1} days"}
    (row,) = came_back(lived(returning(tmp_path, block(grades=grades), **own)))
    assert (row.state, row.site, row.shelf) == (state, site, -1)


@pytest.mark.parametrize(("placed", "until"), [(0, 8), (2, 10)])
def test_a_run_goes_on_until_all_returns_of_measured_orders_are_settled(
    tmp_path: Path, placed: int, until: int
) -> None:
    scenario = returning(tmp_path, block(), on_hand={(CABLE, DC_EAST): 99})
    first = shopper(1, at(placed, 10), {CABLE: 1})
    others = [shopper(day, at(day, 15), {CABLE: 1}) for day in range(3, 30)]
    ledger = simulate(scenario, HandMadeTape(scenario, [first, *others]), ObedientRouter(all_from(DC_EAST)))
    # settled at half past two of that day; whoever comes next is the last
    assert ledger.shoppers.columns()["at"].max() == at(until, 15)


def test_what_nobody_has_the_time_to_inspect_waits(tmp_path: Path) -> None:
    work = {"takes": "200 days", "people": 1}
    (row,) = came_back(lived(returning(tmp_path, block(by_mail__inspection=work))))
    assert (row.state, row.refund_cents) == (State.WAITING, 0)
