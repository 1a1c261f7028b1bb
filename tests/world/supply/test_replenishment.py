"""Reviews, orders and receipts by hand: position against reorder point, lead times, whose luck they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from sim.chance.tape import Tape
from sim.units import MINUTES_PER_DAY
from sim.world.simulate import simulate
from tests.tiny import tiny
from tests.world.hand_made import (
    BOSTON,
    CABLE,
    DC_EAST,
    DC_WEST,
    OAKLAND,
    SITES,
    SKUS,
    HandMadeTape,
    ObedientRouter,
    all_from,
    at,
    give_up,
    shopper,
    stocked,
)

if TYPE_CHECKING:
    from pathlib import Path

    from sim.chance.tape import Shopper
    from sim.scenario.load import Scenario

Receipt = tuple[float, int, int, int]


def receipts(
    scenario: Scenario, *shoppers: Shopper, walk_ins: list[tuple[float, int, int]] | None = None
) -> list[Receipt]:
    """Return minute, product, site and units of all that comes in; orders are served by the eastern warehouse."""
    router = ObedientRouter(all_from(DC_EAST) if shoppers else give_up)
    columns = simulate(scenario, HandMadeTape(scenario, shoppers, walk_ins or ()), router).receipts.columns()
    names = ("at", "sku", "site", "quantity")
    return list(zip(*(columns[name].tolist() for name in names), strict=True))


def full_but(folder: Path, cell: tuple[int, int] | None, units: int, **changes: Any) -> Scenario:
    """Return a scenario whose every shelf holds its order-up-to level, but for one cell."""
    plan = tiny(folder / "plan", **changes).stock_plan.order_up_to
    on_hand = {(sku, site): int(plan[sku, site]) for sku in range(4) for site in range(4)}
    if cell is not None:
        on_hand[cell] = units
    return stocked(folder / "run", on_hand, replenishment="rules", **changes)


def point_and_level(folder: Path, sku: int, site: int, **changes: Any) -> tuple[int, int]:
    plan = tiny(folder / "look", **changes).stock_plan
    return int(plan.reorder_point[sku, site]), int(plan.order_up_to[sku, site])


def test_the_plan_of_the_tiny_scenario_follows_the_stated_rule(tmp_path: Path) -> None:
    # 60 orders of 1.3 lines of 1.2 units; half of them for warehouses; 1,500 of 2,200 people live nearer to the eastern
    # one; half of the units are cables
    daily = 60 * 1.3 * 1.2 * 0.5 * (1500 / 2200) * 0.5
    point = round(6 * daily + (6 * daily) ** 0.5)
    assert point_and_level(tmp_path, CABLE, DC_EAST) == (point, point + round(4 * daily))


@pytest.mark.parametrize("above", [0, 1])
def test_a_shelf_is_ordered_up_to_its_level_from_the_reorder_point_down(tmp_path: Path, above: int) -> None:
    point, level = point_and_level(tmp_path, CABLE, DC_EAST)
    found = receipts(full_but(tmp_path, (CABLE, DC_EAST), point + above))
    # reviewed at 4:00 of the first day, three days on the way
    assert found == ([] if above else [(at(3, 4), CABLE, DC_EAST, level - point)])


def test_what_is_on_order_counts_so_that_nothing_is_ordered_twice(tmp_path: Path) -> None:
    _, level = point_and_level(tmp_path, CABLE, DC_EAST)
    assert receipts(full_but(tmp_path, (CABLE, DC_EAST), 0)) == [(at(3, 4), CABLE, DC_EAST, level)]


def test_what_has_come_in_is_no_longer_on_order(tmp_path: Path) -> None:
    point, level = point_and_level(tmp_path, CABLE, DC_EAST)
    scenario = full_but(tmp_path, (CABLE, DC_EAST), 0, clock__measure="7 days")
    # filled up on the fourth day, emptied again to the reorder point, and ordered the next morning as if never before
    assert receipts(scenario, shopper(1, at(3, 8), {CABLE: level - point})) == [
        (at(3, 4), CABLE, DC_EAST, level),
        (at(7, 4), CABLE, DC_EAST, level - point),
    ]


def test_units_sold_online_and_over_the_counter_are_missed_at_the_next_review(tmp_path: Path) -> None:
    point, level = point_and_level(tmp_path, CABLE, BOSTON)
    scenario = full_but(tmp_path, (CABLE, BOSTON), point + 2)
    sales = [(at(0, 3, 59), CABLE, BOSTON), (at(0, 4, 1), CABLE, BOSTON)]
    # at 4:00 of the first day one unit is still above the point, a day later none
    assert receipts(scenario, walk_ins=sales) == [(at(4, 4), CABLE, BOSTON, level - point)]


def test_a_pick_is_missed_at_the_next_review(tmp_path: Path) -> None:
    point, level = point_and_level(tmp_path, CABLE, DC_EAST)
    scenario = full_but(tmp_path, (CABLE, DC_EAST), point + 3)
    assert receipts(scenario, shopper(1, at(0, 8), {CABLE: 3})) == [(at(4, 4), CABLE, DC_EAST, level - point)]


@pytest.mark.parametrize(("site", "day"), [(DC_EAST, 0), (DC_WEST, 2)])
def test_sites_of_a_kind_take_turns_when_they_are_not_reviewed_daily(tmp_path: Path, site: int, day: int) -> None:
    changes = {"site_kinds__dc__stock__review_every": "3 days"}
    _, level = point_and_level(tmp_path, CABLE, site, **changes)
    assert receipts(full_but(tmp_path, (CABLE, site), 0, **changes)) == [(at(day + 3, 4), CABLE, site, level)]


@pytest.mark.parametrize(("site", "day"), [(BOSTON, 0), (OAKLAND, 2)])
def test_a_stores_turn_does_not_depend_on_how_many_warehouses_there_are(tmp_path: Path, site: int, day: int) -> None:
    changes = {"site_kinds__store__stock__review_every": "3 days"}
    _, level = point_and_level(tmp_path, CABLE, site, **changes)
    assert receipts(full_but(tmp_path, (CABLE, site), 0, **changes)) == [(at(day + 3, 4), CABLE, site, level)]


@pytest.mark.parametrize(("lead", "days"), [("1 h", 1), ("35 h", 1), ("37 h", 2), ("3 days", 3)])
def test_a_lead_time_is_the_nearest_number_of_whole_days_and_at_least_one(tmp_path: Path, lead: str, days: int) -> None:
    found = receipts(full_but(tmp_path, (CABLE, DC_EAST), 0, site_kinds__dc__stock__supply_lead=lead))
    assert [when for when, *_ in found] == [at(days, 4)]


LUCKY_LEAD: dict[str, Any] = {
    "site_kinds__dc__stock__supply_lead": {"law": "uniform", "low": "1 day", "high": "9 days"},
    "clock__drain_limit": "12 days",
}


def days_of(found: list[Receipt]) -> dict[tuple[int, int], int]:
    return {(sku, site): int(when // MINUTES_PER_DAY) for when, sku, site, _ in found}


def empty_warehouses(folder: Path, supplied_by: str) -> dict[tuple[int, int], int]:
    """Return the day on which each empty shelf of the warehouses is filled."""
    changes = LUCKY_LEAD | {"site_kinds__dc__stock__supplied_by": supplied_by}
    plan = tiny(folder / "plan", **changes).stock_plan.order_up_to
    stores = {(sku, site): int(plan[sku, site]) for sku in range(4) for site in (2, 3)}
    return days_of(receipts(stocked(folder / "run", stores, replenishment="rules", **changes)))


def test_a_truck_brings_all_a_site_has_ordered_together(tmp_path: Path) -> None:
    days = empty_warehouses(tmp_path, "trucks")
    assert len({days[sku, DC_EAST] for sku in range(4)}) == 1
    assert days[CABLE, DC_EAST] != days[CABLE, DC_WEST]


def test_a_vendor_is_as_late_to_one_site_as_to_another(tmp_path: Path) -> None:
    days = empty_warehouses(tmp_path, "vendors")
    assert all(days[sku, DC_EAST] == days[sku, DC_WEST] for sku in range(4))
    assert len({days[sku, DC_EAST] for sku in range(4)}) > 1


def test_the_opening_position_lies_between_reorder_point_and_level(tmp_path: Path) -> None:
    scenario = tiny(tmp_path)
    plan = scenario.stock_plan
    for replication in range(50):
        opening = Tape(scenario, 1, replication).opening
        position = opening.on_hand.copy()
        np.add.at(position.reshape(-1), opening.cells, opening.units)
        assert (opening.on_hand >= 0).all()
        assert (position >= plan.reorder_point).all()
        assert (position <= plan.order_up_to).all()


def test_what_is_on_its_way_at_the_start_comes_in_and_then_supply_goes_on(tmp_path: Path) -> None:
    scenario = tiny(tmp_path)
    opening = Tape(scenario, 1, 0).opening
    ledger = simulate(scenario, HandMadeTape(scenario), ObedientRouter(give_up))
    columns = ledger.receipts.columns()
    cells = columns["sku"] * len(scenario.network.sites) + columns["site"]
    came = set(zip(columns["at"].tolist(), cells.tolist(), columns["quantity"].tolist(), strict=True))
    days = [at(day, 4) for day in opening.arrives.tolist()]
    ordered = set(zip(days, opening.cells.tolist(), opening.units.tolist(), strict=True))
    assert ordered
    assert ordered <= came


def test_names_of_the_tiny_scenario_are_as_these_tests_count_them(tmp_path: Path) -> None:
    network = tiny(tmp_path).network
    assert tuple(site.id for site in network.sites) == SITES
    assert "".join(product.id for product in network.products) == SKUS
