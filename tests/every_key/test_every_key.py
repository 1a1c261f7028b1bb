"""No key of a scenario is a switch without effect: every one is changed in some world, and something else happens."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

from sim.chance.tape import Tape
from sim.ledger.orders import orders_of
from sim.ledger.table import Table
from sim.money.charges import charge
from sim.routing.build import build_engine
from sim.scenario.changes import with_values
from sim.scenario.load import Scenario, examine, load
from sim.study.experiment import routing_of
from sim.study.kpis.catalogue import sums_of
from sim.study.kpis.cohort import cohort_of
from sim.world.simulate import simulate
from tests.every_key.schema_keys import KNOWN, values
from tests.tiny import write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WORLDS = ("carriers", "counters", "given", "news", "people", "records", "returned", "shoppers", "stock", "trouble")
TOLD_ANYWAY = {"disruptions", "sites", "places", "products"}
"""Tables of the ledger that say what was given, not what came of it."""
FOR_PEOPLE = {"title", "question", "changes.*.says"}
ELSEWHERE = {
    "routing": "the engine has a schema of its own, see tests/routing",
    "goals": "tests/study/kpis/test_goals.py",
    "changes.*.set": "tests/scenario/test_changes.py",
    "changes.*.add": "tests/scenario/test_changes.py",
    "changes.*.remove": "tests/scenario/test_changes.py",
    "network.site_attributes": "tests/scenario/test_attributes.py",
    "network.place_attributes": "tests/scenario/test_attributes.py",
    "network.product_attributes": "tests/scenario/test_attributes.py",
}


def outcome(scenario: Scenario) -> Iterator[dict[str, Any]]:
    """Yield what a run of a scenario comes to: the columns of its ledger, then what is charged, and every KPI."""
    engine = build_engine(routing_of(scenario), "cheapest", scenario.network)
    ledger = simulate(scenario, Tape(scenario, 1, 0), engine)
    tables = {name: table for name, table in vars(ledger).items() if isinstance(table, Table)}
    yield {
        f"{name}.{column}": cells.tobytes()
        for name, table in tables.items()
        if name not in TOLD_ANYWAY
        for column, cells in table.columns().items()
    }
    orders = orders_of(ledger)
    charge(ledger, scenario, orders, "cheapest")
    yield {column: cells.tobytes() for column, cells in ledger.charges.columns().items()}
    yield sums_of(cohort_of(ledger, orders)).pairs


@pytest.mark.parametrize("name", WORLDS)
def test_whatever_key_is_changed_something_else_happens(tmp_path: Path, name: str) -> None:
    world = import_module(f"tests.every_key.{name}")
    path = write(tmp_path, world.TABLES_BESIDE, **world.WORLD)
    base = load(path)
    usual = list(outcome(base))
    same = []
    for key, value in world.KEYS.items():
        changes = {key: value, **getattr(world, "TOGETHER", {}).get(key, {})}
        other, problems = examine(with_values(base.source, changes, str(path)))
        assert other is not None, [key, *map(str, problems)]
        if all(one == another for one, another in zip(usual, outcome(other), strict=False)):
            same.append(key)
    assert not same, f"no difference: {same}"


def test_every_key_of_the_schema_is_changed_in_one_of_the_worlds(tmp_path: Path) -> None:
    changed: set[str] = set()
    for name in WORLDS:
        world = import_module(f"tests.every_key.{name}")
        base = load(write(tmp_path / name, world.TABLES_BESIDE, **world.WORLD)).source
        before = set(values(base.tree))
        for key, value in world.KEYS.items():
            changed |= {each for each, _ in before ^ set(values(with_values(base, {key: value}, "").tree))}
    kinds = {name for name in KNOWN if name.endswith((">.kind", ">.law"))}  # another kind is another block
    missing = sorted(KNOWN - changed - kinds - FOR_PEOPLE - ELSEWHERE.keys())
    assert not missing, f"changed in no world: {missing}"
