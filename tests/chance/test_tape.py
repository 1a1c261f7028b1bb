"""The tape is a pure function of seed and replication, and what is added to a scenario leaves the rest of it alone."""

from __future__ import annotations

import csv
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from sim.chance.tape import Tape
from sim.scenario.load import find, load
from tests.tiny import TABLES, tiny

if TYPE_CHECKING:
    from pathlib import Path

    from sim.scenario.load import Scenario

DAYS = range(3)


def shopper_rows(scenario: Scenario, tape: Tape) -> list[tuple[object, ...]]:
    """Return all there is to know of the shoppers, products by name."""
    products = scenario.network.products
    return [
        (
            s.id,
            s.at,
            scenario.network.places[s.place].id,
            [(products[sku].id, n) for sku, n in s.lines],
            s.patience,
            s.luck,
        )
        for day in DAYS
        for s in tape.shoppers(day)
    ]


def wants_by_site(scenario: Scenario, tape: Tape) -> dict[str, list[tuple[float, str, int]]]:
    """Return what walk-in customers want at each site, sites and products by name."""
    sites, products = scenario.network.sites, scenario.network.products
    found: dict[str, list[tuple[float, str, int]]] = {}
    for day in DAYS:
        wants = tape.walk_ins(day)
        for at, cell, units in zip(*(column.tolist() for column in wants), strict=True):
            found.setdefault(sites[cell % len(sites)].id, []).append((at, products[cell // len(sites)].id, units))
    return found


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return tiny(tmp_path_factory.mktemp("tiny"), demand__day_cv=0.3, walk_ins__day_cv=0.3)


def test_two_tapes_of_the_same_seed_and_replication_are_the_same(scenario: Scenario) -> None:
    one, two = Tape(scenario, 1, 0), Tape(scenario, 1, 0)
    assert shopper_rows(scenario, one) == shopper_rows(scenario, two)
    assert wants_by_site(scenario, one) == wants_by_site(scenario, two)


@pytest.mark.parametrize(("seed", "replication"), [(2, 0), (1, 1)])
def test_another_seed_or_replication_is_other_luck(scenario: Scenario, seed: int, replication: int) -> None:
    one, other = Tape(scenario, 1, 0), Tape(scenario, seed, replication)
    times = {s.at for s in one.shoppers(1)}
    assert not times & {s.at for s in other.shoppers(1)}
    assert not set(one.walk_ins(1).at.tolist()) & set(other.walk_ins(1).at.tolist())


def test_days_read_in_any_order_and_again_are_the_same(scenario: Scenario) -> None:
    forward, jumping = Tape(scenario, 1, 0), Tape(scenario, 1, 0)
    for day in (70, 2, 0, 2, 1):  # 70 days are more than a tape keeps in memory
        for far in range(day, day + 3):
            jumping.shoppers(far), jumping.walk_ins(far)
    assert shopper_rows(scenario, forward) == shopper_rows(scenario, jumping)
    assert wants_by_site(scenario, forward) == wants_by_site(scenario, jumping)


def test_two_days_have_nothing_in_common(scenario: Scenario) -> None:
    tape = Tape(scenario, 1, 0)
    one, two = tape.shoppers(0), tape.shoppers(1)
    assert not {s.id for s in one} & {s.id for s in two}
    assert not {u for s in one for u in s.luck} & {u for s in two for u in s.luck}
    assert not set((tape.walk_ins(0).at % 1440).tolist()) & set((tape.walk_ins(1).at % 1440).tolist())


def test_drawing_from_a_new_source_shifts_nothing(scenario: Scenario) -> None:
    plain, curious = Tape(scenario, 1, 0), Tape(scenario, 1, 0)
    for day in DAYS:
        curious.uniform("a new source", "store_boston", day, 100)
    assert shopper_rows(scenario, plain) == shopper_rows(scenario, curious)
    assert wants_by_site(scenario, plain) == wants_by_site(scenario, curious)


NEW_STORE: list[object] = ["store_albany", "Albany", "store", "NY", 42.65, -73.75, "America/New_York", 2]
UNWANTED: list[object] = ["AA", "Fax paper", "paper", 1, 30, 20, 5, 9, 4, 0]


def with_row(table: str, at: int, row: list[object]) -> dict[str, list[list[object]]]:
    rows = TABLES[table]
    return {table: [*rows[:at], row, *rows[at:]]}


@pytest.mark.parametrize("at", [1, 3, 5])
def test_a_new_store_changes_no_other_stores_walk_ins_and_no_shopper(
    scenario: Scenario, tmp_path: Path, at: int
) -> None:
    larger = tiny(tmp_path, with_row("sites.csv", at, NEW_STORE), demand__day_cv=0.3, walk_ins__day_cv=0.3)
    before, after = Tape(scenario, 1, 0), Tape(larger, 1, 0)
    wants = wants_by_site(larger, after)
    assert len(wants.pop("store_albany")) > 0
    assert wants == wants_by_site(scenario, before)
    assert shopper_rows(larger, after) == shopper_rows(scenario, before)


@pytest.mark.parametrize("at", [1, 3, 5])
def test_a_product_that_nobody_wants_changes_nothing(scenario: Scenario, tmp_path: Path, at: int) -> None:
    larger = tiny(tmp_path, with_row("products.csv", at, UNWANTED), demand__day_cv=0.3, walk_ins__day_cv=0.3)
    before, after = Tape(scenario, 1, 0), Tape(larger, 1, 0)
    assert wants_by_site(larger, after) == wants_by_site(scenario, before)
    assert shopper_rows(larger, after) == shopper_rows(scenario, before)


def test_more_walk_in_customers_change_no_shopper_and_more_shoppers_no_walk_in(
    scenario: Scenario, tmp_path: Path
) -> None:
    changes: dict[str, Any] = {"demand__day_cv": 0.3, "walk_ins__day_cv": 0.3}
    crowd = tiny(tmp_path / "crowd", walk_ins__units_per_store_day=200, **changes)
    rush = tiny(tmp_path / "rush", demand__shoppers_per_day=600, **changes)
    tape = Tape(scenario, 1, 0)
    assert shopper_rows(crowd, Tape(crowd, 1, 0)) == shopper_rows(scenario, tape)
    assert wants_by_site(rush, Tape(rush, 1, 0)) == wants_by_site(scenario, tape)


def test_a_new_store_changes_no_other_store_of_the_national_network(tmp_path: Path) -> None:
    folder = shutil.copytree(find("us_electronics").parent, tmp_path / "larger")
    with (folder / "sites.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    # next to the largest city, whose stores have the most to lose
    rows.insert(40, ["store_new_here", "Here, NY", "store", "NY", "40.75", "-73.99", "America/New_York", "2.5"])
    with (folder / "sites.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows(rows)
    smaller, larger = load("us_electronics"), load(folder)
    before, after = Tape(smaller, 1, 0), Tape(larger, 1, 0)
    wants = wants_by_site(larger, after)
    assert len(wants.pop("store_new_here")) > 0
    assert wants == wants_by_site(smaller, before)
    assert shopper_rows(larger, after) == shopper_rows(smaller, before)
