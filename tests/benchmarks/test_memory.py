"""How much memory a large network takes: 200 stores with 5,000 products each, walk-in customers and shrink."""

from __future__ import annotations

import csv
import multiprocessing
import resource
from concurrent.futures import ProcessPoolExecutor
from typing import TYPE_CHECKING

import pytest

from sim.chance.tape import Tape
from sim.ledger.audit import audit
from sim.routing.build import build_engine
from sim.scenario.load import load, shipped_scenarios
from sim.study.experiment import routing_of
from sim.study.kpis.catalogue import sums_of
from sim.study.kpis.cohort import cohort_of
from sim.world.simulate import simulate

if TYPE_CHECKING:
    from pathlib import Path

    from sim.ledger.ledger import Ledger

STORES, PRODUCTS = 200, 5000
SCENARIO = """\
extends: us_electronics
set:
  network.sites: sites.csv
  network.products: products.csv
  clock.warm_up: 1 day
  clock.measure: 6 days
  clock.drain_limit: 3 days
  walk_ins.units_per_store_day: 400
  site_kinds.store.stock.carried_from: 0
  site_kinds.store.records: {shrink: {of_demand: 1 %}, misplaced: {of_demand: 0.2 %}}
remove: [changes]
"""


def large(folder: Path) -> Path:
    """Write us_electronics with a quarter of its stores and all its products told once more under other names."""
    shipped = shipped_scenarios()["us_electronics"].parent
    tables = {}
    for name in ("sites.csv", "products.csv"):
        with (shipped / name).open(encoding="utf-8", newline="") as file:
            tables[name] = list(csv.reader(file))
    sites, products = tables["sites.csv"], tables["products.csv"][1:]
    stores = [row for row in sites if "store" in row]
    sites += [[f"again_{row[0]}", *row[1:]] for row in stores[: STORES - len(stores)]]
    tables["products.csv"][1:] = [[f"P{k}", *products[k % len(products)][1:]] for k in range(PRODUCTS)]
    for name, rows in tables.items():
        with (folder / name).open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
    path = folder / "scenario.yaml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


def lived(path: Path) -> tuple[float, int, int]:
    """Return the peak memory of this process in GB, the cells of the stock and the units wanted over the counter."""
    scenario = load(path)
    ledger: Ledger = simulate(
        scenario, Tape(scenario, 1, 0), build_engine(routing_of(scenario), "cheapest", scenario.network)
    )
    audit(ledger)
    sums_of(cohort_of(ledger))
    wanted = int(ledger.walk_ins.columns()["wanted"].sum())
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9, ledger.opening_stock.size, wanted


@pytest.mark.benchmark
def test_200_stores_of_5000_products_take_less_than_a_gigabyte_and_a_half(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = large(tmp_path)
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as apart:
        peak, cells, wanted = apart.submit(lived, path).result()
    with capsys.disabled():
        print(f"\n{cells:,} shelves, {wanted:,} walk-in units in all: {peak:.2f} GB at the most")
    assert cells == (STORES + 6) * PRODUCTS
    assert wanted > 400_000
    assert peak < 1.5
